"""Merging two customers, as Entity Duplicate Resolution does it in the user interface."""

from __future__ import annotations

from typing import Any

from .account import Account, Record
from .writing import find

MOVED = {"contact": "company", "customer": "parent", "opportunity": "entity", "invoice": "entity"}
COPIED = (
    "email",
    "phone",
    "mobilePhone",
    "fax",
    "url",
    "comments",
    "salesRep",
    "territory",
    "category",
    "terms",
)


def merge(account: Account, loser_id: str, winner_id: str) -> dict[str, Any]:
    """The winner keeps its values and fills its gaps; the loser's id is gone for good."""
    loser, winner = find(account, "customer", loser_id), find(account, "customer", winner_id)
    moved = [_move(account, child, winner.id) for child in list(account.references_to(loser)) if child.id != winner.id]
    account.remove(loser, "Merge")
    kept = winner.copy()
    for name in COPIED:
        if name not in kept.values and name in loser.values:
            kept.values[name] = loser.values[name]
    kept.values["addressBook"] = kept.values["addressBook"] + [
        {**line, "defaultBilling": False, "defaultShipping": False} for line in loser.values["addressBook"]
    ]
    if kept.values.get("parent") == loser.id:
        del kept.values["parent"]
    _save(account, kept)
    return {"into": winner.id, "moved": moved}


def _move(account: Account, child: Record, winner_id: str) -> str:
    moved = child.copy()
    moved.values[MOVED[child.type]] = winner_id
    _save(account, moved)
    return f"{child.type}/{child.id}"


def _save(account: Account, record: Record) -> None:
    record.values["lastModifiedDate"] = account.now()
    account.put(record)
