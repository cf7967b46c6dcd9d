"""The stand-in as the framework sees it: app, settings, seed, reset, dump, and orders of its own."""

from __future__ import annotations

from typing import Any

from sandbox.clock import Clock
from sandbox.sagex3.access import Access
from sandbox.sagex3.app import SageX3App
from sandbox.sagex3.folder import Folder


class SageX3:
    """One Syracuse node with one folder behind one port; what `create` gives."""

    name = "sagex3"
    base_path = "/api1/x3/erp/SEED"

    def __init__(self, clock: Clock, seed: int) -> None:
        self._clock = clock
        self.folder = Folder(clock)
        self.access = Access(clock, seed, lambda: self.folder.options)
        self.app = SageX3App(lambda: self.folder, self.access)
        self.settings = {
            "user": self.access.user,
            "password": self.access.password,
            "client_id": self.access.client_id,
            "client_secret": self.access.client_secret,
            "refresh_token": self.access.refresh_token,
        }

    def seed(self, data: dict[str, Any]) -> None:
        """See Folder.seed."""
        self.folder.seed(data)

    def configure(self, data: dict[str, Any]) -> None:
        """Options of options.py; `edit` is a change that a person makes, `movements` are new open items."""
        own = {name: value for name, value in data.items() if name not in ("edit", "movements")}
        self.folder.options.change(own)
        self.folder.seed({"movements": data.get("movements", [])})
        self.folder.edit(data.get("edit", {}))

    def reset(self) -> None:
        """An empty folder with the same logins."""
        self.folder = Folder(self._clock)
        self.access.forget()

    def dump(self) -> dict[str, Any]:
        """Everything the folder holds."""
        return self.folder.dump()

    def control(self, order: dict[str, Any]) -> Any | None:
        """Orders of this system alone; None = not one of ours."""
        if order.get("do") == "revoke_tokens":
            self.access.revoke()
            return {"revoked": True}
        return None
