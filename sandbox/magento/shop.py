"""Everything one shop holds: numbers as ids, moments as UTC text without a zone."""

from __future__ import annotations

import copy
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.magento import furniture
from sandbox.magento.options import Options
from sandbox.outbox import Outbox

Record = dict[str, Any]
Table = dict[int, Record]


class Shop:
    """The state of the stand-in; a reset makes a new one."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.options = Options()
        self.outbox = Outbox()
        self.customers: Table = {}
        self.by_email: dict[str, set[int]] = defaultdict(set)
        self.companies: Table = {}
        self.credits: Table = {}
        self.credit_history: list[Record] = []
        self.catalogs = _table(furniture.CATALOGS)
        self.catalog_of: dict[int, int] = {}
        """Company id -> catalog id: a company sits in exactly one."""
        self.orders: Table = {}
        self.groups = _table(furniture.GROUPS)
        self.tax_classes = _table(furniture.TAX_CLASSES, "class_id")
        self.attributes = {
            "customer": dict(furniture.CUSTOMER_ATTRIBUTES),
            "address": dict(furniture.ADDRESS_ATTRIBUTES),
        }
        self.reset_tokens: dict[int, str] = {}
        self.passwords: dict[int, int] = {}
        """Customer id -> how often a password was set."""
        self.reports = 0
        self._last: dict[str, int] = {"credit": 100, "order": 1000}

    def now(self) -> str:
        """The moment as every record shows it."""
        return stamp(self.clock.now())

    def next_id(self, kind: str) -> int:
        self._last[kind] = self._last.get(kind, 0) + 1
        return self._last[kind]

    def reserve(self, kind: str, id_: int) -> int:
        """An id that a seed names; later ones count on from the highest."""
        self._last[kind] = max(self._last.get(kind, 0), id_)
        return id_

    # -- customers -------------------------------------------------------------------------------

    def put_customer(self, record: Record) -> None:
        """Store a checked customer in place of the one with the same id."""
        held = self.customers.get(record["id"])
        if held is not None:
            self.by_email[held["email"].casefold()].discard(held["id"])
        self.customers[record["id"]] = record
        self.by_email[record["email"].casefold()].add(record["id"])

    def remove_customer(self, id_: int) -> None:
        record = self.customers.pop(id_)
        self.by_email[record["email"].casefold()].discard(id_)

    def holder(self, email: str, website_id: int, besides: int = 0) -> Record | None:
        """The account that has this email, where accounts are told apart."""
        for id_ in sorted(self.by_email.get(email.casefold(), ())):
            record = self.customers[id_]
            shared = self.options.share_accounts == "global" or record["website_id"] == website_id
            if shared and id_ != besides:
                return record
        return None

    # -- stores ----------------------------------------------------------------------------------

    def default_store(self, website_id: int) -> int:
        """The store view that a website's default group shows first."""
        for group in furniture.STORE_GROUPS:
            if group["website_id"] == website_id:
                return int(group["default_store_id"])
        return 0

    def mail(self, template: str, to: str, **more: Any) -> None:
        """Send a mail as the shop sends it."""
        self.outbox.put({"template": template, "to": to, "sent_at": self.now(), **more})

    def dump(self) -> dict[str, Any]:
        """Plain JSON of everything held, oldest first."""
        tables = {
            "customers": self.customers,
            "companies": self.companies,
            "credits": self.credits,
            "catalogs": self.catalogs,
            "groups": self.groups,
            "orders": self.orders,
        }
        rest: dict[str, Any] = {
            "catalog_of": {str(company): catalog for company, catalog in self.catalog_of.items()},
            "credit_history": self.credit_history,
            "passwords": {str(id_): count for id_, count in self.passwords.items()},
            "mails": self.outbox.mails,
        }
        return {name: [table[id_] for id_ in sorted(table)] for name, table in tables.items()} | rest


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d %H:%M:%S")


def store_of(store_id: int) -> Record | None:
    return next((dict(one) for one in furniture.STORES if one["id"] == store_id), None)


def store_by_code(code: str) -> Record | None:
    return next((dict(one) for one in furniture.STORES if one["code"] == code), None)


def website_of(website_id: int) -> Record | None:
    return next((dict(one) for one in furniture.WEBSITES if one["id"] == website_id), None)


def _table(rows: tuple[Record, ...], id_: str = "id") -> Table:
    return {row[id_]: copy.deepcopy(row) for row in rows}
