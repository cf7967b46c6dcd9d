"""Compiling flows: what they read, how rows are ordered and typed, what digests cover."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.values import ABSENT
from engine.spec.mapping import Each, Literally, Text
from engine.spec.rules import Join


def fields_of(tree: Any, text: str) -> Any:
    tree.change("mappings/inward.yaml", "  title: name\n  mail: mail\n", text)
    return tree.ruleset().flows["inward"]


def test_the_small_tree_has_no_findings(tree) -> None:
    assert list(tree.ruleset().flows) == ["inward"]


def test_rows_stand_after_the_rows_that_they_read(tree) -> None:
    flow = fields_of(
        tree, "  title: {expr: mapped.mail ~ mapped.number}\n  number: {expr: mapped.mail}\n  mail: mail\n"
    )

    assert [row.target for row in flow.mapping.rows] == ["mail", "number", "title"]


def test_a_dotted_target_is_one_member_of_a_map(tree) -> None:
    flow = fields_of(tree, "  notes.shop_id: id\n  title: {expr: mapped.notes.shop_id}\n")

    first, second = flow.mapping.rows
    assert (first.target, first.type.type, second.target) == ("notes.shop_id", "text", "title")
    assert flow.fields["notes.shop_id"].equal("7", "7")


def test_a_setting_becomes_its_value(tree) -> None:
    tree.write(
        "rules/inward.yaml",
        (tree.root / "rules/inward.yaml").read_text() + "settings: {group: {type: text, default: '9'}}\n",
    )

    flow = fields_of(tree, "  group: {setting: group}\n  number: {setting: shop.account}\n")

    assert flow.mapping.by_target["group"].source == Literally("9")
    assert flow.mapping.by_target["number"].source == Literally(ABSENT)


def test_settings_of_a_file_reach_flows_by_name(tree) -> None:
    tree.write(
        "rules/inward.yaml",
        (tree.root / "rules/inward.yaml").read_text() + "settings: {group: {type: text, default: '9'}}\n",
    )
    settings = {"inward": {"settings": {"group": "4"}}, "shop": {"settings": {"account": "ours", "token": "t"}}}

    found = tree.ruleset(settings=settings)

    assert found.flows["inward"].settings == {"shop": {"account": "ours"}, "ledger": {}, "group": "4"}
    assert found.connections["shop"].base_url == "https://ours.shop.example"


def test_a_reference_followed_by_a_path_is_joined(tree) -> None:
    flow = fields_of(tree, "  title: firm.boss.name\n  number: firm.id\n")

    (firm,) = flow.source_reads.joins
    assert (firm.name, firm.kind, firm.fields, firm.bare) == ("firm", "reference", {"boss"}, False)
    assert firm.joins == (Join("boss", "reference", "shop.person", frozenset({"name"})),)


def test_a_reference_of_which_the_id_is_used_is_bare(tree) -> None:
    flow = fields_of(tree, "  number: firm.id\n")

    assert flow.source_reads.joins == (Join("firm", "reference", "shop.firm", bare=True),)


def test_relations_bring_what_is_read_and_what_ties_them(tree) -> None:
    flow = fields_of(tree, '  number: "sum(orders[].total)"\n')

    assert flow.source_reads.joins == (
        Join("orders", "relation", "shop.order", frozenset({"person", "total"}), {"person": "id"}, True),
    )
    assert flow.source_reads.fields >= {"id"}


def test_lines_are_read_where_their_list_stands(tree) -> None:
    flow = fields_of(tree, "  lines: {each: firm.boss.streets, fields: {street: street}}\n")

    (firm,) = flow.source_reads.joins
    assert firm.joins[0].fields == {"streets"}
    assert isinstance(flow.mapping.rows[0].source, Each)


def test_lines_have_key_and_comparators(tree) -> None:
    plan = fields_of(
        tree, "  lines: {each: streets, others: remove, fields: {street: street, country: country}}\n"
    ).fields["lines"]

    assert (plan.list_key, plan.others) == (("street",), "remove")
    assert plan.list_equal["country"]("DE", "DE")


def test_held_is_read_from_the_target(tree) -> None:
    flow = fields_of(tree, "  title: {expr: held.number or source.name}\n")

    assert flow.needs_held
    assert flow.target_reads.fields >= {"number", "title"}


def test_lookups_are_read_and_indexed(tree) -> None:
    tree.change("mappings/inward.yaml", "  mail: mail\n", "  group: {value: Firms, by: name}\n")

    found = tree.ruleset()

    assert found.reads["ledger", "ledger.group"].fields == {"name"}
    assert found.index["ledger", "ledger.group"]["by:name"]({"name": " Big Firms"}) == "bigfirms"


def test_record_overrides_make_rows_of_their_own(tree) -> None:
    tree.change(
        "rules/inward.yaml",
        "push_policy:",
        "record_overrides: {from: tags, prefix: x-, wins: [number], fills_in: [title]}\npush_policy:",
    )

    rows = tree.ruleset().flows["inward"].mapping.by_target

    assert rows["number"].source == Literally(ABSENT)
    assert rows["number"].override.wins.text == 'tags."x-number"'
    assert rows["title"].override.fills_in.text == 'tags."x-title"'


def test_else_takes_a_bare_word_for_itself(tree) -> None:
    row = fields_of(tree, "  title: {from: name, else: nobody}\n").mapping.rows[0]

    assert row.default == Literally("nobody")
    assert isinstance(row.source, Text) and row.source.text == "name"


def test_flows_run_after_what_they_need(tree) -> None:
    tree.flow("a_late", "ledger.group", "shop.firm", "fields: {}", _hold("needs: [inward]\n"))

    assert list(tree.ruleset().flows) == ["inward", "a_late"]


def test_only_brings_the_needs(tree) -> None:
    tree.flow("groups", "ledger.group", "shop.firm", "fields: {}", _hold("needs: [inward]\n"))
    tree.flow("others", "ledger.group", "shop.order", "fields: {}", _hold())

    assert sorted(tree.ruleset(only=["groups"]).flows) == ["groups", "inward"]
    assert tree.codes(only=["gruops"]) == ["unknown-flow"]


def test_a_change_of_rules_changes_the_digest_of_its_flow_alone(tree) -> None:
    tree.flow("groups", "ledger.group", "shop.firm", "fields: {}", _hold())
    before = tree.ruleset()

    tree.change("mappings/inward.yaml", "title: name", "title: mail")
    after = tree.ruleset()

    assert before.flows["groups"].digest == after.flows["groups"].digest
    assert before.flows["inward"].digest != after.flows["inward"].digest
    assert before.digest != after.digest


@pytest.mark.parametrize("note", ["# a comment\n", "x-note: kept for people\n"], ids=["comment", "note"])
def test_notes_do_not_change_a_digest(tree, note: str) -> None:
    before = tree.ruleset().digest

    tree.write("mappings/inward.yaml", (tree.root / "mappings/inward.yaml").read_text() + note)

    assert tree.ruleset().digest == before


def test_a_layer_changes_rows_and_keeps_the_others(tree) -> None:
    layer = tree.write(
        "../layer/mappings/inward.yaml",
        "version: 1\nflow: inward\nfields: {title: {template: 'Mr {{ source.name }}'}}\n",
    )

    flow = tree.ruleset(layer.parent.parent).flows["inward"]

    assert flow.mapper({"name": "Ada", "mail": "a@x.example"}, None, None).values == {
        "title": "Mr Ada",
        "mail": "a@x.example",
    }
    assert flow.mapping.by_target["title"].place.file.endswith("layer/mappings/inward.yaml")


def _hold(more: str = "") -> str:
    return f"""
version: 1
flow: inward
{more}match:
  outcome: {{none: hold, one: link, many: review, taken: hold, unknown: hold}}
push_policy:
  default: {{push: always, empty: keep, conflict: source, drift: keep}}
"""
