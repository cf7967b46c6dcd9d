"""What a word sounds like, roughly: slips of the pen seldom change it."""

from __future__ import annotations

import re
from functools import lru_cache

from engine.functions.texts import unaccented

_NOT_LETTER = re.compile("[^a-z]+")
_TOGETHER = (("ph", "f"), ("sch", "s"), ("ck", "k"), ("gh", "g"), ("kn", "n"), ("wr", "r"), ("wh", "w"), ("tz", "z"))
_GROUPS = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556")
_SILENT = re.compile("[aeiouyhw]")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=131_072)
def sound(text: str) -> str:
    """A code of five signs at most: a first sign for how it begins, then groups of consonants.

    >>> sound("Meyer"), sound("Maier"), sound("Filip"), sound("Phillipp")
    ('5r', '5r', ...)
    """
    word = _NOT_LETTER.sub("", unaccented(text).casefold())
    for letters, one in _TOGETHER:
        word = word.replace(letters, one)
    if not word:
        return ""
    codes = _DOUBLED.sub(r"\1", word.translate(_GROUPS))
    return codes[0] + _SILENT.sub("", codes[1:])[:4]
