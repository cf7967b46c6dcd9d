"""X1 to X3: a company of Sage X3 and its people become a company and accounts of the shop."""

from __future__ import annotations

from sagex3_to_magento import (
    ACCOUNTANT,
    ADMIN,
    ANA,
    COMPANY,
    CONTACT,
    KIM,
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


def test_x1_a_company_and_its_contacts_become_a_company_and_accounts(town: Town) -> None:
    town.seed("sagex3", customers=[customer(contacts=[KIM, ANA])])

    assert town.ends(CONTACT) == {"created": 2}
    assert town.ends(COMPANY) == {"created": 1}
    assert town.ends(CONTACT) == {"updated": 1, "settled": 1}

    made = company(town)
    kim, ana = account(town, "kim@brick.example"), account(town, "ana@brick.example")
    assert (made["company_name"], made["super_user_id"]) == ("Brick SARL", kim["id"])
    assert {one["company"]["company_id"] for one in (kim, ana)} == {made["id"]}
    assert ids(town) == {"1~C1007~K1": str(kim["id"]), "1~C1007~K2": str(ana["id"])}
    assert ids(town, COMPANY) == {"C1007": str(made["id"])}


def test_x1_an_account_holds_the_contact_and_its_companys_addresses(town: Town) -> None:
    work = {"BPAADD": "A02", "BPAADDLIG": ["9 quai Bas"], "CTY": "Lyon", "POSCOD": "69002", "CRY": "FR"}
    base = customer()
    town.seed("sagex3", customers=[{**base, "addresses": [*base["addresses"], work], "BPAINV": "A02"}])
    both(town)

    kim = account(town, "kim@brick.example")

    assert (kim["firstname"], kim["lastname"], kim["taxvat"]) == ("Kim", "Brick", "FR12345678901")
    assert (kim["custom"]["erp_contact"], kim["custom"]["erp_number"]) == ("K1", "C1007")
    lines = {one["custom"]["erp_code"]: one for one in kim["addresses"]}
    assert (lines["A01"]["street"], lines["A02"]["street"]) == (["3 rue Haute", "Hall B"], ["9 quai Bas"])
    assert (kim["default_billing"], kim["default_shipping"]) == (lines["A02"]["id"], lines["A01"]["id"])
    assert lines["A02"]["telephone"] == "-"


def test_x1_nothing_is_left_to_do_afterwards(town: Town) -> None:
    town.seed("sagex3", customers=[customer(contacts=[KIM, ANA], BCGCOD="EXP", OSTAUZ=500)],
              movements=[{"BPCNUM": "C1007", "amount": 120}])  # fmt: skip
    both(town)
    town.sync(COMPANY)
    town.requests("magento")

    assert town.ends(COMPANY, full=True) == {"settled": 1}
    assert town.ends(CONTACT, full=True) == {"settled": 2}

    assert town.writes("magento") == []


def test_x1_where_both_sides_change_sage_is_right(town: Town) -> None:
    town.seed("sagex3", customers=[customer()])
    both(town)
    town.set("magento", edit={"company": {"1": {"company_name": "Brick Web"}}})
    town.set("sagex3", edit={"customers": {"C1007": {"BPCNAM": "Brick SAS"}}})

    town.sync(COMPANY)

    assert company(town)["company_name"] == "Brick SAS"


def test_x1_a_company_waits_for_its_administrator(town: Town) -> None:
    town.seed("sagex3", customers=[customer()])

    assert town.ends(COMPANY) == {"held": 1}

    assert town.held("magento", "companies") == []


def test_x1_one_person_of_two_companies_is_not_mixed_up(town: Town) -> None:
    other = customer(BPCNUM="C2", BPCNAM="Stone", EECNUM="FR2",
                     contacts=[{"CCNCRM": "K1", "CNTFNC": ADMIN, "WEB": "kim@stone.example"}])  # fmt: skip
    town.seed("sagex3", customers=[customer(), other])

    assert town.ends(CONTACT) == {"created": 1, "held": 1}

    assert ids(town) == {"1~C1007~K1": "1"}


def test_x2_only_contacts_of_the_chosen_roles_get_an_account(town: Town) -> None:
    clerk = {**ANA, "CNTFNC": ACCOUNTANT}
    town.seed("sagex3", customers=[customer(contacts=[KIM, clerk])])

    assert town.ends(CONTACT) == {"created": 1, "skipped": 1}

    assert [one["email"] for one in town.held("magento", "customers")] == ["kim@brick.example"]


def test_x2_the_roles_are_a_setting(town: Town) -> None:
    town.setting(CONTACT, roles=["ACCOUNTANT"])
    town.seed("sagex3", customers=[customer(contacts=[KIM, {**ANA, "CNTFNC": ACCOUNTANT}])])

    town.sync(CONTACT)

    assert [one["email"] for one in town.held("magento", "customers")] == ["ana@brick.example"]


def test_x2_the_role_goes_along_and_follows_a_change(town: Town) -> None:
    town.seed("sagex3", customers=[customer()])
    both(town)
    assert account(town, "kim@brick.example")["company"]["job_title"] == "ADMIN"
    town.set("sagex3", edit={"contacts": {"1~C1007~K1": {"CNTFNC": 2}}})

    town.sync(CONTACT)

    assert account(town, "kim@brick.example")["company"]["job_title"] == "BUYER"


def test_x2_a_contact_without_an_email_waits(town: Town) -> None:
    town.seed("sagex3", customers=[customer(contacts=[{**KIM, "WEB": ""}])])

    assert town.ends(CONTACT) == {"held": 1}


def test_x3_a_new_account_gets_one_mail_with_a_link_to_set_the_password(town: Town) -> None:
    town.setting(CONTACT, shop_url="https://brick.example/password")
    town.seed("sagex3", customers=[customer()])
    both(town)
    town.sync(CONTACT, full=True)

    assert mails(town) == [("kim@brick.example", "Your account is ready")]
    text = town.one("mail", "messages")["text"]
    assert text == "Dear Kim, choose your password at https://brick.example/password"


def test_x3_the_text_is_the_integrators_own(town: Town) -> None:
    town.layer(
        """
        version: 1
        flow: sagex3-to-magento-contact
        actions: {welcome: {fields: {subject: {value: Welcome to Brick}}}}
        """.replace("fields: {subject", "fields: {subject")
    )
    town.seed("sagex3", customers=[customer()])
    town.sync(CONTACT)

    assert mails(town) == [("kim@brick.example", "Welcome to Brick")]


def test_x3_a_mail_that_cannot_be_sent_fails_no_account(town: Town) -> None:
    town.set("mail", suppressed=["kim@brick.example"])
    town.seed("sagex3", customers=[customer()])

    assert town.ends(CONTACT) == {"created": 1}

    assert ids(town) == {"1~C1007~K1": "1"}
    assert mails(town) == []
