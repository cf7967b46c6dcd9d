from __future__ import annotations

import pytest

from engine.connectors.since import format_time


@pytest.mark.parametrize(
    ("iso", "spelling", "expected"),
    [
        ("2026-03-01T12:00:00Z", "unix_seconds", "1772366400"),
        ("2026-03-01T12:00:00.250Z", "unix_milliseconds", "1772366400250"),
        ("2026-03-01T12:00:00Z", "%Y-%m-%d %H:%M:%S", "2026-03-01 12:00:00"),
        ("2026-03-01T12:00:00Z", "@%Y-%m-%d@", "@2026-03-01@"),
        ("2026-03-01T12:00:00Z", "", "2026-03-01T12:00:00Z"),
        ("2026-03-01T01:00:00+02:00", "%Y-%m-%d %H", "2026-02-28 23"),
        ("1970-01-01T00:00:00Z", "unix_seconds", "0"),
    ],
)
def test_spells_a_time_as_the_system_wants_it(iso: str, spelling: str, expected: str) -> None:
    assert format_time(iso, spelling) == expected
