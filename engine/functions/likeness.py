"""How alike two names or two addresses are, from 0 to 1, whatever the order of their words."""

from __future__ import annotations

import re

from engine.functions.texts import words

_LEGAL_FORMS = frozenset((
    "ag", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kg", "lda",
    "limited", "llc", "llp", "ltd", "ltda", "mbh", "nv", "oy", "plc", "pty", "sa", "sarl", "sas", "se",
    "sl", "spa", "srl", "ug",
))  # fmt: skip
_TITLES = frozenset(("dr", "frau", "herr", "miss", "mr", "mrs", "ms", "prof", "sir"))
_SHORT = {
    "allee": "al", "apartment": "apt", "avenue": "av", "ave": "av", "boulevard": "bd", "blvd": "bd",
    "court": "ct", "drive": "dr", "east": "e", "floor": "fl", "highway": "hwy", "lane": "ln", "north": "n",
    "parkway": "pkwy", "place": "pl", "platz": "pl", "road": "rd", "rue": "r", "saint": "st", "sankt": "st",
    "south": "s", "square": "sq", "strasse": "st", "street": "st", "str": "st", "suite": "ste", "west": "w",
}  # fmt: skip
_GLUED = re.compile(r"(?<=\w\w\w)str(?:asse)?\Z")
_DIFFERENT_HOUSE = 0.6


def name_key(text: str) -> str:
    """The words of a name in alphabetical order, without titles and legal forms."""
    return " ".join(sorted(_name_words(text)))


def names(one: str, other: str) -> float:
    """How alike two names of persons or firms are."""
    left, right = _name_words(one), _name_words(other)
    if not left or not right:
        return 0.0
    if sorted(left) == sorted(right):
        return 1.0
    return max(_sorted_likeness(left, right), _initials(left, right))


def address_key(text: str) -> str:
    """The words of an address in alphabetical order, street words in their short form."""
    return " ".join(sorted(address_words(text)))


def addresses(one: str, other: str) -> float:
    """How alike two street lines are; other numbers are another house."""
    left, right = address_words(one), address_words(other)
    if not left or not right:
        return 0.0
    score = 1.0 if sorted(left) == sorted(right) else _sorted_likeness(left, right)
    return score if _numbers(left) == _numbers(right) else min(score, _DIFFERENT_HOUSE)


def rough_name(text: str) -> tuple[str, ...]:
    """Each word by its first letter and the consonants that follow: slips of the pen seldom change both of two."""
    return tuple(dict.fromkeys(word[0] + _skeleton(word[1:]) for word in _name_words(text) if len(word) > 1))


def rough_address(text: str) -> tuple[str, ...]:
    """Each house number with the first letter of each word; the words alone where there is no number."""
    found = address_words(text)
    letters = sorted({word[0] for word in found if not word[0].isdigit()}) or [""]
    return tuple(f"{number}{letter}" for number in _numbers(found) or [""] for letter in letters)


def _skeleton(tail: str) -> str:
    return "".join(letter for letter in tail if letter not in "aeiouyhw")[:2]


def _name_words(text: str) -> list[str]:
    found = words(text)
    return [word for word in found if word not in _LEGAL_FORMS and word not in _TITLES] or found


def address_words(text: str) -> list[str]:
    return [_SHORT.get(part, part) for word in words(text) for part in _GLUED.sub(" st", word).split()]


def _numbers(found: list[str]) -> list[str]:
    return sorted(word for word in found if word[0].isdigit())


def _sorted_likeness(left: list[str], right: list[str]) -> float:
    from rapidfuzz import fuzz

    return fuzz.ratio(" ".join(sorted(left)), " ".join(sorted(right))) / 100


def _initials(left: list[str], right: list[str]) -> float:
    """`J Smith` and `John Smith`: the same but for first letters."""
    if len(left) != len(right):
        return 0.0
    pairs = list(zip(sorted(left, key=_tail), sorted(right, key=_tail), strict=True))
    fits = all(a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in pairs)
    return 0.9 if fits and any(a == b and len(a) > 1 for a, b in pairs) else 0.0


def _tail(word: str) -> tuple[str, int]:
    return word[0], -len(word)
