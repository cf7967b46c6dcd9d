"""M7 to M10: who may be contacted and how, card numbers that go nowhere, terms and credit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from magento_and_netsuite import (
    COMPANIES,
    HOME,
    INWARD,
    OUTWARD,
    at_rest,
    both,
    client,
    consent,
    edit_shop,
    in_shop,
    running,
    shopper,
)
from town import Town

__all__ = ["running"]

CARD = "4111 1111 1111 1111"
YES: dict[str, Any] = {"is_subscribed": True}


def said(status: str, at: str = "2026-03-01T00:00:00Z", source: str = "telephone") -> str:
    return json.dumps({"status": status, "at": at, "source": source, "wording": "v1"})


def linked(town: Town, shop: dict[str, Any] | None = None, **values: Any) -> None:
    """Kim on both sides, linked and dealt with."""
    town.seed("magento", customers=[shopper(extension=shop or {})])
    town.seed("netsuite", customer=[client(**values)])
    both(town)


def email_status(town: Town) -> str:
    return str(consent(town.one("netsuite", "customer"))["status"])


# -- M7 ------------------------------------------------------------------------------------------------


def test_m7_each_channel_has_a_consent_of_its_own(town: Town) -> None:
    town.seed("magento", customers=[shopper(extension=YES, custom={"sms_consent": said("denied")})])

    town.sync(INWARD)

    kim = town.one("netsuite", "customer")
    assert (email_status(town), consent(kim, "custentity_sms_consent")["status"]) == ("granted", "denied")


def test_m7_do_not_contact_overrides_every_channel(town: Town) -> None:
    custom = {"do_not_contact": "denied", "sms_consent": said("granted")}
    town.seed("magento", customers=[shopper(extension=YES, custom=custom)])

    town.sync(INWARD)

    kim = town.one("netsuite", "customer")
    assert (email_status(town), consent(kim, "custentity_sms_consent")["status"]) == ("denied", "denied")
    assert consent(kim, "custentity_do_not_contact")["status"] == "denied"
    assert kim["globalSubscriptionStatus"]["refName"] == "Confirmed Opt-Out"


def test_m7_do_not_contact_in_netsuite_takes_the_newsletter_away(town: Town) -> None:
    linked(town, YES)
    assert in_shop(town)["is_subscribed"] is True
    town.edit("customer", "501", custentity_do_not_contact=said("denied"))

    both(town)

    kim = in_shop(town)
    assert kim["is_subscribed"] is False
    assert json.loads(kim["custom"]["do_not_contact"])["status"] == "denied"
    both(town)
    assert at_rest(town)


def test_m7_a_confirmed_opt_out_in_netsuite_takes_the_newsletter_away(town: Town) -> None:
    linked(town, YES)
    town.edit("customer", "501", globalSubscriptionStatus={"id": "4"})

    both(town)

    assert in_shop(town)["is_subscribed"] is False


@pytest.mark.parametrize("channel", ["phone", "post", "push"])
def test_m7_one_more_channel_is_a_layer(town: Town, channel: str) -> None:
    name = f"{channel}_consent"
    town.set("netsuite", custom_fields={"customer": {f"custentity_{name}": "text"}})
    town.layer(f"""
        version: 1
        system: netsuite
        objects: {{customer: {{fields: {{custentity_{name}: {{type: consent}}}}}}}}
        """)
    town.layer(f"""
        version: 1
        system: magento
        objects: {{customer: {{fields: {{{name}: {{type: consent, custom: true}}}}}}}}
        """)
    town.layer(f"""
        version: 1
        flow: magento-to-netsuite
        fields: {{custentity_{name}: {name}}}
        """)
    town.seed("magento", attributes={"customer": {name: "text"}})
    town.seed("magento", customers=[shopper(custom={name: said("granted", source="shop desk")})])

    town.sync(INWARD)

    assert consent(town.one("netsuite", "customer"), f"custentity_{name}")["source"] == "shop desk"


# -- M8 ------------------------------------------------------------------------------------------------


def test_m8_a_consent_keeps_time_source_and_wording(town: Town) -> None:
    town.setting(INWARD, consent_wording="web-2027-02")
    town.seed("magento", customers=[shopper(extension=YES)])

    town.sync(INWARD)

    assert consent(town.one("netsuite", "customer")) == {
        "status": "granted", "at": "2026-01-02T03:04:05Z", "source": "web shop", "wording": "web-2027-02",
    }  # fmt: skip


def test_m8_a_box_that_was_never_ticked_is_no_firm_withdrawal(town: Town) -> None:
    town.seed("magento", customers=[shopper()])
    town.seed("netsuite", customer=[client(custentity_email_consent=said("granted"))])

    town.sync(INWARD)

    assert email_status(town) == "granted"


def test_m8_the_recipient_alone_can_confirm_an_opt_in(town: Town) -> None:
    town.seed("magento", customers=[shopper(extension=YES)])

    assert town.ends(INWARD) == {"created": 1}

    assert town.one("netsuite", "customer")["globalSubscriptionStatus"]["refName"] == "Soft Opt-In"


def test_m8_who_unsubscribes_in_the_shop_is_unsubscribed_in_netsuite(town: Town) -> None:
    linked(town, YES)
    edit_shop(town, extension_attributes={"is_subscribed": False})

    both(town)

    assert email_status(town) == "soft_denied"
    assert town.one("netsuite", "customer")["globalSubscriptionStatus"]["refName"] == "Soft Opt-Out"
    assert in_shop(town)["is_subscribed"] is False
    assert at_rest(town)


def test_m8_who_subscribes_again_is_believed(town: Town) -> None:
    linked(town, YES)
    edit_shop(town, extension_attributes={"is_subscribed": False})
    both(town)
    edit_shop(town, extension_attributes={"is_subscribed": True})

    both(town)

    assert email_status(town) == "granted"
    assert in_shop(town)["is_subscribed"] is True
    assert at_rest(town)


def test_m8_an_edit_of_the_account_is_no_new_consent(town: Town) -> None:
    linked(town, YES)
    town.edit("customer", "501", custentity_email_consent=said("denied"))
    edit_shop(town, firstname="Kimberly")

    town.sync(INWARD)
    assert email_status(town) == "denied"

    town.sync(OUTWARD)
    assert in_shop(town)["is_subscribed"] is False


def test_m8_a_withdrawal_in_netsuite_reaches_the_shop(town: Town) -> None:
    linked(town, YES)
    town.edit("customer", "501", custentity_email_consent=said("denied"))

    both(town)

    assert in_shop(town)["is_subscribed"] is False
    assert email_status(town) == "denied"
    assert at_rest(town)


def test_m8_at_first_sight_the_withdrawal_wins_on_either_side(town: Town) -> None:
    no = {"sms_consent": said("denied", "2026-04-01T00:00:00Z")}
    ann = shopper(42, email="ann@x.example", firstname="Ann", custom=no)
    town.seed("magento", customers=[shopper(extension=YES), ann])
    town.seed("netsuite", customer=[
        client("501", custentity_email_consent=said("denied")),
        client("502", email="ann@x.example", firstName="Ann", custentity_sms_consent=said("granted")),
    ])  # fmt: skip

    both(town)

    kim, ann = town.record("netsuite", "customer", "501"), town.record("netsuite", "customer", "502")
    assert (consent(kim)["status"], in_shop(town)["is_subscribed"]) == ("denied", False)
    assert consent(ann, "custentity_sms_consent")["status"] == "denied"


def test_m8_no_policy_brings_an_older_grant_over_a_withdrawal(town: Town) -> None:
    town.layer("""
        version: 1
        flow: magento-to-netsuite
        push_policy: {fields: {custentity_sms_consent: {conflict: source, drift: put_back}}}
        """)
    older, newer = said("granted", "2026-02-01T00:00:00Z"), said("denied", "2026-03-01T00:00:00Z")
    town.seed("magento", customers=[shopper(custom={"sms_consent": older})])
    town.seed("netsuite", customer=[client(custentity_sms_consent=newer)])

    town.sync(INWARD)
    town.sync(INWARD, full=True)

    assert consent(town.one("netsuite", "customer"), "custentity_sms_consent")["status"] == "denied"


def test_m8_a_grant_that_is_newer_than_the_withdrawal_replaces_it(town: Town) -> None:
    town.layer("""
        version: 1
        flow: magento-to-netsuite
        push_policy: {fields: {custentity_sms_consent: {conflict: source}}}
        """)
    newer, older = said("granted", "2026-04-01T00:00:00Z", "shop desk"), said("denied", "2026-03-01T00:00:00Z")
    town.seed("magento", customers=[shopper(custom={"sms_consent": newer})])
    town.seed("netsuite", customer=[client(custentity_sms_consent=older)])

    town.sync(INWARD)

    found = consent(town.one("netsuite", "customer"), "custentity_sms_consent")
    assert (found["status"], found["source"]) == ("granted", "shop desk")


# -- M9 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where", [{"lastname": CARD}, {"taxvat": "4111111111111111"}, {"addresses": [{"street": [f"card {CARD}"]}]}]
)
def test_m9_a_card_number_anywhere_stops_the_record_and_is_told_without_it(town: Town, where: dict[str, Any]) -> None:
    if "addresses" in where:
        where = {"addresses": [{**HOME, **where["addresses"][0]}]}
    town.seed("magento", customers=[shopper(**where)])

    assert town.ends(INWARD) == {"failed": 1}

    assert town.held("netsuite", "customer") == []
    text = town.findings()["quality-card_numbers"]
    assert "card number" in text and "4111" not in text


def test_m9_a_card_number_that_comes_later_is_not_passed_on(town: Town) -> None:
    linked(town)
    town.edit("customer", "501", firstName=CARD)

    assert town.ends(OUTWARD) == {"failed": 1}

    assert "4111" not in json.dumps(town.held("magento", "customers"))


def test_m9_masking_instead_of_stopping_is_a_layer(town: Town) -> None:
    town.layer("""
        version: 1
        flow: magento-to-netsuite
        quality: {card_numbers: {severity: fix}}
        """)
    town.seed("magento", customers=[shopper(taxvat="4111111111111111")])

    assert town.ends(INWARD) == {"created": 1}

    assert town.one("netsuite", "customer")["vatRegNumber"].endswith("1111")
    assert "41111111" not in json.dumps(town.held("netsuite", "customer"))


def test_m9_a_number_that_only_looks_like_a_card_passes(town: Town) -> None:
    town.seed("magento", customers=[shopper(taxvat="4111111111111112")])

    assert town.ends(INWARD) == {"created": 1}


# -- M10 -----------------------------------------------------------------------------------------------


def company(town: Town) -> None:
    town.seed("magento", customers=[shopper()])
    town.seed("magento", companies=[{
        "id": 5, "company_name": "Brick SARL", "company_email": "office@brick.example", "street": ["1 quai Bas"],
        "city": "Lyon", "postcode": "69002", "country_id": "FR", "telephone": "+33400000009", "customer_group_id": 4,
        "super_user_id": 41, "status": 1,
    }])  # fmt: skip


def test_m10_a_new_business_account_gets_terms_and_the_shops_credit(town: Town) -> None:
    company(town)
    town.seed("magento", credits=[{"company_id": 5, "credit_limit": 2500}])

    town.sync(COMPANIES)

    firm = town.one("netsuite", "customer")
    assert (firm["terms"]["refName"], firm["creditLimit"]) == ("Net 30", 2500.0)


def test_m10_terms_are_a_setting_by_their_name(town: Town) -> None:
    town.setting(COMPANIES, payment_terms="Net 60")
    town.setting(INWARD, payment_terms="Due on receipt")
    company(town)

    town.sync(COMPANIES)
    town.sync(INWARD)

    assert {one["terms"]["refName"] for one in town.held("netsuite", "customer")} == {"Net 60", "Due on receipt"}


def test_m10_netsuite_decides_terms_and_credit_afterwards(town: Town) -> None:
    company(town)
    town.sync(COMPANIES)
    (firm,) = town.held("netsuite", "customer")
    town.edit("customer", firm["id"], terms={"id": "3"}, creditLimit=900)
    town.set("magento", edit={"credit": {"5": {"credit_limit": 7000}}})

    town.sync(COMPANIES, full=True)

    firm = town.one("netsuite", "customer")
    assert (firm["terms"]["refName"], firm["creditLimit"]) == ("Net 60", 900)
