"""The canonical form of a tree: one text for equal values, whatever their order of keys or trailing zeros."""

from __future__ import annotations

from decimal import Context, Decimal
from hashlib import blake2b
from typing import Any

import msgspec

_AS_NUMBER = msgspec.json.Encoder(order="deterministic", decimal_format="number")
_AS_TEXT = msgspec.json.Encoder(order="deterministic", decimal_format="string")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_EXACT = Context(prec=9_999, traps=[])
_LONGEST_INTEGER = 40
_HOLDS_NUMBERS = frozenset((Decimal, dict, list, tuple))


def encode(tree: Any) -> bytes:
    """Canonical JSON: sorted keys, decimals as exact numbers without needless zeros."""
    data = _AS_NUMBER.encode(tree)
    # Both encoders agree exactly when there is no decimal in the tree: far cheaper than walking it.
    return data if data == _AS_TEXT.encode(tree) else _AS_NUMBER.encode(tidy(tree))


def decode(data: bytes | str) -> Any:
    """The tree of a JSON text; fractions become exact decimals, never floats."""
    return _DECODER.decode(data)


def digest(tree: Any) -> str:
    """A short fingerprint: equal trees give the same text."""
    return blake2b(encode(tree), digest_size=16).hexdigest()


def tidy(tree: Any) -> Any:
    """The same tree with every decimal in its shortest form; whole ones become integers."""
    kind = type(tree)
    if kind is Decimal:
        return shortest(tree)
    if kind is dict:
        return {key: tidy(value) if type(value) in _HOLDS_NUMBERS else value for key, value in tree.items()}
    return [tidy(value) for value in tree] if kind is list or kind is tuple else tree


def shortest(number: Decimal) -> Decimal | int:
    """The number without trailing zeros; an integer when it is whole and of sane size."""
    if not number.is_finite():
        raise ValueError("a number that is not finite has no canonical form")
    short = number.normalize(_EXACT)
    exponent = short.as_tuple().exponent
    whole = isinstance(exponent, int) and exponent >= 0
    return int(short) if whole and short.adjusted() < _LONGEST_INTEGER else short
