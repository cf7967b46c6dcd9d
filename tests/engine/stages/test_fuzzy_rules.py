"""Fuzzy match rules in a flow: candidates by rough keys of the mirror, the score decides, doubt creates nothing."""

from __future__ import annotations

from pathlib import Path

from tests.world import LEDGER, RULES, SHOP, World, build

MAIL = "    - {id: mail, left: mail, right: email, compare: email}\n"
NAME = "    - {id: name, left: name, right: name, compare: name, min: 0.85}\n"
BOTH = (
    "    - {id: both, all: [{left: name, right: name, compare: name, min: 0.8}, "
    "{left: phone, right: phone, compare: phone, min: 0.9}]}\n"
)
EXACT_AND_NAME = (
    "    - {id: both, all: [{left: name, right: name, compare: name, min: 0.8}, "
    "{left: phone, right: phone, compare: phone}]}\n"
)


def world(folder: Path, rule: str) -> World:
    assert MAIL in RULES
    return build(folder, systems=(SHOP, LEDGER), rules=RULES.replace(MAIL, rule))


def test_a_name_with_a_slip_is_found_and_linked(tmp_path: Path) -> None:
    made = world(tmp_path, NAME)
    made.put("ledger.account", {"id": "L1", "name": "Acme Trading Ltd"}, {"id": "L2", "name": "Zenith Foods"})
    made.put("shop.person", {"id": "S1", "name": "Acme Tradng Limited"})
    report = made.run()
    assert (report.counts["linked"], report.counts["created"]) == (1, 0)


def test_a_name_that_is_not_like_any_is_created(tmp_path: Path) -> None:
    made = world(tmp_path, NAME)
    made.put("ledger.account", {"id": "L1", "name": "Acme Trading Ltd"})
    made.put("shop.person", {"id": "S1", "name": "Acme Bakery"})
    report = made.run()
    assert (report.counts["linked"], report.counts["created"]) == (0, 1)


def test_all_comparisons_of_a_rule_must_be_alike(tmp_path: Path) -> None:
    made = world(tmp_path, BOTH)
    made.put(
        "ledger.account",
        {"id": "L1", "name": "Jon Smith", "phone": "+49 30 1234567"},
        {"id": "L2", "name": "John Smyth", "phone": "030 7654321"},
    )
    made.put("shop.person", {"id": "S1", "name": "John Smith", "phone": "030 1234567"})
    report = made.run()
    assert (report.counts["linked"], report.counts["created"]) == (1, 0)
    assert made.held("ledger.account")["L1"]["shop_id"] == "S1"


def test_an_exact_comparison_finds_the_candidates_and_the_fuzzy_one_decides(tmp_path: Path) -> None:
    made = world(tmp_path, EXACT_AND_NAME)
    made.put("ledger.account", {"id": "L1", "name": "Ann Lee", "phone": "1234567"})
    made.put("shop.person", {"id": "S1", "name": "Anne Lee", "phone": "123-4567"})
    made.put("shop.person", {"id": "S2", "name": "Victor Hugo", "phone": "123-4567"})
    report = made.run()
    assert (report.counts["linked"], report.counts["created"]) == (1, 1)
    assert made.held("ledger.account")["L1"]["shop_id"] == "S1"


def test_planning_again_after_a_fuzzy_link_is_empty(tmp_path: Path) -> None:
    made = world(tmp_path, NAME)
    made.put("ledger.account", {"id": "L1", "name": "Acme Trading Ltd"})
    made.put("shop.person", {"id": "S1", "name": "Acme Tradng Limited"})
    made.run()
    assert made.plan() == []


def test_a_changed_name_is_found_under_its_new_rough_keys(tmp_path: Path) -> None:
    made = world(tmp_path, NAME)
    made.put("ledger.account", {"id": "L1", "name": "Zenith Foods"})
    made.run()
    made.put("ledger.account", {"id": "L1", "name": "Acme Trading"})
    made.put("shop.person", {"id": "S1", "name": "Acme Tradding"}, {"id": "S2", "name": "Zenith Foods"})
    report = made.run()
    assert (report.counts["linked"], report.counts["created"]) == (1, 1)
