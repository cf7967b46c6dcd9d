"""A case with its values: every comparison of the match rules, the candidates side by side."""

from __future__ import annotations

from pathlib import Path

from engine.model.run import Case
from engine.pipeline.evidence import Evidence, evidence_of
from engine.pipeline.workshop import Workshop
from engine.report.evidence_text import fields_text, rules_text, rules_tree
from engine.report.mask import Blind
from tests.world import LEDGER, RULES, SHOP, World, build

PERSONAL = (
    SHOP.replace("name:    {type: text}", "name:    {type: text, personal: true}"),
    LEDGER.replace("type: email}", "type: email, personal: true}").replace(
        "name:    {type: text}", "name:    {type: text, personal: true}"
    ),
)
MAIL = "    - {id: mail, left: mail, right: email, compare: email}\n"
NAME = (
    "    - {id: name, all: [{left: name, right: name, compare: name, min: 0.8}, "
    "{left: phone, right: phone, compare: phone}]}\n"
)


def world(folder: Path) -> World:
    rules = RULES.replace(MAIL, MAIL + NAME).replace("many: first", "many: review")
    return build(folder, systems=PERSONAL, rules=rules.replace("conflict: source", "conflict: hold"))


def evidence(made: World, case: Case) -> Evidence:
    shop = Workshop(made.ruleset, made.store, clock=made.clock, open=lambda spec, **_: made.system(spec.name))
    found = evidence_of(shop, made.ruleset.flows[case.flow], case)
    assert found is not None
    return found


def blind(made: World, *, reveal: bool = False) -> Blind:
    return Blind(dict(made.ruleset.objects), reveal=reveal)


def twins(made: World) -> Case:
    made.put(
        "ledger.account",
        {"id": "a1", "name": "Ann Lee", "email": "ann@x.example", "phone": "123"},
        {"id": "a2", "name": "Zoe Quist", "email": "ann@x.example"},
    )
    made.put("shop.person", {"id": "p1", "name": "Anne Lee", "mail": "Ann@x.example", "phone": "123"})
    made.run()
    (case,) = made.store.cases()
    return case


def test_every_comparison_stands_beside_its_candidates(tmp_path: Path) -> None:
    made = world(tmp_path)
    seen = evidence(made, twins(made))
    assert seen.candidates == ("a1", "a2")
    said = {
        (rule.rule.id, one.pair.left_path, each.id): each.verdict
        for rule in seen.rules for one in rule.compared for each in one.beside
    }  # fmt: skip
    assert said == {
        ("mail", "mail", "a1"): "agrees", ("mail", "mail", "a2"): "agrees",
        ("name", "name", "a1"): "agrees", ("name", "name", "a2"): "differs",
        ("name", "phone", "a1"): "agrees", ("name", "phone", "a2"): "blank",
    }  # fmt: skip
    assert {rule.rule.id: sorted(rule.holds) for rule in seen.rules} == {"mail": ["a1", "a2"], "name": ["a1"]}


def test_values_are_masked_where_either_side_is_personal(tmp_path: Path) -> None:
    made = world(tmp_path)
    seen = evidence(made, twins(made))
    text = rules_text(seen.flow, "p1", seen.candidates, seen.rules, blind(made))
    head, ids, mail, name, phone, whole = text.splitlines()
    assert head.split() == ["RULE", "COMPARES", "SOURCE", "CANDIDATE", "1", "CANDIDATE", "2"]
    assert ids.split() == ["p1", "a1", "a2"]
    assert "mail = email (email)" in mail and mail.count("agrees") == 2
    assert "name = name (name from 0.8)" in name and "differs 0." in name
    assert not any(word in text for word in ("Anne", "Lee", "Quist", "ann@", "Ann@"))
    assert '"123"' in phone and whole.split()[-4:] == ["holds", "does", "not", "hold"]
    shown = rules_text(seen.flow, "p1", seen.candidates, seen.rules, blind(made, reveal=True))
    assert "Anne Lee" in shown and "Zoe Quist" in shown and "ann@x.example" in shown


def test_the_tree_for_programs_is_masked_too(tmp_path: Path) -> None:
    made = world(tmp_path)
    seen = evidence(made, twins(made))
    mail = rules_tree(seen.flow, seen.rules, blind(made))[0]
    assert mail["compared"][0]["candidates"]["a1"] == {
        "value": "a***@***.example", "verdict": "agrees", "likeness": None,
    }  # fmt: skip


def test_a_conflict_shows_both_sides_of_its_fields(tmp_path: Path) -> None:
    made = world(tmp_path)
    made.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example"})
    made.run()
    (id,) = made.held("ledger.account")
    made.put("ledger.account", {"id": id, "name": "Ann C"})
    made.put("shop.person", {"id": "p1", "name": "Ann B"})
    made.run()
    (case,) = made.store.cases()
    seen = evidence(made, case)
    assert seen.fields == (("name", "Ann B", "Ann C"),)
    assert "Ann" not in fields_text(seen.flow, seen.fields, blind(made))
    assert "Ann B" in fields_text(seen.flow, seen.fields, blind(made, reveal=True))
