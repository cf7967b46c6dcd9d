"""Configuration trees as lines with places."""

from __future__ import annotations

from engine.config.loader import load_text
from engine.report.tree_text import leaves, leaves_text, leaves_tree

TEXT = """fields:
  email: {from: mail, else: none}
rules:
  - {id: first, keys: [a, b]}
  - {compare: exact}
empty: {}
"""


def test_every_value_has_a_path_and_a_place() -> None:
    node, _ = load_text(TEXT, "m.yaml")
    assert node is not None
    found = list(leaves(node))
    assert [(leaf.path, leaf.value, str(leaf.place)) for leaf in found] == [
        ("fields.email.from", "mail", "m.yaml:2:17"),
        ("fields.email.else", "none", "m.yaml:2:29"),
        ("rules[first].id", "first", "m.yaml:4:10"),
        ("rules[first].keys", ["a", "b"], "m.yaml:4:23"),
        ("rules[1].compare", "exact", "m.yaml:5:15"),
        ("empty", {}, "m.yaml:6:8"),
    ]
    assert leaves_text(found[:2]) == (
        'fields.email.from: "mail"  m.yaml:2:17\nfields.email.else: "none"  m.yaml:2:29'
    )
    assert leaves_tree(found[:1]) == [
        {"path": "fields.email.from", "value": "mail", "file": "m.yaml", "line": 2, "column": 17}
    ]
