"""A stand-in for any HTTP mail service: it takes messages and shows them at GET /outbox."""

from __future__ import annotations

from typing import Any

from sandbox.clock import Clock
from sandbox.mail.app import MailApp
from sandbox.mail.service import Service

TOKEN = "mail-sandbox-token"  # this stand-in's only token; it opens nothing else


class Mail:
    """One account of the service; what `create` gives."""

    name = "mail"
    base_path = "/api"

    def __init__(self, clock: Clock, seed: int) -> None:
        self._clock = clock
        self.service = Service(clock)
        self.app = MailApp(lambda: self.service, TOKEN)
        self.settings = {"token": TOKEN, "from": "shop@acme.example"}

    def seed(self, data: dict[str, Any]) -> None:
        """{"messages": [...]}: mails that were sent before."""
        if unknown := sorted(set(data) - {"messages"}):
            raise ValueError(f"unknown kind(s): {', '.join(unknown)}; known: messages")
        for one in data.get("messages", []):
            self.service.keep(one)

    def configure(self, data: dict[str, Any]) -> None:
        """See service.py."""
        self.service.options.change(data)

    def reset(self) -> None:
        """An empty outbox."""
        self.service = Service(self._clock)

    def dump(self) -> dict[str, Any]:
        """Everything that was sent."""
        return {"messages": self.service.outbox.mails}


def create(clock: Clock, seed: int) -> Mail:
    """What serving calls."""
    return Mail(clock, seed)
