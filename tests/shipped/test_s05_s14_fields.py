"""S5 to S14: what each field of a new NetSuite customer is made of."""

from __future__ import annotations

from typing import Any

import pytest
from stripe_to_netsuite import BERLIN, FLOW, company, lines, made_of, paying
from town import Town


def test_s5_the_stripe_id_is_the_external_id(town: Town) -> None:
    assert made_of(town, name="Ada Ltd")["externalId"] == "cus_ada"


def test_s5_the_company_id_is_unique_by_the_stripe_id(town: Town) -> None:
    assert made_of(town, name="Ada Ltd")["entityId"] == "Ada Ltd cus_ada"


def test_s5_without_a_name_the_stripe_id_is_the_company_id(town: Town) -> None:
    assert made_of(town, email="ada@x.example")["entityId"] == "cus_ada"


def test_s5_two_customers_of_one_name_are_two_customers(town: Town) -> None:
    paying(town, {"id": "cus_1", "name": "Ada Ltd"}, {"id": "cus_2", "name": "Ada Ltd"})

    assert town.ends(FLOW) == {"created": 2}

    ids = [one["entityId"] for one in town.held("netsuite", "customer")]
    assert sorted(ids) == ["Ada Ltd cus_1", "Ada Ltd cus_2"]


def test_s5_a_long_name_leaves_room_for_the_stripe_id(town: Town) -> None:
    made = made_of(town, name="Very Long Names of Companies that Nobody Reads to their Bitter End Ltd")

    assert made["entityId"] == "Very Long Names of Companies that Nobody Reads to their Bitt cus_ada"


def test_s5_a_company_id_that_somebody_else_has_fails_that_customer_alone(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", entityId="Ada Ltd cus_1")])
    paying(town, {"id": "cus_1", "name": "Ada Ltd"}, {"id": "cus_2", "name": "Bea Ltd"})

    assert town.ends(FLOW) == {"created": 1, "failed": 1}


def test_s5_a_lead_with_our_external_id_is_not_written_over(town: Town) -> None:
    lead = company("7", externalId="cus_1", entityStatus={"id": "7"})
    town.seed("netsuite", customer=[lead])
    paying(town, {"id": "cus_1", "name": "Ada Ltd"})

    assert town.ends(FLOW) == {"failed": 1}

    assert town.one("netsuite", "customer")["companyName"] == "Company 7"
    assert "7 has this value already" in town.findings()["natural-key-taken"]


def test_s5_a_customer_with_our_external_id_is_ours(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", externalId="cus_1", phone="030 1111111")])
    paying(town, {"id": "cus_1", "name": "Ada Ltd", "phone": "030 2222222"})

    assert town.ends(FLOW) == {"linked": 1}

    assert town.one("netsuite", "customer")["phone"] == "030 1111111"


def test_s6_the_email_goes_along(town: Town) -> None:
    assert made_of(town, name="Ada", email="Ada@X.example")["email"] == "Ada@X.example"


def test_s6_without_an_email_the_stripe_id_stands_in(town: Town) -> None:
    assert made_of(town, name="Ada")["email"] == "cus_ada@no-email.invalid"


def test_s6_the_domain_of_the_stand_in_is_a_setting(town: Town) -> None:
    town.setting(FLOW, no_email_domain="nobody.example")

    assert made_of(town, name="Ada")["email"] == "cus_ada@nobody.example"


def test_s7_the_name_is_the_company_name(town: Town) -> None:
    assert made_of(town, name="Ada Ltd", description="Friend")["companyName"] == "Ada Ltd"


def test_s7_without_a_name_the_description_is_the_company_name(town: Town) -> None:
    assert made_of(town, description="Friend", email="ada@x.example")["companyName"] == "Friend"


def test_s7_with_neither_the_email_is_the_company_name(town: Town) -> None:
    assert made_of(town, email="ada@x.example")["companyName"] == "ada@x.example"


def test_s7_with_nothing_at_all_the_stripe_id_is_the_company_name(town: Town) -> None:
    assert made_of(town)["companyName"] == "cus_ada"


def test_s8_the_phone_goes_into_the_header(town: Town) -> None:
    assert made_of(town, name="Ada", phone="+49 30 1234567")["phone"] == "+49 30 1234567"


def test_s9_the_shipping_address_is_the_default_shipping_address(town: Town) -> None:
    made = made_of(town, name="Ada", shipping={"name": "Dock 4", "address": BERLIN})

    (line,) = made["addressBook"]["items"]
    assert (line["defaultShipping"], line["defaultBilling"]) == (True, False)
    address = line["addressBookAddress"]
    assert (address["addressee"], address["addr1"], address["addr2"]) == ("Dock 4", "Weg 1", "Hof")
    assert (address["city"], address["state"], address["zip"]) == ("Berlin", "BE", "10115")
    assert address["country"]["id"] == "DE"


def test_s9_without_a_shipping_address_there_is_none(town: Town) -> None:
    assert list(lines(made_of(town, name="Ada", address=BERLIN))) == ["Billing"]


def test_s10_the_billing_address_is_that_of_the_payment_source(town: Town) -> None:
    town.seed("stripe", customers=[{"id": "cus_ada", "name": "Ada", "address": {"city": "Bonn", "country": "DE"}}])
    details = {"name": "Ada Card", "address": {"line1": "Rue 2", "city": "Paris", "country": "FR"}}
    town.seed("stripe", payment_methods=[{"id": "pm_1", "customer": "cus_ada", "billing_details": details}])
    town.seed("stripe", charges=[{"customer": "cus_ada"}])
    town.stripe("/v1/customers/cus_ada", **{"invoice_settings[default_payment_method]": "pm_1"})

    town.sync(FLOW)

    (line,) = town.one("netsuite", "customer")["addressBook"]["items"]
    assert (line["defaultBilling"], line["defaultShipping"]) == (True, False)
    assert line["addressBookAddress"]["city"] == "Paris"
    assert line["addressBookAddress"]["country"]["id"] == "FR"


def test_s10_a_default_source_of_the_older_kind_counts_too(town: Town) -> None:
    town.seed("stripe", customers=[{"id": "cus_ada", "name": "Ada", "address": {"city": "Bonn", "country": "DE"}}])
    details = {"address": {"line1": "Rue 2", "city": "Paris", "country": "FR"}}
    town.seed("stripe", payment_methods=[{"id": "pm_1", "customer": "cus_ada", "billing_details": details}])
    town.seed("stripe", charges=[{"customer": "cus_ada"}])
    town.stripe("/v1/customers/cus_ada", default_source="pm_1")

    town.sync(FLOW)

    assert lines(town.one("netsuite", "customer"))["Billing"]["addressBookAddress"]["city"] == "Paris"


def test_s10_a_payment_source_without_an_address_leaves_the_customers_own(town: Town) -> None:
    town.seed("stripe", customers=[{"id": "cus_ada", "name": "Ada", "address": {"city": "Bonn", "country": "DE"}}])
    town.seed("stripe", payment_methods=[{"id": "pm_1", "customer": "cus_ada"}], charges=[{"customer": "cus_ada"}])
    town.stripe("/v1/customers/cus_ada", **{"invoice_settings[default_payment_method]": "pm_1"})

    town.sync(FLOW)

    assert lines(town.one("netsuite", "customer"))["Billing"]["addressBookAddress"]["city"] == "Bonn"


def test_s10_billing_and_shipping_are_two_lines(town: Town) -> None:
    paris = {"line1": "Rue 2", "city": "Paris", "country": "FR"}

    made = lines(made_of(town, name="Ada", address=BERLIN, shipping={"name": "Ada", "address": paris}))

    assert (made["Billing"]["defaultBilling"], made["Shipping"]["defaultShipping"]) == (True, True)
    assert made["Billing"]["addressBookAddress"]["city"] == "Berlin"
    assert made["Shipping"]["addressBookAddress"]["city"] == "Paris"


@pytest.mark.parametrize(
    ("given", "taken"),
    [("DE", "DE"), ("de", "DE"), ("Germany", "DE"), ("Viet Nam", "VN"), ("Atlantis", None), (None, "US")],
    ids=["code", "small letters", "full name", "name of ISO 3166", "no country", "none given"],
)
def test_s11_a_country_is_a_code_or_a_full_name(town: Town, given: str | None, taken: str | None) -> None:
    made = made_of(town, name="Ada", address={"line1": "Weg 1", "city": "Berlin", "country": given})

    address = lines(made)["Billing"]["addressBookAddress"]
    assert address.get("country", {}).get("id") == taken
    assert address["city"] == "Berlin"


def test_s11_the_default_country_is_that_of_the_account(town: Town) -> None:
    town.setting("netsuite", default_country="FR")

    made = made_of(town, name="Ada", address={"city": "Lyon"})

    assert lines(made)["Billing"]["addressBookAddress"]["country"]["id"] == "FR"


def test_s11_a_country_alone_is_no_address(town: Town) -> None:
    assert made_of(town, name="Ada").get("addressBook", {}).get("items", []) == []


def test_s12_metadata_overrides_a_mapped_field(town: Town) -> None:
    made = made_of(
        town, name="Ada Ltd", metadata={"netsuite_companyName": "Ada Limited", "netsuite_phone": "030 7654321"}
    )

    assert (made["companyName"], made["phone"]) == ("Ada Limited", "030 7654321")


def test_s12_metadata_fills_a_field_that_is_not_mapped(town: Town) -> None:
    assert made_of(town, name="Ada", metadata={"netsuite_terms": "2"})["terms"]["id"] == "2"


def test_s12_metadata_overrides_only_what_the_policy_names(town: Town) -> None:
    made = made_of(town, name="Ada", metadata={"netsuite_subsidiary": "2", "netsuite_externalId": "mine"})

    assert (made["subsidiary"]["id"], made["externalId"]) == ("1", "cus_ada")


def test_s12_the_policy_is_the_integrators(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        record_overrides: {prefix: ns_, wins: [comments]}
        """)

    made = made_of(town, name="Ada", metadata={"ns_comments": "VIP", "netsuite_companyName": "Other"})

    assert (made["comments"], made["companyName"]) == ("VIP", "Ada")


def test_s12_metadata_maps_an_extra_field(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        fields: {url: metadata.website}
        """)

    assert made_of(town, name="Ada", metadata={"website": "https://ada.example"})["url"] == "https://ada.example"


def test_s12_metadata_maps_a_custom_field(town: Town) -> None:
    town.set("netsuite", custom_fields={"customer": {"custentity_plan": "text"}})
    town.layer("""
        version: 1
        system: netsuite
        objects: {customer: {fields: {custentity_plan: {type: text, label: Plan}}}}
        """)
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        fields: {custentity_plan: {from: metadata.plan, else: free}}
        """)

    assert made_of(town, name="Ada", metadata={"plan": "gold"})["custentity_plan"] == "gold"


def test_s13_customers_are_companies(town: Town) -> None:
    made = made_of(town, name="Maria Erika Musterfrau")

    assert (made["isPerson"], made["companyName"]) == (False, "Maria Erika Musterfrau")
    assert "firstName" not in made


@pytest.mark.parametrize("yes", ["true", "T", "yes", "1"])
def test_s13_metadata_makes_an_individual(town: Town, yes: str) -> None:
    made = made_of(town, name="Maria Erika Musterfrau", metadata={"netsuite_isPerson": yes})

    assert made["isPerson"] is True
    assert "companyName" not in made


PERSONS = """
    version: 1
    flow: stripe-to-netsuite
    fields: {isPerson: {expr: source.metadata.kind != 'company'}}
    """


def test_s13_a_rule_makes_individuals(town: Town) -> None:
    town.layer(PERSONS)
    paying(town, {"id": "cus_1", "name": "Ada Byron"}, {"id": "cus_2", "name": "Bea", "metadata": {"kind": "company"}})

    town.sync(FLOW)

    made = {one["externalId"]: one["isPerson"] for one in town.held("netsuite", "customer")}
    assert made == {"cus_1": True, "cus_2": False}


@pytest.mark.parametrize(
    ("customer", "first", "last"),
    [
        ({"name": "Maria Erika Musterfrau"}, "Maria", "Erika Musterfrau"),
        ({"description": "Ada Byron"}, "Ada", "Byron"),
        ({"name": "Ada Byron", "description": "Other One"}, "Ada", "Byron"),
        (
            {
                "name": "Sir Richard Branson",
                "metadata": {"netsuite_firstName": "Richard", "netsuite_lastName": "Branson"},
            },
            "Richard",
            "Branson",
        ),
        ({"name": "Sir Richard Branson", "metadata": {"netsuite_firstName": "Richard"}}, "Richard", "Richard Branson"),
    ],
    ids=["name", "description", "name before description", "metadata", "metadata in part"],
)
def test_s14_a_name_is_split_at_its_first_space(town: Town, customer: dict[str, Any], first: str, last: str) -> None:
    town.layer(PERSONS)

    made = made_of(town, **customer)

    assert (made["firstName"], made["lastName"]) == (first, last)


def test_s14_an_individual_without_a_last_name_is_held(town: Town) -> None:
    town.layer(PERSONS)
    paying(town, {"id": "cus_ada", "name": "Ada"})

    assert town.ends(FLOW) == {"held": 1}

    assert "lastName" in town.findings()["missing-value"]
