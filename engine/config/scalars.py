"""What a plain word means in our YAML: only true, false, null and plain decimal numbers are typed."""

from __future__ import annotations

import re
from decimal import Decimal

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,29})\Z")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,29})\.[0-9]{1,30}\Z")


def plain_value(text: str) -> str | bool | int | Decimal | None:
    """The value of an unquoted word: NO, 01234, 12:30, 1_000, 1e3 and dates stay the text that they are."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "-0123456789":
        return text
    if _WHOLE.match(text):
        return int(text)
    return Decimal(text) if _DECIMAL.match(text) else text
