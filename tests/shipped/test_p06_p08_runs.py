"""P6 to P8: columns by kind of run, one customer at once, all on a schedule."""

from __future__ import annotations

from netsuite_to_stripe import FLOW, ID_FIELD, company, in_stripe, paris, settled, stripe_id
from town import Town

FULL = {"email": "acme@x.example", "phone": "+33 1 42 68 53 00", "entityId": "ACME-7", "addressBook": paris()}


def test_p6_a_mass_sync_sends_its_columns_alone(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", **FULL)])

    town.sync(FLOW, run="mass")

    made = town.one("stripe", "customers")
    assert (made["email"], made["name"], made["phone"]) == ("acme@x.example", "Company 7", "+33 1 42 68 53 00")
    assert (made["description"], made["address"], made["shipping"]) == (None, None, None)
    assert made["metadata"] == {"netsuite_id": "7"}


def test_p6_a_mass_sync_reads_no_addresses(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", **FULL)])

    town.sync(FLOW, run="mass")

    assert [one["path"] for one in town.requests("netsuite") if one["method"] == "GET"] == []


def test_p6_a_single_sync_sends_its_own_columns(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", **FULL)])

    town.sync(FLOW, run="single", ids=("7",))

    made = town.one("stripe", "customers")
    assert made["description"] == "ACME-7"
    assert (made["address"]["city"], made["shipping"]["address"]["city"]) == ("Paris", "Paris")


def test_p6_what_the_mass_sync_left_out_comes_with_a_single_one(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", **FULL)])
    town.sync(FLOW, run="mass")

    town.sync(FLOW, run="single", ids=("7",))

    assert (in_stripe(town, "7")["description"], in_stripe(town, "7")["address"]["city"]) == ("ACME-7", "Paris")


def test_p6_an_edit_outside_the_columns_waits_for_a_run_that_has_them(town: Town) -> None:
    settled(town, company("7", **FULL))
    town.edit("customer", "7", entityId="ACME-8", phone="+33 1 42 68 53 99")

    town.sync(FLOW, run="mass")
    assert (in_stripe(town, "7")["description"], in_stripe(town, "7")["phone"]) == ("ACME-7", "+33 1 42 68 53 99")

    town.sync(FLOW)
    assert in_stripe(town, "7")["description"] == "ACME-8"


def test_p6_the_integrator_names_the_columns(town: Town) -> None:
    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        columns: {mass: [email, metadata.netsuite_id]}
        """)
    town.seed("netsuite", customer=[company("7", **FULL)])

    town.sync(FLOW, run="mass")

    made = town.one("stripe", "customers")
    assert (made["email"], made["name"], made["phone"]) == ("acme@x.example", None, None)


def test_p7_one_customer_is_synced_at_once(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", **FULL), company("8", email="other@x.example")])

    assert town.ends(FLOW, run="single", ids=("7",)) == {"created": 1}

    assert [one["email"] for one in town.held("stripe", "customers")] == ["acme@x.example"]
    assert stripe_id(town, "8") is None


def test_p7_a_single_sync_finds_the_customer_by_email_whatever_the_letter_case(town: Town) -> None:
    town.seed("stripe", customers=[{"id": "cus_bee", "email": "ACME@x.example"}])
    town.seed("netsuite", customer=[company("7", **FULL)])

    assert town.ends(FLOW, run="single", ids=("7",)) == {"linked": 1}

    assert town.links(FLOW) == {"7": "cus_bee"}


def test_p7_a_single_sync_asks_little(town: Town) -> None:
    settled(town, *(company(str(id), email=f"a{id}@x.example") for id in range(700, 710)))
    town.edit("customer", "703", email="new@x.example")

    assert town.ends(FLOW, run="single", ids=("703",)) == {"updated": 1}

    assert [one["path"] for one in town.requests("netsuite") if "/record/" in one["path"]] == [
        "/services/rest/record/v1/customer/703"
    ]
    linked = f"/v1/customers/{stripe_id(town, '703')}"
    assert [(one["method"], one["path"]) for one in town.requests("stripe")] == [("GET", linked), ("POST", linked)]


def test_p7_a_single_sync_knows_of_edits_that_no_run_has_seen(town: Town) -> None:
    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        push_policy: {default: {conflict: target}}
        """)
    settled(town, company("7", email="acme@x.example"))
    town.stripe(f"/v1/customers/{stripe_id(town, '7')}", email="mine@x.example")
    town.edit("customer", "7", email="theirs@x.example")

    town.sync(FLOW, run="single", ids=("7",))

    assert in_stripe(town, "7")["email"] == "mine@x.example"


def test_p7_a_customer_that_does_not_exist_is_told(town: Town) -> None:
    assert town.ends(FLOW, run="single", ids=("99",)) == {}

    assert town.findings() == {"record-missing": "there is no Customer 99"}


def test_p7_a_single_sync_takes_a_customer_that_the_mass_selection_leaves_out(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", isInactive=True, **FULL)])

    assert town.ends(FLOW, run="single", ids=("7",)) == {"created": 1}


def test_p8_a_mass_sync_takes_every_customer_of_its_selection(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", **FULL), company("8", email="b@x.example", isInactive=True)])

    assert town.ends(FLOW, run="mass") == {"created": 1, "skipped": 1}

    assert town.one("stripe", "customers")["email"] == "acme@x.example"


def test_p8_the_integrator_selects_what_a_mass_sync_takes(town: Town) -> None:
    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        runs: {mass: {select: "source.comments == 'web'"}}
        """)
    town.seed("netsuite", customer=[company("7", **FULL), company("8", email="b@x.example", comments="web")])

    town.sync(FLOW, run="mass")

    assert [one["email"] for one in town.held("stripe", "customers")] == ["b@x.example"]


def test_p8_it_is_scheduled_daily_and_the_integrator_may_say_when(town: Town) -> None:
    mass = town.flow(FLOW).rules.runs["mass"]
    assert (mass.start, mass.every) == ("schedule", 86400)

    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        runs: {mass: {every: 1h}}
        """)

    assert town.flow(FLOW).rules.runs["mass"].every == 3600


def test_p8_a_second_mass_sync_writes_nothing(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", **FULL), company("8", **{ID_FIELD: "cus_bee"})])
    town.seed("stripe", customers=[{"id": "cus_bee", "name": "Bee"}])
    town.sync(FLOW, run="mass")
    town.requests("stripe")
    town.requests("netsuite")

    assert town.plan(FLOW, run="mass") == []
    town.sync(FLOW, run="mass")

    assert (town.writes("stripe"), town.writes("netsuite")) == ([], [])
