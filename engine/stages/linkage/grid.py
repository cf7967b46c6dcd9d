"""The levels of a comparison over several fields: every combination that occurs, numbered; and patterns of them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

BLANK, DIFFERENT = 0, 1
SWAPPED = "swapped"
"""The part that says whether the fields of a comparison have changed places."""


_SWAPPED_AGREE = 0.9
_BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Radix:
    """How the levels of all fields make one number per pair: each field's count of levels, in order."""

    names: tuple[str, ...]
    sizes: tuple[int, ...]

    def number(self, levels: Mapping[str, NDArray[np.uint8]]) -> Numbers:
        """One number per pair."""
        found = np.zeros(len(levels[self.names[0]]), np.int64)
        for name, size in zip(self.names, self.sizes, strict=True):
            found = found * size + levels[name]
        return found

    def levels(self, numbers: Numbers) -> dict[str, Numbers]:
        """The numbers taken apart again."""
        found: dict[str, Numbers] = {}
        for name, size in zip(reversed(self.names), reversed(self.sizes), strict=True):
            numbers, found[name] = np.divmod(numbers, size)
        return found


@dataclass(frozen=True, slots=True)
class Grid:
    """The combinations of one comparison. Level 0 is blank in all parts; `levels[level, part]`.

    declared: the fields that the rules name; those that the table lacks are no parts, and blank in words.
    agreement: from 0 (all different) to 1 (all equal). seen: how often among the candidates. chance: how often among
    random pairs.
    """

    name: str
    declared: tuple[str, ...]
    parts: tuple[str, ...]
    sizes: tuple[int, ...]
    levels: Numbers
    agreement: Floats
    seen: Floats
    chance: Floats

    @property
    def differs(self) -> NDArray[np.bool_]:
        """Which levels have a part that differs."""
        told = [n for n, part in enumerate(self.parts) if not _is_swap(part)]
        return np.asarray((self.levels[:, told] == DIFFERENT).any(axis=1), bool)

    def words(self, level: int) -> str:
        """A level as people read it: one word per part."""
        return self.words_of(self.levels[level].tolist())

    def words_of(self, levels: Sequence[int]) -> str:
        """The levels of the parts in words."""
        named = zip(self.parts, levels, self.sizes, strict=True)
        told = {name: word(name, level, size) for name, level, size in named if level or not _is_swap(name)}
        swapped = [one for name, one in told.items() if _is_swap(name)]
        return " ".join([*(told.get(name, _BLANK) for name in self.declared), *swapped])

    def level_of(self, levels: Sequence[int]) -> int | None:
        """The number of the level with these levels of the parts; None for one that never occurred."""
        found = np.flatnonzero((self.levels == np.asarray(levels)).all(axis=1))
        return int(found[0]) if len(found) else None


@dataclass(frozen=True, slots=True)
class Patterns:
    """Every combination of levels that occurs, with how often. `levels[p, c]` is the level of comparison c."""

    levels: Numbers
    counts: Floats


def _is_swap(name: str) -> bool:
    return name.endswith(SWAPPED)


def word(name: str, level: int, size: int) -> str:
    """A level of one part as people read it."""
    if _is_swap(name):
        return SWAPPED
    if level <= DIFFERENT:
        return (_BLANK, "different")[level]
    return "equal" if level == size - 1 else f"like{level - DIFFERENT}" if size > 4 else "like"


def grid_of(
    name: str,
    declared: Sequence[str],
    parts: Mapping[str, int],
    levels: Mapping[str, Numbers],
    seen: Floats,
    chance: Floats,
) -> tuple[Grid, Numbers]:
    """The grid of one comparison over unique patterns, and each pattern's level in it."""
    sizes = tuple(parts.values())
    radix = Radix(tuple(parts), sizes)
    numbers = np.zeros(len(seen), np.int64)
    for part, size in parts.items():
        numbers = numbers * size + levels[part]
    kinds, of_pattern = np.unique(np.r_[0, numbers], return_inverse=True)
    apart = radix.levels(kinds)
    table = np.stack([apart[part] for part in parts], axis=1)
    number = of_pattern[1:]
    share, random = sums(number, seen, len(kinds)) + 0.5, sums(number, chance, len(kinds))
    share[0] = random[0] = 0.0
    share = np.asarray(share / (share.sum() or 1.0), float)  # 0: the field is blank everywhere
    random = np.asarray(random + share, float)  # one more pair, spread as the candidates are: nothing is impossible
    random = random / (random.sum() or 1.0)
    agreement = _agreement(table, radix.names, sizes)
    return Grid(name, tuple(declared), radix.names, radix.sizes, table, agreement, share, random), number


def sums(levels: Numbers, weights: Floats, size: int) -> Floats:
    """The weights of each level, added up."""
    return np.bincount(levels, weights, size).astype(np.float64)


def _agreement(table: Numbers, parts: Sequence[str], sizes: Sequence[int]) -> Floats:
    told = [n for n, part in enumerate(parts) if not _is_swap(part)]
    tops = np.array([sizes[n] - 2 for n in told], float)
    part = table[:, told]
    known = part > BLANK
    sums = (np.where(known, part - 1, 0) / tops).sum(axis=1)
    found = np.asarray(sums / np.maximum(known.sum(axis=1), 1), float)
    for n in range(len(parts)):
        if n not in told:
            found[table[:, n] == 1] = _SWAPPED_AGREE
    return found
