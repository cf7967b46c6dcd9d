"""Countries and currencies."""

from __future__ import annotations

import pycountry
import pytest

from engine.functions.codes import country_code, country_codes, country_guess, country_name, currency_code


def test_every_iso_name_is_known_in_any_case() -> None:
    found = [(country.alpha_2, country_code(country.name.upper())) for country in pycountry.countries]

    assert [pair for pair in found if pair[0] != pair[1]] == []


def test_every_official_and_common_name_is_known() -> None:
    names = [
        (country.alpha_2, country_code(name))
        for country in pycountry.countries
        for kind in ("official_name", "common_name")
        if (name := getattr(country, kind, None))
    ]

    assert len(names) > 150
    assert [pair for pair in names if pair[0] != pair[1]] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UK", "GB"),
        ("GB-SCT", "GB"),
        ("us-ca", "US"),
        ("DEU", "DE"),
        ("France", "FR"),
        ("el", "GR"),
        ("X-Y", None),
        ("", None),
    ],
)
def test_a_guess_knows_more_codes(text: str, code: str | None) -> None:
    assert country_guess(text) == code


def test_names_come_back() -> None:
    assert country_name("tw") == "Taiwan"
    assert country_name("XX") is None


def test_currencies() -> None:
    assert [currency_code(text) for text in ("usd", "Euro", "Pound Sterling", "XX", "")] == [
        "USD",
        "EUR",
        "GBP",
        None,
        None,
    ]


def test_there_are_as_many_countries_as_iso_has() -> None:
    assert len(country_codes()) >= 249
