"""The other offices of the demo's town: companies in the ERP, the shop's web customers, contacts and their newsletters.

The tour through them, which `run.py demo` takes after the one between the first two systems, is at the end.
"""

from __future__ import annotations

import random
from typing import Any

from sandbox.demo_words import COMPANIES, FIRST_NAMES, LAST_NAMES, STREETS

Record = dict[str, Any]

COMPANY_COUNT = 12
CONTACT_COUNT = 24
NO, YES = 1, 2
CHECK, NO_CHECK, HOLD = 1, 2, 3
BUYER, ACCOUNTANT, ADMIN = 2, 3, 4
TOWNS = (("FR", "45000", "Orléans"), ("FR", "30000", "Nîmes"), ("GB", "YO1 7HH", "York"))
"""In countries whose addresses the shop takes without a region."""
SEGMENTS = ("all contacts", "affiliated with leads", "affiliated with prospects", "affiliated with customers")
COLUMNS = [
    {"name": "Account ID", "type": "TEXT"},
    {"name": "Owner", "type": "EMAIL"},
    {"name": "Push to CRM", "type": "BOOLEAN"},
]


def offices(seed: int = 1) -> dict[str, dict[str, Any]]:
    """Seeds of the systems beyond the first two, and what they need there."""
    dice = random.Random(seed)
    contacts = [_contact(dice, number) for number in range(1, CONTACT_COUNT + 1)]
    return {
        "netsuite": {"contact": [_KIM, *contacts]},
        "acton": {"fields": COLUMNS, "segments": _segments(), "contacts": _in_acton(dice, contacts)},
        "sagex3": {
            "customers": [_WEB, _WEB_FR, _BRICK, *(_company(dice, number) for number in range(1, COMPANY_COUNT + 1))],
            "movements": [{"BPCNUM": "C1007", "amount": 2450.5}],
        },
        "magento": {"customers": [_PENDING, *(_shopper(dice, number) for number in range(1, 9))]},
    }


# -- the two whose journey is shown --------------------------------------------------------------------


_BRICK: Record = {
    "BPCNUM": "C1007", "BPCNAM": "Brick SARL", "EECNUM": "FR12345678901", "CRN": "RCS 552 100", "CNTNAM": "K1",
    "OSTAUZ": 15000, "BPAINV": "A01", "BPAADD": "A01", "REP": ["R001"],
    "addresses": [
        {"BPAADD": "A01", "BPAADDFLG": YES, "BPAADDLIG": ["3 rue Haute", "Hall B"], "POSCOD": "69001", "CTY": "Lyon",
         "CRY": "FR", "TEL": ["+33400000000"], "WEB": ["office@brick.example"]},
    ],
    "contacts": [
        {"CCNCRM": "K1", "CNTFNA": "Kim", "CNTLNA": "Brick", "CNTFNC": ADMIN, "WEB": "kim@brick.example"},
        {"CCNCRM": "K2", "CNTFNA": "Ana", "CNTLNA": "Ode", "CNTFNC": BUYER, "WEB": "ana@brick.example"},
    ],
}  # fmt: skip
"""A company with a credit, an administrator without an account, and a buyer who registered in the shop herself."""

_PENDING: Record = {"email": "Ana@brick.example", "firstname": "A", "lastname": "O", "group_id": 1}
_KIM: Record = {
    "id": "7100", "entityId": "Robin Hand", "firstName": "Robin", "lastName": "Hand", "email": "robin@hand.example",
    "title": "Owner", "phone": "+33400000009", "company": {"id": "2901"}, "subsidiary": {"id": "1"},
}  # fmt: skip
"""Somebody at the customer that Stripe knows under a pinned id."""


# -- everybody else ------------------------------------------------------------------------------------


_WEB: Record = {"BPCNUM": "WEB", "BPCNAM": "Web customers"}
_WEB_FR: Record = {"BPCNUM": "WEBFR", "BPCNAM": "Web customers France"}


def _company(dice: random.Random, number: int) -> Record:
    code, last = f"C2{number:03}", dice.choice(LAST_NAMES)
    country, postcode, city = dice.choice(TOWNS)
    home = {"BPAADD": "A01", "BPAADDFLG": YES, "BPAADDLIG": [f"{dice.randint(1, 90)} {dice.choice(STREETS)}"],
            "POSCOD": postcode, "CTY": city, "CRY": country, "TEL": [f"+334{number:08}"],
            "WEB": [f"office{number}@erp.example"]}  # fmt: skip
    return {
        "BPCNUM": code, "BPCNAM": f"{dice.choice(COMPANIES).format(name=last)}"[:35], "EECNUM": f"FR{10**10 + number}",
        "CNTNAM": f"P{number}A", "BPAINV": "A01", "BPAADD": "A01", "BCGCOD": dice.choice(["FR", "EXP", "OTH"]),
        "OSTCTL": dice.choice([CHECK, CHECK, NO_CHECK, HOLD]), "OSTAUZ": dice.choice([0, 2500, 10000]),
        "addresses": [home],
        "contacts": [
            _person(dice, f"P{number}A", ADMIN), _person(dice, f"P{number}B", dice.choice([BUYER, ACCOUNTANT])),
        ],
    }  # fmt: skip


def _person(dice: random.Random, code: str, role: int) -> Record:
    first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
    return {"CCNCRM": code, "CNTFNA": first, "CNTLNA": last, "CNTFNC": role, "WEB": f"{code.lower()}@erp.example"}


def _shopper(dice: random.Random, number: int) -> Record:
    first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
    return {"email": f"shopper{number}@mail.example", "firstname": first, "lastname": last, "group_id": 1}


def _contact(dice: random.Random, number: int) -> Record:
    first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
    return {"id": str(7100 + number), "entityId": f"{first} {last} {number}", "firstName": first, "lastName": last,
            "email": f"contact{number}@work.example", "subsidiary": {"id": "1"}}  # fmt: skip


def _segments() -> list[Record]:
    ours = [{"id": 101 + at, "name": f"NetSuite: {name}"} for at, name in enumerate(SEGMENTS)]
    return [*ours, {"id": 105, "name": "Newsletter"}]


def _in_acton(dice: random.Random, contacts: list[Record]) -> list[Record]:
    """A third of the contacts in another spelling, and people whom only the marketers know; two of them are wanted."""
    third = enumerate(contacts[::3])
    known = [_marketed(at, one["email"].upper(), one["firstName"], one["lastName"]) for at, one in third]
    names = [(dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)) for _ in range(6)]
    unknown = [_marketed(50 + at, f"lead{at}@fair.example", *name) for at, name in enumerate(names)]
    for one in unknown[:2]:
        one["customFields"] = {"Push to CRM": True}
    return [*known, *unknown]


def _marketed(number: int, email: str, first: str, last: str) -> Record:
    return {"id": f"l-unified-contacts:{number + 1}", "email": email, "firstName": first, "lastName": last}


# -- the tour ------------------------------------------------------------------------------------------


_REST = ("netsuite-to-acton", "acton-to-netsuite", "sagex3-to-magento-contact", "sagex3-to-magento-company",
         "magento-to-sagex3")  # fmt: skip
_CREDIT = "sagex3-to-magento-company"

TOUR: list[dict[str, Any]] = [
    {
        "say": "Two systems rest. Three more open: marketing, the shop and the ERP, with an outbox for mails.\n"
               "Their flows run in the order in which they need each other.",
        "run": ["sync", *_REST],
        "ends": [0, 4],
        "shows": ["sagex3-to-magento-company"],
    },
    {
        "say": "Once more: what one flow made is news for the next.",
        "run": ["sync", *_REST],
        "ends": [0, 4],
    },
    {
        "say": "A company's journey. Its administrator is an account in the shop, and belongs to the company there.",
        "run": ["links", "--entity", "sagex3.contact:1~C1007~K1"],
        "shows": ["magento.customer", "belongs to", "sagex3:C1007", "magento.company"],
    },
    {
        "say": "Its credit: what is owed makes the shop's balance smaller.",
        "run": ["why", "sagex3:C1007", "credit_balance", "--flow", _CREDIT, "--live"],
        "shows": ["-2450.5"],
    },
    {
        "say": "Who got an account was written to; who had registered in the shop was told that it is open now.",
        "look": ["mail", "/outbox"],
        "shows": ["kim@brick.example", "Your account is ready", "Ana@brick.example", "Your account is approved"],
        "lines": 17,
    },
    {
        "say": "A customer's journey: a contact in marketing, at a customer who pays by Stripe.",
        "run": ["links", "--entity", "netsuite.contact:7100"],
        "shows": ["acton.contact", "belongs to", "netsuite:2901", "stripe:cus_1905"],
    },
    *(
        {"say": "Plan again: nothing is left to do.", "run": ["plan", flow, "--exit-code"], "lines": 2}
        for flow in ("stripe-to-netsuite", "netsuite-to-stripe", *_REST)
    ),
]  # fmt: skip
"""Steps: a command, or a page to look at; how it may end (0), what it must show, how many lines of it are shown."""
