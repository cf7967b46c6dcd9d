"""The declared error table: from a reply to an error that says what happens next."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from engine.connectors.encoding import scalar_text
from engine.model.errors import (
    Conflict,
    ConnectorError,
    Duplicate,
    Missing,
    Rejected,
    Stopped,
    Throttled,
    Unauthorised,
    Unreachable,
)
from engine.model.values import is_blank
from engine.spec.system import ErrorClass, ErrorLine, SystemSpec

LONGEST = 300
_PERSONAL = re.compile(r"[^\s@<>'\"(),;:]+@[^\s@<>'\"(),;:]+|\+?\d[\d ()./-]{4,}\d")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_PLACEHOLDER = re.compile(r"%(\w+)")


@dataclass(frozen=True, slots=True)
class Failure:
    """A reply that did not do what was asked."""

    error: ConnectorError
    class_: ErrorClass
    status: int = 0
    retry_after: float = 0


class ErrorTable:
    """A system's error lines; the first that fits decides."""

    def __init__(self, system: SystemSpec, hide: Callable[[str], str] = str) -> None:
        self._system = system
        self._hide = hide
        self._success = tuple(line for line in system.errors if line.when is not None or _names_success(line))

    @property
    def watches_success(self) -> bool:
        """True when a line may call a reply of status 2xx a failure."""
        return bool(self._success)

    def failure(self, status: int, headers: Mapping[str, str], body: Any, now: datetime) -> Failure | None:
        """What a reply says went wrong, or None."""
        good = 200 <= status < 300
        if good and not self._success:
            return None
        text = self._message(body)
        line = self._line(self._success if good else self._system.errors, status, headers, body, text)
        if line is None and good:
            return None
        return self._failed(line or _by_status(status), status, text, retry_after(headers, now))

    def _line(
        self, lines: tuple[ErrorLine, ...], status: int, headers: Mapping[str, str], body: Any, text: str
    ) -> ErrorLine | None:
        code = self._code(body)
        names = scope_headers(headers)
        for line in lines:
            if line.status and status not in line.status:
                continue
            if (line.code and line.code != code) or line.text.casefold() not in text.casefold():
                continue
            if line.when is None or truth(line.when({"status": status, "headers": names, "body": body})):
                return line
        return None

    def _failed(self, line: ErrorLine, status: int, text: str, wait: float) -> Failure:
        said = line.say or self._hide(without_personal(text)) or "the system refused the request"
        message = f"{said} (status {status}, {line.id})"
        return Failure(error_of(line.class_, message, status, line), line.class_, status, wait)

    def _code(self, body: Any) -> str:
        found = self._system.error_code(body) if self._system.error_code and body is not None else None
        return "" if is_blank(found) or isinstance(found, dict | list) else scalar_text(found)

    def _message(self, body: Any) -> str:
        found = self._system.error_message(body) if self._system.error_message and body is not None else None
        if not isinstance(found, str):
            return ""
        filled = self._system.error_parameters(body) if self._system.error_parameters else None
        return _filled(found, filled)


def error_of(class_: ErrorClass, message: str, status: int = 0, line: ErrorLine | None = None) -> ConnectorError:
    """The error of a class. `retry` is an unknown outcome until the caller says that it may be repeated."""
    name, do = (line.id, line.do) if line else ("", "")
    return _ERRORS[class_](message, status=status, line=name, do=do)


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds that the system asks for: a number or a date; 0 when it asks for none that makes sense."""
    text = headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (server_time(text) - now).total_seconds()) if text else 0.0
    except ValueError:
        return 0.0


def server_time(text: str) -> datetime:
    """A date header as a time; raises ValueError."""
    found = parsedate_to_datetime(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def scope_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers as names of a scope: lower case, with underscores."""
    return {name.lower().replace("-", "_"): value for name, value in headers.items()}


def truth(value: Any) -> bool:
    """Whether a condition holds; blank is false."""
    return bool(value)


def without_personal(text: str) -> str:
    """A vendor's message in one line, without addresses and long numbers."""
    return _PERSONAL.sub("***", _CONTROL.sub(" ", text)).strip()[:LONGEST]


def _names_success(line: ErrorLine) -> bool:
    return any(200 <= status < 300 for status in line.status)


def _filled(message: str, found: Any) -> str:
    """%name and %1 of a message, out of a map or a list."""
    if isinstance(found, list):
        found = {str(at): value for at, value in enumerate(found, 1)}
    if not isinstance(found, dict):
        return message
    known = {name: value for name, value in found.items() if isinstance(value, str | int)}
    return _PLACEHOLDER.sub(lambda match: str(known.get(match[1], match[0])), message)


def _by_status(status: int) -> ErrorLine:
    """What a status means where the table is silent."""
    for class_, statuses in _DEFAULTS.items():
        if status in statuses:
            return ErrorLine("undeclared", class_)
    if status < 400:
        return ErrorLine("redirect", "retry", say="the system answered with a redirect; check the base_url")
    return ErrorLine("undeclared", "retry" if status >= 500 else "refused")


_DEFAULTS: dict[ErrorClass, tuple[int, ...]] = {
    "unauthorised": (401, 403),
    "missing": (404, 410),
    "conflict": (409, 412),
    "throttle": (429,),
}

_ERRORS: dict[ErrorClass, type[ConnectorError]] = {
    "retry": Unreachable,
    "throttle": Throttled,
    "conflict": Conflict,
    "duplicate": Duplicate,
    "missing": Missing,
    "refused": Rejected,
    "unauthorised": Unauthorised,
    "stop": Stopped,
}
