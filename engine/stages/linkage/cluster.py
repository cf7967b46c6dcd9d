"""Clusters: rows that are one, joined pair by pair, never through a single weak edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.stages.linkage.block import Pairs
from engine.stages.linkage.grid import Floats

STRONG = 0.95
"""A pair this sure joins two clusters by itself."""


def clusters(pairs: Pairs, scores: Floats, sure: NDArray[np.bool_], rows: int) -> NDArray[np.bool_]:
    """Which sure pairs stand, the pairs being in order: the best score first, then the smaller ids.

    Two single rows join by one sure pair. Where a cluster is concerned, one weak pair is not enough: it takes a
    strong one, or two sure pairs between the two. What does not join is left for a person.
    """
    parent = {int(row): int(row) for row in np.unique(np.r_[pairs.left[sure], pairs.right[sure]])}
    size = dict.fromkeys(parent, 1)
    kept = np.zeros(len(pairs), bool)
    waiting: dict[tuple[int, int], list[int]] = {}
    for place in np.flatnonzero(sure).tolist():
        left, right = _top(parent, int(pairs.left[place])), _top(parent, int(pairs.right[place]))
        if left == right:
            kept[place] = True
            continue
        pair = (min(left, right), max(left, right))
        others = [one for one in waiting.get(pair, ()) if one != place]
        if scores[place] >= STRONG or size[left] == size[right] == 1 or others:
            _join(parent, size, waiting, pair)
            kept[[place, *others]] = True
        else:
            waiting.setdefault(pair, []).append(place)
    return kept


def _top(parent: dict[int, int], row: int) -> int:
    while parent[row] != row:
        parent[row] = row = parent[parent[row]]
    return row


def _join(
    parent: dict[int, int], size: dict[int, int], waiting: dict[tuple[int, int], list[int]], pair: tuple[int, int]
) -> None:
    """The smaller number stands for both; weak pairs that waited at either now wait at it."""
    top, below = pair
    parent[below] = top
    size[top] += size.pop(below)
    waiting.pop(pair, None)
    for one, other in [key for key in waiting if below in key]:
        moved = (min(top, one + other - below), max(top, one + other - below))
        waiting.setdefault(moved, []).extend(waiting.pop((one, other)))
