"""Custom touch points: what happened elsewhere, by address. Sent twice, they stand twice."""

from __future__ import annotations

from typing import Any

from sandbox.acton import refusals
from sandbox.acton.call import Call
from sandbox.acton.jobs import started

NAMED = ("CUSTOM_DOWNLOADED", "CUSTOM_REGISTERED", "CUSTOM_ATTENDED", "CUSTOM_GENERAL")
ACTIONS = (*NAMED, *(f"CUSTOM_GENERAL{n}" for n in range(1, 6)))


def one(call: Call) -> Any:
    form = call.form()
    if form.text("customeventaction") not in ACTIONS:
        raise refusals.listed(refusals.NO_ID, "Invalid custom event action")
    if not form.text("email"):
        raise refusals.no_contact()
    call.account.events.append(dict(form.pairs))
    return {"status": "success", "message": "Event added"}


def many(call: Call) -> Any:
    """A CSV whose columns are named by number from zero."""
    form = call.form()
    rows = form.rows()
    if rows is None:
        raise refusals.listed(refusals.MISSING_FILE, "Input file missing")
    if form.text("customeventaction") not in ACTIONS:
        raise refusals.listed(refusals.NO_ID, "Invalid custom event action")
    at = form.text("emailcolidx", "0")
    if not at.isdigit() or any(int(at) >= len(row) for row in rows):
        raise refusals.no_column()
    lines = rows[1:] if form.text("firstrow", "N") == "Y" else rows
    call.account.events += [
        {"email": row[int(at)], "customeventaction": form.text("customeventaction")} for row in lines
    ]
    details = {"status": "ok", "appendCount": len(lines), "failedCount": 0, "rejectedCount": 0}
    return started(call.account, details)
