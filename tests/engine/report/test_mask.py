"""Masks keep the shape of a value and give nobody away."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.report.mask import Blind, is_personal, masked
from engine.spec.system import FieldSpec, ObjectSpec


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("ada@example.com", "a***@e***.com"),
        ("a@x.org", "***@***.org"),
        ("ada@localhost", "a***@***"),
        ("+33 1 23 45 67 12", "+33***12"),
        ("0049 (30) 123-45", "00***45"),
        ("Ada", "A***"),
        ("Al", "***"),
        ("Ada King of Lovelace", "A*** K*** *** L***"),
        ("Jürgen Müller", "J*** M***"),
        ("1 2", "*** ***"),
        ("", ""),
        ("  ", "  "),
        (None, None),
        (True, True),
        (4711, "***"),
        (Decimal("1.5"), "***"),
        ({"city": "Köln", "zip": "50667"}, {"city": "K***", "zip": "5***"}),
        ([{"line1": "High Street 4"}], [{"line1": "H*** S*** ***"}]),
    ],
)
def test_a_masked_value_keeps_its_shape(value: Any, shown: Any) -> None:
    assert masked(value) == shown


def test_at_most_four_words_tell_how_long_a_text_is() -> None:
    assert masked("one two three four five six") == "o*** t*** t*** f***"


PERSON = ObjectSpec(
    name="shop.person",
    title="Person",
    id="id",
    fields={"mail": FieldSpec("mail", personal=True), "name": FieldSpec("name"), "note": FieldSpec("note")},
    personal=("name",),
)


def test_a_field_is_personal_by_its_own_mark_or_by_its_objects_list() -> None:
    assert [is_personal(PERSON, name) for name in ("mail", "name", "name.first", "note")] == [True, True, True, False]


def test_personal_values_are_masked_and_others_are_shown() -> None:
    blind = Blind({"shop.person": PERSON})
    assert blind.show("shop.person", "name", "Ada King") == "A*** K***"
    assert blind.show("shop.person", "note", "likes tea") == "likes tea"


def test_an_email_address_is_masked_wherever_it_stands() -> None:
    blind = Blind({"shop.person": PERSON})
    assert blind.show("shop.person", "note", "write to ada@example.com, soon") == "write to a***@e***.com, soon"
    assert blind.show("shop.other", "x", [{"y": "ada@example.com"}]) == [{"y": "a***@e***.com"}]


def test_reveal_shows_everything() -> None:
    blind = Blind({"shop.person": PERSON}, reveal=True)
    assert blind.show("shop.person", "name", "Ada King") == "Ada King"
    assert blind.show("shop.person", "note", "ada@example.com") == "ada@example.com"
