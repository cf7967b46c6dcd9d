"""Phone numbers: E.164 where it can be known, and what makes two numbers the same."""

from __future__ import annotations

import re

_NOT_DIGIT = re.compile(r"[^0-9]+")
_EXTENSION = re.compile(r"(?i)\s*(?:;?\s*ext(?:ension)?[.:=]?|x|#)\s*([0-9]{1,6})\s*\Z")
_ABROAD = re.compile(r"(?:tel:)?[(\s]*(?:\+|00)")
_FORM = re.compile(r"(?:tel:)?[+0-9().\-/\s\u00a0\u2010-\u2015]+\Z")
FEWEST_DIGITS, MOST_DIGITS = 5, 15


def e164(text: str, country: str = "") -> str | None:
    """The number in E.164 form; None for none, a local one, or one with an extension."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country.upper() or None)
    except phonenumbers.NumberParseException:
        return None
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict != phonenumbers.ValidationResult.IS_POSSIBLE or number.extension:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def key(text: str) -> str:
    """The digits that are dialled, with `+` for an international number, and an extension after `x`."""
    text, extension = split(text)
    digits = _NOT_DIGIT.sub("", text)
    if _ABROAD.match(text):
        digits = "+" + _NOT_DIGIT.sub("", text.replace("(0)", "")).removeprefix("00")
    return f"{digits}x{extension}" if digits and extension else digits


def split(text: str) -> tuple[str, str]:
    """The number and its extension."""
    found = _EXTENSION.search(text)
    return (text[: found.start()], found.group(1)) if found else (text, "")


def likeness(one: str, other: str) -> float:
    """1.0 for the same number, 0.9 where one of them lacks its country, else 0.0."""
    one, other = key(one), key(other)
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    long, short = (one, other) if one.startswith("+") else (other, one)
    local = short.lstrip("0")
    fits = long.startswith("+") and not short.startswith("+") and len(local) >= 7 and long.endswith(local)
    return 0.9 if fits else 0.0


def rough(text: str) -> tuple[str, ...]:
    """The last seven digits, which a number has with and without its country."""
    digits = key(text).partition("x")[0].lstrip("+")
    return (digits[-7:],) if digits else ()


def looks_right(text: str) -> bool:
    """True for a number that can be dialled: the signs of a number, and as many digits as one has."""
    number, _ = split(text.strip())
    count = len(_NOT_DIGIT.sub("", number))
    if not _FORM.match(number) or not FEWEST_DIGITS <= count <= MOST_DIGITS:
        return False
    return not number.startswith("+") or e164(number) is not None
