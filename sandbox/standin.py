"""What serving and control need of a stand-in; every system package makes one with `create(clock, seed)`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class StandIn(Protocol):
    """One system, played in memory. `seed` and `configure` raise ValueError for what they do not know.

    Two optional extras: `base_path`, the path of its base URL, and `control(order)`, which answers orders
    of its own, or gives None for one that it does not know.
    """

    name: str
    app: App  # without control and faults; serving wraps it
    settings: dict[str, str]  # values for the settings that the system's YAML asks for

    def seed(self, data: dict[str, Any]) -> None:
        """Add records, {"customers": [...], ...}, to what is there."""

    def configure(self, data: dict[str, Any]) -> None:
        """Change the system's own options: the control order `set`."""

    def reset(self) -> None:
        """Empty, furniture and options back as they were made, clock untouched."""

    def dump(self) -> dict[str, Any]:
        """Everything it holds, as plain JSON, for auditing tests."""
