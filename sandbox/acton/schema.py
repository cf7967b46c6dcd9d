"""The contact store's columns: the standard ones, and those of the account's own making."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TYPES = ("BOOLEAN", "DATE", "DATETIME", "TEXT", "NUMBER", "SCORE", "EMAIL", "MULTI-TEXT")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")

STANDARD = {
    "email": ("Email", "EMAIL", "EMAIL"),
    "firstName": ("First Name", "TEXT", "FIRST_NAME"),
    "middleName": ("Middle Name", "TEXT", "MIDDLE_NAME"),
    "lastName": ("Last Name", "TEXT", "LAST_NAME"),
    "title": ("Job Title", "TEXT", "TITLE"),
    "department": ("Department", "TEXT", "DEPARTMENT"),
    "company": ("Company", "TEXT", "COMPANY"),
    "dateOfBirth": ("Date of Birth", "DATE", "DATE_OF_BIRTH"),
    "timezone": ("Timezone", "TEXT", "TIMEZONE"),
    "picture": ("Picture", "TEXT", "PICTURE"),
    "homePhone": ("Home Phone", "TEXT", "HOME_PHONE"),
    "mobilePhone": ("Mobile Phone", "TEXT", "MOBILE_PHONE"),
    "businessPhone": ("Business Phone", "TEXT", "BUSINESS_PHONE"),
    "businessFax": ("Business Fax", "TEXT", "BUSINESS_FAX"),
    "businessStreet": ("Business Street", "TEXT", "BUSINESS_STREET"),
    "businessCity": ("Mailing City", "TEXT", "BUSINESS_CITY"),
    "businessState": ("Mailing State/Province", "TEXT", "BUSINESS_STATE"),
    "businessZip": ("Mailing Postal Code", "TEXT", "BUSINESS_ZIP"),
    "businessCountry": ("Mailing Country", "TEXT", "BUSINESS_COUNTRY"),
    "businessWebsite": ("Website", "TEXT", "BUSINESS_WEBSITE"),
    "personalStreet": ("Personal Street", "TEXT", "PERSONAL_STREET"),
    "personalCity": ("Personal City", "TEXT", "PERSONAL_CITY"),
    "personalState": ("Personal State", "TEXT", "PERSONAL_STATE"),
    "personalZip": ("Personal Postal Code", "TEXT", "PERSONAL_ZIP"),
    "personalCountry": ("Personal Country", "TEXT", "PERSONAL_COUNTRY"),
    "personalWebsite": ("Personal Website", "TEXT", "PERSONAL_WEBSITE"),
}
MAPPINGS = frozenset(mapping for _, _, mapping in STANDARD.values())
FIRST_ID, FIRST_INDEX, FIRST_OWN = 1110, 5, 50


@dataclass(slots=True)
class Column:
    """One column of the contact store."""

    field_id: int
    index: int
    name: str
    type: str
    mapping: str | None = None
    required: bool = False
    readonly: bool = False
    hidden: bool = False

    def shown(self) -> dict[str, Any]:
        return {
            "fieldId": self.field_id,
            "columnIndex": self.index,
            "name": self.name,
            "type": self.type,
            "standardFieldMapping": self.mapping,
            "required": self.required,
            "readonly": self.readonly,
            "hidden": self.hidden,
        }

    @property
    def own(self) -> bool:
        """True for a column of the account's own making."""
        return self.mapping is None and self.index >= FIRST_OWN


def standard_columns() -> Iterator[Column]:
    """What every account has, a read-only score and a hidden column among it."""
    for at, (key, (name, type_, mapping)) in enumerate(STANDARD.items()):
        yield Column(FIRST_ID + at, FIRST_INDEX + at, name, type_, mapping, required=key == "email")
    at = len(STANDARD)
    yield Column(FIRST_ID + at, FIRST_INDEX + at, "Act-On Score", "SCORE", "ACTON_PRIMARY_SCORE", readonly=True)
    yield Column(FIRST_ID + at + 1, FIRST_INDEX + at + 1, "Do Not Contact", "BOOLEAN", None, hidden=True)


def fits(type_: str, value: Any) -> bool:
    """Whether a value may be stored in a column of this type; an empty text clears it."""
    if value is None or value == "":
        return True
    return _FITS[type_](value)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?\d+(\.\d+)?", value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _boolean(value: Any) -> bool:
    return isinstance(value, bool) or value in ("true", "false")


def _day(value: Any) -> bool:
    return isinstance(value, str) and _DATE.match(value) is not None


def _moment(value: Any) -> bool:
    return _number(value) or (isinstance(value, str) and _DATE.match(value[:10]) is not None)


def _email(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) is not None


def _texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


_FITS = {
    "TEXT": _text, "NUMBER": _number, "SCORE": _number, "BOOLEAN": _boolean, "DATE": _day, "DATETIME": _moment,
    "EMAIL": _email, "MULTI-TEXT": _texts,
}  # fmt: skip
