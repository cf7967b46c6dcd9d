"""M1, M2, M4, M5: what goes between Magento and NetSuite, under which ids, for firms, and with which addresses."""

from __future__ import annotations

from typing import Any

from magento_and_netsuite import (
    COMPANIES,
    HOME,
    INWARD,
    OUTWARD,
    at_rest,
    both,
    by_email,
    client,
    consent,
    edit_shop,
    in_shop,
    lines,
    running,
    shopper,
)
from town import Town

__all__ = ["running"]

ORDERS = [
    {"customer_id": 41, "base_grand_total": 1200.5, "created_at": "2026-02-01 10:00:00"},
    {"customer_id": 41, "base_grand_total": 99.5, "base_total_refunded": 99.5, "created_at": "2026-02-03 10:00:00"},
    {"customer_id": 41, "base_grand_total": 500, "state": "canceled", "created_at": "2026-02-05 10:00:00"},
]
FIRM: dict[str, Any] = {
    "id": 5, "company_name": "Brick SARL", "company_email": "office@brick.example", "street": ["1 quai Bas"],
    "city": "Lyon", "postcode": "69002", "country_id": "FR", "telephone": "+33400000009", "customer_group_id": 4,
    "super_user_id": 41, "vat_tax_id": "FR12345678901", "status": 1,
}  # fmt: skip


# -- M1 ------------------------------------------------------------------------------------------------


def test_m1_the_profile_goes_along(town: Town) -> None:
    town.seed("magento", customers=[shopper(taxvat="FR1", custom={"phone": "+33 4 00 00 00 05"})])

    assert town.ends(INWARD) == {"created": 1}

    kim = town.one("netsuite", "customer")
    assert (kim["firstName"], kim["lastName"], kim["isPerson"]) == ("Kim", "Brick", True)
    assert (kim["email"], kim["phone"], kim["vatRegNumber"]) == ("kim@brick.example", "+33400000005", "FR1")
    assert (kim["entityId"], kim["externalId"], kim["custentity_magento_id"]) == ("Kim Brick 41", "magento_41", "41")


def test_m1_orders_become_counts_spend_and_value(town: Town) -> None:
    town.seed("magento", customers=[shopper()], orders=ORDERS)

    town.sync(INWARD)

    kim = town.one("netsuite", "customer")
    assert (kim["custentity_order_count"], kim["custentity_lifetime_value"]) == (2, 1200.5)
    assert (kim["custentity_average_order"], kim["custentity_returns"]) == (650.0, 99.5)
    assert (kim["custentity_first_order"], kim["custentity_last_order"]) == (
        "2026-02-01T10:00:00Z",
        "2026-02-03T10:00:00Z",
    )


def test_m1_a_new_order_is_counted_and_moves_the_tier(town: Town) -> None:
    town.seed("magento", customers=[shopper()], orders=ORDERS)
    both(town)
    assert town.one("netsuite", "customer")["custentity_revenue_tier"] == "silver"
    town.advance(60)
    town.seed("magento", orders=[{"customer_id": 41, "base_grand_total": 9000}])

    assert town.ends(INWARD) == {"updated": 1}

    kim = town.one("netsuite", "customer")
    assert (kim["custentity_order_count"], kim["custentity_revenue_tier"]) == (3, "gold")


def test_m1_segments_and_territory_come_from_tables(town: Town) -> None:
    american = {**HOME, "id": 9, "country_id": "US", "region": {"region_code": "CA", "region": "California"}}
    ann = {"email": "ann@x.example", "firstname": "Ann", "lastname": "Ode", "group_id": 2, "addresses": [american]}
    town.seed("magento", customers=[shopper(), shopper(42, **ann)])

    town.sync(INWARD)

    found = by_email(town)
    groups = {email: (one["category"]["refName"], one["territory"]["refName"]) for email, one in found.items()}
    assert groups == {
        "kim@brick.example": ("Individual", "Europe"),
        "ann@x.example": ("Corporate", "North America"),
    }


def test_m1_preferences_go_along_with_their_evidence(town: Town) -> None:
    town.seed("magento", customers=[shopper(extension={"is_subscribed": True})])

    town.sync(INWARD)

    assert consent(town.one("netsuite", "customer")) == {
        "status": "granted", "at": "2026-01-02T03:04:05Z", "source": "web shop", "wording": "web-2026-01",
    }  # fmt: skip


def test_m1_a_custom_attribute_is_one_more_row(town: Town) -> None:
    town.layer("""
        version: 1
        flow: magento-to-netsuite
        fields: {custentity_customer_number: erp_number}
        """)
    town.layer("""
        version: 1
        system: netsuite
        objects: {customer: {fields: {custentity_customer_number: {type: text}}}}
        """)
    town.seed("magento", customers=[shopper(custom={"erp_number": "C-7"})])

    town.sync(INWARD)

    assert town.one("netsuite", "customer")["custentity_customer_number"] == "C-7"


def test_m1_a_customer_of_netsuite_gets_an_account_in_the_shop(town: Town) -> None:
    town.seed("netsuite", customer=[client(phone="+33400000000", vatRegNumber="FR1", priceLevel={"id": "2"})])

    assert town.ends(OUTWARD) == {"created": 1}

    kim = town.one("magento", "customers")
    assert (kim["email"], kim["firstname"], kim["lastname"]) == ("kim@brick.example", "Kim", "Brick")
    assert (kim["taxvat"], kim["group_id"], kim["website_id"], kim["store_id"]) == ("FR1", 2, 1, 1)
    assert kim["custom"]["netsuite_id"] == "501"
    assert town.one("netsuite", "customer")["custentity_magento_id"] == str(kim["id"])
    both(town)
    assert at_rest(town)


def test_m1_leads_and_firms_get_no_account(town: Town) -> None:
    firm = {"id": "502", "isPerson": False, "companyName": "Brick SARL", "email": "a@x.example"}
    lead = client("503", email="b@x.example", entityStatus={"id": "7"})
    town.seed("netsuite", customer=[{**firm, "subsidiary": {"id": "1"}}, lead, client("504", email=None)])

    town.sync(OUTWARD)

    assert town.held("magento", "customers") == []


# -- M2 ------------------------------------------------------------------------------------------------


def test_m2_the_netsuite_id_outranks_the_email(town: Town) -> None:
    town.seed("netsuite", customer=[client("501"), client("502", email="other@x.example")])
    town.seed("magento", customers=[shopper(custom={"netsuite_id": "502"})])

    assert town.ends(INWARD) == {"linked": 1}

    assert town.links(INWARD) == {"41": "502"}
    assert town.record("netsuite", "customer", "502")["email"] == "other@x.example"


def test_m2_a_netsuite_id_of_nobody_goes_to_a_person(town: Town) -> None:
    town.seed("magento", customers=[shopper(custom={"netsuite_id": "999"})])

    assert town.ends(INWARD) == {"held": 1}

    assert town.held("netsuite", "customer") == []


def test_m2_the_shops_id_that_netsuite_keeps_links_too(town: Town) -> None:
    town.seed("netsuite", customer=[client(email="old@x.example", custentity_magento_id="41")])
    town.seed("magento", customers=[shopper()])

    assert town.ends(INWARD) == {"linked": 1}

    assert town.links(INWARD) == {"41": "501"}


def test_m2_an_account_number_of_older_days_links_and_stays(town: Town) -> None:
    town.seed("netsuite", customer=[client(email="old@x.example", externalId="OLD-9")])
    town.seed("magento", customers=[shopper(custom={"erp_number": "OLD-9"})])

    town.sync(INWARD)

    assert town.links(INWARD) == {"41": "501"}
    assert town.one("netsuite", "customer")["externalId"] == "OLD-9"


def test_m2_email_links_and_the_ids_are_written_to_both_sides(town: Town) -> None:
    town.seed("netsuite", customer=[client(email="KIM@brick.example")])
    town.seed("magento", customers=[shopper()])

    assert town.ends(INWARD) == {"linked": 1}

    assert town.one("netsuite", "customer")["custentity_magento_id"] == "41"
    assert in_shop(town)["custom"]["netsuite_id"] == "501"
    both(town)
    assert at_rest(town)


def test_m2_an_email_is_one_account_per_website(town: Town) -> None:
    town.seed("netsuite", customer=[client()])
    town.seed("magento", customers=[shopper(42, email="kim@brick.example", website_id=2, store_id=3)])

    assert town.ends(OUTWARD) == {"created": 1}

    assert sorted(one["website_id"] for one in town.held("magento", "customers")) == [1, 2]


def test_m2_the_website_is_a_setting(town: Town) -> None:
    town.setting("magento", website_id="2", store_id="3")
    town.seed("netsuite", customer=[client()])
    town.seed("magento", customers=[shopper(42, email="kim@brick.example", website_id=2, store_id=3)])

    assert town.ends(OUTWARD) == {"linked": 1}


# -- M4 ------------------------------------------------------------------------------------------------


def firm(town: Town, **values: Any) -> None:
    town.seed("magento", customers=[shopper()])
    town.seed("magento", companies=[{**FIRM, **values}])


def test_m4_a_company_becomes_the_parent_account_of_its_people(town: Town) -> None:
    firm(town)

    town.sync(COMPANIES)
    town.sync(INWARD)

    found = by_email(town)
    parent, kim = found["office@brick.example"], found["kim@brick.example"]
    assert (parent["isPerson"], parent["companyName"]) == (False, "Brick SARL")
    assert parent["externalId"] == "magento_company_5"
    assert (parent["category"]["refName"], parent["vatRegNumber"]) == ("Corporate", "FR12345678901")
    assert kim["parent"]["id"] == parent["id"]
    assert (kim["isPerson"], kim["companyName"]) == (False, "Brick SARL")


def test_m4_the_parent_is_filled_in_once_the_company_is_there(town: Town) -> None:
    firm(town)
    town.sync(INWARD)
    assert "parent" not in by_email(town)["kim@brick.example"]

    town.sync(COMPANIES)
    town.sync(INWARD)

    assert by_email(town)["kim@brick.example"]["parent"]["id"] == by_email(town)["office@brick.example"]["id"]


def test_m4_the_billing_entity_is_the_companys_own_address(town: Town) -> None:
    firm(town)
    town.sync(COMPANIES)
    town.sync(INWARD)

    found = by_email(town)
    (bill,) = found["office@brick.example"]["addressBook"]["items"]
    assert (bill["defaultBilling"], bill["addressBookAddress"]["addr1"]) == (True, "1 quai Bas")
    assert lines(found["kim@brick.example"])["Magento 7"]["addressBookAddress"]["addr1"] == "3 rue Haute"


def test_m4_a_company_that_the_shop_has_not_approved_waits(town: Town) -> None:
    firm(town, status=0)

    assert town.ends(COMPANIES) == {"held": 1, "waiting": 1}

    assert town.held("netsuite", "customer") == []


def test_m4_nothing_is_left_to_do_for_firms(town: Town) -> None:
    firm(town)
    for _ in range(2):
        town.sync(COMPANIES)
        both(town)
    town.requests("netsuite")

    town.sync(COMPANIES, full=True)

    assert at_rest(town)
    assert town.writes("netsuite") == []


# -- M5 ------------------------------------------------------------------------------------------------


def test_m5_each_address_keeps_its_use_and_kind(town: Town) -> None:
    town.seed("magento", customers=[shopper()])

    town.sync(INWARD)

    book = lines(town.one("netsuite", "customer"))
    home, work = book["Magento 7"], book["Magento 8"]
    assert (home["defaultBilling"], home["defaultShipping"], home["isResidential"]) == (True, True, True)
    assert (work["defaultBilling"], work["defaultShipping"], work["isResidential"]) == (False, False, False)
    assert work["addressBookAddress"]["attention"] == "Brick SARL"


def test_m5_addresses_do_not_double_on_the_way_there_and_back(town: Town) -> None:
    office = {"label": "Office", "addressBookAddress": {"addressee": "Kim Brick", "addr1": "1 quai Bas", "city": "Lyon",
              "zip": "69002", "country": {"id": "FR"}, "addrPhone": "+33400000007"}}  # fmt: skip
    town.seed("netsuite", customer=[client(addressBook={"items": [office]})])
    town.seed("magento", customers=[shopper()])

    both(town, 3)

    assert sorted(lines(town.one("netsuite", "customer"))) == ["Magento 7", "Magento 8", "Office"]
    streets = {one["custom"].get("erp_code", ""): one["street"] for one in in_shop(town)["addresses"]}
    assert streets == {"": ["9 quai Bas"], "Office": ["1 quai Bas"]} and len(in_shop(town)["addresses"]) == 3
    assert at_rest(town)


def test_m5_an_edit_of_an_address_goes_to_its_own_line(town: Town) -> None:
    office = {"label": "Office", "addressBookAddress": {"addressee": "Kim Brick", "addr1": "1 quai Bas", "city": "Lyon",
              "zip": "69002", "country": {"id": "FR"}, "addrPhone": "+33400000007"}}  # fmt: skip
    town.seed("netsuite", customer=[client(addressBook={"items": [office]})])
    both(town)
    account = town.one("magento", "customers")
    line = {**account["addresses"][0], "street": ["2 quai Neuf"]}
    town.set("magento", edit={"address": {str(line["id"]): {"street": ["2 quai Neuf"]}}})
    town.advance(60)
    town.set("magento", edit={"customer": {str(account["id"]): {"firstname": "Kimberly"}}})

    both(town)

    assert lines(town.one("netsuite", "customer"))["Office"]["addressBookAddress"]["addr1"] == "2 quai Neuf"
    assert len(town.one("magento", "customers")["addresses"]) == 1


def test_m5_a_new_delivery_address_of_the_shop_is_added_beside_the_others(town: Town) -> None:
    town.seed("magento", customers=[shopper()])
    both(town)
    depot = {**HOME, "street": ["Depot 3"], "default_billing": False, "default_shipping": True}
    book = [{**HOME, "default_shipping": False}, {name: one for name, one in depot.items() if name != "id"}]
    edit_shop(town, addresses=book)

    both(town, 2)

    found = lines(town.one("netsuite", "customer"))
    assert sum(one["defaultShipping"] for one in found.values()) == 1
    assert [one["addressBookAddress"]["addr1"] for one in found.values() if one["defaultShipping"]] == ["Depot 3"]
    assert at_rest(town)
