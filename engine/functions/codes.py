"""Countries and currencies by ISO 3166 and ISO 4217; the tables load on first use."""

from __future__ import annotations

from functools import cache

from engine.functions.texts import words

_FORMER = {
    "cape verde": "CV",
    "czech republic": "CZ",
    "macedonia the former yugoslav republic of": "MK",
    "swaziland": "SZ",
    "turkey": "TR",
}
"""Short names that ISO 3166 itself used until lately."""

_OTHER_CODES = {"UK": "GB", "EL": "GR"}
"""Reserved codes in wide use that ISO 3166 does not assign."""


def country_code(text: str) -> str | None:
    """The two-letter code of a code or a full ISO 3166 name in any case; anything else is None."""
    text = text.strip()
    if len(text) == 2:
        return text.upper() if text.upper() in country_codes() else None
    return _country_names().get(" ".join(words(text)))


def country_guess(text: str) -> str | None:
    """As `country_code`, and three-letter codes, `UK`, `EL` and codes of subdivisions such as `GB-SCT`."""
    upper = text.strip().upper()
    head = upper.partition("-")[0] if len(upper) <= 6 else upper
    return country_code(text) or _OTHER_CODES.get(upper) or _three_letters().get(upper) or country_code(head)


def country_name(code: str) -> str | None:
    """The name people use for a country's code."""
    import pycountry

    found = pycountry.countries.get(alpha_2=code.strip().upper())
    return None if found is None else str(getattr(found, "common_name", found.name))


@cache
def country_codes() -> frozenset[str]:
    """All two-letter codes."""
    import pycountry

    return frozenset(country.alpha_2 for country in pycountry.countries)


def currency_code(text: str) -> str | None:
    """The three-letter code of a code or a full ISO 4217 name, in capitals."""
    folded = " ".join(words(text))
    return _currencies().get(folded)


@cache
def _country_names() -> dict[str, str]:
    import pycountry

    names = dict(_FORMER)
    for country in pycountry.countries:
        for kind in ("name", "official_name", "common_name"):
            for spelling in _spellings(getattr(country, kind, "")):
                names[spelling] = country.alpha_2
    return names


def _spellings(name: str) -> list[str]:
    """`Korea, Republic of` also reads `Republic of Korea`; a leading `the` may be there or not."""
    head, comma, tail = name.partition(", ")
    turned = [f"{tail} {head}"] if comma and tail.endswith((" of", " of the")) else []
    plain = [" ".join(words(one)) for one in (name, *turned) if one]
    return plain + [f"the {one}" for one in plain] + [one.removesuffix(" the") for one in plain]


@cache
def _three_letters() -> dict[str, str]:
    import pycountry

    return {country.alpha_3: country.alpha_2 for country in pycountry.countries}


@cache
def _currencies() -> dict[str, str]:
    import pycountry

    found = {}
    for currency in pycountry.currencies:
        found[currency.alpha_3.casefold()] = found[" ".join(words(currency.name))] = currency.alpha_3
    return found
