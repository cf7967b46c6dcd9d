"""Numbers as text and back: exact, never floating."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.functions.failed import FunctionFailed, expected

Number = int | Decimal

_WHOLE = re.compile(r"[+-]?[0-9]{1,100}\Z")
_NUMBER = re.compile(r"[+-]?([0-9]{1,100}(\.[0-9]{0,100})?|\.[0-9]{1,100})([eE][+-]?[0-9]{1,3})?\Z")
_LARGEST_EXPONENT = 100


def parse(text: str) -> Number:
    """The number that a text says; digits, one point, perhaps an exponent, nothing else."""
    text = text.strip()
    if _WHOLE.match(text):
        return int(text)
    if _NUMBER.match(text):
        return checked(Decimal(text))
    raise FunctionFailed("not a number")


def checked(number: Decimal) -> Decimal:
    """The number itself, if it is finite and of sane size; minus zero becomes zero."""
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise FunctionFailed("a number that is not finite or out of range")
    return number if number else abs(number)


def number_of(value: Any) -> Number:
    """The number that a scalar stands for."""
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, bool):
        raise expected("a number", value)
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return checked(value)
    if isinstance(value, float):
        return checked(Decimal(repr(value)))
    raise expected("a number", value)


def integer_of(value: Any) -> int:
    """The whole number that a scalar stands for; a fraction is a failure, never rounded."""
    number = number_of(value)
    if number != int(number):
        raise FunctionFailed("expected a whole number, found a fraction")
    return int(number)


def plain(number: Number) -> str:
    """The number in digits, without an exponent."""
    return str(number) if isinstance(number, int) else format(number, "f")
