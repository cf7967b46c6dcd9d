"""Layers over layers."""

from __future__ import annotations

from typing import Any

import pytest

from engine.config.document import Node
from engine.config.layers import finish, merge, objections, settle
from engine.config.loader import load_text


def tree(text: str, file: str = "f.yaml") -> Node:
    root, findings = load_text(text, file)
    assert findings == []
    assert root is not None
    return root


def laid(kind: str, *layers: str) -> Any:
    below = tree(layers[0])
    for layer in layers[1:]:
        below = merge(below, tree(layer), kind)
    return finish(merge(below, Node({}), kind)).plain()


def ids(*layers: str) -> list[str]:
    texts = [f"match: {{rules: {layer}}}" for layer in layers]
    return [line["id"] for line in laid("rules", *texts)["match"]["rules"]]


def row(*layers: str) -> Any:
    return laid("mapping", *[f"fields: {{r: {layer}}}" for layer in layers])["fields"].get("r")


# -- maps --------------------------------------------------------------------------------------------


def test_maps_merge_by_key_and_the_later_wins() -> None:
    assert laid("rules", "gone: {source: keep, target: hold}", "gone: {target: unlink, merged: follow}") == {
        "gone": {"source": "keep", "target": "unlink", "merged": "follow"}
    }


def test_plain_lists_are_replaced_whole() -> None:
    assert laid("rules", "columns: {a: [x, y]}", "columns: {a: [z]}") == {"columns": {"a": ["z"]}}


def test_unset_takes_entries_out() -> None:
    assert laid("rules", "begin: {a: {when: x}, b: {when: y}}", "begin: {$unset: [a]}") == {
        "begin": {"b": {"when": "y"}}
    }


def test_partial_map_over_something_removed_replaces_it_whole() -> None:
    layers = "begin: {a: {when: x, say: old}}", "begin: {$unset: [a]}", "begin: {a: {when: z}}"

    assert laid("rules", *layers) == {"begin": {"a": {"when": "z"}}}


def test_taken_out_and_given_anew_in_one_map_replaces_it_whole() -> None:
    assert laid("rules", "begin: {a: {when: x, say: old}}", "begin: {$unset: [a], a: {when: z}}") == {
        "begin": {"a": {"when": "z"}}
    }


def test_every_value_keeps_the_place_it_came_from() -> None:
    merged = finish(merge(tree("gone: {source: keep}", "a.yaml"), tree("\ngone: {target: hold}", "b.yaml"), "rules"))

    places = [(str(node.place), key) for key, node in merged.value["gone"].items()]
    assert places == [("a.yaml:1:16", "source"), ("b.yaml:2:16", "target")]
    assert str(merged.value["gone"].keys["target"]) == "b.yaml:2:8"


# -- the slot of sources -----------------------------------------------------------------------------

LINES = {"fields": {"x": {"from": "y"}}}


@pytest.mark.parametrize(
    ("layers", "result"),
    [
        (("mail", "{template: x}"), {"template": "x"}),
        (("{from: a, else: b, apply: [lower]}", "c"), {"from": "c", "else": {"value": "b"}, "apply": ["lower"]}),
        (("{first_of: [a, b], when: x}", "{value: 1}"), {"value": 1, "when": "x"}),
        (("{each: a, fields: {x: y}}", "z"), {"from": "z"}),
        (("{each: a, fields: {x: y}}", "{each: b}"), {"each": {"from": "b"}, **LINES}),
        (("{each: a, fields: {x: m}}", "{fields: {x: y}}"), {"each": {"from": "a"}, **LINES}),
        (("{each: a, fields: {x: y}}", "{with: b}"), {"with": "b", **LINES}),
        (("mail", "{fields: {x: y}}"), {"fields": {"x": {"from": "y"}}}),
        (("{each: {records: a.b, where: w}, fields: {x: y}}", "{each: l}"), {"each": {"from": "l"}, **LINES}),
        (("{from: a, else: b}", "{else: {setting: c}}"), {"from": "a", "else": {"setting": "c"}}),
        (("{from: a}", "{apply: [lower]}"), {"from": "a", "apply": ["lower"]}),
        (("{unmapped: true}", "mail"), {"from": "mail"}),
        (("mail", "{unmapped: true}"), {"unmapped": True}),
        (("{from: a, else: b}", "{$unset: [else]}"), {"from": "a"}),
        (("mail", "{template: x}", "{expr: y}"), {"expr": "y"}),
    ],
)  # fmt: skip
def test_a_later_kind_of_source_takes_the_place_of_the_earlier(layers: tuple[str, ...], result: Any) -> None:
    assert row(*layers) == result


# -- lists of maps with ids --------------------------------------------------------------------------

ABC = "[{id: a, left: l}, {id: b}, {id: c}]"


@pytest.mark.parametrize(
    ("layers", "order"),
    [
        (("[{id: d}]",), "abcd"),
        (("[{id: d, place: first}]",), "dabc"),
        (("[{id: d, place: last}]",), "abcd"),
        (("[{id: d, place: before b}]",), "adbc"),
        (("[{id: d, place: after b}]",), "abdc"),
        (("[{id: c, place: first}]",), "cab"),
        (("[{id: a, place: after b}]",), "bac"),
        (("[{id: a, left: m}]",), "abc"),
        (("[{id: d, place: before a}, {id: e, place: before a}]",), "deabc"),
        (("[{$unset: [b]}]",), "ac"),
        (("[{$unset: [a, c]}, {id: d, place: before b}]",), "db"),
        (("[{$unset: [b]}]", "[{id: b}]"), "acb"),
        (("[{id: d}]", "[{id: e, place: before d}]"), "abced"),
        (("[{id: d}]", "[{$unset: [d]}]"), "abc"),
    ],
)
def test_order_of_lines_with_ids(layers: tuple[str, ...], order: str) -> None:
    assert ids(ABC, *layers) == list(order)


def test_lines_with_one_id_merge_by_key() -> None:
    assert laid("rules", f"match: {{rules: {ABC}}}", "match: {rules: [{id: a, right: r}]}")["match"]["rules"][0] == {
        "id": "a",
        "left": "l",
        "right": "r",
    }


def test_line_taken_out_and_given_anew_keeps_nothing() -> None:
    assert laid("rules", "represent: [{id: a, when: x}]", "represent: [{$unset: [a]}, {id: a, as: own_record}]") == {
        "represent": [{"id": "a", "as": "own_record"}]
    }


def test_unset_inside_a_line_takes_out_its_keys() -> None:
    assert laid("rules", "represent: [{id: a, when: x}]", "represent: [{id: a, $unset: [when]}]") == {
        "represent": [{"id": "a"}]
    }


def test_place_beside_nothing_is_told_and_the_line_stands_last() -> None:
    root, findings = settle(merge(tree("errors: [{id: a}]"), tree("errors: [{id: b, place: before aa}]"), "system"))

    assert [line["id"] for line in root.plain()["errors"]] == ["a", "b"]
    assert [(one.code, one.place.column, one.hint) for one in findings] == [("place-unknown", 25, "did you mean `a`?")]


def test_lists_in_bodies_are_data_and_are_replaced() -> None:
    body = "objects: {{c: {{operations: {{create: {{request: POST /c, body: {{lines: [{{id: {0}}}]}}}}}}}}}}"

    merged = laid("system", body.format("a"), body.format("b"))

    assert merged["objects"]["c"]["operations"]["create"]["body"] == {"lines": [{"id": "b"}]}


# -- objections --------------------------------------------------------------------------------------


def test_final_row_cannot_be_changed() -> None:
    base = tree("push_policy: {fields: {score: {push: always, final: Remove the row instead.}}}", "shipped.yaml")

    findings = objections(base, tree("push_policy:\n  fields:\n    score: {push: never}\n", "mine.yaml"), "rules")

    assert [(one.code, str(one.place)) for one in findings] == [("final-row", "mine.yaml:3:5")]
    assert "Remove the row instead." in findings[0].message
    assert "shipped.yaml:1:53" in findings[0].message


@pytest.mark.parametrize("layer", ["{fields: {$unset: [score]}}", "{fields: {score: {drift: hold}}}"])
def test_final_row_cannot_be_taken_out_or_added_to(layer: str) -> None:
    base = tree("push_policy: {fields: {score: {push: always, final: No.}}}")

    assert [one.code for one in objections(base, tree(f"push_policy: {layer}"), "rules")] == ["final-row"]


def test_final_default_cannot_be_changed() -> None:
    base = tree("push_policy: {default: {push: always, final: No.}}")

    assert [one.code for one in objections(base, tree("push_policy: {default: {push: never}}"), "rules")] == [
        "final-row"
    ]


def test_other_rows_may_change() -> None:
    base = tree("push_policy: {fields: {score: {final: No.}, name: {push: never}}}")

    assert objections(base, tree("push_policy: {fields: {name: {push: always}}}"), "rules") == []


def test_taking_out_what_is_not_there_is_a_warning() -> None:
    findings = objections(tree("begin: {paid: {when: x}}"), tree("begin: {$unset: [payed]}"), "rules")

    assert [(one.code, one.severity, one.hint) for one in findings] == [
        ("unset-nothing", "warning", "did you mean `paid`?")
    ]


def test_change_of_source_is_no_vain_removal() -> None:
    assert objections(tree("fields: {a: {value: 1}}"), tree("fields: {a: {template: x}}"), "mapping") == []
