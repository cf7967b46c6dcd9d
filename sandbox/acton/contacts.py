"""All Contacts: reading, writing and deleting contacts; several may share an address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.acton import refusals
from sandbox.acton.account import Account, Contact
from sandbox.acton.call import Call
from sandbox.acton.schema import STANDARD, fits

IDENTITY = ("externalId", "objectType")
READ_ONLY = ("actonPrimaryScore", "createdDate", "updatedDate", "legacyRecordId")
POLICIES = (
    "OLDEST_CONTACT", "NEWEST_CONTACT", "ADD_NEW_CONTACT", "ALL_CONTACTS", "SKIP_EXISTING_CONTACT", "SKIP_NEW_CONTACT",
)  # fmt: skip
METHODS = ("EMAIL", "EXTERNAL_ID")


# -- reading


def browse(call: Call) -> Any:
    """A page of contacts, in an order of their own; filters are in seconds."""
    page, size = call.number("page", 0), call.number("pageSize", 50, least=1)
    found = [one for one in call.account.contacts.values() if _passes(call, one)]
    shown = [rendered(one) for one in found[page * size : (page + 1) * size]]
    return {"page": page, "pageSize": size, "totalCount": len(found), "contacts": shown}


def by_fields(call: Call) -> Any:
    """A page of contacts with the named columns only: a reading in spite of its POST."""
    names = {name.casefold() for name in call.texts()}
    columns = {one.name.casefold(): one for one in call.account.columns.values()}
    known = {"e-mail address": columns["email"], **columns}
    if unknown := names - known.keys():
        raise refusals.bad() if unknown else refusals.bare(500)
    keys = {mapping: key for key, (_, _, mapping) in STANDARD.items()}
    answer = browse(call)
    for at, one in enumerate(answer["contacts"]):
        chosen = [known[name] for name in sorted(names)]
        standard = {keys[c.mapping]: one.get(keys[c.mapping]) for c in chosen if c.mapping in keys}
        answer["contacts"][at] = {"id": one["id"], **standard}
    return answer


def read_id(call: Call) -> Any:
    return rendered(_by_id(call))


def read_email(call: Call) -> Any:
    return rendered(_first(of_email(call.account, call.at["email"])))


def read_external(call: Call) -> Any:
    return rendered(_first(_of_external(call)))


# -- writing


def create(call: Call) -> Any:
    """A new contact; 409 when the method's key is taken."""
    method = call.query.get("createContactMethod", "EMAIL")
    if method not in METHODS:
        raise refusals.bad()
    values = checked(call.account, call.members(), new=True)
    if method == "EXTERNAL_ID":
        if not values.get("externalId") or not values.get("objectType"):
            raise refusals.bad()
        taken = _of_key(call.account, values["objectType"], values["externalId"])
    else:
        taken = of_email(call.account, values["email"])
    if any(True for _ in taken):
        raise refusals.bare(409)
    return rendered(add(call.account, values))


def put_id(call: Call) -> Any:
    contact = _by_id(call)
    return rendered(change(call.account, contact, checked(call.account, call.members())))


def put_email(call: Call) -> Any:
    """Upsert by address."""
    values = checked(call.account, {"email": call.at["email"], **call.members()}, new=True)
    return _upsert(call, list(of_email(call.account, call.at["email"])), values)


def put_external(call: Call) -> Any:
    """Upsert by external id; where nobody has it, whoever has the address gets it."""
    key = {"externalId": call.at["externalId"], "objectType": call.at["objectType"]}
    given = call.members()
    if any(given.get(name, value) != value for name, value in key.items()):
        raise refusals.bad()
    values = checked(call.account, {**given, **key}, new=True)
    found = list(_of_external(call)) or list(of_email(call.account, values["email"]))
    return _upsert(call, found, values)


def _upsert(call: Call, found: list[Contact], values: dict[str, Any]) -> Any:
    policy = call.query.get("upsertContactPolicy", "OLDEST_CONTACT")
    if policy not in POLICIES:
        raise refusals.bad()
    if (not found and policy != "SKIP_NEW_CONTACT") or policy == "ADD_NEW_CONTACT":
        return rendered(add(call.account, values))
    if not found or policy == "SKIP_EXISTING_CONTACT":
        return {}
    chosen = found if policy == "ALL_CONTACTS" else found[-1:] if policy == "NEWEST_CONTACT" else found[:1]
    changed = [change(call.account, one, values) for one in chosen]
    return rendered(changed[0])


# -- deleting


def delete_email(call: Call) -> Any:
    return remove(call.account, [_first(of_email(call.account, call.at["email"]))])


def delete_external(call: Call) -> Any:
    return remove(call.account, [_first(_of_external(call))])


def delete_ids(call: Call) -> Any:
    """Several at once; ids of nobody are passed over."""
    wanted = call.texts()
    return remove(call.account, [call.account.contacts[id] for id in wanted if id in call.account.contacts])


def delete_emails(call: Call) -> Any:
    wanted = call.texts()
    return remove(call.account, [one for email in wanted for one in of_email(call.account, email)])


def remove(account: Account, found: Iterable[Contact]) -> dict[str, Any]:
    """Final; their segments forget them, the opt-out store does not."""
    ids = [one["id"] for one in found]
    for id in ids:
        account.contacts.pop(id, None)
    for segment in account.segments.values():
        segment.contacts = [id for id in segment.contacts if id not in ids]
    return {"deletedCount": len(ids)}


# -- records


def add(account: Account, values: dict[str, Any], id: str = "") -> Contact:
    """Keep a new contact."""
    now = account.seconds()
    contact = {"id": id or account.contact_id(), **values, "createdDate": now, "updatedDate": now}
    contact.setdefault("customFields", {})
    account.contacts[contact["id"]] = contact
    return contact


def change(account: Account, contact: Contact, values: dict[str, Any]) -> Contact:
    """Lay values over a contact; by an option what is not named is cleared."""
    if account.options.put_replaces:
        for name in [*STANDARD, *IDENTITY]:
            if name != "email" and name not in values:
                contact.pop(name, None)
        contact["customFields"] = {}
    custom = {**contact["customFields"], **values.get("customFields", {})}
    contact.update(values)
    contact["customFields"] = custom
    contact["updatedDate"] = account.seconds()
    return contact


def checked(account: Account, given: dict[str, Any], *, new: bool = False) -> dict[str, Any]:
    """The values of a write, or 400: unknown and read-only names, wrong types, no address."""
    known = {*STANDARD, *IDENTITY, "customFields"}
    if not given.keys() <= known:
        raise refusals.bad()
    for name, value in given.items():
        if name in STANDARD and not fits(STANDARD[name][1], value):
            raise refusals.bad()
        if name in IDENTITY and not isinstance(value, str):
            raise refusals.bad()
    if (new or "email" in given) and not given.get("email"):
        raise refusals.bad()
    _check_custom(account, given.get("customFields", {}))
    return given


def _check_custom(account: Account, custom: Any) -> None:
    own = {str(one.index): one for one in account.columns.values() if one.own}
    if not isinstance(custom, dict) or not custom.keys() <= own.keys():
        raise refusals.bad()
    for index, value in custom.items():
        if own[index].readonly or not fits(own[index].type, value):
            raise refusals.bad()


def rendered(contact: Contact) -> Contact:
    """As it goes out: cleared values are not shown."""
    shown = {name: value for name, value in contact.items() if value not in ("", None)}
    custom = {name: value for name, value in contact["customFields"].items() if value not in ("", None)}
    return {**shown, "customFields": custom}


def of_email(account: Account, email: str) -> Iterator[Contact]:
    """Contacts with an address, the oldest first; letter case does not matter."""
    wanted = email.casefold()
    return (one for one in account.contacts.values() if str(one.get("email", "")).casefold() == wanted)


def _of_external(call: Call) -> Iterator[Contact]:
    return _of_key(call.account, call.at["objectType"], call.at["externalId"])


def _of_key(account: Account, type_: str, id: str) -> Iterator[Contact]:
    return (one for one in account.contacts.values() if one.get("externalId") == id and one.get("objectType") == type_)


def _by_id(call: Call) -> Contact:
    contact = call.account.contacts.get(call.at["id"])
    if contact is None:
        raise refusals.bare(404)
    return contact


def _first(found: Iterator[Contact]) -> Contact:
    contact = next(found, None)
    if contact is None:
        raise refusals.bare(404)
    return contact


def _passes(call: Call, contact: Contact) -> bool:
    for name, value in (("updated", contact["updatedDate"]), ("created", contact["createdDate"])):
        if f"{name}After" in call.query and value < call.number(f"{name}After", 0):
            return False
        if f"{name}Before" in call.query and value > call.number(f"{name}Before", 0):
            return False
    return True
