"""One record at a time: the same keys, levels and weights as for whole tables, in plain Python."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from zlib import crc32

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from engine.functions.table_forms import KEY_FORMS
from engine.model.errors import UsageError
from engine.spec.matching import BlockRule, Comparison, MatchingSpec, PairRule, Part, Weights
from engine.stages.linkage.compare import SWAP_STEPS
from engine.stages.linkage.grid import DIFFERENT, SWAPPED, word
from engine.stages.linkage.learn import LEAST
from engine.stages.linkage.levels import given_name, ratio, size_of, sounding, turned

_BEST_SWAP = 2 * (DIFFERENT + len(SWAP_STEPS) + 1)
"""What two fields with places changed reach at best."""

Values = Mapping[str, str]
"""A record's normalised values by field; what is blank may be missing."""


class Scorer:
    """Keys and scores of single records, by rules whose weights are written down."""

    def __init__(self, spec: MatchingSpec) -> None:
        if spec.weights is None and not spec.rules:
            raise UsageError(f"the rules {spec.name} have no weights yet: write them with `run.py match --learn FILE`")
        self.spec = spec
        self._weights = spec.weights or Weights({}, {})
        self._kinds = [kind for kind in spec.kinds if kind.name in self._weights.shares]
        self._start = [math.log(max(self._weights.shares[kind.name], LEAST)) for kind in self._kinds]
        self._parts = {part.field: part for comparison in spec.comparisons for part in comparison.parts}
        self._told: dict[tuple[str, tuple[int, ...]], Sequence[float]] = {}

    def keys(self, values: Values) -> list[int]:
        """One number per block that the record stands in."""
        shaped: dict[tuple[str, str], str] = {}
        numbered = enumerate(self.spec.blocks, 1)
        return [key for number, block in numbered if (key := _key(number, block, values, shaped))]

    def score(self, one: Values, other: Values) -> float:
        """How probable it is that the two are one."""
        if any(_differ(one.get(name), other.get(name)) for name in self.spec.unless_differs):
            return 0.0
        score = self._by_weights(one, other) if self._kinds else 0.0
        rule = next((rule for rule in self.spec.rules if self._holds(rule, one, other)), None)
        if rule is None:
            return score
        return 1.0 if rule.then == "accept" else min(max(score, self.spec.review), self.spec.accept - 1e-4)

    def _holds(self, rule: PairRule, one: Values, other: Values) -> bool:
        equal = all(one.get(name) and one.get(name) == other.get(name) for name in rule.equal)
        return equal and all(self._alike(name, one.get(name), other.get(name)) for name in rule.alike)

    def _alike(self, name: str, one: str | None, other: str | None) -> bool:
        return _level(self._parts.get(name) or Part(name, "equal"), one, other) > DIFFERENT

    def _by_weights(self, one: Values, other: Values) -> float:
        logs = self._start
        for comparison in self.spec.comparisons:
            levels = _levels(comparison, one, other)
            if any(levels):
                logs = [log + told for log, told in zip(logs, self._logs(comparison, levels), strict=True)]
        return self._same(logs)

    def _same(self, logs: Sequence[float]) -> float:
        most = max(logs)
        shares = [math.exp(one - most) for one in logs]
        return sum(share for share, kind in zip(shares, self._kinds, strict=True) if kind.same) / sum(shares)

    def _logs(self, comparison: Comparison, levels: tuple[int, ...]) -> Sequence[float]:
        known = self._told.get((comparison.name, levels))
        if known is None:
            known = self._told[comparison.name, levels] = self._read(comparison, levels)
        return known

    def _read(self, comparison: Comparison, levels: tuple[int, ...]) -> Sequence[float]:
        """The written chances of a level; one that is not written tells nothing. A field that the rules were learnt
        without stands in no level."""
        told = self._weights.chances.get(comparison.name, {})
        words = " ".join(_words(comparison, levels))
        chances = told.get(words)
        return [0.0 if chances is None else math.log(max(chances.get(kind.name, LEAST), LEAST)) for kind in self._kinds]


def _key(number: int, block: BlockRule, values: Values, shaped: dict[tuple[str, str], str]) -> int:
    """The block's number and a checksum of its key; 0 where a part is blank."""
    found = []
    for part in block.keys:
        value = values.get(part.field)
        if not value:
            return 0
        at = (part.field, part.form)
        if at not in shaped:
            shaped[at] = KEY_FORMS[part.form](value)
        if not shaped[at]:
            return 0
        found.append(shaped[at])
    text = "\x1f".join(sorted(found) if block.any_order else found)
    return (number << 32) | crc32(text.encode())


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and one != other)


def _levels(comparison: Comparison, one: Values, other: Values) -> tuple[int, ...]:
    straight = tuple([_level(part, one.get(part.field), other.get(part.field)) for part in comparison.parts])
    if not comparison.any_order or sum(straight) >= _BEST_SWAP:
        return (*straight, 0) if comparison.any_order else straight
    first, second = (part.field for part in comparison.parts)
    part = Part(second, "jaro_winkler", SWAP_STEPS)
    crossed = _level(part, one.get(first), other.get(second))
    back = _level(part, one.get(second), other.get(first)) if crossed > DIFFERENT else 0
    swapped = back > DIFFERENT and crossed + back > sum(straight)
    return (0, 0, 1) if swapped else (*straight, 0)


def _level(part: Part, one: str | None, other: str | None) -> int:
    if not one or not other:
        return 0
    if one == other:
        return DIFFERENT + len(part.steps) + 1
    likeness = LIKENESS_OF_TWO[part.by]
    return DIFFERENT if likeness is None else DIFFERENT + bisect_right(part.steps, likeness(one, other))


def _words(comparison: Comparison, levels: Sequence[int]) -> Iterator[str]:
    for part, level in zip(comparison.parts, levels, strict=False):
        yield word(part.field, level, size_of(part))
    if len(levels) > len(comparison.parts) and levels[-1]:
        yield SWAPPED


def _jaro_winkler(one: str, other: str) -> float:
    return JaroWinkler.similarity(one, other)


def _given_name(one: str, other: str) -> float:
    score = JaroWinkler.similarity(one, other)
    return given_name(score if score >= 0.8 else 0.0, one, other)


def _edit(one: str, other: str) -> float:
    return OSA.normalized_similarity(one, other)


LIKENESS_OF_TWO: Mapping[str, Callable[[str, str], float] | None] = {
    "equal": None,
    "given_name": _given_name,
    "jaro_winkler": _jaro_winkler,
    "sound": lambda one, other: sounding(_jaro_winkler(one, other), one, other),
    "edit": _edit,
    "words": lambda one, other: fuzz.token_sort_ratio(one, other) / 100,
    "word_set": lambda one, other: fuzz.token_set_ratio(one, other) / 100,
    "date": lambda one, other: turned(_edit(one, other), one, other),
    "number": ratio,
}
"""`by` of a comparison, for two values."""
