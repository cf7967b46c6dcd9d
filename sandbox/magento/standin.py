"""The stand-in as the framework sees it: app, settings, seed, reset, dump, and orders of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.clock import Clock
from sandbox.magento import seeds
from sandbox.magento.access import Access
from sandbox.magento.app import MagentoApp
from sandbox.magento.refusals import Refusal
from sandbox.magento.shop import Shop


class Magento:
    """One shop behind one port; what `create` gives."""

    name = "magento"
    base_path = "/rest/default"

    def __init__(self, clock: Clock, seed: int) -> None:
        self._clock = clock
        self.shop = Shop(clock)
        self.access = Access(clock, seed, lambda: self.shop.options)
        self.app = MagentoApp(lambda: self.shop, self.access)
        self.settings = {
            "username": self.access.username,
            "password": self.access.password,
            "website_id": "1",
            "store_id": "1",
            "consumer_key": self.access.consumer_key,
            "consumer_secret": self.access.consumer_secret,
            "access_token": self.access.access_token,
            "access_token_secret": self.access.access_token_secret,
        }

    def seed(self, data: dict[str, Any]) -> None:
        """See seeds.py."""
        _told(lambda: seeds.seed(self.shop, data))

    def configure(self, data: dict[str, Any]) -> None:
        """Options of options.py; `edit` is a change that a person makes."""
        self.shop.options.change({name: value for name, value in data.items() if name != "edit"})
        _told(lambda: seeds.edit(self.shop, data.get("edit", {})))

    def reset(self) -> None:
        """A new shop with the same furniture and the same logins."""
        self.shop = Shop(self._clock)

    def dump(self) -> dict[str, Any]:
        """Everything the shop holds."""
        return self.shop.dump()

    def control(self, order: dict[str, Any]) -> Any | None:
        """Orders of this system alone; None = not one of ours."""
        if order.get("do") == "register":
            return _told(lambda: seeds.register(self.shop, order["data"]))
        if order.get("do") == "revoke_tokens":
            self.access.revoke()
            return {"revoked": True}
        return None


def _told(work: Callable[[], Any]) -> Any:
    """The vendor's refusal of a seed or an edit is the test's own mistake."""
    try:
        return work()
    except Refusal as refusal:
        raise ValueError(f"{refusal.body()}") from None
