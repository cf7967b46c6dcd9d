"""The evidence of a case for people: what each match rule compares, the candidates as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from engine.report.mask import Blind, is_personal, masked, without_addresses
from engine.report.wording import table_text, value_text
from engine.spec.rules import Pair
from engine.spec.ruleset import FlowSpec
from engine.stages.side_by_side import Beside, Compared, RuleSeen

MOST = 5
"""Candidates shown side by side."""
_WIDE = 32
Screen = Callable[[Any], Any]
"""What shows of a value."""


def rules_text(flow: FlowSpec, source: str, ids: Sequence[str], rules: Sequence[RuleSeen], blind: Blind) -> str:
    """A table: one line per comparison, then whether the whole rule holds."""
    shown = ids[:MOST]
    rows = [row for seen in rules for row in _rows(flow, seen, shown, blind)]
    headings = ("rule", "compares", "source", *(f"candidate {number}" for number in range(1, len(shown) + 1)))
    table = table_text(headings, [("", "", source, *shown), *rows])  # ids as they are: headings are in capitals
    return f"{table}\nand {len(ids) - MOST} more: --format json has all" if len(ids) > MOST else table


def _rows(flow: FlowSpec, seen: RuleSeen, ids: Sequence[str], blind: Blind) -> Iterator[tuple[str, ...]]:
    for compared in seen.compared:
        screen = _screen(flow, compared.pair, blind)
        cells = (_cell(one, screen) for one in compared.beside[: len(ids)])
        yield (seen.rule.id, pair_words(compared.pair), value_text(screen(compared.value), _WIDE), *cells)
    if seen.rule.only is not None or flow.rules.match.only is not None or len(seen.compared) > 1:
        words = ("holds" if one in seen.holds else "does not hold" for one in ids)
        yield (seen.rule.id, "the whole rule", "" if seen.applies else "does not apply", *words)


def _cell(one: Beside, screen: Screen) -> str:
    if one.verdict == "unread":
        return "(not read)"
    likeness = "" if one.likeness is None else f" {one.likeness:.2f}"
    return f"{one.verdict}{likeness}: {value_text(screen(one.value), _WIDE)}"


def pair_words(pair: Pair) -> str:
    """`mail = email (email)`."""
    least = f" from {pair.min:g}" if pair.score is not None else ""
    return f"{pair.left_path} = {_right(pair)} ({pair.compare}{least})"


def _right(pair: Pair) -> str:
    return pair.right_path.partition("|")[0]


def _screen(flow: FlowSpec, pair: Pair, blind: Blind) -> Screen:
    """Masks both sides when either tells who somebody is, or leads to a record whose catalogue is not ours."""
    if blind.reveal:
        return lambda value: value
    ends = ((flow.source, pair.left_path), (flow.target, _right(pair)))
    hide = any(is_personal(obj, path) or _leads_away(obj.fields, path) for obj, path in ends)
    return masked if hide else without_addresses


def _leads_away(fields: Any, path: str) -> bool:
    outer = path.partition(".")[0].partition("[")[0]
    return outer != "id" and (outer not in fields or (fields[outer].type == "reference" and outer != path))


def rules_tree(flow: FlowSpec, rules: Sequence[RuleSeen], blind: Blind) -> list[dict[str, Any]]:
    """The same as plain values."""
    return [
        {
            "rule": seen.rule.id, "at": str(seen.rule.place), "applies": seen.applies, "holds": sorted(seen.holds),
            "compared": [_compared_tree(one, _screen(flow, one.pair, blind)) for one in seen.compared],
        }
        for seen in rules
    ]  # fmt: skip


def _compared_tree(one: Compared, screen: Screen) -> dict[str, Any]:
    return {
        "left": one.pair.left_path, "right": _right(one.pair), "compare": one.pair.compare,
        "source": _plain(screen(one.value)),
        "candidates": {
            each.id: {"value": _plain(screen(each.value)), "verdict": each.verdict, "likeness": each.likeness}
            for each in one.beside
        },
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Markers such as ABSENT are nothing to a program."""
    return value if isinstance(value, (str, int, float, list, dict)) else None


# -- conflicts ---------------------------------------------------------------------------------------------


def fields_text(flow: FlowSpec, fields: Sequence[tuple[str, Any, Any]], blind: Blind) -> str:
    """A table of the fields on which the two sides differ."""
    rows = ((name, *(value_text(blind.mapped(flow, name, one), _WIDE) for one in two)) for name, *two in fields)
    return table_text(("field", "source", "target"), rows)


def fields_tree(flow: FlowSpec, fields: Sequence[tuple[str, Any, Any]], blind: Blind) -> list[dict[str, Any]]:
    """The same as plain values."""
    return [
        {"field": name, "source": _plain(blind.mapped(flow, name, source)),
         "target": _plain(blind.mapped(flow, name, target))}
        for name, source, target in fields
    ]  # fmt: skip
