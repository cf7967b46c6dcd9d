"""The shipped YAML: compiles without a finding, quickly, and into what its authors meant."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from engine.config.load import load_ruleset
from engine.config.shipped import shipped_folder
from engine.model.secret import Secret
from engine.spec.ruleset import FlowSpec, Ruleset

ROOT = shipped_folder()
SETTINGS = {
    "stripe": {
        "base_url": "http://127.0.0.1:4001",
        "settings": {"api_key": "sk_test_1", "portal_return_url": "https://shop.example/account"},
    },
    "netsuite": {
        "base_url": "http://127.0.0.1:4002/services/rest",
        "settings": {
            "account_id": "123456_SB1",
            "client_id": "client",
            "certificate_id": "certificate",
            "private_key": "-----BEGIN",
            "default_country": "US",
        },
    },
}


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    found, findings = load_ruleset(ROOT, settings=SETTINGS)
    assert findings == []
    assert found is not None
    return found


@pytest.fixture(scope="module")
def inward(ruleset: Ruleset) -> FlowSpec:
    return ruleset.flows["stripe-to-netsuite"]


@pytest.fixture(scope="module")
def outward(ruleset: Ruleset) -> FlowSpec:
    return ruleset.flows["netsuite-to-stripe"]


class Nobody:
    """A context that knows two currencies and nothing else."""

    link = None
    now = "2026-01-01T00:00:00Z"

    def by(self, object: str, field: str, value: Any) -> Any:
        raise AssertionError(f"asked for {object} by {field}")

    def linked(self, object: str, value: Any) -> Any:
        raise AssertionError(f"asked what {object} is linked to")

    def records(self, object: str) -> list[dict[str, Any]]:
        assert object == "netsuite.currency"
        return [{"id": "1", "isInactive": False}, {"id": "4", "isInactive": True}]


def test_it_loads_without_settings_and_without_a_finding() -> None:
    found, findings = load_ruleset(ROOT)

    assert findings == []
    assert found is not None
    assert found.connections["stripe"].missing == ("api_key",)
    assert found.connections["stripe"].base_url == "https://api.stripe.com"
    assert found.connections["netsuite"].base_url == ""


def test_settings_of_a_file_reach_their_connection(ruleset: Ruleset) -> None:
    netsuite = ruleset.connections["netsuite"]

    assert netsuite.base_url == "http://127.0.0.1:4002/services/rest"
    assert netsuite.allow_private
    assert netsuite.missing == ()
    assert isinstance(netsuite.settings["private_key"], Secret)
    assert netsuite.settings["default_subsidiary"] == "1"


def test_expressions_never_see_a_secret(inward: FlowSpec) -> None:
    assert inward.settings == {
        "stripe": {"api_version": "2026-06-24.dahlia", "portal_return_url": "https://shop.example/account"},
        "netsuite": {
            "account_id": "123456_SB1",
            "client_id": "client",
            "certificate_id": "certificate",
            "default_country": "US",
            "default_subsidiary": "1",
        },
        "subsidiary": "1",
        "no_email_domain": "no-email.invalid",
    }


def test_each_flow_knows_the_other_direction(inward: FlowSpec, outward: FlowSpec) -> None:
    assert inward.reverse == "netsuite-to-stripe"
    assert outward.reverse == "stripe-to-netsuite"


def test_the_source_reads_what_mapping_and_gates_use(inward: FlowSpec) -> None:
    assert inward.source_reads.fields == {
        "id", "name", "description", "email", "phone", "metadata", "address", "shipping", "default_payment_method",
        "default_source",
    }  # fmt: skip
    assert [(join.name, join.kind, join.object, join.many) for join in inward.source_reads.joins] == [
        ("charges", "relation", "stripe.charge", True),
        ("default_payment_method", "reference", "stripe.payment_method", False),
        ("default_source", "reference", "stripe.payment_method", False),
        ("invoices", "relation", "stripe.invoice", True),
    ]
    assert inward.source_reads.joins[1].fields == {"billing_details"}


def test_what_only_flows_without_an_account_use_is_not_read(ruleset: Ruleset) -> None:
    fields = ruleset.reads["netsuite", "netsuite.customer"].fields

    assert "custentity_stripe_customer_id" in fields
    assert "custentity_magento_id" not in fields
    assert "custentity_magento_id" in ruleset.of_all[0]["netsuite", "netsuite.customer"].fields


def test_a_reference_of_which_only_the_id_is_used_reads_nothing(inward: FlowSpec) -> None:
    (subsidiary,) = inward.target_reads.joins

    assert (subsidiary.name, subsidiary.bare, subsidiary.fields) == ("subsidiary", True, frozenset())


def test_fields_that_only_a_read_brings_are_marked(inward: FlowSpec, outward: FlowSpec) -> None:
    assert inward.target_reads.detail == {"subsidiary", "currencyList", "addressBook"}
    assert inward.match_detail
    assert outward.source_reads.detail == {"addressBook"}
    assert not outward.match_detail


def test_objects_beside_the_flow_are_read_too(ruleset: Ruleset) -> None:
    assert ruleset.reads["netsuite", "netsuite.currency"].fields == {"id", "isInactive"}
    assert ruleset.reads["stripe", "stripe.charge"].fields == {"customer"}


def test_lookups_have_an_index(ruleset: Ruleset) -> None:
    customers = ruleset.index["netsuite", "netsuite.customer"]

    assert sorted(customers) == ["by:companyName", "by:externalId", "email|text", "externalId|exact"]
    assert customers["email|text"]({"email": " Ada@X.example"}) == "ada@x.example"
    assert customers["by:companyName"]({"companyName": "Stripe Unallocated Charges"}) == "stripeunallocatedcharges"
    assert ruleset.index["stripe", "stripe.charge"]["ref:customer"]({"customer": "cus_1"}) == "cus_1"


def test_the_pin_has_no_index_since_its_right_side_is_the_id(ruleset: Ruleset) -> None:
    assert [name for name in ruleset.index["stripe", "stripe.customer"] if "|" in name] == ["email|email"]


# -- mapping ------------------------------------------------------------------------------------------------


def test_s5_s6_s7_a_nameless_customer_gets_stand_ins(inward: FlowSpec) -> None:
    mapped = inward.mapper({"id": "cus_2", "name": None, "email": None}, None, Nobody())

    assert mapped.values["externalId"] == "cus_2"
    assert mapped.values["entityId"] == "cus_2"
    assert mapped.values["companyName"] == "cus_2"
    assert mapped.values["email"] == "cus_2@no-email.invalid"
    assert set(mapped.defaults) == {"entityId", "companyName", "email"}


def test_s7_without_name_the_email_is_the_name(inward: FlowSpec) -> None:
    mapped = inward.mapper({"id": "cus_2", "email": "ada@x.example"}, None, Nobody())

    assert mapped.values["companyName"] == "ada@x.example"


@pytest.mark.parametrize(
    ("metadata", "first", "last"),
    [
        ({}, "Maria", "Erika Musterfrau"),
        ({"netsuite_firstName": "Sir Maria"}, "Sir Maria", "Erika Musterfrau"),
    ],
    ids=["split at the first space", "metadata wins"],
)
def test_s12_s13_s14_metadata_makes_a_person(inward: FlowSpec, metadata: dict[str, str], first: str, last: str) -> None:
    source = {"id": "cus_3", "name": "Maria Erika Musterfrau", "metadata": {"netsuite_isPerson": "true", **metadata}}

    values = inward.mapper(source, None, Nobody()).values

    assert (values["isPerson"], values["firstName"], values["lastName"]) == (True, first, last)
    assert "companyName" not in values


def test_s12_metadata_fills_in_fields_without_a_row(inward: FlowSpec) -> None:
    values = inward.mapper({"id": "cus_3", "metadata": {"netsuite_terms": "2"}}, None, Nobody()).values

    assert values["terms"] == "2"
    assert "salesRep" not in values


def test_s9_s10_s11_addresses_become_lines(inward: FlowSpec) -> None:
    source = {
        "id": "cus_4",
        "address": {"line1": "1 Rd", "city": "Berlin", "country": "Germany"},
        "shipping": {"name": "Bob", "address": {"line1": "2 Rd"}},
        "default_payment_method": {
            "id": "pm_1",
            "billing_details": {"address": {"line1": "3 Rd", "country": "Narnia"}},
        },
    }

    billing, shipping = inward.mapper(source, None, Nobody()).values["addressBook"]

    assert (billing["label"], billing["defaultBilling"], billing["addr1"]) == ("Billing", True, "3 Rd")
    assert billing.get("country") is None
    assert (shipping["label"], shipping["defaultShipping"], shipping["addressee"]) == ("Shipping", True, "Bob")
    assert shipping["country"] == "US"


def test_s17_all_active_currencies_are_added(inward: FlowSpec) -> None:
    assert inward.mapper({"id": "cus_5"}, None, Nobody()).values["currencyList"] == [{"currency": "1"}]


def test_s20_the_global_customer_is_found_by_name_and_created_whole(inward: FlowSpec) -> None:
    find, create = inward.global_mappers["unallocated"]

    assert find({}, None, Nobody()).values == {"companyName": "Stripe Unallocated Charges"}
    assert create is not None
    assert create({}, None, Nobody()).values == {
        "externalId": "stripe_unallocated",
        "entityId": "Stripe Unallocated Charges",
        "subsidiary": "1",
    }


def test_outward_blocks_are_objects_or_absent(outward: FlowSpec) -> None:
    source = {"id": "7", "companyName": "ACME", "addressBook": [{"defaultBilling": True, "addr1": "1 Rd"}]}

    values = outward.mapper(source, None, Nobody()).values

    assert values["name"] == "ACME"
    assert values["metadata.netsuite_id"] == "7"
    assert values["address"] == {"line1": "1 Rd"}
    assert "shipping" not in values


def test_stand_ins_read_as_absent_the_other_way(outward: FlowSpec) -> None:
    assert sorted(outward.placeholders) == ["companyName", "email", "entityId"]
    stands_in = outward.placeholders["email"]

    assert stands_in("CUS_1@no-email.invalid", {"id": "cus_1"})
    assert not stands_in("ada@x.example", {"id": "cus_1"})
    assert stands_in("cus_1@no-email.invalid", None)
    assert not stands_in("ada@x.example", None)


def test_a_write_of_the_other_direction_touches_what_reads_it(outward: FlowSpec) -> None:
    assert outward.reverse_touch["email"] == {"email"}
    assert outward.reverse_touch["addressBook"] == {"address", "shipping"}
    assert "addr1" not in outward.reverse_touch


# -- rules --------------------------------------------------------------------------------------------------


def test_s2_the_first_transaction_opens_the_gate(inward: FlowSpec) -> None:
    (gate,) = inward.rules.begin

    assert not gate.when({"source": {"invoices": [], "charges": []}})
    assert gate.when({"source": {"invoices": [], "charges": [{"id": "ch_1"}]}})
    assert gate.otherwise == "wait"


def test_s18_s25_candidates_are_customers_of_our_subsidiary(inward: FlowSpec) -> None:
    only = inward.rules.match.only
    assert only is not None

    def counts(stage: str, subsidiary: str) -> bool:
        right = {"searchStage": stage, "subsidiary": {"id": subsidiary}}
        return bool(only({"right": right, "settings": inward.settings}))

    assert counts("Customer", "1")
    assert not counts("Lead", "1")
    assert not counts("Customer", "2")


def test_s21_s22_field_policies_inherit_the_default(inward: FlowSpec) -> None:
    comments, phone = inward.rules.policy_of("comments"), inward.rules.policy_of("phone")

    assert (comments.push, comments.write, comments.conflict) == ("on_first", "append_once", "target")
    assert (phone.push, phone.write) == ("on_create", "overwrite")


def test_guards_are_numbers_or_shares(inward: FlowSpec) -> None:
    limits = inward.rules.guards.limits

    assert limits["creates"].allows(500, 10_000) and not limits["creates"].allows(501, 10_000)
    assert limits["source_drop"].allows(30, 100) and not limits["source_drop"].allows(31, 100)


def test_p6_runs_name_their_columns(outward: FlowSpec) -> None:
    assert outward.rules.runs["mass"].columns == {"email", "name", "phone", "metadata.netsuite_id"}
    assert outward.rules.runs["mass"].every == 86400


def test_p13_the_portal_link_is_an_action(outward: FlowSpec) -> None:
    action = outward.rules.actions["portal_link"]
    scope = {"source": {"id": "7"}, "target": {"id": "cus_7"}, "link": None, "settings": outward.settings, "now": ""}

    assert action.make is not None
    assert action.make(scope, None, Nobody()).values == {
        "customer": "cus_7",
        "return_url": "https://shop.example/account",
    }
    assert action.connection == "stripe"
    assert action.renew == 86400
    assert action.write_back_paths["custentity_stripe_portal_url"]({"url": "https://billing.example"}) == (
        "https://billing.example"
    )


# -- requests -----------------------------------------------------------------------------------------------


def test_creates_go_to_the_external_id_and_learn_the_id_from_the_location(ruleset: Ruleset) -> None:
    create = ruleset.objects["netsuite.customer"].create
    assert create is not None and create.new_id is not None

    assert create.path({"record": {"externalId": "cus_1"}}) == "/record/v1/customer/eid:cus_1"
    assert create.new_id({"headers": {"location": "https://x/record/v1/customer/647"}, "body": None}) == "647"
    assert (create.effect, create.returns, create.natural_key) == ("repeatable", "id", "externalId")


def test_a_listing_binds_its_parameters(ruleset: Ruleset) -> None:
    listing = ruleset.objects["netsuite.customer"].list
    assert listing is not None and listing.body is not None

    body = listing.body({"columns": "id, email", "table": "customer", "since": "2026-01-01 00:00:00", "after": "41"})

    assert body["params"] == ["2026-01-01 00:00:00", "41"]
    assert body["q"].startswith("SELECT id, email FROM customer WHERE lastmodifieddate >= TO_DATE(?")


def test_a_query_without_a_time_leaves_it_out(ruleset: Ruleset) -> None:
    from engine.model.values import ABSENT

    listing = ruleset.objects["stripe.charge"].list
    assert listing is not None

    assert listing.query["created[gte]"]({}) is ABSENT
    assert listing.query["created[gte]"]({"since": "1700000000"}) == "1700000000"
    assert listing.params == {"since"}


def test_a_listing_per_customer_names_its_parameter(ruleset: Ruleset) -> None:
    listing = ruleset.objects["stripe.payment_method"].list
    assert listing is not None

    assert listing.params == {"customer"}
    assert listing.path({"customer": "cus_1"}) == "/v1/customers/cus_1/payment_methods"


# -- digests ------------------------------------------------------------------------------------------------


def test_digests_know_settings_but_no_secrets() -> None:
    def digest(key: str, country: str) -> str:
        settings = {"stripe": {"settings": {"api_key": key}}, "netsuite": {"settings": {"default_country": country}}}
        found, _ = load_ruleset(ROOT, settings=settings)
        assert found is not None
        return found.digest

    assert digest("sk_1", "US") == digest("sk_2", "US")
    assert digest("sk_1", "US") != digest("sk_1", "FR")


def test_rules_pickle_as_their_text(inward: FlowSpec) -> None:
    again = pickle.loads(pickle.dumps(inward.rules))

    assert again.begin[0].when({"source": {"invoices": [1]}})
    assert again.match.rules[2].pairs[0].left_key({"email": "A@X.example"}) == "a@x.example"


def test_every_origin_has_its_place(ruleset: Ruleset) -> None:
    row = ruleset.origins["mapping/stripe-to-netsuite"].at("fields", "phone", "from")

    assert row.value == "phone"
    assert Path(row.place.file).name == "stripe-to-netsuite.yaml"
    assert row.place.line > 1


def test_only_compiles_the_flow_its_needs_and_its_reverse() -> None:
    found, findings = load_ruleset(ROOT, only=["stripe-to-netsuite"])

    assert findings == []
    assert found is not None
    assert sorted(found.flows) == ["netsuite-to-stripe", "stripe-to-netsuite"]


# -- layers -------------------------------------------------------------------------------------------------

ACME = {
    "systems/netsuite.yaml": """
version: 1
system: netsuite
objects:
  customer:
    fields:
      custentity_customer_number: {type: text, label: Customer number}
""",
    "mappings/stripe-to-netsuite.yaml": """
version: 1
flow: stripe-to-netsuite
fields:
  terms: {from: metadata.terms, by: name, missing: leave}
  $unset: [phone]
""",
    "rules/stripe-to-netsuite.yaml": """
version: 1
flow: stripe-to-netsuite
begin:
  $unset: [first_transaction]
  released: {when: source.metadata.sync == 'yes', otherwise: wait}
match:
  rules:
    - id: number
      place: before email
      left: metadata.customer_number
      right: custentity_customer_number
      compare: text
record_overrides: {wins: [companyName, email]}
push_policy:
  fields:
    comments: {push: never}
""",
}


@pytest.fixture
def acme(tmp_path: Path) -> FlowSpec:
    for name, text in ACME.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    found, findings = load_ruleset(ROOT, [tmp_path])
    assert findings == []
    assert found is not None
    return found.flows["stripe-to-netsuite"]


def test_s4_a_layer_replaces_the_gate(acme: FlowSpec) -> None:
    (gate,) = acme.rules.begin

    assert gate.name == "released"
    assert gate.when({"source": {"metadata": {"sync": "yes"}}})
    assert not gate.when({"source": {"metadata": {}}})


def test_a_layer_puts_a_rule_of_its_own_in_front(acme: FlowSpec) -> None:
    assert [rule.id for rule in acme.rules.match.rules] == ["pinned", "own", "number", "email"]
    assert "phone" not in acme.mapping.by_target


def test_s22_a_layer_excludes_comments(acme: FlowSpec) -> None:
    policy = acme.rules.policy_of("comments")

    assert (policy.push, policy.write) == ("never", "append_once")
    assert policy.place.file.endswith("rules/stripe-to-netsuite.yaml")


def test_a_layer_looks_terms_up_by_their_name(acme: FlowSpec) -> None:
    class Terms(Nobody):
        def by(self, object: str, field: str, value: Any) -> Any:
            return {("netsuite.term", "name", "Net 30"): "2"}[object, field, value]

    assert acme.mapper({"id": "cus_1", "metadata": {"terms": "Net 30"}}, None, Terms()).values["terms"] == "2"
