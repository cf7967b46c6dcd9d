"""Match rules: YAML -> MatchSpec with normalised keys for both sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.config.compile_bench import Bench, Lazy
from engine.config.compile_members import child, decimal, key_place, place_of, text, words
from engine.config.compile_rows import calls
from engine.config.compile_source import Scope
from engine.config.document import Node
from engine.functions.apply import FUNCTIONS
from engine.functions.compare import COMPARATORS, Comparator
from engine.functions.failed import FunctionFailed
from engine.model.values import ABSENT, is_blank
from engine.spec.mapping import Call
from engine.spec.rules import ROUGH, MatchRule, MatchSpec, Outcome, Pair, Pin
from engine.spec.system import ObjectSpec

MATCH_NAMES = frozenset({"left", "right", "settings", "now"})


class Shaped:
    """A path with functions applied to what it finds; what a function cannot read is absent."""

    __slots__ = ("calls", "path")

    def __init__(self, path: Lazy, calls: tuple[Call, ...]) -> None:
        self.path, self.calls = path, calls

    def __call__(self, tree: Any) -> Any:
        return applied(self.path(tree), self.calls)


class Key:
    """The normalised text by which a record is compared, or None."""

    __slots__ = ("compare", "extract")

    def __init__(self, extract: Callable[[Any], Any], compare: str) -> None:
        self.extract, self.compare = extract, compare

    def __call__(self, tree: Any) -> str | None:
        return COMPARATORS[self.compare].key(self.extract(tree))


class Blocks:
    """The rough keys by which candidates of a fuzzy comparison are found."""

    __slots__ = ("compare", "extract")

    def __init__(self, extract: Callable[[Any], Any], compare: str) -> None:
        self.extract, self.compare = extract, compare

    def __call__(self, tree: Any) -> tuple[str, ...]:
        return COMPARATORS[self.compare].blocks(self.extract(tree))


def applied(value: Any, functions: tuple[Call, ...]) -> Any:
    """The value after these functions; a blank passes only those that take blanks."""
    for one in functions:
        function = FUNCTIONS[one.name]
        if is_blank(value) and not function.takes_blank:
            return value
        try:
            value = function.call(value, *one.args)
        except FunctionFailed:
            return ABSENT
    return value


def compile_match(node: Node, scope: Scope, target: ObjectSpec) -> MatchSpec:
    """The `match` section."""
    said = child(node, "match")
    for one in child(said, "order"):
        scope.bench.holds("field", str(one.value), ("id", *target.fields), one.place)
    outcome = child(said, "outcome")
    return MatchSpec(
        tuple(_rule(one, scope) for one in child(said, "rules")),
        scope.bench.when(said, MATCH_NAMES, "only"),
        Outcome(
            **{key: text(outcome, key, default) for key, default in _OUTCOME.items()},
            global_=text(outcome, "global"),
            place=key_place(said, "outcome"),
        ),
        words(said, "order"),
    )


_OUTCOME: Mapping[str, str] = {"none": "create", "one": "link", "many": "first", "taken": "hold", "unknown": "hold"}


def _rule(node: Node, scope: Scope) -> MatchRule:
    pairs = node.get("all")
    return MatchRule(
        text(node, "id"),
        tuple(_pair(one, scope) for one in (pairs or (node,))),
        only=scope.bench.when(node, MATCH_NAMES, "only"),
        pin=_pin(node),
        none=text(node, "none"),
        one=text(node, "one"),
        many=text(node, "many"),
        place=place_of(node, "id"),
    )


def _pin(node: Node) -> Pin | None:
    said = node.get("pin")
    return None if said is None else Pin(text(said, "changed"), text(said, "cleared"))  # type: ignore[arg-type]


def _pair(node: Node, scope: Scope) -> Pair:
    left, right = _side(node, "left", scope), _side(node, "right", scope)
    comparator = _comparator(node, scope.bench)
    name, score = comparator.name, comparator.score if node.get("min") or comparator.always_scored else None
    return Pair(
        left,
        right,
        name,
        Key(left, name),
        Key(right, name),
        text(node, "left"),
        _index_path(node, right, name) + (ROUGH if score and comparator.rough else ""),
        min=decimal(node, "min", 1.0),
        score=score,
        left_blocks=Blocks(left, name) if score else None,
        right_blocks=Blocks(right, name) if score else None,
    )


def _index_path(node: Node, right: Lazy | Shaped, compare: str) -> str:
    """The name of the index of target keys: path, functions and comparator."""
    shaped = "".join(f"|{one.name}{list(one.args) or ''}" for one in right.calls) if isinstance(right, Shaped) else ""
    return f"{text(node, 'right')}{shaped}|{compare}"


def _side(node: Node, side: str, scope: Scope) -> Lazy | Shaped:
    found = node.get(side)
    path = scope.bench.path(found) if found else Lazy("path", "none")
    functions = calls(node, scope, f"apply_{side}")
    return Shaped(path, functions) if functions else path


def _comparator(node: Node, bench: Bench) -> Comparator:
    name = text(node, "compare", "exact")
    bench.holds("comparator", name, COMPARATORS, place_of(node, "compare"))
    return COMPARATORS.get(name, COMPARATORS["exact"])


def path_of(extract: Any) -> Lazy:
    """The path of one side of a pair."""
    found: Lazy = extract.path if isinstance(extract, Shaped) else extract
    return found
