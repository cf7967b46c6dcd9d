"""A1 to A8: the fields of a contact in Act-On, where they come from, and what may be changed about them."""

from __future__ import annotations

from typing import Any

import pytest
from acton_office import BRICK, TO_ACTON, contact, furnish, in_acton, person
from town import Town

from engine.cli.main import main
from engine.config.load import load_ruleset

ADDRESS = {
    "label": "Office", "defaultBilling": True,
    "addressBookAddress": {"addr1": "3 rue Haute", "city": "Lyon", "zip": "69001", "country": {"id": "FR"}},
}  # fmt: skip


def refused(town: Town, text: str) -> set[str]:
    """Codes of the errors that a layer is refused for."""
    town.layer(text)
    layers = sorted(town.folder.glob("layer*"))
    found, findings = load_ruleset(town.root, layers)
    assert found is None
    return {one.code for one in findings}


def test_a01_standard_fields_are_mapped_as_shipped(town: Town) -> None:
    furnish(town)
    town.seed("netsuite", contact=[contact(title="Buyer", phone="+33400000000", mobilePhone="+33600000000")])

    assert town.ends(TO_ACTON) == {"created": 1}

    kim = in_acton(town)
    assert {name: kim[name] for name in ("firstName", "lastName", "title", "businessPhone", "mobilePhone")} == {
        "firstName": "Kim", "lastName": "Brick", "title": "Buyer", "businessPhone": "+33400000000",
        "mobilePhone": "+33600000000",
    }  # fmt: skip


def test_a01_an_integrator_deletes_adds_and_changes_rows(town: Town) -> None:
    furnish(town)
    town.layer("""
        version: 1
        flow: netsuite-to-acton
        fields: {$unset: [title, mobilePhone], businessStreet: entityId, lastName: {from: lastName, apply: [upper]}}
    """)
    town.seed("netsuite", contact=[contact(title="Buyer", mobilePhone="+33600000000")])
    town.sync(TO_ACTON)

    kim = in_acton(town)
    assert (kim["lastName"], kim["businessStreet"], "title" in kim, "mobilePhone" in kim) == (
        "BRICK", "Contact 71", False, False,
    )  # fmt: skip


def test_a02_a_configuration_without_the_email_row_is_refused(town: Town) -> None:
    assert "required-missing" in refused(town, "version: 1\nflow: netsuite-to-acton\nfields: {$unset: [email]}\n")


def test_a02_a_contact_without_an_email_is_passed_over(town: Town) -> None:
    furnish(town)
    town.seed("netsuite", contact=[contact(email=None)])

    assert town.ends(TO_ACTON) == {"skipped": 1}


def test_a03_a_field_is_kept_with_nothing_mapped_to_it(town: Town) -> None:
    furnish(town)
    town.seed("netsuite", contact=[contact()])
    town.sync(TO_ACTON)
    id = in_acton(town)["id"]
    town.set("acton", edit={"contact": {id: {"Favourite color": "green"}}})
    town.edit("contact", "71", firstName="Kimberly")
    town.sync(TO_ACTON)

    kim = in_acton(town)
    assert (kim["firstName"], kim["customFields"]["Favourite color"]) == ("Kimberly", "green")


def test_a04_account_owner_and_deals_are_joined_without_being_mapped(town: Town) -> None:
    furnish(town)
    company = {**BRICK, "salesRep": {"id": "900001"}, "addressBook": {"items": [ADDRESS]}}
    deals: list[dict[str, Any]] = [{"id": f"{n}", "entity": {"id": "41"}, "title": f"Deal {n}"} for n in (2001, 2002)]
    town.seed("netsuite", customer=[company], contact=[contact(company={"id": "41"})], opportunity=deals)
    town.sync(TO_ACTON)

    kim = in_acton(town)
    assert (kim["company"], kim["businessCity"], kim["businessCountry"]) == ("Brick SARL", "Lyon", "FR")
    assert kim["customFields"] == {"Account ID": "41", "Owner": "alex.larsen@sales.example", "Open deals": 2}


def test_a04_a_new_owner_of_the_account_reaches_its_contacts(town: Town) -> None:
    furnish(town)
    company = {**BRICK, "salesRep": {"id": "900001"}}
    town.seed("netsuite", customer=[company], contact=[contact(company={"id": "41"})])
    town.sync(TO_ACTON)
    town.edit("customer", "41", salesRep={"id": "900002"})

    assert town.ends(TO_ACTON) == {"updated": 1}
    assert in_acton(town)["customFields"]["Owner"] == "barbara.roy@sales.example"


def test_a05_external_id_and_type_are_supplied(town: Town) -> None:
    furnish(town)
    lead = {**BRICK, "entityStatus": {"id": "7"}}
    town.seed(
        "netsuite", customer=[lead], contact=[contact(company={"id": "41"}), contact("72", email="ana@x.example")]
    )
    town.sync(TO_ACTON)

    kim, ana = in_acton(town), in_acton(town, "ana@x.example")
    assert (kim["externalId"], kim["objectType"]) == ("71", "Lead")
    assert (ana["externalId"], ana["objectType"]) == ("72", "Contact")


def test_a06_the_account_tells_its_fields_with_ids_labels_and_types(town: Town) -> None:
    furnish(town)
    with town.shop() as shop:
        found = shop.connector("acton").discover(shop.object("acton.contact"))

    own = [(one["columnIndex"], one["name"], one["type"]) for one in found if one["columnIndex"] >= 50]
    assert own == [(50, "Account ID", "TEXT"), (51, "Owner", "EMAIL"), (52, "Push to CRM", "BOOLEAN")]
    assert {"Act-On Score", "Do Not Contact"} <= {one["name"] for one in found}


def test_a06_fields_are_searched_and_previewed_with_sample_values_and_a_count(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    furnish(town)
    town.seed("acton", contacts=[person(1, customFields={"Account ID": "41"}), person(2, firstName="Ana")])
    settings = town.folder / "settings.json"
    settings.write_text(town.running.line())
    said = ["--root", str(town.root), "--settings", str(settings), "--state", str(town.folder / "state.db"), "--reveal"]

    assert main(["fields", "acton.contact", "--live", "--search", "account", *said]) == 0
    found = capsys.readouterr().out
    assert main(["fields", "acton.contact", "--live", "--search", "first name", *said]) == 0
    first = capsys.readouterr().out

    assert [line.split() for line in found.splitlines() if line.startswith("50")] == [
        ["50", "Account", "ID", "TEXT", "41"]
    ]
    assert "Pat, Ana" in first
    assert first.splitlines()[-1] == "2 records"


def test_a06_a_label_that_two_fields_have_is_refused_and_a_number_tells_them_apart(town: Town) -> None:
    furnish(town)
    town.seed("acton", fields=[{"name": "owner", "type": "TEXT"}])
    town.seed("netsuite", customer=[{**BRICK, "salesRep": {"id": "900001"}}], contact=[contact(company={"id": "41"})])
    town.sync(TO_ACTON)
    assert town.last is not None and town.last.applied is not None
    assert "several fields are called 'Owner'" in town.last.applied.errors[0][1]

    town.layer("""
        version: 1
        system: acton
        objects: {contact: {fields: {ownerEmail: {at: customFields.51}}}}
    """)
    town.sync(TO_ACTON)
    (kim,) = town.held("acton", "contact")
    assert kim["customFields"]["51"] == "alex.larsen@sales.example"


def test_a07_only_fields_that_are_mapped_are_synced_and_stored(town: Town) -> None:
    furnish(town)
    town.seed("netsuite", contact=[contact(title="Buyer")])
    town.layer("version: 1\nflow: netsuite-to-acton\nfields: {$unset: [title]}\n")
    town.layer("version: 1\nflow: acton-to-netsuite\nfields: {$unset: [title]}\n")
    town.sync(TO_ACTON)

    (stored,) = town.store.all_records("netsuite", "netsuite.contact")
    assert ("title" in stored.fields, stored.fields["firstName"]) == (False, "Kim")
    assert "title" not in in_acton(town)


def test_a08_custom_fields_are_made_once_with_their_type_also_unmapped_ones(town: Town) -> None:
    furnish(town)
    town.seed("netsuite", contact=[contact(), contact("72", email="ana@x.example")])
    town.sync(TO_ACTON)

    made = [(one["name"], one["type"]) for one in town.held("acton", "schema") if one["columnIndex"] > 52]
    assert made == [("Favourite color", "TEXT"), ("Open deals", "NUMBER")]


def test_a08_a_plan_makes_no_fields(town: Town) -> None:
    furnish(town)
    town.seed("netsuite", contact=[contact()])
    town.requests("acton")

    assert len(town.plan(TO_ACTON)) == 1
    assert town.writes("acton") == []


def test_a08_the_type_is_checked_against_the_source(town: Town) -> None:
    codes = refused(
        town,
        "version: 1\nflow: netsuite-to-acton\n"
        "fields: {since: {from: company.addressBook, new_field: {label: Since, type: integer}}}\n",
    )
    assert "type-mismatch" in codes


def test_a08_a_type_that_the_system_does_not_have_is_refused(town: Town) -> None:
    codes = refused(
        town,
        "version: 1\nflow: netsuite-to-acton\n"
        "fields: {chat: {from: firstName, new_field: {label: Chat, type: consent}}}\n",
    )
    assert "new-field-type" in codes
