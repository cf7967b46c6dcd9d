"""What a test may set on the stand-in, with defaults."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

WEBHOOK_SECRET = "whsec_sandboxEndpointSecret0000000"


@dataclass(slots=True)
class Options:
    """The account's switches; `reset` puts them back."""

    search_lag: float = 60.0  # seconds of the stand-in's clock until a write can be searched
    portal: bool = True  # whether the portal settings were ever saved in the dashboard
    rate_limits: bool = True
    global_per_second: int = 100
    endpoint_per_second: int = 25
    search_per_second: int = 20
    concurrency: int = 0  # 0: no limit on requests at the same time
    work_ms: float = 0.0  # how long an executing POST takes
    fail_next: int = 0  # so many POSTs begin, then fail with a 500 that their idempotency key keeps
    restricted_keys: dict[str, list[str]] = field(default_factory=dict)  # rk_ key -> permissions
    webhook_url: str = ""
    webhook_secret: str = WEBHOOK_SECRET
    account_version: str = "2026-06-24.dahlia"  # of requests without a Stripe-Version, and of events

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
            if (
                name == "webhook_url"
                and value
                and urlsplit(value).hostname not in ("127.0.0.1", "localhost", "::1")
            ):
                raise ValueError("webhook_url is a loopback address")
            setattr(self, name, value)
