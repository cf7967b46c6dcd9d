"""What the tests of the flows from Sage X3 to Magento share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from town import Town

from sandbox import serving

COMPANY = "sagex3-to-magento-company"
CONTACT = "sagex3-to-magento-contact"
WEB = "magento-to-sagex3"
SYSTEMS = ["stripe", "netsuite", "magento", "sagex3", "mail"]

NO, YES = 1, 2
CHECK, NO_CHECK, HOLD = 1, 2, 3
BUYER, ACCOUNTANT, ADMIN = 2, 3, 4
"""Local menu 233 as systems/sagex3.yaml reads it."""

HOME = {"BPAADD": "A01", "BPAADDFLG": YES, "BPAADDLIG": ["3 rue Haute", "Hall B"], "POSCOD": "69001", "CTY": "Lyon",
        "CRY": "FR", "TEL": ["+33400000000"], "WEB": ["office@brick.example"]}  # fmt: skip
KIM = {"CCNCRM": "K1", "CNTFNA": "Kim", "CNTLNA": "Brick", "CNTFNC": ADMIN, "WEB": "kim@brick.example", "CNTFLG": YES,
       "TEL": "+33400000001"}  # fmt: skip
ANA = {"CCNCRM": "K2", "CNTFNA": "Ana", "CNTLNA": "Ode", "CNTFNC": BUYER, "WEB": "ana@brick.example",
       "TEL": "+33400000002"}  # fmt: skip
BRICK: dict[str, Any] = {
    "BPCNUM": "C1007", "BPCNAM": "Brick SARL", "EECNUM": "FR12345678901", "CRN": "RCS1", "CNTNAM": "K1",
    "BPAINV": "A01", "BPAADD": "A01", "REP": ["R001"], "addresses": [HOME], "contacts": [KIM],
}  # fmt: skip


@pytest.fixture(scope="session")
def running() -> Iterator[serving.Running]:
    """The systems that these flows join, in a sandbox of their own."""
    with serving.start(SYSTEMS, control=True) as running:
        yield running


def customer(**values: Any) -> dict[str, Any]:
    """A customer like Brick, with some fields of its own."""
    return {**BRICK, **values}


def both(town: Town) -> None:
    """Contacts, companies, and contacts again: what an account says of its company comes last."""
    town.sync(CONTACT)
    town.sync(COMPANY)
    town.sync(CONTACT)


def ids(town: Town, flow: str = CONTACT) -> dict[str, str]:
    """Links of a flow: the key in Sage X3 -> the id in the shop."""
    source = town.flow(flow).source.name
    ends = {(link.a, link.b) if link.a.object == source else (link.b, link.a) for link in town.store.links()}
    return {ours.id: theirs.id for ours, theirs in ends if ours.object == source}


def mails(town: Town) -> list[tuple[str, str]]:
    """(to, subject) of every mail that was sent."""
    return [(one["to"], one["subject"]) for one in town.held("mail", "messages")]


def credit(town: Town) -> dict[str, Any]:
    """The only company's credit."""
    return town.one("magento", "credits")


def company(town: Town) -> dict[str, Any]:
    return town.one("magento", "companies")


def payments(town: Town) -> str:
    """Payment methods of the only company, as the shop keeps them."""
    return str(company(town)["extension_attributes"]["available_payment_methods"])


def account(town: Town, email: str) -> dict[str, Any]:
    """The shop's account with an email."""
    (found,) = [one for one in town.held("magento", "customers") if one["email"] == email]
    return found
