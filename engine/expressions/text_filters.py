"""The filters on texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from engine.expressions.errors import OUTPUT_LIMIT, ExpressionFailed
from engine.expressions.operators import bounded, text
from engine.model.values import ABSENT

_DATE_WORDS: Final = re.compile(r"%(?![YmdHMSyj%])")


def plain_text(value: Any) -> str | None:
    return None if isinstance(value, (list, dict)) else text(value)


def on_text(change: Callable[[str], str]) -> Callable[[Any], Any]:
    def changed(value: Any) -> Any:
        if type(value) is str:
            return change(value)
        plain = plain_text(value)
        return ABSENT if plain is None else change(plain)

    return changed


def title(value: str) -> str:
    return "".join(word[0].upper() + word[1:].lower() for word in re.split(r"([-\s({\[<]+)", value) if word)


def trim(value: Any, chars: Any) -> Any:
    plain = plain_text(value)
    return ABSENT if plain is None else plain.strip(chars if type(chars) is str else None)


def replace(value: Any, old: Any, new: Any, count: Any) -> Any:
    parts = [plain_text(value), plain_text(old), plain_text(new)]
    if any(type(part) is not str for part in parts):
        return ABSENT
    plain, found, put = str(parts[0]), str(parts[1]), str(parts[2])
    times = count if type(count) is int else -1
    hits = plain.count(found) if times < 0 else min(times, plain.count(found))
    length = len(plain) + hits * (len(put) - len(found))
    if length > max(OUTPUT_LIMIT, len(plain)):
        raise ExpressionFailed("template-too-long", f"the text is longer than {OUTPUT_LIMIT} characters")
    return plain.replace(found, put, times)


def truncate(value: Any, length: Any) -> Any:
    plain = plain_text(value)
    return ABSENT if plain is None or type(length) is not int or length < 0 else plain[:length]


def split(value: Any, separator: Any) -> Any:
    plain = plain_text(value)
    if plain is None or separator == "":
        return ABSENT
    return plain.split(separator if type(separator) is str else None)


def date(value: Any, pattern: Any) -> Any:
    if type(value) is not str or type(pattern) is not str or _DATE_WORDS.search(pattern) or "\0" in pattern:
        return ABSENT
    try:
        return bounded(datetime.fromisoformat(value).strftime(pattern))
    except ValueError:
        return ABSENT
