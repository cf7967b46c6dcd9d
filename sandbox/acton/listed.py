"""Legacy lists: positional rows under headings that their users change; one address may stand in many rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sandbox.acton import refusals
from sandbox.acton.account import Account, LegacyList, ListRecord
from sandbox.acton.call import Call

ID = "_contact_id_"
EMAIL_HEADING = "E-mail Address"
SYSTEM_NAMES = {"EMAIL": EMAIL_HEADING, "FIRSTNAME": "First Name", "LASTNAME": "Last Name"}
PAGE, COLUMNS, AT_ONCE = 1000, 255, 100
DATES = ("__created_date", "__modified_date")


# -- lists


def browse(call: Call) -> Any:
    """All lists, page by page; the size comes as text."""
    kind = call.query.get("listingtype", "contact_list").lower()
    rows = [
        {"id": one.id, "name": one.name, "folderName": one.folder, "tsLastModified": one.modified, "bIsList": True,
         "sourceSize": str(len(one.records))}
        for one in call.account.lists.values()
    ]  # fmt: skip
    found = rows if kind == "contact_list" else []
    offset, count = call.number("offset", 0), min(call.number("count", PAGE), PAGE)
    page = found[offset : offset + count]
    return {"offset": offset, "count": len(page), "totalCount": len(found), "result": page}


def delete_list(call: Call) -> Any:
    del call.account.lists[found_list(call).id]
    return {"status": "success", "message": "List deleted"}


def download(call: Call) -> Any:
    """A page of rows, each value at its heading's place in this very answer."""
    held = found_list(call)
    headings = _asked(call, held)
    held.shown += 1
    if call.account.options.shuffle_headings and headings:
        turn = held.shown % len(headings)
        headings = headings[turn:] + headings[:turn]
    rows = [one for one in held.records.values() if _passes(call, one)]
    offset, count = call.number("offset", 0), min(call.number("count", PAGE), PAGE)
    page = rows[offset : offset + count]
    dates = call.query.get("datequalifiers") == "true"
    data = [[one.id, *(one.values.get(name, "") for name in headings), *(_dates(one) if dates else ())] for one in page]
    names = [ID, *headings, *(DATES if dates else ())]
    if call.query.get("responseformat", "JSON").upper() == "CSV":
        return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in [names, *data])
    email = names.index(EMAIL_HEADING) if EMAIL_HEADING in names else -1
    return {
        "listId": held.id, "offset": offset, "count": len(page), "totalCount": len(rows), "emailColumn": email,
        "headers": names, "data": data,
    }  # fmt: skip


def _asked(call: Call, held: LegacyList) -> list[str]:
    fields = call.query.get("fields", "")
    if fields and call.query.get("datequalifiers") == "true":
        raise refusals.listed(refusals.NO_COLUMN, "fields and datequalifiers cannot be combined")
    wanted = [one.strip() for one in fields.split(";") if one.strip()]
    if any(one not in held.headings for one in wanted):
        raise refusals.no_column()
    return (wanted or list(held.headings))[:COLUMNS]


def _dates(record: ListRecord) -> tuple[str, str]:
    return str(record.created), str(record.modified)


def _passes(call: Call, record: ListRecord) -> bool:
    for name, value in (("mod", record.modified), ("created", record.created)):
        if value < call.number(f"{name}after", 0) or value > call.number(f"{name}before", 1 << 62):
            return False
    return True


# -- records


def insert(call: Call) -> Any:
    """Always one more row, also for an address that is there."""
    held = found_list(call)
    record = add_record(call.account, held, _values(call, held))
    return {"status": "success", "message": "Record inserted", "id": record.id, "contact_id": record.id}


def upsert(call: Call) -> Any:
    """The first row with the address, else a new one."""
    held = found_list(call)
    email = call.query.get("email", "")
    if not email:
        raise refusals.no_contact()
    values = _values(call, held)
    record = first_of(held, email)
    if record is None:
        record = add_record(call.account, held, {EMAIL_HEADING: email, **values})
        said = "Record inserted"
    else:
        set_record(call.account, held, record, values)
        said = "Record updated"
    return {"status": "success", "message": said, "id": record.id, "contact_id": record.id}


def read(call: Call) -> Any:
    """Bare values without headings."""
    held = found_list(call)
    record = _record(call, held)
    return [record.id, *(record.values.get(name, "") for name in held.headings)]


def update(call: Call) -> Any:
    held = found_list(call)
    record = _record(call, held)
    set_record(call.account, held, record, _values(call, held))
    return {"status": "success", "message": "Record updated"}


def delete(call: Call) -> Any:
    held = found_list(call)
    del held.records[_record(call, held).id]
    return {"status": "success", "message": "Record deleted"}


def delete_several(call: Call) -> Any:
    """At most a hundred; some may fail and the answer is a success all the same."""
    held = found_list(call)
    ids = [one for one in call.query.get("contactids", "").split(",") if one]
    if not ids or len(ids) > AT_ONCE:
        raise refusals.listed(refusals.NO_ID, "Invalid contact ids")
    bad = [id for id in ids if held.records.pop(id, None) is None]
    failed = [{"id": id, "reason": "Invalid contact id"} for id in bad]
    return {"success_count": len(ids) - len(bad), "fail_count": len(bad), "failedList": failed}


def look_up(call: Call) -> Any:
    """A row by its headings, the first with the address."""
    return _looked_up(call, [found_list(call)])


def look_up_anywhere(call: Call) -> Any:
    return _looked_up(call, list(call.account.lists.values()))


def _looked_up(call: Call, lists: list[LegacyList]) -> Any:
    email = call.query.get("email", "")
    for held in lists:
        record = first_of(held, email) if email else None
        if record is not None:
            shown = {name: record.values.get(name, "") for name in held.headings}
            return {"contactID": record.id, **shown, ".tz": ""}
    if call.account.options.lookup_miss == "empty":
        return {}
    raise refusals.no_contact()


def facts(call: Call) -> Any:
    """What the person behind a row did."""
    record = _record(call, found_list(call))
    email = record.values.get(EMAIL_HEADING, "").casefold()
    activity = call.account.activity.get(email, [])
    scores = [one.get("actonPrimaryScore", 0) for one in call.account.contacts.values() if one.get("email") == email]
    return {"activity": {"score": max(scores, default=0)}, "activitylist": activity}


# -- what others use too


def found_list(call: Call) -> LegacyList:
    held = call.account.lists.get(call.at["list"])
    if held is None:
        raise refusals.no_list()
    return held


def add_record(account: Account, held: LegacyList, values: dict[str, str]) -> ListRecord:
    now = account.millis()
    record = ListRecord(f"{held.id}:{held.made:x}", values, now, now)
    held.made += 1
    held.records[record.id] = record
    held.modified = now
    return record


def set_record(account: Account, held: LegacyList, record: ListRecord, values: dict[str, str]) -> None:
    record.values.update(values)
    record.modified = held.modified = account.millis()


def first_of(held: LegacyList, email: str) -> ListRecord | None:
    wanted = email.casefold()
    return next(_with(held, wanted), None)


def _with(held: LegacyList, wanted: str) -> Iterator[ListRecord]:
    return (one for one in held.records.values() if one.values.get(EMAIL_HEADING, "").casefold() == wanted)


def _record(call: Call, held: LegacyList) -> ListRecord:
    record = held.records.get(call.at["record"])
    if record is None:
        raise refusals.no_contact()
    return record


def _values(call: Call, held: LegacyList) -> dict[str, str]:
    """A JSON object of texts, by heading or system name."""
    try:
        given = json.loads(call.body)
    except ValueError:
        raise refusals.no_column() from None
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        raise refusals.no_column()
    values: dict[str, str] = {SYSTEM_NAMES.get(str(name), str(name)): value for name, value in given.items()}
    if not values.keys() <= set(held.headings):
        raise refusals.no_column()
    return values
