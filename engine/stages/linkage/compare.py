"""Candidate pairs -> one number per pair that holds the levels of all compared fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.spec.matching import Comparison, MatchingSpec, Part
from engine.stages.linkage.block import Pairs
from engine.stages.linkage.columns import Column, Levels, Rows, Table
from engine.stages.linkage.grid import BLANK, SWAPPED, Numbers, Radix
from engine.stages.linkage.levels import part_levels, size_of

SWAP_STEPS = (0.84, 0.92)
"""Levels of names that have changed places."""

CHUNK = 500_000
"""Pairs compared at once: bounds memory."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What of the rules a table has the columns for."""

    comparisons: tuple[Comparison, ...]
    radix: Radix

    def parts_of(self, comparison: Comparison) -> list[str]:
        """The names of a comparison's levels."""
        return [*(part.field for part in comparison.parts), *_swap_name(comparison)]

    def size_of(self, name: str) -> int:
        """How many levels a name has."""
        return self.radix.sizes[self.radix.names.index(name)]


def comparable(spec: MatchingSpec, table: Table) -> Compared:
    """The comparisons whose fields the table has, other fields left out of them; fields that only rules use too."""
    kept = []
    for one in spec.comparisons:
        parts = tuple(part for part in one.parts if part.field in table.columns)
        if parts:
            kept.append(Comparison(one.name, parts, one.any_order and len(parts) == 2, one.place))
    names = [(part.field, size_of(part)) for one in kept for part in one.parts]
    names += [(name, 2) for one in kept for name in _swap_name(one)]
    known = {name for name, _ in names}
    for name in _of_rules(spec):
        if name in table.columns and name not in known:
            known.add(name)
            names.append((name, 3))
    return Compared(tuple(kept), Radix(tuple(name for name, _ in names), tuple(size for _, size in names)))


def _of_rules(spec: MatchingSpec) -> list[str]:
    return [name for rule in spec.rules for name in (*rule.equal, *rule.alike)] + list(spec.unless_differs)


def _swap_name(comparison: Comparison) -> list[str]:
    return [f"{comparison.name} {SWAPPED}"] if comparison.any_order else []


def pattern_numbers(compared: Compared, table: Table, pairs: Pairs) -> Numbers:
    """One number per pair, computed in chunks."""
    found = np.empty(len(pairs), np.int64)
    crossing = {one.name: _one_dictionary(table, one) for one in compared.comparisons if one.any_order}
    for chunk in _chunks(len(pairs)):
        left, right = pairs.left[chunk], pairs.right[chunk]
        levels: dict[str, Levels] = {}
        for one in compared.comparisons:
            levels |= {part.field: _levels(part, table.columns[part.field], left, right) for part in one.parts}
            if one.any_order:
                _let_swap(one, crossing[one.name], left, right, levels)
        for name in compared.radix.names:
            if name not in levels:
                levels[name] = _levels(Part(name, "equal"), table.columns[name], left, right)
        found[chunk] = compared.radix.number(levels)
    return found


def _chunks(total: int) -> Iterator[slice]:
    for start in range(0, total, CHUNK):
        yield slice(start, min(start + CHUNK, total))


def _levels(part: Part, column: Column, left: Rows, right: Rows) -> Levels:
    return part_levels(part, column, column.codes[left], column.codes[right])


def _one_dictionary(table: Table, comparison: Comparison) -> Sequence[Column]:
    """The comparison's two columns over one dictionary, so that a value of one can be compared with the other's."""
    known: dict[str, int] = {"": 0}
    moved = []
    for part in comparison.parts:
        column = table.columns[part.field]
        number = np.fromiter((known.setdefault(value, len(known)) for value in column.values), np.int32)
        moved.append(number[column.codes])
    values = list(known)
    return [Column(codes, values) for codes in moved]


def _let_swap(
    comparison: Comparison, columns: Sequence[Column], left: Rows, right: Rows, levels: dict[str, Levels]
) -> None:
    """Where the two fields fit better with places changed, they count as swapped, at their lowest likeness."""
    one, other = comparison.parts
    first, second = columns
    part = Part(other.field, "jaro_winkler", SWAP_STEPS)
    crossed = part_levels(part, first, first.codes[left], second.codes[right])
    back = part_levels(part, first, second.codes[left], first.codes[right])
    straight = levels[one.field].astype(np.int16) + levels[other.field]
    swapped = (np.minimum(crossed, back) > 1) & (crossed.astype(np.int16) + back > straight)
    for name in (one.field, other.field):
        levels[name][swapped] = BLANK
    levels[f"{comparison.name} {SWAPPED}"] = swapped.astype(np.uint8)
