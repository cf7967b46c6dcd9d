"""What a test may set on the stand-in, with defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(slots=True)
class Options:
    """The account's switches; `reset` puts them back."""

    rate_limits: bool = True
    per_second: int = 5
    per_day: int = 30_000
    logins_per_hour: int = 5
    api_enabled: bool = True  # False: the account's Public API feature is off
    put_replaces: bool = False  # True: a PUT of a contact clears what it does not name (unconfirmed)
    scores_stamp: bool = False  # True: a new score moves the contact's updatedDate (unconfirmed)
    lookup_miss: str = "error"  # or "empty": what a look-up in a list says when nobody is there (unconfirmed)
    text_codes: bool = False  # True: errorCode comes as text
    shuffle_headings: bool = False  # True: the columns of a list come in another order on every page
    optin_enabled: bool = False  # PUT /list/optin is a feature of its own
    job_seconds: float = 0.0  # how long an upload or import is pending, and how long it runs

    def change(self, data: dict[str, Any]) -> None:
        """Set what is named; ValueError for a name or a type that does not fit."""
        known = {one.name: type(getattr(Options(), one.name)) for one in fields(self)}
        for name, value in data.items():
            if name not in known:
                raise ValueError(f"unknown option '{name}'; known: {', '.join(sorted(known))}")
            kind = known[name]
            if kind is float and type(value) is int:
                value = float(value)
            if type(value) is not kind:
                raise ValueError(f"option '{name}' is a {kind.__name__}")
            setattr(self, name, value)
