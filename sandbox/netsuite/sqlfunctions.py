"""Oracle's functions for SQLite: dates are text `YYYY-MM-DD HH:MM:SS` in the account's time zone."""

from __future__ import annotations

import calendar
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from .account import Account, display_name

STORED = "%Y-%m-%d %H:%M:%S"
ACCOUNT_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
# Longest first: MONTH before MON before MM, and so on.
MASKS = {
    "YYYY": "%Y",
    "HH24": "%H",
    "HH12": "%I",
    "MONTH": "%B",
    "MON": "%b",
    "DAY": "%A",
    "DDD": "%j",
    "DY": "%a",
    "MI": "%M",
    "MM": "%m",
    "DD": "%d",
    "SS": "%S",
    "YY": "%y",
    "HH": "%I",
    "AM": "%p",
    "PM": "%p",
}
MASK = re.compile('"[^"]*"|' + "|".join(MASKS) + "|[^A-Za-z]", re.IGNORECASE)


class OracleError(ValueError):
    """What Oracle would have stopped the query for."""


@cache
def strftime_format(mask: str) -> str:
    parts, position = [], 0
    while position < len(mask):
        match = MASK.match(mask, position)
        if match is None:
            raise OracleError(f"date format not recognized: {mask}")
        token = match[0]
        parts.append(MASKS.get(token.upper(), token.strip('"').replace("%", "%%")))
        position = match.end()
    return "".join(parts)


def to_char(value: Any, mask: str | None) -> str | None:
    if value is None or mask is None:
        return None if value is None else plain(value)
    return datetime.fromisoformat(str(value)).strftime(strftime_format(mask))


def strftime(value: Any, form: str) -> str | None:
    return None if value is None else datetime.fromisoformat(str(value)).strftime(form.replace('"', ""))


def to_date(value: Any, form: str) -> str | None:
    """`form` is already a strptime form; the time may be left out, as Oracle allows."""
    if value is None:
        return None
    form = form.replace('"', "")
    for attempt in (form, form.partition(" ")[0]):
        try:
            return datetime.strptime(str(value), attempt).replace(tzinfo=UTC).strftime(STORED)
        except ValueError:
            continue
    raise OracleError("literal does not match format string")


def implicit_date(value: Any) -> str | None:
    """Text beside a date column is read in the account's date format, M/D/YYYY."""
    if value is None:
        return None
    match = ACCOUNT_DATE.fullmatch(str(value))
    if match is None:
        raise OracleError("not a valid date")
    return f"{int(match[3]):04}-{int(match[1]):02}-{int(match[2]):02} 00:00:00"


def to_number(value: Any) -> float | int | None:
    if value is None or isinstance(value, int | float):
        return value
    try:
        number = float(str(value))
    except ValueError:
        raise OracleError("invalid number") from None
    return int(number) if number == int(number) else number


def show_date(value: Any) -> str | None:
    if value is None:
        return None
    day = datetime.fromisoformat(str(value))
    return f"{day.month}/{day.day}/{day.year}"


def plain(value: Any) -> str:
    """A number as Oracle prints it: 1500, 12.5."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def concat(*values: Any) -> str | None:
    """Null is empty text in a concatenation, and empty text is null."""
    return "".join(plain(value) for value in values if value is not None) or None


def add_days(value: Any, days: float | None) -> str | None:
    if value is None or days is None:
        return None
    return (datetime.fromisoformat(str(value)) + timedelta(days=days)).strftime(STORED)


def days_between(left: Any, right: Any) -> float | None:
    if left is None or right is None:
        return None
    return (datetime.fromisoformat(left) - datetime.fromisoformat(right)).total_seconds() / 86400


def add_months(value: Any, months: int | None) -> str | None:
    if value is None or months is None:
        return None
    day = datetime.fromisoformat(str(value))
    year, month = divmod(day.year * 12 + day.month - 1 + int(months), 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last)).strftime(STORED)


def truncate(value: Any, unit: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return str(int(value))
    size = {"DD": 10, "DAY": 10, "MM": 7, "MONTH": 7, "YYYY": 4, "YEAR": 4}.get(unit.upper())
    if size is None:
        raise OracleError("bad precision specifier")
    return value[:size] + "0000-01-01 00:00:00"[size:]


def lower(value: Any) -> str | None:
    return None if value is None else plain(value).lower()


def upper(value: Any) -> str | None:
    return None if value is None else plain(value).upper()


def replace(value: Any, old: Any, new: Any = None) -> str | None:
    """Nothing (and an empty text is nothing) in the place of the old takes it out."""
    if value is None or old is None:
        return None if value is None else plain(value)
    return plain(value).replace(plain(old), "" if new is None else plain(new)) or None


def register(database: sqlite3.Connection, account: Account) -> None:
    for name, count, function in PURE:
        database.create_function(name, count, function, deterministic=True)

    def sysdate() -> str:
        moment = datetime.fromtimestamp(account.clock.now(), UTC) + timedelta(hours=account.options.utc_offset_hours)
        return moment.strftime(STORED)

    def extract_utc(value: Any) -> str | None:
        return add_days(value, -account.options.utc_offset_hours / 24)

    def displayed(type_: str, value: Any) -> str | None:
        record = None if value is None else account.get(type_, plain(value))
        return display_name(record) if record else None

    database.create_function("ns_sysdate", 0, sysdate)
    database.create_function("ns_extract_utc", 1, extract_utc)
    database.create_function("ns_df", 2, displayed)


PURE: list[tuple[str, int, Any]] = [
    ("lower", 1, lower),
    ("upper", 1, upper),
    ("replace", 2, replace),
    ("replace", 3, replace),
    ("ns_to_char", 2, to_char),
    ("ns_strftime", 2, strftime),
    ("ns_to_date", 2, to_date),
    ("ns_implicit_date", 1, implicit_date),
    ("ns_number", 1, to_number),
    ("ns_show_date", 1, show_date),
    ("ns_concat", -1, concat),
    ("ns_add_days", 2, add_days),
    ("ns_days_between", 2, days_between),
    ("ns_add_months", 2, add_months),
    ("ns_trunc", 2, truncate),
]
