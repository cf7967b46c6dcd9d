"""Everything one account holds, and the events that its changes leave behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.stripe.collection import Collection, Record
from sandbox.stripe.idempotency import IdempotencyKeys
from sandbox.stripe.ids import Ids
from sandbox.stripe.index import SearchIndex
from sandbox.stripe.options import Options
from sandbox.stripe.rates import Rates
from sandbox.stripe.webhooks import Deliveries

EVENTS_KEPT_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Cause:
    """The request that made an event; both are None for what happened without one."""

    request_id: str | None = None
    idempotency_key: str | None = None


class Account:
    """The state of the stand-in; a reset makes a new one."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.clock = clock
        self.options = Options()
        self.ids = Ids(seed)
        self.id = self.ids.make("acct")
        self.rates = Rates(self.options)
        self.keys = IdempotencyKeys(clock)
        self.index = SearchIndex()
        self.deliveries = Deliveries()
        self.customers = Collection("customer", "email")
        self.deleted_customers: set[str] = set()
        self.tax_ids = Collection("tax_id", "customer")
        self.payment_methods = Collection("PaymentMethod", "customer")
        self.charges = Collection("charge", "customer", "payment_intent")
        self.invoices = Collection("invoice", "customer")
        self.payment_intents = Collection("payment_intent", "customer")
        self.events = Collection("event")
        self.portal_sessions: list[Record] = []
        self.legacy: dict[str, Record] = {}  # fields that only old versions show, by id

    @property
    def now(self) -> int:
        """Whole seconds, as every `created` is."""
        return int(self.clock.now())

    def keep_customer(self, record: Record, *, searchable_now: bool = False) -> Record:
        """Store a customer and let the search index learn of it in its own time."""
        lag = 0.0 if searchable_now else self.options.search_lag
        self.index.write(record, self.clock.now() + lag)
        return self.customers.put(record)

    def emit(
        self,
        kind: str,
        record: Record,
        cause: Cause,
        *,
        previous: Record | None = None,
        created: int | None = None,
    ) -> None:
        """Leave an event with the record as it now stands, and deliver it where a webhook is registered."""
        data: Record = {"object": record}
        if previous is not None:
            data["previous_attributes"] = previous
        url = self.options.webhook_url
        event = {
            "id": self.ids.make("evt"),
            "object": "event",
            "api_version": self.options.account_version,
            "created": self.now if created is None else created,
            "data": data,
            "livemode": False,
            "pending_webhooks": 1 if url else 0,
            "request": {"id": cause.request_id, "idempotency_key": cause.idempotency_key},
            "type": kind,
        }
        self.events.put(event)
        if url:
            self.deliveries.send(event, url, self.options.webhook_secret, self.clock.now())

    def dump(self) -> dict[str, Any]:
        """Plain JSON of everything held, oldest first."""
        collections = {
            "customers": self.customers,
            "tax_ids": self.tax_ids,
            "payment_methods": self.payment_methods,
            "charges": self.charges,
            "invoices": self.invoices,
            "payment_intents": self.payment_intents,
            "events": self.events,
        }
        rest: dict[str, Any] = {
            "deleted_customers": sorted(self.deleted_customers),
            "portal_sessions": self.portal_sessions,
            "idempotency_keys": self.keys.dump(),
            "deliveries": self.deliveries.done,
        }
        return {name: list(held) for name, held in collections.items()} | rest


def previous_attributes(before: Record, after: Record) -> Record:
    """What changed, with its old values: hashes only where they differ, arrays whole."""
    changed: Record = {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        nested = isinstance(old, dict) and isinstance(new, dict)
        changed[name] = previous_attributes(old, new) if nested else old  # type: ignore[arg-type]  # both are dicts
    return changed
