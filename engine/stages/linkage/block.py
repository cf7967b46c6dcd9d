"""Candidate pairs: rows that share a key, each pair once, blocks too common to tell anything left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.stages.linkage.columns import Column, Rows, Table

Keys = NDArray[np.int64]

_TOGETHER = 4_000_000
"""Pairs that are gathered before those found twice are taken out."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs by row number, left before right, in order."""

    left: Rows
    right: Rows

    def __len__(self) -> int:
        return len(self.left)


def keys_of(columns: Sequence[Column], *, any_order: bool = False) -> Keys:
    """One number per row out of several columns; -1 where one of them is blank."""
    codes = [column.codes.astype(np.int64) for column in columns]
    sizes = [len(column.values) for column in columns]
    if any_order:
        codes, sizes = _sorted_codes(columns)
    blank = np.zeros(len(codes[0]), bool)
    keys = np.zeros(len(codes[0]), np.int64)
    for code, size in zip(codes, sizes, strict=True):
        blank |= code == 0
        keys = keys * size + code
    keys[blank] = -1
    return keys


def _sorted_codes(columns: Sequence[Column]) -> tuple[list[NDArray[np.int64]], list[int]]:
    """The codes over one dictionary of all columns' values, the smaller first in each row."""
    known: dict[str, int] = {"": 0}
    moved = []
    for column in columns:
        mapping = np.fromiter((known.setdefault(value, len(known)) for value in column.values), np.int64)
        moved.append(mapping[column.codes])
    return list(np.sort(np.stack(moved), axis=0)), [len(known)] * len(columns)


def block_pairs(keys: Keys, table: Table, most: int) -> NDArray[np.int64]:
    """Pairs of rows with an equal key, as left * rows + right; a key with more than `most` pairs tells nothing."""
    rows = np.flatnonzero(keys >= 0)
    order = rows[np.argsort(keys[rows], kind="stable")]
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, np.int64)
    ends = np.r_[starts[1:], len(ordered)]
    if table.linking:
        return _across(order, starts, ends, table, most)
    return _within(order, starts, ends, table, most)


def _within(order: Keys, starts: Keys, ends: Keys, table: Table, most: int) -> NDArray[np.int64]:
    sizes = ends - starts
    kept = (sizes > 1) & (sizes * (sizes - 1) // 2 <= most)
    starts, sizes = starts[kept], sizes[kept]
    found = [
        _numbered(order[starts + i], order[starts + j], len(table))
        for starts, size in _by_size(starts, sizes)
        for i in range(size)
        for j in range(i + 1, size)
    ]
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _by_size(starts: Keys, sizes: Keys) -> Iterator[tuple[Keys, int]]:
    """The starts of blocks of each size: blocks of one size are worked on together."""
    for size in np.unique(sizes):
        yield starts[sizes == size], int(size)


def _across(order: Keys, starts: Keys, ends: Keys, table: Table, most: int) -> NDArray[np.int64]:
    """Left rows come first in each block, since the sort is stable and they come first in the table."""
    lefts = np.add.reduceat((order < table.left_count).astype(np.int64), starts) if len(starts) else starts
    counts = lefts * (ends - starts - lefts)
    kept = (counts > 0) & (counts <= most)
    starts, lefts, rights, counts = starts[kept], lefts[kept], (ends - starts - lefts)[kept], counts[kept]
    block = np.repeat(np.arange(len(starts)), counts)
    number = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    left = order[starts[block] + number // rights[block]]
    right = order[starts[block] + lefts[block] + number % rights[block]]
    return _numbered(left, right, len(table))


def _numbered(left: Keys, right: Keys, rows: int) -> NDArray[np.int64]:
    found: NDArray[np.int64] = left * np.int64(rows) + right
    return found


def candidates(
    table: Table, blocks: Mapping[str, tuple[Keys, int]], tell: Callable[[str, int], None] | None = None
) -> Pairs:
    """All pairs that share at least one key, each once, in order. A block is its keys and the most pairs that a key may
    have. `tell` hears how many each block gave."""
    known, waiting = np.empty(0, np.int64), []
    for name, (keys, most) in blocks.items():
        waiting.append(block_pairs(keys, table, most))
        if tell:
            tell(name, len(waiting[-1]))
        if sum(len(one) for one in waiting) > _TOGETHER:
            known, waiting = _each_once([known, *waiting]), []
    known = _each_once([known, *waiting])
    left, right = np.divmod(known, max(len(table), 1))
    return Pairs(left.astype(np.int32), right.astype(np.int32))


def _each_once(found: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    known = np.concatenate([np.empty(0, np.int64), *found])
    known.sort()
    return known[np.r_[True, known[1:] != known[:-1]]] if len(known) else known
