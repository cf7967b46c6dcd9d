"""Match rules for tables: YAML -> MatchingSpec, checked against its schema and against itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.config.compile_bench import Bench
from engine.config.compile_members import child, decimal, flag, members, number, place_of, text, words
from engine.config.document import Document, Node
from engine.config.loader import load_file, without_echoes
from engine.config.schema import check
from engine.config.shipped import shipped_folder
from engine.model.finding import Finding, has_errors
from engine.spec.matching import (
    BlockRule,
    Comparison,
    Expectation,
    KeyPart,
    Kind,
    MatchingSpec,
    PairRule,
    Part,
    TableField,
    Weights,
)

FOLDER = Path("rules") / "match"


def load_matching(path: Path, shown_as: str = "") -> tuple[MatchingSpec | None, list[Finding]]:
    """The rules of a file, and what is wrong with it; None when a finding is an error."""
    node, findings = load_file(path, shown_as)
    if node is None:
        return None, findings
    found = without_echoes([*findings, *check(Document("matching", path.stem, shown_as, node), partial=False)])
    if has_errors(found):
        return None, found
    bench = Bench()
    spec = compile_matching(node, bench)
    found += bench.findings
    return (None if has_errors(found) else spec), found


def matching_findings(folders: Iterable[Path]) -> list[Finding]:
    """What is wrong with the match rules for tables in these folders."""
    paths = [path for folder in folders for path in sorted((folder / FOLDER).glob("*.yaml"))]
    return [one for path in paths for one in load_matching(path, _shown(path))[1]]


def _shown(path: Path) -> str:
    full, here = path.resolve(), Path.cwd().resolve()
    return str(full.relative_to(here)) if full.is_relative_to(here) else str(path)


def shipped_matching(name: str) -> Path | None:
    """The shipped file of this name, if there is one."""
    path = shipped_folder() / FOLDER / f"{name}.yaml"
    return path if path.is_file() else None


def shipped_names() -> list[str]:
    """Names of the shipped files."""
    return sorted(path.stem for path in (shipped_folder() / FOLDER).glob("*.yaml"))


def compile_matching(node: Node, bench: Bench) -> MatchingSpec:
    """The rules of a tree that its schema has passed."""
    fields = tuple(_field(name, one) for name, one in members(node, "fields"))
    names = [one.name for one in fields]
    comparisons = tuple(_comparison(name, one, names, bench) for name, one in members(node, "compare"))
    kinds = _kinds(node, comparisons, bench)
    for one in child(node, "unless_differs"):
        bench.holds("field", str(one.value), names, one.place)
    result = child(node, "result")
    spec = MatchingSpec(
        text(node, "matching"),
        fields,
        tuple(_block(one, names, bench) for one in child(node, "blocks")),
        comparisons,
        kinds,
        tuple(_rule(one, names, bench) for one in child(node, "rules")),
        words(node, "unless_differs"),
        _weights(node, comparisons, kinds, bench),
        id=text(node, "id"),
        most_pairs=number(node, "most_pairs", 150),
        accept=decimal(node, "accept", 0.5),
        review=decimal(node, "review", 0.2),
        two_files=text(result, "two_files", "one_to_one"),  # type: ignore[arg-type]  # the schema has checked the word
        one_file=text(result, "one_file", "clusters"),  # type: ignore[arg-type]
        place=node.place,
    )
    _whole(spec, node, bench)
    return spec


def _whole(spec: MatchingSpec, node: Node, bench: Bench) -> None:
    """What only the whole file shows."""
    if spec.review > spec.accept:
        bench.say("review-above-accept", "`review` is above `accept`: no pair would be shown", place_of(node, "review"))
    if not spec.rules and not spec.kinds:
        hint = "write `rules`, or `compare` and `kinds`"
        bench.say("nothing-decides", "neither rules nor kinds: nothing says which pairs are the same", node.place, hint)
    if spec.kinds and not spec.comparisons:
        bench.say("nothing-compared", "kinds without `compare` have nothing to learn from", place_of(node, "kinds"))


def _field(name: str, node: Node) -> TableField:
    other = child(node, "or")
    whole, part = words(other, "from"), text(other, "part")
    return TableField(name, words(node, "from"), text(node, "as"), whole, part, node.place)


def _block(node: Node, fields: Iterable[str], bench: Bench) -> BlockRule:
    parts = []
    for one in child(node, "keys"):
        name, _, form = str(one.value).partition(".")
        bench.holds("field", name, fields, one.place)
        parts.append(KeyPart(name, form or "whole"))
    return BlockRule(text(node, "id"), tuple(parts), flag(node, "any_order"), number(node, "most_pairs"), node.place)


def _comparison(name: str, node: Node, fields: Iterable[str], bench: Bench) -> Comparison:
    parts = []
    for field, one in members(node, "parts"):
        bench.holds("field", field, fields, child(node, "parts").keys[field])
        steps = tuple(float(step.value) for step in child(one, "steps"))
        if list(steps) != sorted(set(steps)):
            bench.say("steps-unordered", f"the steps of {field} do not rise", place_of(one, "steps"), "lowest first")
        if steps and text(one, "by") == "equal":
            bench.say("steps-of-equal", f"{field} is equal or not: steps do nothing", place_of(one, "steps"))
        parts.append(Part(field, text(one, "by"), steps, decimal(one, "rare")))
    if flag(node, "any_order") and len(parts) != 2:
        bench.say("any-order", "only two fields can change places", place_of(node, "any_order"))
    return Comparison(name, tuple(parts), flag(node, "any_order"), node.place)


def _rule(node: Node, fields: Iterable[str], bench: Bench) -> PairRule:
    for key in ("equal", "alike"):
        for one in child(node, key):
            bench.holds("field", str(one.value), fields, one.place)
    if not words(node, "equal") and not words(node, "alike"):
        bench.say("rule-asks-nothing", "this rule would hold for every pair", node.place, "write equal: [FIELD]")
    return PairRule(
        text(node, "id"),
        words(node, "equal"),
        words(node, "alike"),
        text(node, "then", "accept"),  # type: ignore[arg-type]  # the schema has checked the word
        node.place,
    )


# -- kinds -------------------------------------------------------------------------------------------


def _kinds(node: Node, comparisons: tuple[Comparison, ...], bench: Bench) -> tuple[Kind, ...]:
    said = list(members(node, "kinds"))
    known = [one.name for one in comparisons]
    kinds = tuple(_kind(name, one, known, [name for name, _ in said], bench) for name, one in said)
    if kinds and not (any(kind.same for kind in kinds) and any(not kind.same for kind in kinds)):
        hint = "write `same: true` in the kinds that are one person or firm, and in no other"
        message = "there must be kinds that are the same and kinds that are not"
        bench.say("kinds-all-alike", message, place_of(node, "kinds"), hint)
    return kinds


def _kind(name: str, node: Node, comparisons: list[str], kinds: list[str], bench: Bench) -> Kind:
    same, shows = flag(node, "same"), child(node, "shows")
    for key, one in members(node, "shows"):
        bench.holds("comparison", key, comparisons, shows.keys.get(key, one.place))
    expects = {one: _expectation(shows.get(one), same, kinds, bench) for one in comparisons}
    return Kind(name, same, flag(node, "always"), expects, decimal(node, "share", 0.1), node.place)


def _expectation(node: Node | None, same: bool, kinds: list[str], bench: Bench) -> Expectation:
    if node is None:
        return Expectation("agree" if same else "differ")
    if node.is_map:
        return Expectation(parts={name: one.value for name, one in node.items()})
    verb, _, other = str(node.value).partition(" ")
    if not other:
        return Expectation(verb)  # type: ignore[arg-type]  # the schema has checked the word
    bench.holds("kind", other, kinds, node.place)
    return Expectation(like=other, learns=verb == "with")


# -- weights -----------------------------------------------------------------------------------------


def _weights(
    node: Node, comparisons: tuple[Comparison, ...], kinds: tuple[Kind, ...], bench: Bench
) -> Weights | None:
    said = node.get("weights")
    if said is None:
        return None
    known = [kind.name for kind in kinds]
    for name, one in members(said, "shares"):
        bench.holds("kind", name, known, one.place)
    for name, one in members(said, "chances"):
        bench.holds("comparison", name, [each.name for each in comparisons], one.place)
    return Weights(_numbers(said, "shares"), {name: _by_level(one) for name, one in members(said, "chances")})


def _by_level(node: Node) -> Mapping[str, Mapping[str, float]]:
    return {level: {kind: float(one.value) for kind, one in row.items()} for level, row in node.items()}


def _numbers(node: Node, key: str) -> dict[str, Any]:
    return {name: float(one.value) for name, one in members(node, key)}
