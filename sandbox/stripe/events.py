"""The event feed: thirty days of it, newest first, by exact type or by wildcard."""

from __future__ import annotations

from fnmatch import fnmatchcase

from sandbox.stripe import refusals
from sandbox.stripe.account import EVENTS_KEPT_SECONDS, Account
from sandbox.stripe.call import Call, listing
from sandbox.stripe.collection import Record
from sandbox.stripe.kinds import LIST, Boolean, Group, Listing, Text

LISTED = Group(
    {**LIST, "type": Text(), "types": Listing(Text(), most=20), "delivery_success": Boolean()},
)
NOTHING = Group({})


def browse(call: Call) -> Record:
    values = call.read(LISTED)
    if "type" in values and "types" in values:
        raise refusals.exclusive("type", "types")
    account = call.account
    types = values.get("types") or ([values["type"]] if "type" in values else [])
    delivered = values.get("delivery_success")
    failed = set() if delivered is None else account.deliveries.failed()

    def keep(event: Record) -> bool:
        fits = not types or any(fnmatchcase(event["type"], pattern) for pattern in types)
        return fits and (delivered is None or delivered is (event["id"] not in failed))

    rows, has_more = account.events.page(values, keep, since=_oldest(account))
    return listing("/v1/events", rows, has_more=has_more)


def read(call: Call) -> Record:
    call.read(NOTHING)
    event = call.found(call.account.events)
    if event["created"] < _oldest(call.account):
        raise refusals.missing("event", event["id"])
    return event


def _oldest(account: Account) -> int:
    """Older events are kept for nobody but the dump."""
    return account.now - EVENTS_KEPT_SECONDS
