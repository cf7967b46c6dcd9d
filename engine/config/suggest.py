"""The nearest right word for a wrong one."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, words: Iterable[str]) -> str:
    """The word that was probably meant, or "" when none is near."""
    folded = _folded(word)
    scored = [(_distance(folded, _folded(other)), other) for other in words]
    best = min(scored, default=(len(word) + 9, ""))
    return best[1] if best[0] <= max(1, (len(word) + 1) // 3) else ""


def did_you_mean(word: str, words: Iterable[str], listed: int = 24) -> str:
    """A hint: the nearest word, or all words when they are few."""
    known = [other for other in words if other]
    if near := nearest(word, known):
        return f"did you mean `{near}`?"
    return f"allowed: {', '.join(known)}" if 0 < len(known) <= listed else ""


def _folded(word: str) -> str:
    return word.lower().replace("-", "_").replace(" ", "_")


def _distance(one: str, other: str) -> int:
    """Edits between two words; swapping two neighbours is one edit."""
    if abs(len(one) - len(other)) > 6:
        return len(one) + len(other)
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, target in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != target))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
