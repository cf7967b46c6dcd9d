"""A believable, messy town of customers for both stand-ins: the same people, spelt differently, or missing.

Deterministic: the same seed gives the same town. `python -m sandbox --demo` serves it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from sandbox.demo_offices import TOUR, offices
from sandbox.demo_words import COMPANIES, FIRST_NAMES, LAST_NAMES, PLACES, STREETS

Record = dict[str, Any]

FIRST_MOMENT = 1_735_700_000
COUNT = 320
NOWHERE_ID = "99999"
"""A NetSuite id that somebody typed into Stripe and that nobody has."""


@dataclass(slots=True)
class Customer:
    """One customer as it really is; systems hold more or less of it."""

    number: int
    name: str
    email: str
    phone: str
    country: str
    address: Record
    is_person: bool
    metadata: Record = field(default_factory=dict)


@dataclass(slots=True)
class Town:
    """What both systems are seeded with."""

    stripe: dict[str, list[Record]]
    netsuite: dict[str, list[Record]]

    def seeds(self) -> dict[str, dict[str, Any]]:
        """System -> seed."""
        return {"stripe": dict(self.stripe), "netsuite": dict(self.netsuite)}


def generate(seed: int = 1, count: int = COUNT) -> dict[str, dict[str, Any]]:
    """Seeds for both stand-ins."""
    dice = random.Random(seed)
    town = Town({"customers": [], "charges": [], "invoices": []}, {"customer": []})
    customers = [_customer(dice, number) for number in range(1, count + 1)]
    for customer in customers:
        _settle(dice, town, customer)
    _oddities(town, customers)
    return _joined(town.seeds(), offices(seed))


def _joined(one: dict[str, dict[str, Any]], other: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Seeds of both; no kind of record is in two of them."""
    return {name: {**one.get(name, {}), **other.get(name, {})} for name in [*one, *other]}


# -- customers -----------------------------------------------------------------------------------------


def _customer(dice: random.Random, number: int) -> Customer:
    is_person = dice.random() < 0.6
    country, prefix, cities = dice.choice(PLACES)
    first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
    name = f"{first} {last}" if is_person else dice.choice(COMPANIES).format(name=last)
    local = f"{_plain(first)}.{_plain(last)}{number}" if is_person else f"office{number}"
    domain = "mail.example" if is_person else f"{_plain(last)}-{number}.example"
    city, zip_code = dice.choice(cities)
    address = {"line1": f"{dice.choice(STREETS)} {dice.randint(1, 180)}", "city": city, "postal_code": zip_code,
               "country": country}  # fmt: skip
    return Customer(number, name, f"{local}@{domain}", _phone(dice, prefix), country, address, is_person)


def _phone(dice: random.Random, prefix: str) -> str:
    """The same kind of number in all the ways people write it; some have none."""
    rest = "".join(str(dice.randint(1, 9)) for _ in range(9))
    forms = (
        f"+{prefix}{rest}", f"+{prefix} {rest[:3]} {rest[3:]}", f"00{prefix} {rest}", f"0{rest[:2]}-{rest[2:]}",
        f"+{prefix} ({rest[:2]}) {rest[2:5]} {rest[5:]}", "",
    )  # fmt: skip
    return dice.choice(forms)


def _plain(text: str) -> str:
    """A name as it stands in an email address."""
    for letter, spelt in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ø", "oe"), ("ł", "l"), ("ó", "o")):
        text = text.lower().replace(letter, spelt)
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum())


# -- who is where --------------------------------------------------------------------------------------


def _settle(dice: random.Random, town: Town, customer: Customer) -> None:
    where = dice.random()
    if where < 0.62:
        _in_stripe(dice, town, customer)
    elif where < 0.84:
        _in_stripe(dice, town, customer)
        _in_netsuite(dice, town, customer, spelt=True)
    else:
        _in_netsuite(dice, town, customer, spelt=False)


def _in_stripe(dice: random.Random, town: Town, customer: Customer) -> None:
    id = f"cus_{1000 + customer.number}"
    record: Record = {"id": id, "name": customer.name, "email": customer.email, "metadata": customer.metadata,
                      "created": FIRST_MOMENT + customer.number * 3600}  # fmt: skip
    if customer.phone:
        record["phone"] = customer.phone
    if dice.random() < 0.5:
        record["address"] = customer.address
    if dice.random() < 0.2:
        record["shipping"] = {"name": customer.name, "address": customer.address}
    if dice.random() < 0.06:
        record["email"] = None
    if dice.random() < 0.03:
        record["name"] = None
    town.stripe["customers"].append(record)
    _buys(dice, town, id, customer.number)


def _buys(dice: random.Random, town: Town, id: str, number: int) -> None:
    """Most have paid or been invoiced; the others have only looked around."""
    kind = dice.random()
    created = FIRST_MOMENT + number * 3600 + 600
    if kind < 0.65:
        charge = {"id": f"ch_{1000 + number}", "customer": id, "amount": dice.randint(500, 90_000), "currency": "eur"}
        town.stripe["charges"].append({**charge, "created": created})
    elif kind < 0.8:
        town.stripe["invoices"].append({"id": f"in_{1000 + number}", "customer": id, "created": created})


def _in_netsuite(dice: random.Random, town: Town, customer: Customer, *, spelt: bool) -> None:
    name = _misspelt(dice, customer.name) if spelt else customer.name
    email = dice.choice((customer.email, customer.email.upper(), customer.email.title())) if spelt else customer.email
    first, _, last = name.partition(" ")
    record: Record = {
        "id": str(2000 + customer.number),
        "entityId": f"{name} {customer.number}",
        "isPerson": customer.is_person,
        "email": email,
        "subsidiary": {"id": "1"},
        "comments": "Met at the fair" if dice.random() < 0.2 else None,
    }
    record |= {"firstName": first, "lastName": last} if customer.is_person else {"companyName": name}
    if len(customer.phone) > 7 and dice.random() < 0.7:
        record["phone"] = customer.phone[:21]
    town.netsuite["customer"].append({key: value for key, value in record.items() if value is not None})


def _misspelt(dice: random.Random, name: str) -> str:
    """The same name by another clerk."""
    spelt = name
    for letter, other in (("ü", "ue"), ("ö", "oe"), ("ä", "ae"), ("ß", "ss")):
        spelt = spelt.replace(letter, other)
    return dice.choice((name, spelt, name.upper(), name.replace(" GmbH", " Gmbh"), f"{spelt} "[:80].strip()))


# -- what makes it real life ---------------------------------------------------------------------------


def _oddities(town: Town, customers: list[Customer]) -> None:
    """Duplicates, namesakes, a lead with a customer's email, pinned ids, a pin that points nowhere."""
    moment = FIRST_MOMENT + len(customers) * 3600
    held = town.netsuite["customer"]
    _add(town, "cus_1901", moment, name="Twice There", email="twice@mail.example")
    _add(town, "cus_1902", moment, name="Twice  There", email="TWICE@mail.example")
    _add(town, "cus_1903", moment, name="Anna Müller", email="anna@one.example")
    _add(town, "cus_1904", moment, name="Anna Müller", email="anna@two.example")
    _add(town, "cus_1905", moment, name="Pinned by Hand", email="new-address@mail.example",
         metadata={"netsuite_id": "2901"})  # fmt: skip
    _add(town, "cus_1906", moment, name="Pin to Nowhere", email="nowhere@mail.example",
         metadata={"netsuite_id": NOWHERE_ID})  # fmt: skip
    knight = {"netsuite_isPerson": "true", "netsuite_firstName": "Richard", "netsuite_lastName": "Branson"}
    _add(town, "cus_1907", moment, name="Sir Richard Branson", email="richard@mail.example", metadata=knight)
    _add(town, "cus_1908", moment, name="Only a Lead", email="lead@mail.example")
    held.append(_company("2901", "Pinned by Hand", "old-address@mail.example"))
    held.append({**_company("2902", "Only a Lead", "lead@mail.example"), "entityStatus": {"id": "6"}})
    held.append({**_company("2903", "In Europe", "europe@mail.example"), "subsidiary": {"id": "2"}})
    town.stripe["charges"].append({"id": "ch_1999", "amount": 4200, "currency": "eur", "created": moment})


def _add(town: Town, id: str, created: int, **facts: Any) -> None:
    town.stripe["customers"].append({"id": id, "created": created, "metadata": {}, **facts})
    charge = {"id": f"ch_{id.removeprefix('cus_')}", "customer": id, "amount": 1900, "currency": "eur"}
    town.stripe["charges"].append({**charge, "created": created})


def _company(id: str, name: str, email: str) -> Record:
    return {"id": id, "entityId": name, "companyName": name, "email": email, "subsidiary": {"id": "1"}}


# -- the tour that run.py demo gives -------------------------------------------------------------------


STORY: dict[str, Any] = {
    "flows": ["stripe-to-netsuite", "netsuite-to-stripe"],
    "systems": ["stripe", "netsuite"],
    "all": ["stripe", "netsuite", "acton", "magento", "sagex3", "mail"],
    "why": ["stripe:cus_1907", "lastName"],
    "fast": {
        "systems/stripe.yaml": "version: 1\nsystem: stripe\nlimits: {per_second: 1000, concurrent: 8}\n",
        "systems/acton.yaml": "version: 1\nsystem: acton\nlimits: {per_second: 1000}\n",
    },
    "orders": {"stripe": {"rate_limits": False}, "acton": {"rate_limits": False}},
    "layer": {
        "flow": "netsuite-to-stripe",
        "file": "mappings/netsuite-to-stripe.yaml",
        "text": "version: 1\nflow: netsuite-to-stripe\nfields:\n"
        '  description: {template: "{{ source.entityId }}, customer {{ source.id }}"}\n',
        "field": "description",
        "guard": "reshaped",
    },
    "tour": TOUR,
}
"""Which flows to run between the first systems, which record to explain, which line to change; then the whole tour."""
