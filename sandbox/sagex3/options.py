"""The switches of the folder that a test may turn with {"do": "set", "data": {...}}."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True)
class Options:
    """Configuration of the Syracuse node, the folder and its licence."""

    auth: list[str] = field(default_factory=lambda: ["basic", "oauth2"])
    """Ways to log in that nodelocal.js lists."""
    login_redirects: bool = False
    """A missing login is sent to the login form instead of being told 401."""
    max_count: int = 0
    """Largest page the node gives; 0 = as many as were asked for."""
    utc_offset_hours: float = 1
    """The server's own clock, which UPDDAT and CREDAT follow."""
    stamps_new: bool = False
    """UPDDAT is filled when a record is made; without it a new record has CREDAT alone."""
    exposes_timestamps: bool = False
    """The representations show UPDDATTIM and CREDATTIM."""
    exposes_credit_level: bool = True
    """BPCUSTOMER.$details of this site shows OSTLEVTOT, the computed exposure."""
    blank: str = " "
    """How an empty text is shown."""
    empty_date: str | None = "1599-12-31"
    """How an empty date is shown; None: not at all."""
    warns: list[str] = field(default_factory=list)
    """Keys whose details carry a diagnosis of severity warning."""
    breaks: list[str] = field(default_factory=list)
    """Keys whose details are a diagnosis of severity error in a 200."""
    processes: int = 0
    """Child processes for web services: more requests at a time are refused; 0 = enough."""
    volume_limit: int = 0
    """Bytes that the web-service licence allows in a period; 0 = no limit."""
    volume_seconds: float = 3600
    badges: int = 5
    """Session badges: every call under /sdata takes one for a while."""
    badge_seconds: float = 1200
    token_seconds: float = 300
    endpoints: list[str] = field(default_factory=lambda: ["SEED"])
    closed: list[str] = field(default_factory=list)
    """Classes whose representation this site does not expose."""
    work_ms: float = 0

    def change(self, data: dict[str, Any]) -> None:
        """Set options; ValueError for one that is not known."""
        known = {one.name for one in fields(self)}
        if unknown := sorted(set(data) - known):
            raise ValueError(f"unknown option(s): {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        for name, value in data.items():
            setattr(self, name, value)
