"""What every step of compiling works with: the findings so far, and expressions checked at their place."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal

from engine import expressions as parse
from engine.config.document import Node
from engine.config.suggest import did_you_mean
from engine.expressions import ExpressionError
from engine.model.finding import NOWHERE, Finding, Place, Severity
from engine.spec.mapping import Text

Kind = Literal["path", "expr", "template"]
Reads = frozenset[tuple[str, ...]]
NO_NAMES: frozenset[str] = frozenset()


class Lazy:
    """A checked expression that compiles when it is first called; it pickles as its text."""

    __slots__ = ("_call", "kind", "names", "place", "text")

    def __init__(self, kind: Kind, text: str, names: frozenset[str] = NO_NAMES, place: Place = NOWHERE) -> None:
        self.kind, self.text, self.names, self.place = kind, text, names, place
        self._call: Any = None

    def __call__(self, scope: Any) -> Any:
        if self._call is None:
            self._call = compiled(self.kind, self.text, self.names)
        return self._call(scope)

    def __reduce__(self) -> tuple[Any, ...]:
        return Lazy, (self.kind, self.text, self.names, self.place)

    def __repr__(self) -> str:
        return f"Lazy({self.kind}: {self.text})"

    @property
    def reads(self) -> Reads:
        """The paths that it reads."""
        return reads_of(self.kind, self.text, self.names)


@lru_cache(maxsize=20_000)
def compiled(kind: Kind, text: str, names: frozenset[str]) -> Any:
    """The callable of an expression; equal texts share one."""
    if kind == "path":
        return parse.compile_path(text)
    return parse.compile_expr(text, names) if kind == "expr" else parse.compile_template(text, names)


@lru_cache(maxsize=20_000)
def reads_of(kind: Kind, text: str, names: frozenset[str]) -> Reads:
    """The paths that an expression reads; raises ExpressionError where it is wrong."""
    if kind == "path":
        return parse.parse_path(text).reads
    return (parse.parse_expr(text, names) if kind == "expr" else parse.parse_template(text, names)).reads


class Bench:
    """Collects findings; they accumulate, compiling never stops at the first."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def say(
        self, code: str, message: str, place: Place, hint: str = "", *, severity: Severity = Severity.ERROR
    ) -> None:
        """Report an error, or something milder."""
        self.findings.append(Finding(code, message, place, severity, hint))

    def warn(self, code: str, message: str, place: Place, hint: str = "") -> None:
        """Report what need not stop a load."""
        self.say(code, message, place, hint, severity=Severity.WARNING)

    def unknown(
        self, what: str, name: str, known: Iterable[str], place: Place, severity: Severity = Severity.ERROR
    ) -> None:
        """Report a name that nothing has."""
        words = sorted(known) if isinstance(known, (set, frozenset)) else known
        message = f"there is no {what.replace('-', ' ')} {name!r}"
        self.say(f"unknown-{what}", message, place, did_you_mean(name, words), severity=severity)

    def holds(
        self, what: str, name: str, known: Iterable[str], place: Place, severity: Severity = Severity.ERROR
    ) -> bool:
        """True when the name is known; else it is reported."""
        words = list(known)
        if name in words:
            return True
        self.unknown(what, name, words, place, severity)
        return False

    def lazy(self, kind: Kind, node: Node, names: frozenset[str] = NO_NAMES) -> Lazy:
        """The expression of a node; a wrong one is reported and becomes one that gives nothing."""
        one = Text(kind, str(node.value), node.place)
        return Lazy(kind, one.text, names, node.place) if self.fits(one, names) else Lazy("expr", "none")

    def path(self, node: Node) -> Lazy:
        """A JMESPath."""
        return self.lazy("path", node)

    def expr(self, node: Node, names: frozenset[str]) -> Lazy:
        """One typed expression."""
        return self.lazy("expr", node, names)

    def when(self, node: Node, names: frozenset[str], key: str = "when") -> Lazy | None:
        """The expression in a member, or None when there is none. A bare true or false is one too."""
        found = node.get(key)
        if found is None:
            return None
        if isinstance(found.value, bool):
            return Lazy("expr", "true" if found.value else "false", names, found.place)
        return self.expr(found, names)

    def fits(self, one: Text, names: frozenset[str]) -> bool:
        """True when the expression can be compiled; else what is wrong is reported at its place."""
        try:
            reads_of(one.kind, one.text, names)
        except ExpressionError as error:
            where = f" (at character {error.column})" if error.column > 1 else ""
            self.say(error.code, error.message + where, one.place, error.hint)
            return False
        return True
