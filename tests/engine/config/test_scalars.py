"""Only true, false, null and plain decimal numbers are typed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.config.scalars import plain_value

STAYS_TEXT = [
    "NO", "no", "yes", "on", "off", "True", "FALSE", "Null", "NULL", "01234", "-01", "+3", "0x1F", "0o7", "12:30",
    "1:30:00", "1_000", "1,000", "1e3", "1.5e3", ".5", "1.", "-", "--1", "2024-02-30", "2026-01-31T12:00:00Z", ".inf",
    ".nan", "nan", "Infinity", "+33612345678", "1.2.3", "١٢", "12 ", "9" * 31, "=",
]  # fmt: skip


@pytest.mark.parametrize("word", STAYS_TEXT)
def test_word_stays_text(word: str) -> None:
    assert plain_value(word) == word
    assert type(plain_value(word)) is str


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("12", 12),
        ("-3", -3),
        ("0.5", Decimal("0.5")),
        ("-3.50", Decimal("-3.50")),
        ("100000000000000000000.01", Decimal("100000000000000000000.01")),
    ],
)
def test_word_is_typed(word: str, value: object) -> None:
    assert plain_value(word) == value
    assert type(plain_value(word)) is type(value)


def test_decimals_keep_their_digits() -> None:
    assert str(plain_value("1.10")) == "1.10"
