"""Numbers as text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.functions.failed import FunctionFailed
from engine.functions.numerals import parse, plain


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" +12 ", 12),
        ("-0.50", Decimal("-0.50")),
        ("1e3", Decimal("1E+3")),
        (".5", Decimal("0.5")),
        ("5.", Decimal("5")),
    ],
)
def test_parses(text: str, number: int | Decimal) -> None:
    assert parse(text) == number


@pytest.mark.parametrize("text", ["", "1,5", "1 000", "0x10", "Infinity", "NaN", "1e400", "٣", "1" * 101, "--1", "1_0"])
def test_refuses_what_is_no_plain_number(text: str) -> None:
    with pytest.raises(FunctionFailed):
        parse(text)


def test_writes_digits_without_an_exponent() -> None:
    assert [plain(Decimal(text)) for text in ("1E+3", "1E-7", "12.50")] == ["1000", "0.0000001", "12.50"]
