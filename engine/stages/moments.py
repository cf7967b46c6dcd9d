"""Times as ISO 8601 UTC text, moved by seconds. Pure: the clock is handed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def after(moment: str, seconds: int) -> str:
    """The moment `seconds` later, in the same form."""
    return text_of(datetime.fromisoformat(moment) + timedelta(seconds=seconds))


def text_of(moment: datetime) -> str:
    """ISO 8601 UTC to the second, with Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
