"""Five offices at work: customers across all stand-ins, and people who change them at random, from one seed."""

from __future__ import annotations

import random
from typing import Any

from tests.shipped.town import Town

FLOWS = (
    "stripe-to-netsuite", "netsuite-to-stripe", "netsuite-to-acton", "acton-to-netsuite", "sagex3-to-magento-contact",
    "sagex3-to-magento-company", "magento-to-sagex3", "magento-company-to-netsuite", "magento-to-netsuite",
    "netsuite-to-magento",
)  # fmt: skip
SYSTEMS = ("stripe", "netsuite", "acton", "sagex3", "magento", "mail")
KINDS = {"stripe": "customers", "acton": "contact", "magento": "customers"}
HOUR = 3600
BUYER, ACCOUNTANT, ADMIN = 2, 3, 4
SEGMENTS = ("all contacts", "affiliated with leads", "affiliated with prospects", "affiliated with customers")

Edit = tuple[str, str, str, str]
"""(system, kind of record, id, field)."""


class Life:
    """What people have done; everything is drawn from one seed."""

    def __init__(self, town: Town, seed: int, size: int) -> None:
        self.town = town
        self.dice = random.Random(seed)
        self.size = size
        self.number = 0
        self.last: dict[Edit, Any] = {}
        """What somebody wrote there last, in the order of writing."""
        self.left: set[str] = set()
        """Contacts that were deleted in the master."""
        self.done = 0

    # -- the beginning

    def settle(self) -> None:
        """Everybody is somewhere: some in one office, some in two that spell them differently."""
        size = self.size
        columns = [("Account ID", "TEXT"), ("Owner", "EMAIL"), ("Push to CRM", "BOOLEAN")]
        segments = [{"id": 101 + at, "name": f"NetSuite: {name}"} for at, name in enumerate(SEGMENTS)]
        self.town.seed("acton", fields=[{"name": name, "type": kind} for name, kind in columns], segments=segments)
        self.town.seed("sagex3", customers=[{"BPCNUM": code, "BPCNAM": f"All {code}"} for code in ("WEB", "WEBFR")])
        for share, born in BORN.items():
            for _ in range(max(1, int(size * share))):
                born(self)
        firms = [one["id"] for one in self.town.held("netsuite", "customer")]
        for _ in range(size // 10):
            self.born_at_a_customer(self.dice.choice(firms))

    def next(self) -> int:
        self.number += 1
        return self.number

    # -- who comes

    def born_in_stripe(self) -> str:
        n = self.next()
        one = {"id": f"cus_{n}", "name": f"Firm {n}", "email": f"f{n}@x.example", "phone": self.phone()}
        paid = [{"customer": one["id"], "amount": 500, "status": "succeeded"}] if self.dice.random() < 0.8 else []
        self.town.seed("stripe", customers=[one], charges=paid)
        return one["email"]

    def born_in_netsuite(self, email: str = "") -> None:
        n = self.next()
        one = {"id": str(90_000 + n), "companyName": f"Company {n}", "subsidiary": {"id": "1"}}
        one |= {"email": email or f"n{n}@x.example"} if email or self.dice.random() < 0.9 else {}
        self.town.seed("netsuite", customer=[one])

    def born_in_both(self) -> None:
        self.born_in_netsuite(self.born_in_stripe().upper())

    def born_at_a_customer(self, firm: str = "") -> None:
        n = self.next()
        one = {"id": str(40_000 + n), "entityId": f"Contact {n}", "firstName": "Kim", "lastName": f"Person {n}",
               "email": f"c{n}@x.example", "subsidiary": {"id": "1"}}  # fmt: skip
        self.town.seed("netsuite", contact=[{**one, "company": {"id": firm}} if firm else one])

    def born_in_acton(self) -> None:
        n = self.next()
        own = {"customFields": {"Push to CRM": True}} if self.dice.random() < 0.5 else {}
        one = {"id": f"l-unified-contacts:{n}", "email": f"a{n}@x.example", "firstName": "Pat", "lastName": f"Lead {n}"}
        self.town.seed("acton", contacts=[{**one, **own}])

    def born_in_sage(self) -> None:
        n = self.next()
        home = {"BPAADD": "A01", "BPAADDFLG": 2, "BPAADDLIG": ["3 rue Haute"], "POSCOD": "69001", "CTY": "Lyon",
                "CRY": "FR", "TEL": [self.phone()], "WEB": [f"office{n}@x.example"]}  # fmt: skip
        people = [self.person(f"P{n}A", ADMIN), self.person(f"P{n}B", self.dice.choice([BUYER, ACCOUNTANT]))]
        one = {"BPCNUM": f"C{n}", "BPCNAM": f"Brick {n}", "EECNUM": f"FR{10**10 + n}", "CNTNAM": f"P{n}A",
               "BPAINV": "A01", "BPAADD": "A01", "REP": ["R001"], "OSTCTL": self.dice.choice([1, 1, 2, 3]),
               "OSTAUZ": self.dice.choice([0, 500, 9000])}  # fmt: skip
        self.town.seed("sagex3", customers=[{**one, "addresses": [home], "contacts": people}])
        if self.dice.random() < 0.3:  # she registered in the shop first
            pending = {"email": people[1]["WEB"].title(), "firstname": "K", "lastname": "B", "group_id": 1}
            self.town.seed("magento", customers=[pending])

    def person(self, code: str, role: int) -> dict[str, Any]:
        name = {"CNTFNA": "Ana", "CNTLNA": f"Ode {code}"}
        return {"CCNCRM": code, **name, "CNTFNC": role, "WEB": f"{code.lower()}@x.example"}

    def born_in_the_shop(self) -> None:
        n = self.next()
        one = {"email": f"s{n}@x.example", "firstname": "Web", "lastname": f"Shopper {n}", "group_id": 1}
        self.town.seed("magento", customers=[one])

    # -- what they do

    def round(self, edits: int) -> None:
        """A while passes, in which people come and change things."""
        self.town.advance(self.dice.choice([1, 60, 700, 3 * HOUR, 26 * HOUR]))
        for _ in range(edits):
            self.dice.choice(DEEDS)(self)
            self.done += 1

    def phone(self) -> str:
        return f"+33 1 {self.dice.randint(10**7, 10**8 - 1)}"

    def some(self, system: str, kind: str) -> str | None:
        held = [str(one["id"]) for one in self.town.held(system, kind)]
        return self.dice.choice(held) if held else None

    def note(self, system: str, kind: str, id: str, **values: Any) -> None:
        for field, value in values.items():
            self.last.pop((system, kind, id, field), None)
            self.last[system, kind, id, field] = value

    def in_stripe(self) -> None:
        if id := self.some("stripe", "customers"):
            values = self.dice.choice([{"phone": self.phone()}, {"email": f"e{self.next()}@x.example"}])
            self.town.stripe(f"/v1/customers/{id}", **values)
            self.note("stripe", "customers", id, **values)

    def in_netsuite(self) -> None:
        if id := self.some("netsuite", "customer"):
            values = self.dice.choice([{"phone": self.phone()}, {"email": f"e{self.next()}@x.example"}])
            self.town.edit("customer", id, **values)
            self.note("netsuite", "customer", id, **values)

    def contact_in_netsuite(self) -> None:
        if id := self.some("netsuite", "contact"):
            name = self.dice.choice(["title", "lastName", "phone"])
            values = {name: self.phone() if name == "phone" else f"{name} {self.next()}"}
            self.town.edit("contact", id, **values)
            self.note("netsuite", "contact", id, **values)

    def in_acton(self) -> None:
        if id := self.some("acton", "contact"):
            self.town.advance(1)
            name = self.dice.choice(["title", "lastName", "businessPhone"])
            values = {name: self.phone() if name == "businessPhone" else f"{name} {self.next()}"}
            self.town.set("acton", edit={"contact": {id: values}})
            self.note("acton", "contact", id, **values)

    def opts_out(self) -> None:
        if id := self.some("acton", "contact"):
            email = next(one["email"] for one in self.town.held("acton", "contact") if one["id"] == id)
            self.town.advance(1)
            self.town.set("acton", edit={"optout": {email: True}})

    def in_sage(self) -> None:
        self.town.advance(1)
        firms = [one["BPCNUM"] for one in self.town.held("sagex3", "customers") if one["BPCNUM"].startswith("C")]
        firm = self.dice.choice(firms)
        values = self.dice.choice([{"OSTAUZ": self.dice.choice([0, 700, 8000])}, {"BPCNAM": f"Brick & {self.next()}"}])
        self.town.set("sagex3", edit={"customers": {firm: values}})
        self.note("sagex3", "customers", firm, **values)

    def contact_in_sage(self) -> None:
        self.town.advance(1)
        one = self.dice.choice(self.town.held("sagex3", "persons"))["CNTNUM"]
        values = {"CNTLNA": f"Ode {self.next()}"}
        self.town.set("sagex3", edit={"persons": {one: values}})
        self.note("sagex3", "persons", one, **values)

    def owes(self) -> None:
        firms = [one["BPCNUM"] for one in self.town.held("sagex3", "customers") if one["BPCNUM"].startswith("C")]
        movement = {"BPCNUM": self.dice.choice(firms), "amount": self.dice.randint(1, 400)}
        self.town.set("sagex3", movements=[movement])

    def in_the_shop(self) -> None:
        """Over what the master says, mostly."""
        held = self.town.held("magento", "customers")
        known = [one for one in held if one["custom"].get("erp_contact") and self.dice.random() < 0.9] or held
        if known:
            self.town.advance(1)
            id, values = str(self.dice.choice(known)["id"]), {"lastname": f"Strange {self.next()}"}
            self.town.set("magento", edit={"customer": {id: values}})
            self.note("magento", "customers", id, **values)

    # -- who leaves

    def forget(self, system: str, kind: str, id: str) -> None:
        """What was written there goes with the record."""
        self.last = {edit: value for edit, value in self.last.items() if edit[:3] != (system, kind, id)}

    def contact_leaves(self) -> None:
        """Deleted by hand in the master: marketing follows."""
        if self.dice.random() < 0.5 and (id := self.some("netsuite", "contact")):
            self.town.advance(1)
            self.town.order("netsuite", "delete", data={"type": "contact", "id": id})
            self.left.add(id)
            self.forget("netsuite", "contact", id)

    def customer_leaves(self) -> None:
        """Deleted by hand: whoever still pays by card is made anew."""
        id = self.some("netsuite", "customer")
        if id and self.dice.random() < 0.3 and id not in self.firms():
            self.town.advance(1)
            self.town.order("netsuite", "delete", data={"type": "customer", "id": id})
            self.forget("netsuite", "customer", id)

    def firms(self) -> set[str]:
        """Customers that contacts or other customers belong to: NetSuite deletes none of them."""
        above = [one.get("company") for one in self.town.held("netsuite", "contact")]
        above += [one.get("parent") for one in self.town.held("netsuite", "customer")]
        return {str(one["id"]) for one in above if one}


BORN = {
    0.25: Life.born_in_stripe,
    0.15: Life.born_in_both,
    0.10: Life.born_in_netsuite,
    0.20: Life.born_at_a_customer,
    0.12: Life.born_in_acton,
    0.08: Life.born_in_sage,
    0.11: Life.born_in_the_shop,
}
"""Share of the town's size -> where they are from."""

DEEDS = (
    Life.in_stripe, Life.in_stripe, Life.in_netsuite, Life.in_netsuite, Life.contact_in_netsuite,
    Life.contact_in_netsuite, Life.in_acton, Life.in_acton, Life.opts_out, Life.in_sage, Life.contact_in_sage,
    Life.owes, Life.in_the_shop, Life.in_the_shop, Life.contact_leaves, Life.customer_leaves, Life.born_in_stripe,
    Life.born_in_netsuite, Life.born_at_a_customer, Life.born_in_acton, Life.born_in_sage, Life.born_in_the_shop,
)  # fmt: skip
