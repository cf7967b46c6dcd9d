"""Creating and changing records: property names, values, required fields, uniqueness, derived fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .account import Account, Record, name_key
from .catalogue import TYPES, Field
from .choices import CONFIRMED_OPT_IN
from .furniture import DEFAULT_STATUS
from .refusal import bad_reference, missing_values, nonexistent, user_error
from .scripts import run_scripts
from .sublists import unknown_property, write_addresses, write_currencies
from .values import parse

# Documentation samples write these in lower case, the record browser in camel case; both pass.
SPELLINGS = {"addressbook": "addressBook", "currencylist": "currencyList"}
SUBLISTS = ("address_book", "currency_list")


@dataclass(frozen=True, slots=True)
class Manner:
    """How one write is to be read: the request's headers and parameters."""

    names: str = "warning"
    replace: frozenset[str] = frozenset()
    selected: frozenset[str] | None = None
    """replaceSelectedFields=true: only these nulls count."""
    import_stamps: bool = False
    """A seed may say ids, dates and computed values."""
    warnings: list[str] = field(default_factory=list)


SEED = Manner(names="error", import_stamps=True)
EDIT = Manner(names="error", replace=frozenset({"addressbook", "currencylist"}))


def create(account: Account, type_: str, body: Mapping[str, Any], manner: Manner) -> Record:
    kind = TYPES[type_]
    given = body.get("id") if manner.import_stamps else None
    if given is not None and account.id_taken(kind.group, str(given)):
        raise ValueError(f"the id {given} is taken in the group {kind.group}")
    id_ = str(given) if given is not None else account.next_id(kind.group)
    account.reserve_id(kind.group, id_)
    record = Record(type_, id_)
    if "isInactive" in account.fields(type_):
        record.values["isInactive"] = False
    _apply(account, record, body, manner)
    _defaults(account, record)
    return _save(account, record, None, manner)


def update(account: Account, before: Record, body: Mapping[str, Any], manner: Manner) -> Record:
    if before.id in account.options.locked.get(before.type, ()):
        raise user_error("This record has been locked by a user defined workflow.")
    record = before.copy()
    _apply(account, record, body, manner)
    _fixed(account, before, record)
    return _save(account, record, before, manner)


def upsert(account: Account, type_: str, external_id: str, body: Mapping[str, Any], manner: Manner) -> Record:
    """PUT eid: - the only write that may be repeated safely."""
    if body.get("externalId", external_id) != external_id:
        raise bad_reference(body["externalId"], "externalId")
    found = account.by_external_id(TYPES[type_].group, external_id)
    if found is not None and found.type != type_:
        raise user_error("This entity already exists.")
    if found is not None:
        return update(account, found, body, manner)
    return create(account, type_, {**body, "externalId": external_id}, manner)


def delete(account: Account, record: Record, context: str = "REST Web Services") -> None:
    if next(account.references_to(record), None) is not None:
        raise user_error("This record cannot be deleted because it has dependent records.")
    account.remove(record, context)


def find(account: Account, type_: str, key: str) -> Record:
    """The record behind `647` or `eid:X` of a URL."""
    if key.startswith("eid:"):
        found = account.by_external_id(TYPES[type_].group, key[4:])
        found = found if found is not None and found.type == type_ else None
    else:
        found = account.get(type_, key)
    if found is None:
        raise nonexistent()
    return found


def _apply(account: Account, record: Record, body: Mapping[str, Any], manner: Manner) -> None:
    """Body fields first: a sublist may lean on them."""
    fields = account.fields(record.type)
    late: list[tuple[Field, Any]] = []
    for written, value in body.items():
        known = fields.get(SPELLINGS.get(written, written))
        if known is None:
            _unknown(written, manner)
        elif known.kind in SUBLISTS:
            late.append((known, value))
        else:
            _apply_field(account, record, known, value, manner)
    for known, value in late:
        _apply_sublist(account, record, known, value, manner)


def _unknown(name: str, manner: Manner) -> None:
    if name == "links":
        return
    if manner.names == "error":
        raise unknown_property(name)
    if manner.names == "warning":
        manner.warnings.append(name)


def _apply_field(account: Account, record: Record, field: Field, value: Any, manner: Manner) -> None:
    if field.read_only and not manner.import_stamps:
        raise bad_reference(value, field.name)
    if field.name == "id":
        return
    if value is not None:
        record.values[field.name] = parse(account, field, value, field.name)
    elif manner.selected is None or field.name in manner.selected:
        record.values.pop(field.name, None)


def _apply_sublist(account: Account, record: Record, field: Field, value: Any, manner: Manner) -> None:
    replace = field.name.lower() in manner.replace
    before = record.values.get(field.name, [])
    if field.kind == "address_book":
        residential = record.type == "customer"
        if manner.import_stamps and isinstance(value, Mapping):
            value = {"items": [_without_ids(line) for line in value.get("items") or []]}
        record.values[field.name] = write_addresses(account, before, value, replace, residential)
    else:
        primary = record.values.get("currency") or _base_currency(account, record)
        record.values[field.name] = write_currencies(account, before, value, replace, primary)


def _without_ids(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in ("id", "internalId")}


def _base_currency(account: Account, record: Record) -> str:
    subsidiary = account.get("subsidiary", record.values.get("subsidiary", ""))
    return str(subsidiary.values.get("currency", "1")) if subsidiary else "1"


def _defaults(account: Account, record: Record) -> None:
    values = record.values
    if record.type == "customer":
        values.setdefault("isPerson", False)
        values.setdefault("entityStatus", DEFAULT_STATUS)
        values.setdefault("currency", _base_currency(account, record))
        values.setdefault("emailPreference", "DEFAULT")
        values.setdefault("globalSubscriptionStatus", "2")
        values.setdefault("language", "en_US")
        values.setdefault("addressBook", [])
        values.setdefault("balance", 0)
        if values["currency"] not in values.setdefault("currencyList", []):
            values["currencyList"] = [values["currency"], *values["currencyList"]]
        if account.options.auto_numbering and values.get("autoName", True):
            values["entityId"] = account.options.auto_numbering + record.id
    elif record.type == "contact":
        values.setdefault("globalSubscriptionStatus", "2")
        values.setdefault("addressBook", [])
        company = account.get("customer", values.get("company", ""))
        if company is not None and "subsidiary" in company.values:
            values.setdefault("subsidiary", company.values["subsidiary"])


def _fixed(account: Account, before: Record, record: Record) -> None:
    """What cannot change any more once the record stands."""
    if record.type != "customer":
        return
    if before.values["isPerson"] != record.values.get("isPerson"):
        raise bad_reference(record.values.get("isPerson"), "isPerson")
    for name in ("subsidiary", "currency"):
        if before.values.get(name) != record.values.get(name) and account.has_transactions(before):
            raise bad_reference(record.values.get(name), name)


def _save(account: Account, record: Record, before: Record | None, manner: Manner) -> Record:
    if not manner.import_stamps:
        _opted_in(account, record, before)
    _derive(account, record)
    _required(account, record)
    _parent(account, record)
    run_scripts(account, record)
    _unique(account, record)
    now = account.now()
    stamped = record.values if manner.import_stamps else {}
    created = before.values.get("dateCreated", now) if before else stamped.get("dateCreated", now)
    if "dateCreated" in account.fields(record.type):
        record.values["dateCreated"] = created
    record.values["lastModifiedDate"] = stamped.get("lastModifiedDate", now)
    account.put(record)
    return record


def _opted_in(account: Account, record: Record, before: Record | None) -> None:
    """Only the recipient can give Confirmed Opt-In."""
    status = record.values.get("globalSubscriptionStatus")
    was = before.values.get("globalSubscriptionStatus") if before else None
    if status == CONFIRMED_OPT_IN != was and not account.options.confirmed_opt_in:
        raise bad_reference(status, "globalSubscriptionStatus")


def person_name(record: Record) -> str:
    return " ".join(record.values[name] for name in ("firstName", "lastName") if record.values.get(name))


def _derive(account: Account, record: Record) -> None:
    values = record.values
    if record.type == "customer":
        name = person_name(record) if values.get("isPerson") else values.get("companyName")
        status = account.get("customerStatus", values.get("entityStatus", ""))
        values["searchStage"] = str(status.values["stage"]).capitalize() if status else "Customer"
        values["altName"] = name or values.get("altName")
    elif record.type == "contact":
        name = person_name(record)
    else:
        return
    if not values.get("entityId") and name:
        values["entityId"] = name
    if record.type == "customer":
        values["entityNumber"] = int(record.id)


def _required(account: Account, record: Record) -> None:
    values = record.values
    if record.type == "customer":
        if values.get("isPerson") and _blank(values.get("lastName")):
            raise user_error("You must enter a value for Last Name.", "lastName")
        if not values.get("isPerson") and _blank(values.get("companyName")):
            raise user_error("You must enter a value for Company Name.", "companyName")
    missing = [name for name in _mandatory(account, record.type) if _blank(values.get(name))]
    if missing:
        raise missing_values([account.fields(record.type)[name].title for name in missing])


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _mandatory(account: Account, type_: str) -> list[str]:
    by_type = {
        "customer": ["subsidiary", "entityId", "entityStatus", "currency"],
        "contact": ["entityId", "subsidiary"],
        "opportunity": ["entity"],
    }
    names = by_type.get(type_, []) + account.options.required.get(type_, [])
    if type_ == "contact" and account.options.contact_requires_company:
        names = [*names, "company"]
    return names


def _parent(account: Account, record: Record) -> None:
    """A customer is not its own ancestor."""
    seen, parent = {record.id}, record.values.get("parent")
    while parent:
        if parent in seen:
            raise bad_reference(record.values["parent"], "parent")
        seen.add(parent)
        above = account.get("customer", parent)
        parent = above.values.get("parent") if above else None


def _unique(account: Account, record: Record) -> None:
    group = TYPES[record.type].group
    holder = account.by_external_id(group, record.values.get("externalId") or "")
    if holder is not None and (holder.type, holder.id) != (record.type, record.id):
        raise user_error("This entity already exists.")
    key = name_key(record)
    if key and account.names.get(key, record.id) != record.id:
        kind = TYPES[record.type].title.lower()
        advice = f"You must enter a unique {kind} ID for each record you create."
        raise user_error(f"A {kind} record with this ID already exists. {advice}")


def seed(account: Account, data: Mapping[str, Any]) -> None:
    """Records in dependency order; a customer may come after its parent only."""
    if unknown := sorted(set(data) - set(TYPES)):
        raise ValueError(f"unknown record type(s) in the seed: {', '.join(unknown)}")
    for type_ in TYPES:
        for body in data.get(type_, ()):
            _seed_one(account, type_, body)


def _seed_one(account: Account, type_: str, body: Mapping[str, Any]) -> None:
    found = account.get(type_, str(body.get("id")))
    if found is not None and TYPES[type_].group == type_:
        update(account, found, body, SEED)
    else:
        create(account, type_, body, SEED)
