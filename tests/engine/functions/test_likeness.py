"""How alike names and addresses are."""

from __future__ import annotations

import pytest

from engine.functions.likeness import address_key, addresses, name_key, names
from engine.functions.phones import likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "Smith, John"),
        ("Dr. John Smith", "JOHN SMITH"),
        ("Müller GmbH & Co. KG", "Muller"),
        ("Anne-Marie Dupont", "anne marie dupont"),
    ],
)
def test_the_same_name(one: str, other: str) -> None:
    assert names(one, other) == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jonathan Smith", "Jonathon Smith"),
        ("J. Smith", "John Smith"),
        ("Musterfrau Erika", "Erika Mustermfrau"),
    ],
)
def test_a_name_that_is_nearly_the_same_scores_high(one: str, other: str) -> None:
    assert 0.9 <= names(one, other) < 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [("John Smith", "Jane Smith"), ("John Smith", "John Miller"), ("Acme", "Apex"), ("J. S.", "John Smith")],
)
def test_another_name_stays_below_what_rules_accept(one: str, other: str) -> None:
    assert names(one, other) < 0.9


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Hauptstraße 5", "Hauptstr. 5", 1.0, 1.0),
        ("Haupt Strasse 5", "Hauptstr. 5", 0.85, 1.0),
        ("12 Main Street", "12 Main St", 1.0, 1.0),
        ("12 Maine Street", "12 Main St", 0.85, 0.99),
        ("12 Main Street", "13 Main Street", 0.0, 0.6),
        ("12 Main Street", "Main Street", 0.0, 0.6),
        ("12 Main Street", "12 Oak Avenue", 0.0, 0.8),
        ("", "12 Main Street", 0.0, 0.0),
    ],
)
def test_addresses(one: str, other: str, least: float, most: float) -> None:
    assert least <= addresses(one, other) <= most


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("+49 89 123456", "0049 89 123456", 1.0),
        ("+49 89 1234567", "089 1234567", 0.9),
        ("(555) 229-3326", "+1 555 229 3326", 0.9),
        ("229-3326", "229-3327", 0.0),
        ("123456", "+49 89 123456", 0.0),
        ("", "+49 89 123456", 0.0),
    ],
)
def test_phones(one: str, other: str, score: float) -> None:
    assert likeness(one, other) == score


def test_keys_are_words_in_order() -> None:
    assert name_key("Herr Prof. Dr. Max Mustermann") == "max mustermann"
    assert address_key("Marienplatz 1, 2. Floor") == "1 2 fl marienplatz"


def test_a_name_of_nothing_but_a_legal_form_keeps_it() -> None:
    assert name_key("SE Co") == "co se"
