"""Times in the spelling that a system asks for."""

from __future__ import annotations

from datetime import UTC, datetime

START = "1970-01-01T00:00:00Z"
"""Before everything: what a complete listing starts from where a request must name a time."""


def format_time(iso: str, spelling: str) -> str:
    """An ISO UTC time in a declared format: seconds, milliseconds, a strftime pattern, or ISO as it is."""
    at = datetime.fromisoformat(iso)
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    if spelling == "unix_seconds":
        return str(int(at.timestamp()))
    if spelling == "unix_milliseconds":
        return str(int(at.timestamp() * 1000))
    return at.strftime(spelling) if "%" in spelling else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_time(at: datetime) -> str:
    """A time as ISO UTC text of whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
