"""Imports into the contact store: a definition, rows, a status."""

from __future__ import annotations

from typing import Any

from sandbox.acton import refusals
from sandbox.acton.account import ACCOUNT_ID, Job
from sandbox.acton.call import Call
from sandbox.acton.contacts import POLICIES, add, change, checked, of_email
from sandbox.acton.jobs import stage


def define(call: Call) -> Any:
    """Column names of the rows to come -> body keys, and what to do with who is there."""
    given = call.members()
    mapping, policy = given.get("columnMapping"), given.get("upsertContactPolicy", "OLDEST_CONTACT")
    if not isinstance(mapping, dict) or policy not in POLICIES:
        raise refusals.bad()
    id = len(call.account.definitions) + 1
    call.account.definitions[id] = {"mapping": mapping, "policy": policy}
    return {"id": id}


def start(call: Call) -> Any:
    """Each row alone: a bad one is rejected, the others count."""
    key = call.at["definition"]
    definition = call.account.definitions.get(int(key)) if key.isdigit() else None
    if definition is None:
        raise refusals.bare(404)
    rows = call.tree()
    if not isinstance(rows, list):
        raise refusals.bad()
    counts = {"createdCount": 0, "updatedCount": 0, "rejectedCount": 0}
    for row in rows:
        counts[_one(call, definition, row)] += 1
    id = f"i{len(call.account.jobs) + 1}"
    details = {"importDefinitionId": int(key), "submittedCount": len(rows), **counts}
    call.account.jobs[id] = Job(id, call.account.clock.now(), details)
    return {"importId": id}


def status(call: Call) -> Any:
    job = call.account.jobs.get(call.at["id"])
    if job is None:
        raise refusals.bare(404)
    words = {"pending": "PENDING", "running": "RUNNING", "done": "COMPLETED"}
    told = {"accountId": ACCOUNT_ID, "importId": job.id, "importStatus": words[stage(call.account, job)]}
    return {"data": {**told, "errorMessage": None, "unsubmittedCount": 0, "failedCount": 0, **job.details}}


def _one(call: Call, definition: dict[str, Any], row: Any) -> str:
    if not isinstance(row, dict):
        return "rejectedCount"
    values = {definition["mapping"][name]: value for name, value in row.items() if name in definition["mapping"]}
    try:
        values = checked(call.account, values, new=True)
    except refusals.Refusal:
        return "rejectedCount"
    held = next(of_email(call.account, values["email"]), None)
    if held is None:
        add(call.account, values)
        return "createdCount"
    change(call.account, held, values)
    return "updatedCount"
