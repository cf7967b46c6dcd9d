"""What can be wrong with an expression: at load, and (rarely) for one record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from engine.model.errors import ConcordError

TEXT_LIMIT: Final = 2_000
NODE_LIMIT: Final = 200
DEPTH_LIMIT: Final = 40
OUTPUT_LIMIT: Final = 10_000
NUMBER_LIMIT: Final = 10**30


class ExpressionError(ConcordError):
    """The text is not an expression of ours. Line and column count from 1 within the text."""

    def __init__(self, code: str, message: str, *, text: str = "", offset: int = 0, hint: str = "") -> None:
        self.code = code
        self.message = message
        self.offset = offset
        self.line = text.count("\n", 0, offset) + 1
        self.column = offset - text.rfind("\n", 0, offset)
        self.hint = hint
        super().__init__(message)


class ExpressionFailed(ConcordError):
    """The expression has no usable value for this record; the text names no value."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def nearest(word: str, words: Iterable[str]) -> str:
    """A hint that names the right word, or the whole list when it is short."""
    from difflib import get_close_matches

    known = sorted(words)
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"one of: {', '.join(known)}" if 0 < len(known) <= 12 else ""


def check_length(text: str) -> None:
    """Refuse a text that no one can read."""
    if len(text) > TEXT_LIMIT:
        raise ExpressionError("expression-not-allowed", f"longer than {TEXT_LIMIT} characters", text=text)
