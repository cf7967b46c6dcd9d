"""What the linter sees over several files: writers, circles of waiting, proofs of absence, hazards."""

from __future__ import annotations

import pytest

from engine.model.finding import Severity
from tests.engine.config.conftest import LEDGER, RULES, SHOP

HOLD = RULES.replace("none: create", "none: hold")


def second_writer(tree, conflict: str = "source", drift: str = "keep", push: str = "always") -> None:
    rules = HOLD.replace("left: mail", "left: name").replace("conflict: source", f"conflict: {conflict}")
    rules = rules.replace("drift: keep", f"drift: {drift}").replace("push: always", f"push: {push}")
    tree.flow("other", "shop.firm", "ledger.account", "fields: {title: name}", rules)


@pytest.mark.parametrize(
    ("conflict", "drift", "push", "codes"),
    [
        ("source", "keep", "always", ["two-writers"]),
        ("target", "put_back", "always", ["two-writers"]),
        ("target", "keep", "always", []),
        ("newest", "keep", "always", []),
        ("source", "keep", "on_create", []),
    ],
)
def test_a_field_has_one_authority(tree, conflict: str, drift: str, push: str, codes: list[str]) -> None:
    second_writer(tree, conflict, drift, push)

    assert tree.codes() == codes


def test_a_write_back_and_a_row_of_another_value_clash(tree) -> None:
    tree.change("mappings/inward.yaml", "fields:", "write_back: {number: id}\nfields:")
    tree.flow("outward", "ledger.account", "shop.person", "fields: {number: number}", HOLD)

    assert tree.codes() == ["two-writers"]


def test_a_write_back_and_a_row_of_the_same_value_agree(tree) -> None:
    tree.change("mappings/inward.yaml", "fields:", "write_back: {number: id}\nfields:")
    tree.flow("outward", "ledger.account", "shop.person", "fields: {number: id}", HOLD)

    assert tree.codes() == []


def test_two_directions_cannot_both_claim_a_field(tree) -> None:
    tree.flow("outward", "ledger.account", "shop.person", "fields: {mail: mail}", HOLD)

    assert tree.codes() == ["two-authorities"]


def test_flows_that_wait_for_each_other_need_a_later(tree) -> None:
    tree.change("mappings/inward.yaml", "  mail: mail\n", "  parent: {from: firm, linked: shop.firm, missing: hold}\n")
    rules = HOLD.replace("left: mail", "left: name").replace("conflict: source", "conflict: target")
    fields = "fields: {parent: {from: boss, linked: shop.person, missing: hold}}"
    tree.flow("firms", "shop.firm", "ledger.account", fields, rules)

    assert tree.codes() == ["reference-cycle"]

    tree.change("mappings/firms.yaml", "missing: hold", "missing: later")
    assert tree.codes() == []


def test_a_rule_that_cannot_prove_absence_does_not_create(tree) -> None:
    tree.change("systems/ledger.yaml", "      list:   {request: GET /accounts}\n", "")

    assert tree.codes() == ["absence-unprovable"]


@pytest.mark.parametrize(
    ("find", "codes"),
    [
        ("{request: GET /accounts, equality: folded_and_trimmed}", []),
        ("{request: GET /accounts, equality: exact}", ["absence-unprovable"]),
        ("{request: GET /accounts, equality: folded_and_trimmed, lag: 1h}", ["absence-unprovable"]),
    ],
    ids=["as loose", "too strict", "lagging"],
)
def test_an_access_path_proves_absence_when_it_is_loose_and_prompt(tree, find: str, codes: list[str]) -> None:
    listing = "      list:   {request: GET /accounts}\n"
    tree.change("systems/ledger.yaml", listing, f"      find: {{mail: {find}}}\n")

    assert tree.codes() == codes


def test_rules_that_create_nothing_need_no_proof(tree) -> None:
    tree.change("systems/ledger.yaml", "      list:   {request: GET /accounts}\n", "")
    tree.change("rules/inward.yaml", "none: create", "none: hold")

    assert tree.codes() == []


def test_a_listing_per_parent_is_not_complete(tree) -> None:
    tree.change("systems/ledger.yaml", "{request: GET /accounts}", '{request: "GET /groups/{{ group }}/accounts"}')

    assert tree.codes() == ["absence-unprovable"]


def test_required_fields_are_given_where_records_are_created(tree) -> None:
    tree.change("systems/ledger.yaml", "number:  {type: text}", "number:  {type: text, required: true}")
    assert tree.codes() == ["required-missing"]

    tree.change("rules/inward.yaml", "none: create", "none: hold")
    assert tree.codes() == []


def test_a_required_field_that_is_never_pushed_is_not_given(tree) -> None:
    tree.change("systems/ledger.yaml", "title:   {type: text", "title:   {required: true, type: text")
    tree.change("rules/inward.yaml", "push_policy:", "push_policy:\n  fields: {title: {push: on_update}}")

    assert tree.codes() == ["required-missing"]


def test_creating_needs_a_request(tree) -> None:
    tree.change("systems/ledger.yaml", "      create: {request: POST /accounts}\n", "")

    assert tree.codes() == ["create-missing"]


def test_updating_needs_a_request(tree) -> None:
    tree.change("systems/ledger.yaml", '      update: {request: "PATCH /accounts/{{ id }}"}\n', "")

    assert tree.codes() == ["update-missing"]


def test_deleting_needs_a_request(tree) -> None:
    tree.change("rules/inward.yaml", "push_policy:", "gone: {source: delete, target: hold}\npush_policy:")

    assert tree.codes() == ["delete-missing"]


def test_a_read_only_object_takes_nothing(tree) -> None:
    tree.change("systems/ledger.yaml", "    title: Account\n", "    title: Account\n    read_only: true\n")

    assert tree.codes() == ["not-writable", "not-writable"]


def test_a_mapping_without_rules_is_said(tree) -> None:
    (tree.root / "rules/inward.yaml").unlink()
    assert tree.codes() == ["rules-missing"]


def test_rules_without_a_mapping_are_said(tree) -> None:
    (tree.root / "mappings/inward.yaml").unlink()
    assert tree.codes() == ["mapping-missing"]


LISTING = "    changes: {kind: sweep}\n    operations:\n      list:   {request: GET /accounts}\n"
READ = 'read:   {request: "GET /accounts/{{ id }}"'


def swept(more: str) -> tuple[str, str]:
    return LISTING, LISTING.replace("{kind: sweep}", f"{{kind: sweep, {more}}}")


@pytest.mark.parametrize(
    ("hazard", "fix"),
    [
        ("replaces_what_is_not_sent", ('update: {request: "PATCH', 'update: {send: all, request: "PATCH')),
        ("natural_key_upsert", ("{request: POST /accounts}", "{request: POST /accounts, natural_key: mail}")),
        ("day_resolution_cursor", swept("resolution: 1d")),
        ("address_edits_do_not_stamp", swept("sweep: 1d")),
        ("deleted_reads_as_200", (READ, f"{READ}, missing_when: body.deleted")),
    ],
)
def test_a_hazard_asks_for_what_avoids_it(tree, hazard: str, fix: tuple[str, str]) -> None:
    tree.change("systems/ledger.yaml", "    title: Account\n", f"    title: Account\n    hazards: [{hazard}]\n")
    assert tree.codes() == ["hazard"]

    tree.change("systems/ledger.yaml", *fix)
    assert tree.codes() == []


def test_a_search_that_lags_says_how_long(tree) -> None:
    find = "    title: Account\n    hazards: [search_lags]\n"
    tree.change("systems/ledger.yaml", "    title: Account\n", find)
    tree.change("systems/ledger.yaml", LISTING, f"{LISTING}      find: {{mail: {{request: GET /find}}}}\n")
    assert tree.codes() == ["hazard"]

    tree.change("systems/ledger.yaml", "{request: GET /find}", "{request: GET /find, lag: 1h}")
    assert tree.codes() == []


def test_mails_to_new_records_ask_for_a_limit(tree) -> None:
    hazard = "    title: Account\n    hazards: [sends_mail_on_create]\n"
    tree.change("systems/ledger.yaml", "    title: Account\n", hazard)
    assert tree.codes() == ["hazard"]

    tree.change("rules/inward.yaml", "push_policy:", "guards: {creates: 10}\npush_policy:")
    assert tree.codes() == []


@pytest.mark.parametrize(
    ("hazard", "old", "new"),
    [
        ("null_means_clear", "empty: keep", "empty: clear"),
        ("scripts_change_values", "drift: keep", "drift: put_back"),
        ("no_unique_email", "many: review", "many: first"),
    ],
)
def test_rules_that_run_into_a_hazard_are_told(tree, hazard: str, old: str, new: str) -> None:
    tree.change("systems/ledger.yaml", "    title: Account\n", f"    title: Account\n    hazards: [{hazard}]\n")
    assert tree.codes() == []

    tree.change("rules/inward.yaml", old, new)
    found, findings = tree.load()
    assert [(one.code, one.severity) for one in findings] == [("hazard", Severity.WARNING)]
    assert found is not None


def test_fields_that_move_each_other_are_mapped_together(tree) -> None:
    tree.change("systems/ledger.yaml", "title:   {type: text", "title:   {moves_with: number, type: text")
    assert tree.codes() == ["moves-apart"]

    tree.change("mappings/inward.yaml", "title: name", "title: name\n  number: number")
    assert tree.codes() == []


def test_findings_accumulate_over_all_files(tree) -> None:
    tree.write("systems/shop.yaml", SHOP.replace("token: token", "token: tokken"))
    tree.write("systems/ledger.yaml", LEDGER.replace("to: group", "to: gruop"))
    tree.change("mappings/inward.yaml", "title: name", "title: nmae")
    tree.change("rules/inward.yaml", "compare: email", "compare: emial")

    found, findings = tree.load()

    assert found is None
    assert [(one.code, one.place.file.split("/")[-2]) for one in findings] == [
        ("unknown-field", "mappings"),
        ("unknown-comparator", "rules"),
        ("unknown-object", "systems"),
        ("unknown-setting", "systems"),
    ]
