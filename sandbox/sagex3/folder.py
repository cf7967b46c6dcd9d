"""The folder's records: kept as rows of their classes, stamped by day, edited as a person would."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.clock import Clock
from sandbox.sagex3.classes import CLASSES, KINDS, Class, Column
from sandbox.sagex3.options import Options

Row = dict[str, Any]
NEVER = ""
"""An empty date; how it is shown is an option."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_SPACE = uuid.UUID("6f2d9d3a-3b1f-4b6e-9f57-1f7f2a0d5c11")


class Folder:
    """State of the stand-in; a reset makes a new one."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.options = Options()
        self.tables: dict[str, dict[str, Row]] = {name: {} for name in CLASSES}
        self.movements: list[Row] = []
        """Lines of BPCUSTMVT: what a risk customer owes or has ordered."""
        self._sorted: dict[str, list[str]] = {}
        self._open_items: dict[str, float] = {}

    # -- reading

    def keys(self, name: str) -> list[str]:
        """Keys in order; kept until a record comes or goes."""
        if name not in self._sorted:
            self._sorted[name] = sorted(self.tables[name])
        return self._sorted[name]

    def exposure(self, customer: Row) -> float:
        """Credit level total: what all customers of the same risk customer have open."""
        return self._open_items.get(customer["BPCRSK"] or customer["BPCNUM"], 0.0)

    # -- seeds and edits

    def seed(self, data: dict[str, list[Row]]) -> None:
        """customers (with `addresses` and `contacts` inside), addresses, contacts (with the person's
        fields), persons, movements."""
        if unknown := sorted(set(data) - {*KINDS, "movements"}):
            raise ValueError(f"unknown kind(s): {', '.join(unknown)}; known: {', '.join([*KINDS, 'movements'])}")
        for one in data.get("persons", []):
            self.add("CONTACTCRM", one)
        for one in data.get("customers", []):
            self._add_customer(one)
        for one in data.get("addresses", []):
            self.add("BPADDRESS", one)
        for one in data.get("contacts", []):
            self._add_contact(one)
        for one in data.get("movements", []):
            self._add_movement(one)

    def _add_customer(self, given: Row) -> None:
        plain = {name: value for name, value in given.items() if name not in ("addresses", "contacts")}
        number = self.add("BPCUSTOMER", {"BCGCOD": "FR", "CUR": "EUR", **plain})
        for one in given.get("addresses", []):
            self.add("BPADDRESS", {"BPANUM": number, **one})
        for one in given.get("contacts", []):
            self._add_contact({"BPANUM": number, **one})

    def _add_contact(self, given: Row) -> None:
        """The person is made along with its first contact."""
        persons = CLASSES["CONTACTCRM"].columns
        own = {name: value for name, value in given.items() if name in CLASSES["CONTACT"].columns}
        person = {name: value for name, value in given.items() if name in persons and name not in own}
        unknown = sorted(set(given) - set(own) - set(person))
        if unknown:
            raise ValueError(f"CONTACT: unknown column(s): {', '.join(unknown)}")
        if given.get("CCNCRM") not in self.tables["CONTACTCRM"]:
            stamps: Row = {name: given[name] for name in ("CREDAT", "UPDDAT") if name in given}
            self.add("CONTACTCRM", {"CNTNUM": given.get("CCNCRM"), **person, **stamps})
        self.add("CONTACT", own)

    def _add_movement(self, given: Row) -> None:
        customer = self.tables["BPCUSTOMER"].get(str(given.get("BPCNUM")))
        if customer is None or not isinstance(given.get("amount"), int | float):
            raise ValueError("a movement has the BPCNUM of a customer and an amount")
        risk = customer["BPCRSK"] or customer["BPCNUM"]
        self.movements.append({**given, "BPCRSK": risk, "CUR": customer["CUR"]})
        self._open_items[risk] = self._open_items.get(risk, 0.0) + given["amount"]

    def add(self, name: str, given: Row) -> str:
        """A new record; its key. ValueError where X3 would refuse it."""
        class_, now = CLASSES[name], self._now()
        row = {column: _default(spec) for column, spec in class_.columns.items()}
        row |= {"CREDAT": self._today(), "CREDATTIM": now, "UPDDATTIM": now}
        if self.options.stamps_new:
            row["UPDDAT"] = self._today()
        row |= _checked(class_, given)
        if lacking := [one for one in class_.required if row[one] in ("", None)]:
            raise ValueError(f"{name}: {', '.join(lacking)} must be filled")
        key = key_of(class_, row)
        if key in self.tables[name]:
            raise ValueError(f"{name}: '{key}' is there already")
        row["$uuid"] = str(uuid.uuid5(_SPACE, f"{name}/{key}"))
        self.tables[name][key] = row
        self._sorted.pop(name, None)
        return key

    def edit(self, data: dict[str, dict[str, Row | None]]) -> None:
        """{"customers": {"C1007": {"BPCNAM": "B"}}}; None deletes. Only the record itself is stamped."""
        if unknown := sorted(set(data) - set(KINDS)):
            raise ValueError(f"unknown kind(s): {', '.join(unknown)}; known: {', '.join(KINDS)}")
        for kind, records in data.items():
            for key, values in records.items():
                self._edit(CLASSES[KINDS[kind]], key, values)

    def _edit(self, class_: Class, key: str, values: Row | None) -> None:
        held = self.tables[class_.name].get(key)
        if held is None:
            raise ValueError(f"{class_.name}: there is no '{key}'")
        if values is None:
            del self.tables[class_.name][key]
            self._sorted.pop(class_.name, None)
            return
        if changed := [name for name in class_.key if name in values and values[name] != held[name]]:
            raise ValueError(f"{class_.name}: the key {', '.join(changed)} cannot change")
        held |= {"UPDDAT": self._today(), "UPDDATTIM": self._now()} | _checked(class_, values)

    def dump(self) -> dict[str, Any]:
        found: dict[str, Any] = {kind: list(self.tables[name].values()) for kind, name in KINDS.items()}
        return {**found, "movements": self.movements}

    # -- time

    def _now(self) -> str:
        return datetime.fromtimestamp(int(self.clock.now()), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _today(self) -> str:
        """The day on the server's wall, which is not the day in Greenwich."""
        at = datetime.fromtimestamp(self.clock.now(), UTC) + timedelta(hours=self.options.utc_offset_hours)
        return at.strftime("%Y-%m-%d")


def key_of(class_: Class, row: Row) -> str:
    """Several values are joined by a tilde."""
    return "~".join(str(row[name]) for name in class_.key)


def _default(column: Column) -> Any:
    if column.repeat > 1:
        return [""] * column.repeat
    if column.kind in ("menu", "decimal"):
        return column.default
    return NEVER if column.kind in ("date", "stamp") else ""


def _checked(class_: Class, given: Row) -> Row:
    if unknown := sorted(set(given) - set(class_.columns)):
        raise ValueError(f"{class_.name}: unknown column(s): {', '.join(unknown)}")
    return {name: _value(f"{class_.name}.{name}", class_.columns[name], value) for name, value in given.items()}


def _value(at: str, column: Column, value: Any) -> Any:
    if column.repeat > 1:
        if not isinstance(value, list) or len(value) > column.repeat:
            raise ValueError(f"{at}: a list of up to {column.repeat} values")
        lines = [_one(at, column, one) for one in value]
        return lines + [""] * (column.repeat - len(lines))
    return _one(at, column, value)


def _one(at: str, column: Column, value: Any) -> Any:
    if column.kind == "menu":
        if value not in column.choices or isinstance(value, bool):
            raise ValueError(f"{at}: one of {', '.join(map(str, column.choices))}; yes is 2, no is 1")
        return value
    if column.kind == "decimal":
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{at}: a number")
        return value
    if not isinstance(value, str):
        raise ValueError(f"{at}: a text")
    if column.kind == "date" and value and not _DAY.match(value):
        raise ValueError(f"{at}: a day, 2026-01-31")
    if column.length and len(value) > column.length:
        raise ValueError(f"{at}: at most {column.length} characters")
    if column.kind == "code" and value != value.upper():
        raise ValueError(f"{at}: codes are in upper case")
    return value.strip()
