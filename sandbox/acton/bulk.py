"""Uploads into legacy lists: new lists, and merges into old ones that pass over blanks unless told otherwise."""

from __future__ import annotations

import json
from typing import Any

from sandbox.acton import refusals
from sandbox.acton.account import Account, LegacyList
from sandbox.acton.call import Call
from sandbox.acton.jobs import stage, started
from sandbox.acton.listed import EMAIL_HEADING, add_record, found_list, set_record
from sandbox.acton.multipart import Form

MODES = ("APPEND", "APPEND_NO_DUPLICATES", "UPSERT", "UPDATE_ONLY", "REPLACE")


def create(call: Call) -> Any:
    """A new list of the file's headings."""
    form = call.form()
    rows = _rows(form)
    if not form.text("listname"):
        raise refusals.no_list()
    headings = rows[0] if form.text("headings", "Y") == "Y" else [f"Column {n + 1}" for n in range(len(rows[0]))]
    held = new_list(call.account, form.text("listname"), headings, folder=form.text("foldername", "Default Folder"))
    lines = rows[1:] if form.text("headings", "Y") == "Y" else rows
    for row in lines:
        add_record(call.account, held, dict(zip(headings, row, strict=False)))
    details = {"status": "ok", "listId": held.id, "appendCount": len(lines), "updateCount": 0}
    return started(call.account, {**details, "failedCount": 0, "rejectedCount": 0})


def merge(call: Call) -> Any:
    """Lay a file's rows over a list, by a heading."""
    held, form = found_list(call), call.form()
    rows = _rows(form)
    spec = _spec(form)
    if spec.get("dstListId", held.id) != held.id:
        raise refusals.listed(refusals.NO_MERGE_LIST, "Invalid merge destination")
    mode, key = spec.get("mergeMode", "UPSERT"), spec.get("mergeKeyHeading", EMAIL_HEADING)
    headings = rows[0]
    if mode not in MODES or key not in headings or key not in held.headings:
        raise refusals.listed(refusals.NO_MERGE_COLUMN, "Merge column missing")
    if not set(headings) <= set(held.headings):
        raise refusals.no_column()
    if mode == "REPLACE":
        held.records.clear()
    blanks = form.text("putEmptyValues", "N") == "Y"
    counts = {"appendCount": 0, "updateCount": 0, "failedCount": 0, "rejectedCount": 0}
    for row in rows[1:]:
        counts[_merge_one(call.account, held, dict(zip(headings, row, strict=False)), key, mode, blanks)] += 1
    return started(call.account, {"status": "ok", "listId": held.id, **counts})


def status(call: Call) -> Any:
    job = call.account.jobs.get(call.at["job"])
    if job is None:
        raise refusals.listed(refusals.NO_JOB, "Job id is invalid or expired")
    now = stage(call.account, job)
    if now != "done":
        return {"status": f"The job is {now}"}
    return {"status": "success", "details": job.details}


def rejected(call: Call) -> Any:
    found = call.account.rejected.get(call.query.get("filename", ""))
    if found is None:
        raise refusals.listed(refusals.MISSING_FILE, "Input file missing")
    return {"result": found}


def new_list(account: Account, name: str, headings: list[str], *, id: str = "", folder: str = "") -> LegacyList:
    """Keep a new list."""
    held = LegacyList(id or f"l-{len(account.lists) + 1:04}", name, folder or "Default Folder", list(headings))
    held.modified = account.millis()
    account.lists[held.id] = held
    return held


def _merge_one(
    account: Account, held: LegacyList, row: dict[str, str], key: str, mode: str, blanks: bool
) -> str:  # fmt: skip
    if not row.get(key):
        return "rejectedCount"
    wanted = row[key].casefold()
    same = [one for one in held.records.values() if one.values.get(key, "").casefold() == wanted]
    if mode in ("APPEND", "REPLACE") or (not same and mode != "UPDATE_ONLY"):
        add_record(account, held, row)
        return "appendCount"
    if not same or mode == "APPEND_NO_DUPLICATES":
        return "rejectedCount"
    values = row if blanks else {name: value for name, value in row.items() if value}
    set_record(account, held, same[0], values)
    return "updateCount"


def _rows(form: Form) -> list[list[str]]:
    rows = form.rows()
    if not rows:
        raise refusals.listed(refusals.MISSING_FILE, "Input file missing")
    return rows


def _spec(form: Form) -> dict[str, Any]:
    try:
        found = json.loads(form.text("mergespecs", "[{}]"))
    except ValueError:
        found = None
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], dict):
        raise refusals.listed(refusals.NO_MERGE_LIST, "Invalid merge destination")
    return found[0]
