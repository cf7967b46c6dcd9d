"""Patterns of levels -> how probable it is that the two rows are one, the kind of pair, and the rule that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.spec.matching import Kind, MatchingSpec, PairRule, Weights
from engine.stages.linkage.block import Pairs
from engine.stages.linkage.columns import Table
from engine.stages.linkage.compare import Compared, pattern_numbers
from engine.stages.linkage.grid import DIFFERENT, Floats, Grid, Numbers, Patterns, grid_of
from engine.stages.linkage.learn import LEAST, Learner, Mixture, posteriors

SAMPLE = 100_000
"""Random pairs that tell how often rows agree by chance."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Every pattern with its score. `rules`: the place of the rule that decided, or -1 for the weights. `kinds`: the
    likeliest kind that is the same."""

    numbers: Numbers
    scores: Floats
    rules: NDArray[np.int64]
    kinds: NDArray[np.int64]
    grids: Sequence[Grid]
    patterns: Patterns
    mixture: Mixture | None


def weigh(spec: MatchingSpec, compared: Compared, table: Table, numbers: Numbers) -> Weighed:
    """Scores of all patterns that occur among these pairs' numbers."""
    unique, counts = _counted(numbers)
    levels = compared.radix.levels(unique)
    grids, patterns, mixture = _mixture(spec, compared, table, unique, counts)
    scores, kinds = np.zeros(len(unique)), np.full(len(unique), -1)
    if mixture is not None and len(unique):
        shared = posteriors(mixture, patterns.levels)
        scores, kinds = shared[:, mixture.same].sum(axis=1), np.where(mixture.same, shared, -1.0).argmax(axis=1)
    rules = _ruled(spec, compared, levels, scores)
    return Weighed(unique, scores, rules, kinds, grids, patterns, mixture)


def _counted(numbers: Numbers) -> tuple[Numbers, Floats]:
    ordered = np.sort(numbers)
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, np.int64)
    return ordered[first], np.diff(np.r_[first, len(ordered)]).astype(float)


# -- the mixture -------------------------------------------------------------------------------------


def _mixture(
    spec: MatchingSpec, compared: Compared, table: Table, unique: Numbers, counts: Floats
) -> tuple[list[Grid], Patterns, Mixture | None]:
    if not compared.comparisons or not spec.kinds or not len(unique):
        return [], Patterns(np.empty((len(unique), 0), np.int64), counts), None
    random, often = _counted(pattern_numbers(compared, table, random_pairs(table)))
    every = np.union1d(unique, random)
    seen, chance = np.zeros(len(every)), np.zeros(len(every))
    seen[np.searchsorted(every, unique)] = counts
    chance[np.searchsorted(every, random)] = often
    levels = compared.radix.levels(every)
    grids, columns = [], []
    for one in compared.comparisons:
        parts = {name: compared.size_of(name) for name in compared.parts_of(one)}
        declared = next([part.field for part in each.parts] for each in spec.comparisons if each.name == one.name)
        grid, level = grid_of(one.name, declared, parts, levels, seen, chance)
        grids.append(grid)
        columns.append(level[np.searchsorted(every, unique)])
    patterns = Patterns(np.stack(columns, axis=1), counts)
    if spec.weights:
        return grids, patterns, written(spec, spec.weights, grids)
    return grids, patterns, Learner(patterns, grids).chosen(_told(spec.kinds, grids))


def _told(kinds: Sequence[Kind], grids: Sequence[Grid]) -> list[Kind]:
    """Kinds that can be told from the others by what the table has."""
    kept: list[Kind] = []
    for kind in kinds:
        signs = [repr(kind.expects[grid.name]) for grid in grids]
        if all(signs != [repr(other.expects[grid.name]) for grid in grids] for other in kept):
            kept.append(kind)
    return kept


def written(spec: MatchingSpec, weights: Weights, grids: Sequence[Grid]) -> Mixture:
    """The mixture that a file of rules holds. A level it does not know tells nothing."""
    kinds = tuple(kind for kind in spec.kinds if kind.name in weights.shares)
    shares = np.array([weights.shares[kind.name] for kind in kinds])
    chances = []
    for grid in grids:
        told = weights.chances.get(grid.name, {})
        said = [told.get(grid.words(level)) for level in range(len(grid.levels))]
        chances.append(np.array([[_chance(one, kind.name) for one in said] for kind in kinds]))
    return Mixture(kinds, shares / shares.sum(), tuple(chances))


def _chance(told: Mapping[str, float] | None, kind: str) -> float:
    return 1.0 if told is None else max(told.get(kind, LEAST), LEAST)


def weights_of(weighed: Weighed) -> Weights | None:
    """What was learnt, in words and rounded, to be written into a file."""
    mixture = weighed.mixture
    if mixture is None:
        return None
    names = [kind.name for kind in mixture.kinds]
    chances: dict[str, dict[str, dict[str, float]]] = {}
    for grid, rows in zip(weighed.grids, mixture.chances, strict=True):
        order = sorted(range(1, len(grid.levels)), key=lambda level: (-grid.agreement[level], level))
        chances[grid.name] = {
            grid.words(level): {name: _rounded(row[level]) for name, row in zip(names, rows, strict=True)}
            for level in order
        }
    return Weights({name: _rounded(share) for name, share in zip(names, mixture.shares, strict=True)}, chances)


def _rounded(chance: float) -> float:
    return float(f"{max(chance, 1e-9):.4g}")


# -- chance ------------------------------------------------------------------------------------------


def random_pairs(table: Table) -> Pairs:
    """Pairs picked at random, always the same for the same rows, whatever their order and whichever file is left."""
    told = _told_by_content(table)
    order = np.argsort(told, kind="stable").astype(np.int32)
    lefts = order[order < table.left_count]
    rights = order[order >= table.left_count] if table.linking else lefts
    if told[lefts].sum() > told[rights].sum():
        lefts, rights = rights, lefts
    if not len(lefts) or not len(rights):
        return Pairs(np.empty(0, np.int32), np.empty(0, np.int32))
    dice = np.random.default_rng(1)
    left, right = lefts[dice.integers(0, len(lefts), SAMPLE)], rights[dice.integers(0, len(rights), SAMPLE)]
    other = left != right
    return Pairs(np.minimum(left, right)[other], np.maximum(left, right)[other])


def _told_by_content(table: Table) -> NDArray[np.uint64]:
    """A number per row that depends on its values alone."""
    from zlib import crc32

    mixed = np.zeros(len(table), np.uint64)
    for name in sorted(table.columns):
        column = table.columns[name]
        told = np.fromiter((crc32(value.encode()) for value in column.values), np.uint64, len(column.values))
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + told[column.codes]
    return mixed


# -- rules without weights ---------------------------------------------------------------------------


def _ruled(
    spec: MatchingSpec, compared: Compared, levels: Mapping[str, Numbers], scores: Floats
) -> NDArray[np.int64]:
    """Which rule holds for each pattern; a rule's word outranks the weights, what differs outranks both."""
    found = np.full(len(scores), -1)
    for place in range(len(spec.rules) - 1, -1, -1):
        rule = spec.rules[place]
        if all(name in levels for name in (*rule.equal, *rule.alike)):
            holds = _holds(rule, compared, levels)
            found[holds] = place
            scores[holds] = 1.0 if rule.then == "accept" else np.clip(scores[holds], spec.review, spec.accept - 1e-4)
    for name in spec.unless_differs:
        if name in levels:
            scores[levels[name] == DIFFERENT] = 0.0
    return found


def rule_of(spec: MatchingSpec, compared: Compared, levels: Mapping[str, Numbers]) -> str:
    """The first rule that holds for one pair, or ""."""
    known = [rule for rule in spec.rules if all(name in levels for name in (*rule.equal, *rule.alike))]
    return next((rule.id for rule in known if _holds(rule, compared, levels).all()), "")


def _holds(rule: PairRule, compared: Compared, levels: Mapping[str, Numbers]) -> NDArray[np.bool_]:
    parts = [levels[name] == compared.size_of(name) - 1 for name in rule.equal]
    parts += [levels[name] > DIFFERENT for name in rule.alike]
    return np.asarray(np.logical_and.reduce(parts), bool)
