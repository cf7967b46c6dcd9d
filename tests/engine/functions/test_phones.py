"""Phone numbers."""

from __future__ import annotations

import pytest

from engine.functions.phones import e164, key, looks_right


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("+49 89 123456", "", "+4989123456"),
        ("(555) 229-3326", "us", "+15552293326"),
        ("089 123456", "DE", "+4989123456"),
        ("tel:+1-555-229-3326", "", "+15552293326"),
        ("229-3326", "US", None),
        ("089 123456", "", None),
        ("+1 555 229 3326 ext. 5", "", None),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("nobody", "DE", None),
    ],
)
def test_e164(text: str, country: str, number: str | None) -> None:
    assert e164(text, country) == number


@pytest.mark.parametrize(
    ("text", "dialled"),
    [
        ("+49 (0) 89/123-456", "+4989123456"),
        ("+49 (0)89 123456", "+4989123456"),
        ("0049 (0)89 123456", "+4989123456"),
        ("089 123456", "089123456"),
        ("(+1) 555.229.3326 x12", "+15552293326x12"),
        ("tel:+15552293326", "+15552293326"),
        ("nobody", ""),
    ],
)
def test_key_is_what_is_dialled(text: str, dialled: str) -> None:
    assert key(text) == dialled


def test_a_number_looks_right_or_not() -> None:
    assert looks_right("0 89 / 12 34 56")
    assert not looks_right("1" * 40)
    assert not looks_right("+999 123456789")
