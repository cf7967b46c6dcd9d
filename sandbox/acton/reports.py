"""What is known about one contact: scores, activity, segments."""

from __future__ import annotations

from typing import Any

from sandbox.acton import refusals
from sandbox.acton.account import Account, Contact
from sandbox.acton.call import Call
from sandbox.acton.contacts import of_email


def read(call: Call, by: str) -> Any:
    """404 for nobody."""
    account, id = call.account, call.at["id"]
    found = account.contacts.get(id) if by == "id" else next(of_email(account, id), None)
    if found is None or call.at["what"] not in REPORTS:
        raise refusals.bare(404)
    return REPORTS[call.at["what"]](account, found)


def _scores(account: Account, contact: Contact) -> Any:
    return {"scores": [{"name": "Act-On Score", "score": contact.get("actonPrimaryScore", 0)}]}


def _activity(account: Account, contact: Contact) -> Any:
    return {"activitylist": account.activity.get(str(contact.get("email", "")).casefold(), [])}


def _segments(account: Account, contact: Contact) -> Any:
    held = [one for one in account.segments.values() if contact["id"] in one.contacts]
    return {"segments": [{"id": one.id, "name": one.name} for one in held]}


REPORTS = {"scores": _scores, "activity": _activity, "segments": _segments}
