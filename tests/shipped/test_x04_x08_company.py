"""X4 to X8: what the company record holds, its credit, and how changes in Sage X3 reach it."""

from __future__ import annotations

from typing import Any

import pytest
from sagex3_to_magento import (
    CHECK,
    COMPANY,
    CONTACT,
    HOLD,
    NO,
    NO_CHECK,
    account,
    both,
    company,
    credit,
    customer,
    payments,
    running,
)
from town import Town

__all__ = ["running"]

DAY = 86_400
ACTIVE, BLOCKED = 1, 3
ON_ACCOUNT, CARD = "companycredit,checkmo", "stripe_payments"


def test_x4_the_company_record(town: Town) -> None:
    town.seed("sagex3", customers=[customer(OSTAUZ=15000)])
    both(town)

    made = company(town)

    plain = (
        "company_name", "legal_name", "company_email", "vat_tax_id", "reseller_id", "comment", "street", "city",
        "postcode", "country_id", "telephone", "status", "sales_representative_id", "customer_group_id",
    )  # fmt: skip
    assert {name: made[name] for name in plain} == {
        "company_name": "Brick SARL", "legal_name": "Brick SARL", "company_email": "kim@brick.example",
        "vat_tax_id": "FR12345678901", "reseller_id": "RCS1", "comment": "Sage C1007",
        "street": ["3 rue Haute", "Hall B"], "city": "Lyon", "postcode": "69001", "country_id": "FR",
        "telephone": "+33400000000", "status": ACTIVE, "sales_representative_id": 2, "customer_group_id": 5,
    }  # fmt: skip
    assert made["super_user_id"] == account(town, "kim@brick.example")["id"]
    assert made["extension_attributes"]["applicable_payment_method"] == 2
    assert made["extension_attributes"]["available_shipping_methods"] == "flatrate"
    assert town.dump("magento")["catalog_of"] == {str(made["id"]): 2}


def test_x4_without_a_default_contacts_email_the_addresss_counts(town: Town) -> None:
    town.seed("sagex3", customers=[customer()])
    town.sync(CONTACT)
    town.set("sagex3", edit={"contacts": {"1~C1007~K1": {"WEB": ""}}})

    town.sync(COMPANY)

    assert company(town)["company_email"] == "office@brick.example"


def test_x5_authorized_credit_is_the_limit(town: Town) -> None:
    town.seed("sagex3", customers=[customer(OSTAUZ=15000)])
    both(town)
    assert credit(town)["credit_limit"] == 15000
    town.set("sagex3", edit={"customers": {"C1007": {"OSTAUZ": 2500.5}}})

    town.sync(COMPANY)

    assert credit(town)["credit_limit"] == 2500.5


def test_x5_no_authorized_credit_means_card_only(town: Town) -> None:
    town.seed("sagex3", customers=[customer(OSTAUZ=15000)])
    both(town)
    assert payments(town) == ON_ACCOUNT
    town.set("sagex3", edit={"customers": {"C1007": {"OSTAUZ": 0}}})

    town.sync(COMPANY)

    assert (credit(town)["credit_limit"], payments(town)) == (0, CARD)


def test_x6_available_is_the_limit_without_the_credit_level(town: Town) -> None:
    town.seed("sagex3", customers=[customer(OSTAUZ=1000)], movements=[{"BPCNUM": "C1007", "amount": 250.5}])
    both(town)
    held = credit(town)
    assert held["credit_limit"] + held["balance"] == 749.5
    town.set("sagex3", movements=[{"BPCNUM": "C1007", "amount": 100}])
    town.advance(DAY + 1)  # an open item stamps no customer: the daily reading sees it

    town.sync(COMPANY)

    held = credit(town)
    assert held["credit_limit"] + held["balance"] == 649.5


def test_x6_a_balance_moves_once(town: Town) -> None:
    town.seed("sagex3", customers=[customer(OSTAUZ=1000)], movements=[{"BPCNUM": "C1007", "amount": 250}])
    both(town)
    for _ in range(3):
        town.sync(COMPANY, full=True)

    assert credit(town)["balance"] == -250
    moved = [one["amount"] for one in town.held("magento", "credit_history") if one["amount"]]
    assert moved == [-250]


@pytest.mark.parametrize(
    ("control", "authorized", "exceed", "methods", "status"),
    [
        (NO_CHECK, 0, True, ON_ACCOUNT, ACTIVE),
        (CHECK, 500, False, ON_ACCOUNT, ACTIVE),
        (CHECK, 0, False, CARD, ACTIVE),
        (HOLD, 500, False, ON_ACCOUNT, BLOCKED),
    ],
)
def test_x7_credit_control_has_four_outcomes(
    town: Town, control: int, authorized: float, exceed: bool, methods: str, status: int
) -> None:
    town.seed("sagex3", customers=[customer(OSTCTL=control, OSTAUZ=authorized)])
    both(town)

    assert (credit(town)["exceed_limit"], payments(town), company(town)["status"]) == (exceed, methods, status)


def test_x7_a_company_that_is_let_go_again_is_active(town: Town) -> None:
    town.seed("sagex3", customers=[customer(OSTCTL=HOLD, OSTAUZ=500)])
    both(town)
    town.set("sagex3", edit={"customers": {"C1007": {"OSTCTL": CHECK}}})

    town.sync(COMPANY)

    assert company(town)["status"] == ACTIVE


def test_x7_an_inactive_customer_is_blocked(town: Town) -> None:
    town.seed("sagex3", customers=[customer()])
    both(town)
    town.set("sagex3", edit={"customers": {"C1007": {"BPCSTA": NO}}})

    town.sync(COMPANY)
    town.sync(CONTACT)

    assert company(town)["status"] == BLOCKED
    assert account(town, "kim@brick.example")["company"]["status"] == 0


@pytest.mark.parametrize(
    ("edit", "field", "value"),
    [
        ({"customers": {"C1007": {"BPCNAM": "Brick SAS"}}}, "company_name", "Brick SAS"),
        ({"addresses": {"1~C1007~A01": {"CTY": "Villeurbanne"}}}, "city", "Villeurbanne"),
        ({"contacts": {"1~C1007~K1": {"WEB": "kim@new.example"}}}, "company_email", "kim@new.example"),
    ],
)
def test_x8_a_change_reaches_the_company(town: Town, edit: dict[str, Any], field: str, value: str) -> None:
    town.seed("sagex3", customers=[customer()])
    both(town)
    town.set("sagex3", edit=edit)

    town.sync(COMPANY)

    assert company(town)[field] == value


@pytest.mark.parametrize(
    ("edit", "path", "value"),
    [
        ({"persons": {"K1": {"CNTLNA": "Stone"}}}, ("lastname",), "Stone"),
        ({"contacts": {"1~C1007~K1": {"TEL": "+33499999999"}}}, ("company", "telephone"), "+33499999999"),
        ({"customers": {"C1007": {"EECNUM": "FR999"}}}, ("taxvat",), "FR999"),
        ({"addresses": {"1~C1007~A01": {"CTY": "Paris"}}}, ("addresses", 0, "city"), "Paris"),
    ],
)
def test_x8_a_change_reaches_the_account(town: Town, edit: dict[str, Any], path: tuple[Any, ...], value: str) -> None:
    town.seed("sagex3", customers=[customer()])
    both(town)
    town.set("sagex3", edit=edit)

    town.sync(CONTACT)

    found: Any = account(town, "kim@brick.example")
    for step in path:
        found = found[step]
    assert found == value


def test_x8_two_changes_of_one_day_both_arrive(town: Town) -> None:
    town.seed("sagex3", customers=[customer()])
    both(town)
    for name in ("Brick One", "Brick Two"):
        town.set("sagex3", edit={"customers": {"C1007": {"BPCNAM": name}}})
        town.sync(COMPANY)
        assert company(town)["company_name"] == name


def test_x8_a_customer_made_later_arrives_though_it_was_never_changed(town: Town) -> None:
    town.seed("sagex3", customers=[customer()])
    both(town)
    town.advance(3 * 3600)
    new = {"CCNCRM": "K9", "CNTFNA": "Ida", "CNTLNA": "Sand", "CNTFNC": 4, "WEB": "ida@sand.example"}
    town.seed("sagex3", customers=[customer(BPCNUM="C2", BPCNAM="Sand", EECNUM="FR2", CNTNAM="K9", contacts=[new])])

    both(town)

    assert [one["company_name"] for one in town.held("magento", "companies")] == ["Brick SARL", "Sand"]


def test_x8_what_did_not_change_is_not_read_again_for_ever(town: Town) -> None:
    town.seed("sagex3", customers=[customer(CREDAT="2026-01-01", UPDDAT="2026-01-31")])
    both(town)
    town.requests("sagex3")

    town.sync(COMPANY)

    assert [one["path"] for one in town.requests("sagex3") if one["path"].endswith("BPCUSTOMER('C1007')")] == []
