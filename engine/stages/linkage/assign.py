"""One to one: each row of one file goes with one row of the other at most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.stages.linkage.block import Pairs
from engine.stages.linkage.grid import Floats


def one_to_one(pairs: Pairs, scores: Floats, sure: NDArray[np.bool_], rows: int) -> NDArray[np.bool_]:
    """Which sure pairs stand, the pairs being in order: the best score first, then the smaller ids. A row that is
    taken takes no other; the pairs that lose to it are left for a person."""
    taken = np.zeros(rows, bool)
    kept = np.zeros(len(pairs), bool)
    for place in np.flatnonzero(sure).tolist():
        left, right = pairs.left[place], pairs.right[place]
        if not taken[left] and not taken[right]:
            taken[left] = taken[right] = kept[place] = True
    return kept
