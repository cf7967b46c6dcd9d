"""The switches of the account that a test may turn with {"do": "set", "data": {...}}."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True)
class Options:
    """Account preferences, permissions of the role, scripts that run after a save."""

    concurrency_limit: int = 5
    work_ms: float = 0
    """How long a request holds its place under the concurrency limit."""
    job_seconds: float = 0
    """How long an asynchronous request takes, by the stand-in's clock."""
    utc_offset_hours: float = 0
    """Time zone that SuiteQL shows and reads dates in."""
    strict_clock: bool = False
    """Logins are judged by the stand-in's clock alone, and not by the wall clock as well."""
    auto_numbering: str = ""
    """Prefix of automatic customer ids; "" leaves the entity id to the caller."""
    phone_minimum: int = 7
    confirmed_opt_in: bool = False
    """The integration itself may set Confirmed Opt-In."""
    contact_requires_company: bool = False
    expires_in_as_text: bool = False
    custom_fields: dict[str, dict[str, str]] = field(default_factory=dict)
    required: dict[str, list[str]] = field(default_factory=dict)
    """Fields that the account's form makes mandatory, by record type."""
    forbidden: dict[str, list[str]] = field(default_factory=dict)
    """What the role lacks: {"customer": ["view", "create", "edit", "delete"], "suiteql": ["view"]}."""
    locked: dict[str, list[str]] = field(default_factory=dict)
    """Ids of records that a workflow has locked, by record type."""
    scripts: dict[str, dict[str, str]] = field(default_factory=dict)
    """User-event scripts: {"customer": {"city": "upper", "companyName": "truncate:40"}}."""
    certificates: dict[str, str] = field(default_factory=dict)
    """More public keys (PEM) by certificate id."""

    def change(self, data: dict[str, Any]) -> None:
        known = {item.name for item in fields(self)}
        if unknown := sorted(set(data) - known):
            raise ValueError(f"unknown option(s): {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        for type_, declared in data.get("custom_fields", {}).items():
            self.custom_fields[type_] = self.custom_fields.get(type_, {}) | declared
        for name, value in data.items():
            if name != "custom_fields":
                setattr(self, name, value)
