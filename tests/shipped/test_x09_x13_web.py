"""X9 to X13: accounts that were in the shop first, and what people change there."""

from __future__ import annotations

from typing import Any

from sagex3_to_magento import (
    ANA,
    COMPANY,
    CONTACT,
    KIM,
    WEB,
    account,
    both,
    company,
    customer,
    ids,
    mails,
    running,
)
from town import Town

__all__ = ["running"]

GENERAL, FRANCE = 1, 5


def web(**values: Any) -> dict[str, Any]:
    """Somebody who registered in the shop."""
    return {"email": "kim@brick.example", "firstname": "K", "lastname": "B", "group_id": GENERAL, **values}


def test_x9_web_customers_are_never_sent_to_sage(town: Town) -> None:
    town.seed("sagex3", customers=[{"BPCNUM": "WEB", "BPCNAM": "Web"}, {"BPCNUM": "WEBFR", "BPCNAM": "Web France"}])
    town.seed("magento", customers=[web()])
    town.sync(WEB)
    town.sync(CONTACT)
    town.sync(COMPANY)

    assert {one["method"] for one in town.requests("sagex3")} == {"GET"}
    assert len(town.held("sagex3", "customers")) == 2


def test_x9_edits_in_the_shop_are_not_sent_either(town: Town) -> None:
    town.seed("sagex3", customers=[customer()])
    both(town)
    town.set("magento", edit={"customer": {"1": {"taxvat": "FR0", "lastname": "Other"}}})
    for flow in (CONTACT, COMPANY):
        town.sync(flow)

    assert {one["method"] for one in town.requests("sagex3")} == {"GET"}
    assert town.one("sagex3", "persons")["CNTLNA"] == "Brick"


def test_x10_somebody_elses_email_is_a_case_that_names_both_records(town: Town) -> None:
    town.seed("magento", customers=[web(group_id=2)])
    town.seed("sagex3", customers=[customer()])
    before = town.one("magento", "customers")

    assert town.ends(CONTACT) == {"held": 1}

    (case,) = town.store.cases(flow=CONTACT)
    assert (case.kind, case.record.id, case.evidence["candidates"]) == ("one-match", "1~C1007~K1", ["1"])
    assert town.one("magento", "customers") == before
    assert town.writes("magento") == []


def test_x11_a_pending_registration_is_matched_by_its_email(town: Town) -> None:
    town.seed("magento", customers=[web()])
    assert account(town, "kim@brick.example")["group_id"] == GENERAL
    town.seed("sagex3", customers=[customer()])

    assert town.ends(CONTACT) == {"linked": 1}

    found = town.one("magento", "customers")
    assert (found["group_id"], found["custom"]["erp_contact"], found["lastname"]) == (FRANCE, "K1", "Brick")
    town.sync(COMPANY)
    assert company(town)["super_user_id"] == found["id"]


def test_x11_the_id_comes_before_the_email(town: Town) -> None:
    town.seed("magento", customers=[
        web(id=7, email="old@brick.example", custom_attributes={"erp_contact": "K1"}), web(id=8),
    ])  # fmt: skip
    town.seed("sagex3", customers=[customer()])

    town.sync(CONTACT)

    assert ids(town) == {"1~C1007~K1": "7"}


def test_x11_a_registration_stays_pending_until_sage_knows_it(town: Town) -> None:
    town.seed("magento", customers=[web(email="new@brick.example")])
    town.seed("sagex3", customers=[customer()])
    town.sync(CONTACT)

    assert account(town, "new@brick.example")["group_id"] == GENERAL
    town.seed("sagex3", contacts=[{**ANA, "BPANUM": "C1007", "WEB": "new@brick.example"}])
    town.sync(CONTACT)

    assert account(town, "new@brick.example")["group_id"] == FRANCE


def test_x11_a_company_that_the_shop_has_is_found_by_its_vat_number_else_a_new_one_is_made(town: Town) -> None:
    town.seed("magento", customers=[web(id=41, custom_attributes={"erp_contact": "K1"})])
    town.seed("magento", companies=[{
        "id": 9, "company_name": "Brick", "company_email": "o@brick.example", "street": ["x"], "city": "Lyon",
        "country_id": "FR", "postcode": "69001", "telephone": "1", "customer_group_id": 4, "super_user_id": 41,
        "vat_tax_id": "FR 12 345678901",
    }])  # fmt: skip
    sand = {"CCNCRM": "K9", "CNTFNA": "Ida", "CNTLNA": "Sand", "CNTFNC": 4, "WEB": "ida@sand.example"}
    other = customer(BPCNUM="C2", BPCNAM="Sand", EECNUM="FR2", CNTNAM="K9", contacts=[sand])
    town.seed("sagex3", customers=[customer(), other])
    town.sync(CONTACT)

    assert town.ends(COMPANY) == {"linked": 1, "created": 1}

    assert ids(town, COMPANY)["C1007"] == "9"


def test_x12_the_customer_is_told_once_and_keeps_the_password(town: Town) -> None:
    town.seed("magento", customers=[web()])
    town.seed("sagex3", customers=[customer()])
    with town.listening("magento") as heard:
        both(town)
        town.sync(CONTACT, full=True)

    assert mails(town) == [("kim@brick.example", "Your account is approved")]
    told = [one for one in heard if not one["path"].endswith("/token")]
    assert not [one for one in told if "password" in one["path"] or '"password"' in one["body"]]


def test_x13_edits_in_the_shop_are_put_back(town: Town) -> None:
    town.seed("sagex3", customers=[customer(contacts=[KIM])])
    both(town)
    town.set("magento", edit={"company": {"1": {"company_name": "Mine", "city": "Nice"}},
                              "customer": {"1": {"taxvat": "FR0"}}})  # fmt: skip

    assert town.ends(COMPANY, full=True) == {"updated": 1}
    assert town.ends(CONTACT, full=True) == {"updated": 1}

    assert (company(town)["company_name"], company(town)["city"]) == ("Brick SARL", "Lyon")
    assert account(town, "kim@brick.example")["taxvat"] == "FR12345678901"


def test_x13_addresses_are_put_back_and_strange_ones_taken_out(town: Town) -> None:
    town.seed("sagex3", customers=[customer()])
    both(town)
    kim = account(town, "kim@brick.example")
    own = {"firstname": "K", "lastname": "B", "street": ["Home"], "city": "Nice", "postcode": "06000",
           "country_id": "FR", "telephone": "1"}  # fmt: skip
    code = {"attribute_code": "erp_code", "value": "A01"}
    held = {"id": kim["addresses"][0]["id"], **own, "custom_attributes": [code]}
    edit = {"customer": {"1": {"addresses": [held, own]}}}
    town.set("magento", edit=edit)
    assert len(account(town, "kim@brick.example")["addresses"]) == 2

    town.sync(CONTACT, full=True)

    (line,) = account(town, "kim@brick.example")["addresses"]
    assert (line["city"], line["street"]) == ("Lyon", ["3 rue Haute", "Hall B"])


def test_x13_drift_is_reported_where_the_policy_leaves_it(town: Town) -> None:
    town.layer("""
        version: 1
        flow: sagex3-to-magento-company
        push_policy: {default: {drift: hold}}
        """)
    town.seed("sagex3", customers=[customer()])
    both(town)
    town.set("magento", edit={"company": {"1": {"company_name": "Mine"}}})

    assert town.ends(COMPANY, full=True) == {"held": 1}

    (case,) = town.store.cases(flow=COMPANY)
    assert case.evidence["fields"] == ["company_name"]
    assert company(town)["company_name"] == "Mine"
