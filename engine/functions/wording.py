"""Functions on text and numbers that integrators apply: one value in, one value out, None for no answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any

from engine.functions import phones, texts
from engine.functions.failed import FunctionFailed
from engine.functions.numerals import number_of
from engine.functions.texts import text_of

LONGEST = 10_000
"""No function makes a text longer than this."""

_WORD = re.compile("[^\\W_]['\u2019\\w]*")
_EXACT = Context(prec=200, rounding=ROUND_HALF_UP)
_LONGEST_PATTERN = 500
_NO_CENTS = frozenset(
    (
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
        "XAF", "XOF", "XPF",
    )
)  # fmt: skip
_THOUSANDTHS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


def on_text(call: Callable[[str], Any]) -> Callable[[Any], Any]:
    """The same function on the text of any scalar; an empty answer is no answer."""
    return lambda value: call(text_of(value)) or None


def first_word(value: Any) -> Any:
    """What stands before the first space."""
    return next(iter(text_of(value).split(None, 1)), None)


def after_first_word(value: Any) -> Any:
    """What stands after the first space."""
    parts = text_of(value).strip().split(None, 1)
    return parts[1] if len(parts) == 2 else None


def last_word(value: Any) -> Any:
    """What stands after the last space."""
    return next(iter(text_of(value).rsplit(None, 1)[-1:]), None)


def before_last_word(value: Any) -> Any:
    """What stands before the last space."""
    parts = text_of(value).strip().rsplit(None, 1)
    return parts[0] if len(parts) == 2 else None


def _capitalised(text: str) -> str:
    """The first letter of each word and of each part of a double name."""
    return _WORD.sub(lambda word: word.group()[0].upper() + word.group()[1:].lower(), text)


def truncate(value: Any, n: int) -> Any:
    """The first n characters."""
    return text_of(value)[:n] or None


def pad_left(value: Any, n: int, char: str) -> Any:
    """Filled up on the left."""
    if len(char) != 1:
        raise FunctionFailed("expected one character to fill with")
    return text_of(value).rjust(n, char)


def prefix(value: Any, text: str) -> Any:
    """With a text before it."""
    return text + text_of(value)


def suffix(value: Any, text: str) -> Any:
    """With a text after it."""
    return text_of(value) + text


def replace(value: Any, old: str, new: str) -> Any:
    """Every `old` by `new`."""
    if not old:
        raise FunctionFailed("nothing to replace was given")
    return _bounded(text_of(value).replace(old, new))


def replace_pattern(value: Any, pattern: str, new: str) -> Any:
    """Every match of a pattern by a text, trimmed."""
    literal = new.replace("\\", "\\\\")
    return _bounded(_compiled(pattern).sub(literal, text_of(value)).strip())


def extract(value: Any, pattern: str) -> Any:
    """The first match of a pattern, or of its first group."""
    found = _compiled(pattern).search(text_of(value))
    return found.group(min(1, found.re.groups)) if found else None


def checked_pattern(value: Any) -> str:
    """A pattern's text, proved to compile."""
    text = text_of(value)
    _compiled(text)
    return text


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    """RE2, because a pattern from a file must not run for ever on hostile text."""
    import re2  # type: ignore[import-untyped]  # ships no types

    if len(pattern) > _LONGEST_PATTERN:
        raise FunctionFailed("the pattern is too long")
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise FunctionFailed("not a pattern of RE2") from error


def line(value: Any, n: int) -> Any:
    """The n-th line, counted from 1."""
    found = text_of(value).splitlines()
    return (found[n - 1].strip() or None) if 1 <= n <= len(found) else None


def domain(value: Any) -> Any:
    """What stands after the @."""
    return text_of(value).rpartition("@")[2].strip() or None if "@" in text_of(value) else None


def e164(value: Any, default_country: str) -> Any:
    """E.164 where it can be known; else the number as it is, for the quality check to flag."""
    text = text_of(value).strip()
    return phones.e164(text, default_country) or text or None


def number(value: Any) -> Any:
    """The number that a value says."""
    return number_of(value)


def round_to(value: Any, places: int) -> Any:
    """Rounded, halves away from zero."""
    given = number_of(value)
    if isinstance(given, int):
        return given
    rounded = given.quantize(Decimal(1).scaleb(-min(places, 50)), context=_EXACT)
    return int(rounded) if places == 0 else rounded


def from_minor(value: Any, currency: str) -> Any:
    """The amount of so many cents."""
    places = _places(currency)
    given = number_of(value)
    return given if places == 0 else Decimal(given).scaleb(-places, _EXACT)


def to_minor(value: Any, currency: str) -> Any:
    """So many cents; a fraction of a cent is a failure, never rounded."""
    cents = Decimal(number_of(value)).scaleb(_places(currency), _EXACT)
    if cents != cents.to_integral_value():
        raise FunctionFailed("the amount has a fraction of the smallest unit; round it first")
    return int(cents)


def _places(currency: str) -> int:
    code = currency.strip().upper()
    return 0 if code in _NO_CENTS else 3 if code in _THOUSANDTHS else 2


def _bounded(text: str) -> str | None:
    if len(text) > LONGEST:
        raise FunctionFailed(f"the text would be longer than {LONGEST} characters")
    return text or None


lower = on_text(str.lower)
upper = on_text(str.upper)
title = on_text(_capitalised)
trim = on_text(str.strip)
collapse_spaces = on_text(texts.collapse)
unaccent = on_text(texts.unaccented)
nfc = on_text(texts.nfc)
strip_tags = on_text(texts.strip_tags)
slug = on_text(texts.slug)
digits = on_text(lambda text: "".join(sign for sign in text if sign in "0123456789"))
