"""Times and days: every native form to ISO 8601 in UTC, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.functions.failed import FunctionFailed, expected
from engine.functions.numerals import number_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OUT_OF_RANGE = "a time out of range: seconds or milliseconds?"
_SECOND = timedelta(seconds=1)
_UNIX = {"unix_seconds": 1, "unix_millis": 1000}


def from_native(form: str) -> Callable[[Any], str]:
    """A function that turns a native time of this format into `YYYY-MM-DDTHH:MM:SSZ`."""
    if form in _UNIX:
        parts = _UNIX[form]
        return lambda raw: (
            _whole_seconds(raw) if parts == 1 and type(raw) is int else _since_epoch(number_of(raw), parts)
        )
    if form and not form.startswith("%Y-%m-%d"):
        return lambda raw: text_of(_by_pattern(raw, form))
    return instant


def to_native(form: str) -> Callable[[str], Any]:
    """The inverse: the time as this format has it; patterns are written in UTC."""
    if form in _UNIX:
        step = _SECOND / _UNIX[form]
        return lambda text: (moment_of(text) - _EPOCH) // step
    if form:
        return lambda text: _in_pattern(moment_of(text), form)
    return lambda text: text


def instant(raw: Any) -> str:
    """ISO 8601 text as ISO 8601 in UTC; without an offset it is UTC already; a day means its first moment."""
    if not isinstance(raw, str):
        raise expected("a time as text", raw)
    moment = moment_of(raw)
    return raw if len(raw) == 20 and raw[10] == "T" and raw[19] == "Z" else text_of(moment)


def moment_of(text: str) -> datetime:
    """The moment that ISO 8601 text names."""
    if text[4:5] != "-":
        raise FunctionFailed("not a time in ISO 8601")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise FunctionFailed("not a time in ISO 8601") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def text_of(moment: datetime) -> str:
    """ISO 8601 in UTC; a fraction of a second stays, without its last zeros."""
    try:
        text = moment.astimezone(UTC).replace(tzinfo=None).isoformat()
    except OverflowError as error:
        raise FunctionFailed("a time out of range") from error
    return (text.rstrip("0") if "." in text else text) + "Z"


def day_from_native(form: str) -> Callable[[Any], str]:
    """A function that turns a native day of this format into `YYYY-MM-DD`."""
    read = from_native(form)
    return lambda raw: read(raw)[:10]


def day_to_native(form: str) -> Callable[[str], Any]:
    """The inverse for days."""
    write = to_native(form)
    return lambda text: write(day(text))


def day(raw: Any) -> str:
    """The day of a day or a time, in UTC."""
    if isinstance(raw, str) and len(raw) == 10:
        try:
            return date.fromisoformat(raw).isoformat()
        except ValueError as error:
            raise FunctionFailed("not a day in ISO 8601") from error
    return instant(raw)[:10]


def _whole_seconds(number: int) -> str:
    try:
        return datetime.fromtimestamp(number, UTC).isoformat()[:19] + "Z"
    except (OverflowError, ValueError, OSError) as error:
        raise FunctionFailed(_OUT_OF_RANGE) from error


def _since_epoch(number: int | Decimal, parts: int) -> str:
    try:
        whole, rest = divmod(number, parts)
        moment = _EPOCH + timedelta(seconds=int(whole))
        fraction = (whole - int(whole)) + Decimal(rest) / parts
        return text_of(moment + timedelta(microseconds=int(fraction * 1_000_000)))
    except OverflowError as error:
        raise FunctionFailed(_OUT_OF_RANGE) from error


def _by_pattern(raw: Any, form: str) -> datetime:
    if not isinstance(raw, str):
        raise expected("a time as text", raw)
    try:
        moment = datetime.strptime(raw.strip(), form)  # noqa: DTZ007  # without %z it is UTC, set below
    except ValueError as error:
        raise FunctionFailed("not a time in the declared format") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_pattern(moment: datetime, form: str) -> str:
    moment = moment.astimezone(UTC)
    return moment.strftime(form.replace("%Y", f"{moment.year:04d}"))
