"""Opt-outs, bounces and complaints by address, and subscription categories: a store apart from all records."""

from __future__ import annotations

from typing import Any

from sandbox.acton import refusals
from sandbox.acton.account import Account
from sandbox.acton.call import Call
from sandbox.acton.schema import fits

PAGE = 1000


def browse(call: Call, store: str) -> Any:
    """A page; how many there are in all is never said. Times are in milliseconds."""
    held: Any = getattr(call.account, store)
    rows = list(held.values() if isinstance(held, dict) else held)
    after, before = call.number("createdafter", 0), call.number("createdbefore", 1 << 62)
    found = [one for one in rows if after <= one["timestamp"] <= before]
    offset, count = call.number("offset", 0), min(call.number("count", PAGE), PAGE)
    return {"offset": offset, "count": count, "totalCount": -1, "result": found[offset : offset + count]}


def opt_out(call: Call) -> Any:
    """A CSV with one column of addresses, with or without a heading; partly failing is still a success."""
    addresses = _addresses(call)
    good = [one for one in addresses if one and fits("EMAIL", one)]
    bad = [one for one in addresses if one and not fits("EMAIL", one)]
    for email in good:
        leave_all(call.account, email, "API")
    return _counted(call, bad, len(good), len(addresses) - len(good) - len(bad))


def opt_in(call: Call) -> Any:
    """Undo, where the account may."""
    if not call.account.options.optin_enabled:
        raise refusals.gateway(403, "Forbidden", "The feature is not enabled for this account")
    addresses = _addresses(call)
    for email in addresses:
        call.account.opt_outs.pop(email.casefold(), None)
    return _counted(call, [], len(addresses), 0)


def leave_all(account: Account, email: str, origin: str) -> None:
    """Opt an address out; the first time stands."""
    row = {"email": email, "timestamp": account.millis(), "origin": origin}
    account.opt_outs.setdefault(email.casefold(), row)


def _addresses(call: Call) -> list[str]:
    rows = call.form().rows()
    if rows is None:
        raise refusals.listed(refusals.MISSING_FILE, "Input file missing")
    if any(len(row) != 1 for row in rows):
        raise refusals.no_column()
    found = [row[0].strip() for row in rows]
    return found[1:] if found and "@" not in found[0] else found


def _counted(call: Call, bad: list[str], good: int, empty: int) -> dict[str, Any]:
    name = f"rejected-{len(call.account.rejected) + 1}.csv"
    call.account.rejected[name] = [{"email": one, "reason": "Invalid email"} for one in bad]
    return {
        "status": "success",
        "message": f"{len(bad)} invalid records. {good} valid records processed.",
        "emptyRecords": empty,
        "rejectedRecords": len(bad),
        "rejectedRecordsUrl": f"/api/1/list/rejectedUploadRecords?filename={name}" if bad else "",
    }


# -- subscription categories


def categories(call: Call) -> Any:
    return {"result": [{"name": name} for name in call.account.categories]}


def left(call: Call) -> Any:
    """Addresses that left a category."""
    addresses = sorted(_category(call, call.query.get("category", "")))
    offset, count = call.number("offset", 0), min(call.number("count", PAGE), PAGE)
    rows = [{"email": one} for one in addresses[offset : offset + count]]
    return {"offset": offset, "count": count, "totalCount": -1, "result": rows}


def leave(call: Call) -> Any:
    form = call.form()
    email, name, action = (form.text(key) for key in ("email", "category", "action"))
    addresses = _category(call, name)
    if not fits("EMAIL", email) or not email or action not in ("optin", "optout"):
        raise refusals.no_contact()
    if action == "optout":
        addresses.add(email.casefold())
        return {"status": "success", "message": f"OptOut entry added for subscription category : {name}"}
    addresses.discard(email.casefold())
    return {"status": "success", "message": f"OptIn entry added for subscription category : {name}"}


def set_all(call: Call) -> Any:
    """The full set: an address leaves every category that is not named."""
    form = call.form()
    email, wanted = form.text("email").casefold(), form.all("category")
    if not email or not fits("EMAIL", email):
        raise refusals.no_contact()
    for name in wanted:
        _category(call, name)
    for name, addresses in call.account.categories.items():
        (addresses.discard if name in wanted else addresses.add)(email)
    return {"status": "success", "message": "Subscription categories are set"}


def _category(call: Call, name: str) -> set[str]:
    found = call.account.categories.get(name)
    if found is None:
        raise refusals.listed(refusals.NO_ID, "Invalid subscription category")
    return found
