"""Quality checks."""

from __future__ import annotations

from typing import Any

import pytest

from engine.functions.checks import CHECKS, mask_cards
from engine.spec.system import FieldSpec

ADDRESS = {
    "line1": FieldSpec("line1"),
    "city": FieldSpec("city"),
    "plz": FieldSpec("plz", format="postcode"),
    "state": FieldSpec("state"),
    "country": FieldSpec("country", "country"),
}
ONE = FieldSpec("address", "object", fields=ADDRESS)
BOOK = FieldSpec("book", "list", fields=ADDRESS)
GOOD = {
    "line1": "1600 Amphitheatre Pkwy",
    "city": "Mountain View",
    "state": "CA",
    "plz": "94043",
    "country": "US",
}
TEXT = FieldSpec("f", length=5, values=("a", "b"))


@pytest.mark.parametrize(
    ("check", "value", "reason"),
    [
        ("present", "x", ""),
        ("present", 0, ""),
        ("present", False, ""),
        ("present", " ", "missing"),
        ("present", None, "missing"),
        ("present", [], "missing"),
        ("email", "jane+tag@example.com", ""),
        ("email", "zoë@bücher.example", ""),
        ("email", "cus_1@no-email.invalid", ""),
        ("email", "", ""),
        ("email", "cus_1", "not an email address"),
        ("email", "a@b", "an email address without a full domain"),
        ("email", "a@b..example", "not an email address"),
        ("email", "x" * 300 + "@example.com", "not an email address"),
        ("email", "Jane <jane@example.com>", "not an email address"),
        ("phone", "+49 89 123456", ""),
        ("phone", "(555) 229-3326", ""),
        ("phone", "229-3326 ext. 5", ""),
        ("phone", "+1 12", "not a phone number"),
        ("phone", "call me", "not a phone number"),
        ("phone", "12", "not a phone number"),
        ("url", "https://example.com/a?b=c", ""),
        ("url", "example.com", "not a web address"),
        ("url", "javascript:alert(1)", "not a web address"),
        ("url", "https://exa mple.com", "not a web address"),
        ("url", "http://[broken", "not a web address"),
        ("country", "fr", ""),
        ("country", "UK", "not a country code"),
        ("currency", "eur", ""),
        ("currency", "XYZ", "not a currency code"),
        ("length", "abcde", ""),
        ("length", "abcdef", "longer than 5 characters"),
        ("values", "a", ""),
        ("values", "c", "not one of the field's values"),
        ("email", ["jane@example.com", "nobody"], "not an email address"),
        ("email", {"a": 1}, "not a text"),
    ],
)
def test_checks_a_value(check: str, value: Any, reason: str) -> None:
    assert CHECKS[check](value, TEXT) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"state": "California"}, ""),
        ({"country": "us"}, ""),
        ({"plz": "9404"}, "a postal code that does not fit the country or its area"),
        ({"plz": "10001"}, "a postal code that does not fit the country or its area"),
        ({"state": "Bavaria"}, "an area that the country does not have"),
        ({"city": " "}, "no city"),
        ({"line1": None, "plz": ""}, "no street, no postcode"),
        ({"country": ""}, "no country"),
        ({"country": "XX"}, "an unknown country"),
        ({"country": "DE", "state": "", "plz": "80331"}, ""),
        ({"country": "DE", "state": "Bayern", "plz": "8033"}, "a postal code that does not fit the country"),
        ({"country": "GB", "state": "", "plz": "sw1a 1aa"}, ""),
        ({"country": "HK", "city": "", "plz": "", "state": "Kowloon"}, ""),
    ],
)
def test_an_address_has_what_its_country_wants(change: dict[str, Any], reason: str) -> None:
    assert CHECKS["address"](GOOD | change, ONE) == reason


def test_every_address_of_a_list_is_checked() -> None:
    book = [GOOD, GOOD | {"city": ""}, {}, "x"]

    assert CHECKS["address"](book, BOOK) == "[1] no city; [3] not an address"


def test_street_lines_may_be_a_list() -> None:
    spec = FieldSpec(
        "a", "object", fields={**ADDRESS, "line1": FieldSpec("street", "list", of="text", format="street")}
    )

    assert CHECKS["address"](GOOD | {"line1": ["1 Main St", None]}, spec) == ""
    assert CHECKS["address"](GOOD | {"line1": [None]}, spec) == "no street"


def test_a_card_number_is_found_wherever_it_stands() -> None:
    tree = {"comments": "ok", "lines": [{"note": "4242 4242 4242 4242"}]}

    assert CHECKS["no_card_number"](tree, TEXT) == "a card number in lines[0].note"
    assert CHECKS["no_card_number"]("pay with 378282246310005", TEXT) == "a card number"
    assert CHECKS["no_card_number"]({"comments": "ok", "n": 12}, TEXT) == ""


def test_masking_keeps_the_last_four_and_all_else() -> None:
    tree = {"a": ["x 4242-4242-4242-4242 y", 5], "n": 4242424242424242, "b": None}

    assert mask_cards(tree) == {"a": ["x ************4242 y", 5], "n": "************4242", "b": None}
    # what is left of one still tells that a card number stood there: the store never holds more
    assert CHECKS["no_card_number"](mask_cards(tree), TEXT) == "a card number in a[0], n"
