"""The stand-in as the framework sees it: app, settings, seed, reset, dump, and people at their screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.acton import bulk, columns, consent, contacts, listed, segments
from sandbox.acton.account import ACCOUNT_ID, Account
from sandbox.acton.app import ActOnApp
from sandbox.acton.login import CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME, Logins
from sandbox.acton.refusals import Refusal
from sandbox.clock import Clock

QUIET = ("actonPrimaryScore",)  # what changes without the contact's updatedDate


class ActOn:
    """One account behind one port."""

    name = "acton"

    def __init__(self, clock: Clock, seed: int) -> None:
        self._clock = clock
        self.logins = Logins(clock, seed)
        self.account = Account(clock)
        self.app = ActOnApp(lambda: self.account, self.logins)
        self.settings = {
            "account_id": ACCOUNT_ID,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "username": USERNAME,
            "password": PASSWORD,
        }

    def seed(self, data: dict[str, Any]) -> None:
        """fields, contacts, segments, lists, optouts, hardbounces, spamcomplaints, categories, activity."""
        unknown = data.keys() - SEEDS.keys()
        if unknown:
            raise ValueError(f"unknown seeds: {', '.join(sorted(unknown))}; known: {', '.join(SEEDS)}")
        for name, plant in SEEDS.items():  # columns come before the contacts that use them
            for one in data.get(name, []):
                try:
                    plant(self.account, one)
                except Refusal:
                    raise ValueError(f"{name}: the account does not take {one}") from None

    def configure(self, data: dict[str, Any]) -> None:
        """Options of the account; `edit` is a change that a person makes in the user interface."""
        self.account.options.change({name: value for name, value in data.items() if name != "edit"})
        for kind, by_id in data.get("edit", {}).items():
            if kind not in EDITS:
                raise ValueError(f"nobody can edit '{kind}'; known: {', '.join(EDITS)}")
            for id, values in by_id.items():
                EDITS[kind](self.account, id, values)

    def reset(self) -> None:
        """An empty account with the same id streams; logins go on, their hour starts anew."""
        self.account = Account(self._clock)
        self.logins.calls.clear()

    def dump(self) -> dict[str, Any]:
        """Everything the account holds."""
        return self.account.dump()

    def control(self, order: dict[str, Any]) -> Any | None:
        """Orders of this system alone; None: not one of ours."""
        if order.get("do") == "delete":
            place = order["data"]
            if place["type"] != "contact" or place["id"] not in self.account.contacts:
                raise ValueError(f"there is no {place['type']} {place['id']}")
            return contacts.remove(self.account, [self.account.contacts[place["id"]]])
        if order.get("do") == "revoke_tokens":
            (self.logins.forget_all if order.get("all") else self.logins.forget_access)()
            return {"revoked": True}
        return None


# -- seeds


def _seed_field(account: Account, one: dict[str, Any]) -> None:
    columns.add(account, one)


def _seed_contact(account: Account, one: dict[str, Any]) -> None:
    """Custom fields may be told by the names of their columns."""
    own = {column.name: str(column.index) for column in account.columns.values() if column.own}
    quiet = {name: one[name] for name in contacts.READ_ONLY if name in one}
    told = {name: value for name, value in one.items() if name not in (*quiet, "id", "customFields")}
    custom = {own.get(name, name): value for name, value in one.get("customFields", {}).items()}
    values = contacts.checked(account, {**told, "customFields": custom}, new=True)
    contacts.add(account, values, one.get("id", "")).update(quiet)


def _seed_segment(account: Account, one: dict[str, Any]) -> None:
    segment = segments.add(account, one["name"], direct=one.get("direct", True), id=one.get("id", 0))
    segment.contacts = list(one.get("contacts", []))


def _seed_list(account: Account, one: dict[str, Any]) -> None:
    held = bulk.new_list(account, one.get("name", ""), one["headings"], id=one.get("id", ""))
    for values in one.get("records", []):
        listed.add_record(account, held, dict(values))


def _seed_opt_out(account: Account, one: dict[str, Any]) -> None:
    row = {"email": one["email"], "timestamp": account.millis(), "origin": "EMAIL", **one}
    account.opt_outs[one["email"].casefold()] = row


def _seed_bounce(account: Account, one: dict[str, Any]) -> None:
    account.bounces.append({"timestamp": account.millis(), "origin": "EMAIL", **one})


def _seed_complaint(account: Account, one: dict[str, Any]) -> None:
    account.complaints.append({"timestamp": account.millis(), "origin": "EMAIL", **one})


def _seed_category(account: Account, one: str) -> None:
    account.categories[one] = set()


def _seed_activity(account: Account, one: dict[str, Any]) -> None:
    account.activity.setdefault(one["email"].casefold(), []).append(one["fact"])


SEEDS: dict[str, Callable[[Account, Any], None]] = {
    "fields": _seed_field,
    "contacts": _seed_contact,
    "segments": _seed_segment,
    "lists": _seed_list,
    "optouts": _seed_opt_out,
    "hardbounces": _seed_bounce,
    "spamcomplaints": _seed_complaint,
    "categories": _seed_category,
    "activity": _seed_activity,
}


# -- people at their screens


def _edit_contact(account: Account, id: str, values: dict[str, Any]) -> None:
    """Custom fields by the names of their columns; a score is what the system counts, not a person's edit."""
    if id not in account.contacts:
        raise ValueError(f"there is no contact {id}")
    contact = account.contacts[id]
    own = {column.name: str(column.index) for column in account.columns.values() if column.own}
    quiet = {name: value for name, value in values.items() if name in QUIET}
    custom = {own[name]: value for name, value in values.items() if name in own}
    loud = {name: value for name, value in values.items() if name not in quiet and name not in own}
    contact.update(quiet)
    if account.options.scores_stamp and quiet:
        contact["updatedDate"] = account.seconds()
    if loud or custom:
        try:
            given = contacts.checked(account, {**loud, "customFields": custom})
        except Refusal:
            raise ValueError(f"the account does not take {values}") from None
        replaces, account.options.put_replaces = account.options.put_replaces, False
        contacts.change(account, contact, given)
        account.options.put_replaces = replaces


def _edit_opt_out(account: Account, email: str, out: Any) -> None:
    """True: the person left by a link in a mail; False: came back."""
    if out:
        consent.leave_all(account, email, "EMAIL")
    else:
        account.opt_outs.pop(email.casefold(), None)


def _edit_list(account: Account, id: str, values: dict[str, Any]) -> None:
    """New headings: {old: new}; the rows keep their values, and columns come in the order given."""
    held = account.lists[id]
    renamed = values.get("headings", {})
    held.headings = [renamed.get(name, name) for name in held.headings]
    for record in held.records.values():
        record.values = {renamed.get(name, name): value for name, value in record.values.items()}
    order = values.get("order")
    if order:
        held.headings = list(order)


def _edit_segment(account: Account, id: str, values: dict[str, Any]) -> None:
    """Somebody fills it by hand."""
    account.segments[int(id)].contacts = list(values["contacts"])


EDITS: dict[str, Callable[[Account, str, Any], None]] = {
    "contact": _edit_contact,
    "optout": _edit_opt_out,
    "list": _edit_list,
    "segment": _edit_segment,
}
