"""How alike the two rows of each pair are, field by field, as small numbers: the level.

Level 0: one side is blank, nothing is known. Level 1: different. The highest: equal. Likeness is computed once per
pair of distinct values, however many rows hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from engine.functions.nicknames import LONG, same_name
from engine.functions.sounds import sound
from engine.spec.matching import Part
from engine.stages.linkage.columns import Codes, Column, Levels
from engine.stages.linkage.grid import BLANK, DIFFERENT

Scores = NDArray[np.float32]
Texts = Sequence[str]

INITIAL, NICKNAME, SOUNDS_ALIKE, TURNED = 0.5, 0.9, 0.9, 0.9
_LEAST_NAME = 0.8


def part_levels(part: Part, column: Column, left: Codes, right: Codes) -> Levels:
    """Levels of pairs of codes of one column."""
    levels = np.full(len(left), DIFFERENT, np.uint8)
    equal = np.flatnonzero(left == right)
    levels[equal] = DIFFERENT + len(part.steps) + 1
    if part.rare:
        levels[equal] += column.rare(part.rare)[left[equal]]
    blank = (left == 0) | (right == 0)
    levels[blank] = BLANK
    likeness = LIKENESS[part.by]
    unsure = np.flatnonzero((left != right) & ~blank)
    if likeness is not None and part.steps and len(unsure):
        levels[unsure] = _by_value(column, left[unsure], right[unsure], likeness, part.steps)
    return levels


def size_of(part: Part) -> int:
    """How many levels a part has: blank, different, one per step, equal, and perhaps equal and rare."""
    return len(part.steps) + 3 + bool(part.rare)


def _by_value(column: Column, left: Codes, right: Codes, likeness: Likeness, steps: Sequence[float]) -> Levels:
    size = np.int64(len(column.values))
    numbers = np.minimum(left, right) * size + np.maximum(left, right)
    order = np.argsort(numbers)
    ordered = numbers[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]]
    ones, others = np.divmod(ordered[first], size)
    values = column.values
    scores = likeness([values[n] for n in ones.tolist()], [values[n] for n in others.tolist()])
    found = (DIFFERENT + np.searchsorted(np.asarray(steps, np.float32), scores, side="right")).astype(np.uint8)
    levels = np.empty(len(left), np.uint8)
    levels[order] = found[np.cumsum(first) - 1]
    return levels


# -- likeness of many pairs of texts -----------------------------------------------------------------


def _jaro_winkler(ones: Texts, others: Texts) -> Scores:
    return process.cpdist(ones, others, scorer=JaroWinkler.similarity, dtype=np.float32)


def _edit(ones: Texts, others: Texts) -> Scores:
    return process.cpdist(ones, others, scorer=OSA.normalized_similarity, dtype=np.float32)


def _words(ones: Texts, others: Texts) -> Scores:
    return _share(process.cpdist(ones, others, scorer=fuzz.token_sort_ratio, dtype=np.float32))


def _word_set(ones: Texts, others: Texts) -> Scores:
    return _share(process.cpdist(ones, others, scorer=fuzz.token_set_ratio, dtype=np.float32))


def _share(percent: Scores) -> Scores:
    return np.asarray(percent / 100, np.float32)


def _given_name(ones: Texts, others: Texts) -> Scores:
    """Letters alike, one short for the other, or one only an initial."""
    scores = _jaro_winkler(ones, others)
    scores[scores < _LEAST_NAME] = 0.0
    return _each(given_name, scores, ones, others)


def given_name(score: float, one: str, other: str) -> float:
    """The likeness of letters, put right for initials and short names."""
    if one[0] == other[0] and (len(one) == 1 or len(other) == 1):
        return INITIAL
    return max(score, NICKNAME) if (one in LONG or other in LONG) and same_name(one, other) else score


def _each(put_right: Callable[[float, str, str], float], scores: Scores, ones: Texts, others: Texts) -> Scores:
    for place, (one, other) in enumerate(zip(ones, others, strict=True)):
        scores[place] = put_right(scores[place], one, other)
    return scores


def _sound(ones: Texts, others: Texts) -> Scores:
    """Letters alike, or the same sound."""
    return _each(sounding, _jaro_winkler(ones, others), ones, others)


def sounding(score: float, one: str, other: str) -> float:
    """The likeness of letters, put right for what sounds the same."""
    return SOUNDS_ALIKE if score < SOUNDS_ALIKE and sound(one) == sound(other) else score


def _date(ones: Texts, others: Texts) -> Scores:
    """Digits alike; day and month turned round is a slip, not another day."""
    return _each(turned, _edit(ones, others), ones, others)


def turned(score: float, one: str, other: str) -> float:
    """The likeness of digits, put right for day and month that have changed places."""
    if score < TURNED and len(one) == len(other) == 8 and one == other[:4] + other[6:] + other[4:6]:
        return TURNED
    return score


def _number(ones: Texts, others: Texts) -> Scores:
    """The smaller as a share of the larger."""
    return np.fromiter((ratio(one, other) for one, other in zip(ones, others, strict=True)), np.float32, len(ones))


def ratio(one: str, other: str) -> float:
    """The smaller as a share of the larger."""
    try:
        left, right = sorted((float(one), float(other)))
    except ValueError:
        return 0.0
    return left / right if left > 0 else 0.0


Likeness = Callable[[Texts, Texts], Scores]

LIKENESS: Mapping[str, Likeness | None] = {
    "equal": None,
    "given_name": _given_name,
    "jaro_winkler": _jaro_winkler,
    "sound": _sound,
    "edit": _edit,
    "words": _words,
    "word_set": _word_set,
    "date": _date,
    "number": _number,
}
"""`by` of a comparison."""
