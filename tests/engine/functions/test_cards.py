"""Card numbers in texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.functions.cards import find, mask, paths


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "378282246310005",
        "3782 822463 10005",
        "30569309025904",
        "6011111111111117",
        "5555555555554444",
        "2223003122003222",
        "3566002020360505",
        "6759649826438453",
        "card4242424242424242",
        "no. 17 4242 4242 4242 4242 exp 12/27",
        "4242\u00a04242\u00a04242\u00a04242",
    ],
)
def test_finds_one_card_number(text: str) -> None:
    assert len(find(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4242 4242 4242 4241",
        "+49 89 1234567890",
        "+4242424242424",
        "1700000000000",
        "0000000000000000",
        "4242424242424242424242",
        "550e8400-e29b-41d4-a716-446655440000",
        "2026-03-04 05:06:07",
        "**** **** **** 4242",
        "4242, 4242, 4242, 4242",
        "cus_NffrFeUfNV2Hib",
    ],
)
def test_leaves_other_numbers_alone(text: str) -> None:
    assert find(text) == []


def test_finds_two_that_stand_side_by_side() -> None:
    assert mask("4242424242424242 5555555555554444") == "************4242 ************4444"


def test_a_member_name_may_be_one_too() -> None:
    assert list(paths({"a": {"b": [None, "4242424242424242"]}})) == ["a.b[1]"]


@given(st.text(st.sampled_from("0123456789 -ab+"), max_size=60))
def test_nothing_is_left_after_masking(text: str) -> None:
    assert find(mask(text)) == []
