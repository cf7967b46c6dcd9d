"""Match comparators."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.functions.compare import COMPARATORS, proves_absence, spellings
from engine.model.values import ABSENT

VALUES = st.none() | st.text(max_size=10) | st.integers() | st.lists(st.text(max_size=5), max_size=3)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("exact", "12345", "12345"),
        ("exact", 12345, "12345"),
        ("text", "ACME Corp ", "acme  corp"),
        ("text", "acmecorp", "Acme Corp"),
        ("text", "Zoe\u0308", "ZOË"),
        ("text", "a\u200bb", "AB"),
        ("email", " Jane@Example.com ", "jane@example.com"),
        ("email", "j@xn--bcher-kva.example", "J@BÜCHER.example"),
        ("phone", "+49 (89) 123-456", "004989123456"),
        ("name", "Dr. José  O'Neill", "oneill jose"),
        ("name", "Acme GmbH", "ACME"),
        ("address", "Hauptstraße 5", "Hauptstr. 5"),
        ("address", "12 Main Street", "12, main st."),
        ("vat_number", "DE 123.456.789", "de123456789"),
        ("vat_number", "GR123456789", "EL 123456789"),
        ("postcode", "SW1A 1AA", "sw1a-1aa"),
        ("number", "12.50", Decimal("12.5")),
        ("number", "0012", 12),
        ("date", "2026-03-04T23:00:00Z", "2026-03-04"),
        ("any_equal", ["75001", "10115"], ["10 115", None]),
        ("any_equal", "75001", ["75001"]),
        ("exact", ["a", "b"], "b"),
    ],
)
def test_equal(name: str, one: Any, other: Any) -> None:
    comparator = COMPARATORS[name]

    assert comparator.equal(one, other)
    assert comparator.equal(other, one)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("exact", "12345", "12345 "),
        ("exact", "abc", "ABC"),
        ("text", "12345", "company ID 12345"),
        ("email", "jane+shop@example.com", "jane@example.com"),
        ("phone", "+49 89 123456", "+49 89 123457"),
        ("vat_number", "DE123456789", "123456789"),
        ("any_equal", ["75001"], ["75002"]),
        ("any_equal", [], []),
        ("any_equal", [None, ""], [None, ""]),
    ],
)
def test_not_equal(name: str, one: Any, other: Any) -> None:
    assert not COMPARATORS[name].equal(one, other)


@pytest.mark.parametrize("name", sorted(COMPARATORS))
@pytest.mark.parametrize("blank", [None, ABSENT, "", "  ", [], {}, [None, " "]])
def test_blank_has_no_key_and_equals_nothing(name: str, blank: Any) -> None:
    comparator = COMPARATORS[name]

    assert comparator.keys(blank) == ()
    assert not comparator.equal(blank, blank)
    assert comparator.score is None or comparator.score(blank, "x") == 0.0


def test_a_list_stands_for_any_of_its_elements() -> None:
    comparator = COMPARATORS["any_equal"]

    assert comparator.key([None, " B ", "a"]) == "b"
    assert comparator.keys([None, " B ", "a", "b"]) == ("b", "a")
    assert comparator.always_scored and comparator.score is not None
    assert comparator.score(["x", "a"], ["a "]) == 1.0
    assert comparator.score(["x"], ["a"]) == 0.0


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("name", "Jonathan Smith", "Smyth, Jon"),
        ("name", "Dr. José Müller", "Muller Jose"),
        ("address", "12 Main Street", "Maine St. 12"),
        ("phone", "089 1234567", "+49 89 1234567"),
        ("email", "Jane@Example.com", " jane@example.com"),
    ],
)
def test_values_that_are_alike_share_a_block(name: str, one: str, other: str) -> None:
    comparator = COMPARATORS[name]

    assert set(comparator.blocks(one)) & set(comparator.blocks([other]))


def test_blocks_of_blank_are_none() -> None:
    assert [comparator.blocks(None) for comparator in COMPARATORS.values()] == [()] * len(COMPARATORS)


def test_zero_and_false_are_values() -> None:
    assert COMPARATORS["exact"].keys([0, False]) == ("0", "false")


@pytest.mark.parametrize(
    ("equality", "name", "proved"),
    [
        ("exact", "exact", True),
        ("folded_and_trimmed", "exact", True),
        ("exact", "email", False),
        ("fold_case", "email", False),
        ("folded_and_trimmed", "email", True),
        ("folded_and_trimmed", "text", False),
        ("folded_without_blanks", "text", True),
        ("folded_without_blanks", "phone", False),
        ("folded_and_trimmed", "name", False),
    ],
)
def test_only_a_path_at_least_as_loose_proves_absence(equality: str, name: str, proved: bool) -> None:
    assert proves_absence(equality, COMPARATORS[name]) is proved


def test_spellings_worth_asking_for_on_an_exact_path() -> None:
    assert spellings(" Jane@Example.com") == (" Jane@Example.com", "Jane@Example.com", "jane@example.com")
    assert spellings("a") == ("a",)
    assert spellings(None) == ()


def test_the_comparators_that_the_shipped_rules_name_are_there() -> None:
    named = {"exact", "text", "email", "phone", "name", "address", "vat_number", "any_equal"}

    assert named <= set(COMPARATORS)
    assert all(name == comparator.name for name, comparator in COMPARATORS.items())


@pytest.mark.parametrize("name", sorted(COMPARATORS))
@settings(max_examples=30, deadline=None)
@given(one=VALUES, other=VALUES)
def test_equality_and_score_are_symmetric_and_never_fail(name: str, one: Any, other: Any) -> None:
    comparator = COMPARATORS[name]

    assert comparator.equal(one, other) == comparator.equal(other, one)
    assert comparator.equal(one, one) == bool(comparator.keys(one))
    if comparator.score:
        assert comparator.score(one, other) == pytest.approx(comparator.score(other, one))
        assert 0.0 <= comparator.score(one, other) <= 1.0
