"""The steps of one row after its source, for the interpreter and for generated code alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from engine.expressions import nodes as ours
from engine.expressions.operators import text
from engine.expressions.parsed import parse
from engine.expressions.read_sets import names_in
from engine.model.errors import ConcordError
from engine.model.mapping import MapContext, Problem, ProblemKind
from engine.model.values import ABSENT, UNKNOWN, Pending, is_blank
from engine.spec.mapping import Choose, Collect, Each, FirstOf, Literally, Row, Source, Text, With
from engine.spec.system import FieldSpec

NAMES: Final = frozenset({"source", "mapped", "held", "settings", "link", "now"})
"""The names of a mapping; inside a list also `item`."""
LINE_NAMES: Final = NAMES | {"item"}

_SAY: Final[dict[str, str]] = {
    "hold": "no value; the record is held",
    "later": "no value yet; it is filled in later",
    "refuse": "no value; the record is refused",
    "unanswered": "a question about another record has no certain answer",
    "too_long": "longer than the field allows",
}


class Function(Protocol):
    """A function of `apply`."""

    @property
    def call(self) -> Callable[..., Any]:
        """`call(value, *args)`; raises a ConcordError when it has no answer."""

    @property
    def takes_blank(self) -> bool:
        """It is called for null and absent too."""


class Library(Protocol):
    """The functions and types that a mapping uses by name."""

    def function(self, name: str) -> Function:
        """A function of `apply`."""

    def coercer(self, field: FieldSpec) -> Callable[[Any], Any] | None:
        """What makes a value fit the field or raises a ConcordError; None: every value fits."""


# -- steps ------------------------------------------------------------------------------------------------


def is_null(value: Any) -> bool:
    """True for null and absent."""
    return value is None or value is ABSENT


def apply(function: Function, args: tuple[Any, ...], value: Any) -> Any:
    """One function of `apply`; null and absent pass by, and so does an id that is yet to come."""
    if type(value) is Pending or (is_null(value) and not function.takes_blank):
        return value
    return function.call(value, *args)


def look_up(table: Mapping[str, Any], value: Any) -> Any:
    """The table's row for a value, by its text; `*` is everything else; a blank without a row of its own passes."""
    if type(value) is Pending or is_null(value):
        return value
    if type(value) is list:
        found = [look_up(table, one) for one in value]
        return [one for one in found if one is not ABSENT]
    key = "" if type(value) is dict else str(text(value))
    if key in table and key != "*":
        return table[key]
    return value if is_blank(value) else table.get("*", ABSENT)


def ask(question: Callable[[Any], Any], value: Any) -> Any:
    """The answer for a value, or for each of a list; UNKNOWN when one of them is unknown."""
    if type(value) is Pending or is_blank(value):
        return value
    if type(value) is not list:
        return question(value)
    answers = [one if type(one) is Pending else question(one) for one in value if not is_blank(one)]
    return UNKNOWN if UNKNOWN in answers else [one for one in answers if one is not ABSENT]


def ask_by(context: MapContext, object: str, field: str, value: Any) -> Any:
    """`by`: the record that has this value."""
    return ask(lambda one: context.by(object, field, one), value)


def ask_linked(context: MapContext, object: str, value: Any) -> Any:
    """`linked`: what this record is linked to."""
    return ask(lambda one: context.linked(object, one), value)


def records(context: MapContext, object: str) -> list[Any]:
    """Every staged record of an object."""
    return list(context.records(object))


def context_link(context: MapContext) -> Any:
    """`link` in expressions."""
    return context.link


def context_now(context: MapContext) -> str:
    """`now` in expressions."""
    return context.now


def coerce(change: Callable[[Any], Any], value: Any) -> Any:
    """A value made to fit its field; what is absent, null or yet to come fits."""
    if is_null(value) or type(value) is Pending:
        return value
    if type(value) is list and any(type(one) is Pending for one in value):
        return value
    return change(value)


def problem(target: str, kind: ProblemKind) -> Problem:
    """A problem with its usual sentence."""
    return Problem(target, kind, _SAY[kind])


def failed(target: str, error: ConcordError) -> Problem:
    """A function, a coercion or a template had no answer."""
    return Problem(target, "failed", str(error))


# -- what rows say ----------------------------------------------------------------------------------------


def tree_of(source: Text, names: frozenset[str], targets: frozenset[str]) -> Any:
    """The checked tree of a text; `mapped.a.b` names the target `a.b` where there is one."""
    tree: Any = parse(source.kind, source.text, names).tree
    return tree if source.kind == "path" or "mapped" not in names_in(tree) else _dotted(tree, targets)


def _dotted(tree: Any, targets: frozenset[str]) -> Any:
    if isinstance(tree, ours.Member):
        keys = _mapped_keys(tree)
        for count in range(len(keys), 1, -1):
            if ".".join(keys[:count]) in targets:
                return _members(ours.Member(ours.Name("mapped"), ".".join(keys[:count])), keys[count:])
    return ours.rebuilt(tree, lambda part: _dotted(part, targets))


def _mapped_keys(tree: Any) -> list[str]:
    keys: list[str] = []
    while isinstance(tree, ours.Member) and isinstance(tree.key, str):
        keys.insert(0, tree.key)
        tree = tree.base
    return keys if tree == ours.Name("mapped") else []


def _members(base: ours.Expr, keys: list[str]) -> ours.Expr:
    for key in keys:
        base = ours.Member(base, key)
    return base


def is_constant(source: Source) -> bool:
    """A source that says the same of every record: it gives no line and no object a reason to be."""
    if isinstance(source, Literally):
        return True
    if isinstance(source, FirstOf):
        return all(is_constant(one) for one in source.sources)
    if isinstance(source, (Choose, Collect)):
        return all(is_constant(case.value) for case in source.cases)
    if isinstance(source, With):
        return source.path is None and all(is_constant(row.source) for row in source.rows)
    return isinstance(source, Text) and all(
        steps[:1] in (("settings",), ("now",)) and source.kind != "path"
        for steps in parse(source.kind, source.text, LINE_NAMES).reads
    )


def needs_coercion(row: Row) -> bool:
    """False for lists and objects that the row itself builds: their members are coerced one by one."""
    built = isinstance(row.source, (Each, With)) and row.type.type in ("list", "object") and row.override is None
    return not built
