"""Normalisers for tables: what stays of a value when two values that mean the same must look the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from engine.functions import likeness, phones
from engine.functions.compare import COMPARATORS, email_key
from engine.functions.sounds import sound
from engine.functions.texts import fold, unaccented, words

_NOT_LETTER = re.compile("[^a-z]+")
_NOT_ALNUM = re.compile("[^0-9a-z]+")
_NOT_DIGIT = re.compile("[^0-9]+")
_PARTS_OF_DATE = re.compile("[0-9]+")
_LOCAL_DIGITS = 9
"""Digits of a phone number that it has with and without its country."""


def letters(text: str) -> str:
    """A name's letters: `Mary-Ann` as `maryann`."""
    return _NOT_LETTER.sub("", unaccented(text).casefold()) or fold(text.strip())


def code(text: str) -> str:
    """Letters and digits."""
    return _NOT_ALNUM.sub("", unaccented(text).casefold())


def company(text: str) -> str:
    """The words of a firm's name in alphabetical order, without legal forms."""
    return likeness.name_key(text)


def email_without_tag(text: str) -> str:
    """`me+shop@x.example` as `me@x.example`."""
    local, at, domain = email_key(text).rpartition("@")
    return local.partition("+")[0] + at + domain


def phone(text: str) -> str:
    """The last digits, which a number has with and without its country."""
    return _NOT_DIGIT.sub("", phones.split(text)[0])[-_LOCAL_DIGITS:]


def street(text: str) -> str:
    """The words of a street line in their short forms, without numbers."""
    return " ".join(word for word in likeness.address_words(text) if not word[0].isdigit())


def house_number(text: str) -> str:
    """The numbers of a street line."""
    return " ".join(word for word in words(text) if word[0].isdigit())


def joined(text: str) -> str:
    """All words as one."""
    return "".join(words(text))


def date(text: str) -> str:
    """Eight digits, the year first, where that can be seen; else all digits."""
    parts = _PARTS_OF_DATE.findall(text)
    if len(parts) >= 3:
        year, month, day = parts[:3] if len(parts[0]) == 4 else (parts[2], parts[1], parts[0])
        return f"{year}{month:0>2}{day[:2]:0>2}"
    return "".join(parts)


def vat_number(text: str) -> str:
    """Letters and digits, the country's code in its VAT spelling."""
    return COMPARATORS["vat_number"].key(text) or ""


def number(text: str) -> str:
    """A number in plain digits."""
    return COMPARATORS["number"].key(text) or ""


def first_word(text: str) -> str:
    """The first word of a full name."""
    _, comma, tail = text.partition(",")
    found = (tail if comma else text).split()
    return found[0] if found else ""


def other_words(text: str) -> str:
    """A full name without its first word."""
    head, comma, _ = text.partition(",")
    return head if comma else " ".join(text.split()[1:])


def start(text: str) -> str:
    """The first four letters."""
    return text[:4]


TABLE_FORMS: Mapping[str, Callable[[str], str]] = {
    "as_is": str.strip,
    "text": joined,
    "name": letters,
    "company": company,
    "email": email_key,
    "email_without_tag": email_without_tag,
    "phone": phone,
    "street": street,
    "house_number": house_number,
    "postcode": code,
    "code": code,
    "vat_number": vat_number,
    "date": date,
    "number": number,
}
"""`as` of a field."""

KEY_FORMS: Mapping[str, Callable[[str], str]] = {
    "whole": str,
    "sound": sound,
    "first": lambda text: text[:1],
    "start": start,
    "local": lambda text: text.partition("@")[0],
    "last_word": lambda text: text.rpartition(" ")[2],
}
"""Forms of a field in a block, of the normalised value."""

NAME_PARTS: Mapping[str, Callable[[str], str]] = {"first": first_word, "rest": other_words}
"""Parts of a full name."""
