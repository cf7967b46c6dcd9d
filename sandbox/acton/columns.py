"""The account's catalogue of contact columns, over HTTP."""

from __future__ import annotations

from typing import Any

from sandbox.acton import refusals
from sandbox.acton.account import ACCOUNT_ID, Account
from sandbox.acton.call import Call
from sandbox.acton.schema import FIRST_OWN, MAPPINGS, TYPES, Column

FLAGS = ("required", "hidden", "readonly")


def browse(call: Call) -> Any:
    """Read-only and hidden columns only when asked for."""
    shown = [
        one.shown()
        for one in call.account.columns.values()
        if not (one.hidden and _skips(call, "skipHidden")) and not (one.readonly and _skips(call, "skipReadOnly"))
    ]
    return {"accountId": ACCOUNT_ID, "columns": shown}


def create(call: Call) -> Any:
    given = _checked(call.members())
    if not given.get("name") or not given.get("type"):
        raise refusals.bad()
    if any(one.name.casefold() == given["name"].strip().casefold() for one in call.account.columns.values()):
        raise refusals.bare(409)
    return add(call.account, given).shown()


def update(call: Call) -> Any:
    column = _column(call)
    given = _checked(call.members())
    if given.get("type", column.type) != column.type and column.mapping:
        raise refusals.bad()
    for name in ("name", "type", *FLAGS):
        if name in given:
            setattr(column, name, given[name])
    return column.shown()


def delete(call: Call) -> Any:
    """Its values go with it."""
    column = _column(call)
    if not column.own:
        raise refusals.bad()
    del call.account.columns[column.field_id]
    for contact in call.account.contacts.values():
        contact["customFields"].pop(str(column.index), None)
    return {}


def add(account: Account, given: dict[str, Any]) -> Column:
    """Keep a new column; numbers are never used again."""
    field_id = max(account.columns) + 1
    index = max([FIRST_OWN - 1, *(one.index for one in account.columns.values())]) + 1
    column = Column(field_id, index, given["name"].strip(), given["type"], given.get("standardFieldMapping"))
    for name in FLAGS:
        setattr(column, name, given.get(name, False))
    account.columns[field_id] = column
    return column


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    if not given.keys() <= {"name", "type", "standardFieldMapping", *FLAGS}:
        raise refusals.bad()
    if not isinstance(given.get("name", ""), str) or given.get("type", "TEXT") not in TYPES:
        raise refusals.bad()
    if given.get("standardFieldMapping") not in (None, *MAPPINGS):
        raise refusals.bad()
    if not all(isinstance(given.get(name, False), bool) for name in FLAGS):
        raise refusals.bad()
    return given


def _column(call: Call) -> Column:
    id = call.at["id"]
    column = call.account.columns.get(int(id)) if id.isdigit() else None
    if column is None:
        raise refusals.bare(404)
    return column


def _skips(call: Call, name: str) -> bool:
    return call.query.get(name, "true").lower() != "false"
