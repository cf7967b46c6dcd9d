"""One accepted request on its way through a handler."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.stripe import refusals
from sandbox.stripe.account import Account, Cause
from sandbox.stripe.collection import Collection, Record
from sandbox.stripe.form import Tree
from sandbox.stripe.kinds import Group


@dataclass(slots=True)
class Call:
    """What a handler needs to know of the request; `begun` decides what its idempotency key keeps."""

    account: Account
    at: dict[str, str]  # ids in the path
    params: Tree
    version: str
    request_id: str
    key: str | None = None
    begun: bool = field(default=False)

    @property
    def cause(self) -> Cause:
        """For the events of this request."""
        return Cause(self.request_id, self.key)

    def read(self, schema: Group) -> dict[str, Any]:
        """The validated parameters; after this the request counts as begun."""
        values = schema.read(self.params, "") or {}
        if "starting_after" in values and "ending_before" in values:
            raise refusals.exclusive("starting_after", "ending_before")
        self.begun = True
        return values

    def found(self, collection: Collection, param: str = "id") -> Record:
        """The record that the path's id names."""
        record = collection.get(self.at["id"])
        if record is None:
            raise refusals.missing(collection.noun, self.at["id"], param)
        return record

    def given(self, collection: Collection, identifier: str, param: str) -> Record:
        """The record that a parameter names."""
        record = collection.get(identifier)
        if record is None:
            raise refusals.missing(collection.noun, identifier, param, in_path=False)
        return record


def listing(url: str, rows: list[Record], *, has_more: bool = False) -> Record:
    """The vendor's list envelope."""
    return {"object": "list", "data": rows, "has_more": has_more, "url": url}
