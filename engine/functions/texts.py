"""Text as such: cleaning, normalising, folding, words."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from engine.functions.failed import expected
from engine.functions.numerals import plain

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANKS = re.compile(r"\s+")
_LINE_ENDS = re.compile(r"[^\S\n]+(?=\n|\Z)")
_TAGS = re.compile(r"<(?:[a-zA-Z/!?][^<>]{0,2000})>")
_NOT_WORD = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile("['\u2018\u2019`]")
_NO_PARTS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "œ": "oe", "Æ": "AE", "Œ": "OE"}
)
"""Letters that Unicode does not take apart."""


def clean(text: str) -> str:
    """The text without what no database and no JSON can hold: NUL and lone surrogates."""
    return text if text.isascii() and "\0" not in text else _UNSTORABLE.sub("", text)


def text_of(value: Any) -> str:
    """The text of a scalar: numbers in digits, true and false as words."""
    if type(value) is str:
        return clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return plain(value)
    if isinstance(value, str):
        return clean(str(value))
    raise expected("text", value)


def nfc(text: str) -> str:
    """The text with its characters composed, so that equal letters are equal."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def same(text: str) -> str:
    """What must be equal for two texts to be the same text: composed, line ends and trailing spaces apart."""
    text = nfc(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _LINE_ENDS.sub("", text).rstrip("\n") if not text.isalnum() else text


def fold(text: str) -> str:
    """Letter case apart."""
    return nfc(text).casefold()


def without_blanks(text: str) -> str:
    """No white space and nothing invisible at all."""
    return _INVISIBLE.sub("", _BLANKS.sub("", text))


def collapse(text: str) -> str:
    """Every run of white space as one space, none at the ends."""
    return " ".join(text.split())


def unaccented(text: str) -> str:
    """Letters without their marks: `Zoë` as `Zoe`."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text.translate(_NO_PARTS))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """Folded words without accents and punctuation, for comparing loosely."""
    return [word for word in _NOT_WORD.split(_APOSTROPHES.sub("", unaccented(text).casefold())) if word]


def strip_tags(text: str) -> str:
    """The text without HTML tags, entities read."""
    import html

    return collapse(html.unescape(_TAGS.sub(" ", text)))


def slug(text: str) -> str:
    """Letters, digits, `_` and `-` only: safe in any external id."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", unaccented(text)).strip("_")
