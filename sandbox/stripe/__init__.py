"""A stand-in for the Stripe API; NOT_MODELLED.md lists what it does not play."""

from __future__ import annotations

from typing import Any

from sandbox.clock import Clock
from sandbox.stripe import seeds
from sandbox.stripe.account import Account
from sandbox.stripe.app import StripeApp
from sandbox.stripe.options import WEBHOOK_SECRET

SECRET_KEY = "sk_test_sandbox51N0tARealKey"  # this stand-in's only key; it opens nothing else


class StripeStandIn:
    """One account behind one port."""

    name = "stripe"

    def __init__(self, clock: Clock, seed: int) -> None:
        self._clock = clock
        self._seed = seed
        self.account = Account(clock, seed)
        self.app = StripeApp(lambda: self.account, SECRET_KEY)
        self.settings = {
            "api_key": SECRET_KEY,
            "webhook_secret": WEBHOOK_SECRET,
            "portal_return_url": "https://shop.example/account",
        }

    def seed(self, data: dict[str, Any]) -> None:
        """customers, payment_methods, charges, invoices, payment_intents; and whether they leave events."""
        seeds.seed(self.account, data)

    def configure(self, data: dict[str, Any]) -> None:
        """See options.py."""
        self.account.options.change(data)

    def reset(self) -> None:
        """A new account with the same id streams."""
        self.account = Account(self._clock, self._seed)

    def dump(self) -> dict[str, Any]:
        """Everything the account holds."""
        return self.account.dump()


def create(clock: Clock, seed: int) -> StripeStandIn:
    """What serving calls."""
    return StripeStandIn(clock, seed)
