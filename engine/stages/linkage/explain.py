"""Why two rows are one or not: what they share, what differs, and what each comparison weighs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.spec.matching import MatchingSpec
from engine.stages.linkage.block import Pairs
from engine.stages.linkage.columns import Table
from engine.stages.linkage.compare import comparable, pattern_numbers
from engine.stages.linkage.grid import DIFFERENT, Grid, Numbers
from engine.stages.linkage.learn import Mixture
from engine.stages.linkage.link import Linked, block_keys
from engine.stages.linkage.weigh import rule_of


@dataclass(frozen=True, slots=True)
class Evidence:
    """One comparison: its level in words, and its weight in bits; above 0 it speaks for the same."""

    name: str
    words: str
    weight: float | None


@dataclass(frozen=True, slots=True)
class Why:
    """Everything about one pair. `blocks`: the keys that make it a candidate; none, and it is never compared."""

    left: int
    right: int
    blocks: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    kinds: Mapping[str, float]
    score: float
    rule: str
    differs: tuple[str, ...]
    verdict: str
    """accept, review or none."""


def why(spec: MatchingSpec, table: Table, linked: Linked, left: int, right: int) -> Why:
    """The story of two rows."""
    if right < left:
        left, right = right, left
    compared = comparable(spec, table)
    pair = Pairs(np.array([left], np.int32), np.array([right], np.int32))
    levels = compared.radix.levels(pattern_numbers(compared, table, pair))
    weighed = linked.weighed
    evidence = tuple(
        _evidence(grid, {name: int(levels[name][0]) for name in grid.parts}, weighed.mixture, place)
        for place, grid in enumerate(weighed.grids)
    )
    kinds = _kinds(weighed.grids, levels, weighed.mixture)
    score = sum(chance for name, chance in kinds.items() if _is_same(weighed.mixture, name))
    rule = rule_of(spec, compared, levels)
    differs = tuple(name for name in spec.unless_differs if name in levels and levels[name][0] == DIFFERENT)
    blocks = tuple(name for name, keys in block_keys(spec, table).items() if keys[left] == keys[right] != -1)
    named, verdict = _named(linked, left, right)
    return Why(left, right, blocks, evidence, kinds, score if named is None else named, rule, differs, verdict)


def _evidence(grid: Grid, levels: Mapping[str, int], mixture: Mixture | None, place: int) -> Evidence:
    words = grid.words_of([levels[name] for name in grid.parts])
    level = grid.level_of([levels[name] for name in grid.parts])
    if mixture is None or level is None:
        return Evidence(grid.name, words, None)
    chances, same = mixture.chances[place][:, level], mixture.same
    ours = float((chances[same] * mixture.shares[same]).sum() / mixture.shares[same].sum())
    theirs = float((chances[~same] * mixture.shares[~same]).sum() / mixture.shares[~same].sum())
    return Evidence(grid.name, words, 0.0 if level == 0 else float(np.log2(ours / theirs)))


def _kinds(grids: Sequence[Grid], levels: Mapping[str, Numbers], mixture: Mixture | None) -> dict[str, float]:
    if mixture is None:
        return {}
    logs = np.log(mixture.shares)
    for grid, chances in zip(grids, mixture.chances, strict=True):
        level = grid.level_of([int(levels[name][0]) for name in grid.parts])
        if level:
            logs = logs + np.log(chances[:, level])
    shares = np.exp(logs - logs.max())
    return {kind.name: float(one) for kind, one in zip(mixture.kinds, shares / shares.sum(), strict=True)}


def _is_same(mixture: Mixture | None, name: str) -> bool:
    return mixture is not None and any(kind.same for kind in mixture.kinds if kind.name == name)


def _named(linked: Linked, left: int, right: int) -> tuple[float | None, str]:
    """The score and the verdict of a pair among the results."""
    found = np.flatnonzero((linked.pairs.left == left) & (linked.pairs.right == right))
    if not len(found):
        return None, "none"
    place = int(found[0])
    return float(linked.scores[place]), "accept" if linked.accepted[place] else "review"
