"""Reading one JSON value of a request body into what the account stores, or refusing it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from .account import Account
from .catalogue import TYPES, Field
from .choices import COUNTRIES
from .refusal import bad_reference, bad_value, user_error

EMAIL = re.compile(r"[^\s@,;:<>()\[\]\"]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
URL = re.compile(r"(https?|ftp|file)://\S+")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})")
LARGEST = 10**15
COUNTRY = Field("country", "enum", choices=COUNTRIES)

Parse = Callable[[Account, Field, Any, str], Any]


def parse(account: Account, field: Field, value: Any, path: str) -> Any:
    """The stored form of a value that is not null."""
    return PARSERS[field.kind](account, field, value, path)


def too_long(field: Field, value: str, path: str) -> None:
    if field.length is not None and len(value) > field.length:
        most = f"the maximum number ( {field.length} ) of characters allowed."
        raise user_error(f"The field {field.name} contained more than {most}", path)


def _text(account: Account, field: Field, value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise bad_value(path)
    too_long(field, value, path)
    return value


def _email(account: Account, field: Field, value: Any, path: str) -> str:
    text = _text(account, field, value, path)
    if text and not EMAIL.fullmatch(text):
        raise bad_reference(text, path)
    return text


def _url(account: Account, field: Field, value: Any, path: str) -> str:
    text = _text(account, field, value, path)
    if text and not URL.fullmatch(text):
        raise bad_reference(text, path)
    return text


def _phone(account: Account, field: Field, value: Any, path: str) -> str:
    text = _text(account, field, value, path)
    if text and len(text) < account.options.phone_minimum:
        raise user_error("Phone number should have seven digits or more.", path)
    return text


def _boolean(account: Account, field: Field, value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise bad_value(path)
    return value


def _number(account: Account, field: Field, value: Any, path: str) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
        raise bad_value(path)
    return value


def _integer(account: Account, field: Field, value: Any, path: str) -> int:
    number = _number(account, field, value, path)
    if number != int(number):
        raise bad_reference(value, path)
    return int(number)


def _day(account: Account, field: Field, value: Any, path: str) -> str:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise bad_value(path)
    try:
        date.fromisoformat(value)
    except ValueError:
        raise bad_value(path) from None
    return value


def _moment(account: Account, field: Field, value: Any, path: str) -> str:
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise bad_value(path)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise bad_value(path) from None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _reference(account: Account, field: Field, value: Any, path: str) -> str:
    """{"id": "1"}; a bare id is no reference."""
    if not isinstance(value, Mapping) or not set(value) <= {"id", "refName", "links", "externalId"}:
        raise bad_value(path)
    id_ = value.get("id")
    if isinstance(id_, bool) or not isinstance(id_, str | int):
        raise bad_value(path)
    target = account.get(field.to or "", str(id_))
    if target is None or (TYPES[target.type].group == target.type and target.values.get("isInactive")):
        raise bad_reference(id_, path)
    return target.id


def _enum(account: Account, field: Field, value: Any, path: str) -> str:
    """{"id": ...} or {"refName": ...}, or the plain id of old."""
    choices = field.choices or {}
    chosen: str
    if isinstance(value, str):
        chosen = value
    elif isinstance(value, Mapping) and isinstance(value.get("id"), str):
        chosen = value["id"]
    elif isinstance(value, Mapping) and isinstance(value.get("refName"), str):
        by_name = {name: id_ for id_, name in choices.items()}
        chosen = by_name.get(value["refName"]) or str(value["refName"])
    else:
        raise bad_value(path)
    if chosen not in choices:
        raise bad_reference(chosen, path)
    return chosen


def rendered(account: Account, field: Field, value: Any, href: Callable[[str], str], simple: bool = False) -> Any:
    """The JSON form of a stored value."""
    if field.kind == "enum":
        return value if simple else {"id": value, "refName": (field.choices or {})[value]}
    if field.kind == "ref":
        target = account.get(field.to or "", value)
        shown = target.values.get("entityId") or target.values.get("name") if target else None
        link = {"rel": "self", "href": href(f"{field.to}/{value}")}
        return {"links": [link], "id": value, **({"refName": shown} if shown else {})}
    return value


PARSERS: dict[str, Parse] = {
    "text": _text,
    "email": _email,
    "phone": _phone,
    "url": _url,
    "boolean": _boolean,
    "number": _number,
    "integer": _integer,
    "date": _day,
    "datetime": _moment,
    "ref": _reference,
    "enum": _enum,
}
