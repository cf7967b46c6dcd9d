"""Weights learnt from the pairs themselves, without labels: a mixture of kinds of pairs, by expectation maximisation.

Each kind has its own chance of every level of every comparison. Two kinds (same, chance) are the textbook; households
(same address, another person) and namesakes (same name, another person) need kinds of their own, or they pass for the
same person. The chances of `chance` follow the candidates, not random pairs: candidates agree on something to begin
with, and only so does a threshold of one half mean one half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.spec.matching import Kind
from engine.stages.linkage.grid import Floats, Grid, Patterns, sums

STRENGTH = 3.0
"""How much likelier a start makes full agreement (or difference) than none, as a power of e."""
OWN_WEIGHT = 1.0
"""How many pairs the start counts for, so that a level nobody has seen keeps a chance."""
LEAST = 1e-12
MOST_DIFFERENT = 0.3
"""The largest share of the same that may differ in some part of a comparison on which the same agree."""
_SIGN = {"agree": 1.0, "differ": -1.0, "any": 0.0}


@dataclass(frozen=True, slots=True)
class Mixture:
    """Kinds with their shares, and per comparison the chance of each level in each kind: `chances[c][kind, level]`."""

    kinds: tuple[Kind, ...]
    shares: Floats
    chances: tuple[Floats, ...]

    @property
    def same(self) -> NDArray[np.bool_]:
        """Which kinds are one person."""
        return np.array([kind.same for kind in self.kinds], bool)


class Learner:
    """Learns mixtures of kinds over the same patterns."""

    def __init__(self, patterns: Patterns, grids: Sequence[Grid]) -> None:
        self.patterns, self.grids = patterns, grids

    def learn(self, kinds: Sequence[Kind], *, rounds: int, still: float = 1e-4) -> tuple[Mixture, float]:
        """The mixture of these kinds that explains the patterns best near its start, and its logarithmic likelihood."""
        return self.improved(self._start(tuple(kinds)), rounds=rounds, still=still)

    def improved(self, mixture: Mixture, *, rounds: int, still: float = 1e-4) -> tuple[Mixture, float]:
        """The mixture after more rounds."""
        likelihood = -np.inf
        for _ in range(rounds):
            shared, likelihood = self._shared(mixture)
            after = self._maximised(mixture.kinds, shared)
            moved = float(np.abs(np.log(after.shares / mixture.shares)).max())
            mixture = after
            if moved < still:
                break
        return mixture, likelihood

    def chosen(self, kinds: Sequence[Kind]) -> Mixture:
        """The mixture without the kinds that the data do not need, by the Bayesian information criterion."""
        kept = tuple(kinds)
        best, likelihood = self.learn(kept, rounds=120)
        for kind in [one for one in reversed(kinds) if not one.always]:
            fewer = tuple(one for one in kept if one is not kind)
            if any(_leans_on(one, kind) for one in fewer):
                continue
            trial, less = self.improved(_without(best, kind), rounds=40)
            saved = (self._freedom(kept) - self._freedom(fewer)) * np.log(self.patterns.counts.sum()) / 2
            if likelihood - less < saved:
                kept, best, likelihood = fewer, trial, less
        return self.improved(best, rounds=200)[0]

    def _freedom(self, kinds: Sequence[Kind]) -> int:
        return sum(1 + sum(_freedom(kind, grid) for grid in self.grids) for kind in kinds)

    def _start(self, kinds: tuple[Kind, ...]) -> Mixture:
        weights = np.array([kind.share for kind in kinds])
        return Mixture(kinds, weights / weights.sum(), self._chances(kinds, None))

    def _shared(self, mixture: Mixture) -> tuple[Floats, float]:
        found = logs(mixture, self.patterns.levels)
        most = found.max(axis=1, keepdims=True)
        np.exp(found - most, out=found)
        sums = found.sum(axis=1, keepdims=True)
        likelihood = float((self.patterns.counts * (np.log(sums[:, 0]) + most[:, 0])).sum())
        return found / sums * self.patterns.counts[:, None], likelihood

    def _maximised(self, kinds: tuple[Kind, ...], shared: Floats) -> Mixture:
        shares = shared.sum(axis=0) + OWN_WEIGHT
        return Mixture(kinds, shares / shares.sum(), self._chances(kinds, shared))

    def _chances(self, kinds: tuple[Kind, ...], shared: Floats | None) -> tuple[Floats, ...]:
        found = []
        for place, grid in enumerate(self.grids):
            counts = None if shared is None else self._counts(place, grid, shared)
            found.append(_normal(np.stack([_row(kinds, kind, grid, counts) for kind in range(len(kinds))])))
        return tuple(found)

    def _counts(self, place: int, grid: Grid, shared: Floats) -> Floats:
        level = self.patterns.levels[:, place]
        return np.stack([sums(level, one, len(grid.agreement)) for one in shared.T])


def logs(mixture: Mixture, levels: NDArray[np.int64]) -> Floats:
    """The logarithm of share times chances, per pattern and kind; level 0 (blank) tells nothing."""
    found = np.tile(np.log(mixture.shares), (len(levels), 1))
    for place, chances in enumerate(mixture.chances):
        told = np.log(chances).T.copy()
        told[0] = 0.0
        found += told[levels[:, place]]
    return found


def posteriors(mixture: Mixture, levels: NDArray[np.int64]) -> Floats:
    """How probable each kind is for each pattern."""
    found = logs(mixture, levels)
    found -= found.max(axis=1, keepdims=True)
    np.exp(found, out=found)
    found /= found.sum(axis=1, keepdims=True)
    return found


def _row(kinds: Sequence[Kind], place: int, grid: Grid, counts: Floats | None) -> Floats:
    """The chances of one kind, not yet adding up to one."""
    expected = kinds[place].expects[grid.name]
    if expected.parts:
        return _product(kinds[place], grid, None if counts is None else counts[place])
    if expected.like:
        like = next((n for n, kind in enumerate(kinds) if kind.name == expected.like), place)
        return _row(kinds, like, grid, counts) if like != place else _leaning(grid.seen, grid.agreement, 0.0)
    if expected.start == "chance":
        return grid.chance
    start = OWN_WEIGHT * _leaning(grid.seen, grid.agreement, _SIGN[expected.start])
    if counts is None:
        return start
    pupils = [n for n, kind in enumerate(kinds) if n == place or _learns_with(kind, kinds[place], grid)]
    found: Floats = counts[pupils].sum(axis=0) + start
    return _agreeing(found, grid) if kinds[place].same and expected.start == "agree" else found


def _agreeing(counts: Floats, grid: Grid) -> Floats:
    """The same differ in a part less often than not. Without this bound, a table without duplicates would teach that
    they live together and have nothing else in common."""
    differs = np.asarray(grid.differs, bool)
    different, rest = counts[differs].sum(), counts[~differs].sum()
    if different <= MOST_DIFFERENT * (different + rest) or not rest:
        return counts
    found = np.where(differs, counts * (MOST_DIFFERENT / different), counts * ((1 - MOST_DIFFERENT) / rest))
    return np.asarray(found, float)


def _learns_with(kind: Kind, other: Kind, grid: Grid) -> bool:
    expected = kind.expects[grid.name]
    return expected.learns and expected.like == other.name


def _product(kind: Kind, grid: Grid, counts: Floats | None) -> Floats:
    found = np.ones(len(grid.agreement))
    for place, name in enumerate(grid.parts):
        level, size = grid.levels[:, place], grid.sizes[place]
        start = kind.expects[grid.name].parts.get(name, "chance")
        if start == "chance":
            share = sums(level, grid.chance, size)
        else:
            rising = np.linspace(0.0, 1.0, size)
            share = OWN_WEIGHT * _leaning(sums(level, grid.seen, size), rising, _SIGN[start])
            if counts is not None:
                share = share + sums(level, counts, size)
        found *= (share / share.sum())[level]
    return found


def _leaning(seen: Floats, agreement: Floats, sign: float) -> Floats:
    """What is seen, leaning towards agreement or difference."""
    found = np.sqrt(seen) * np.exp(STRENGTH * sign * agreement)
    found[0] = 0.0
    total: Floats = found / max(found.sum(), LEAST)
    return total


def _normal(rows: Floats) -> Floats:
    rows[:, 0] = 0.0
    rows /= np.maximum(rows.sum(axis=1, keepdims=True), LEAST)
    rows[:, 0] = 1.0
    found: Floats = np.maximum(rows, LEAST)
    return found


def _without(mixture: Mixture, kind: Kind) -> Mixture:
    kept = [place for place, one in enumerate(mixture.kinds) if one is not kind]
    shares = mixture.shares[kept]
    kinds = tuple(mixture.kinds[place] for place in kept)
    return Mixture(kinds, shares / shares.sum(), tuple(chances[kept] for chances in mixture.chances))


def _leans_on(kind: Kind, other: Kind) -> bool:
    return any(one.like == other.name for one in kind.expects.values())


def _freedom(kind: Kind, grid: Grid) -> int:
    expected = kind.expects[grid.name]
    if expected.parts:
        return sum(grid.sizes[n] - 1 for n, name in enumerate(grid.parts) if expected.parts.get(name) in _SIGN)
    return 0 if expected.like or expected.start == "chance" else len(grid.agreement) - 2
