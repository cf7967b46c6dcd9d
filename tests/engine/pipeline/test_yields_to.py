"""Two flows into one object: the one that yields leaves alone what the other one is linked to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.config.load import load_ruleset
from tests.world import LEDGER, MAPPING, RULES, SHOP, World, build, write

TILL = SHOP.replace("system: shop", "system: till").replace("title: Shop", "title: Till")
TILL_MAPPING = MAPPING.replace("shop", "till").replace("till_id", "shop_id")
TILL_RULES = RULES.replace("shop-", "till-").replace("match:", "yields_to: [shop-to-ledger]\nmatch:", 1)
GONE = TILL_RULES + "gone: {source: delete, target: hold}\n"
ANN = {"id": "s1", "name": "Ann of the shop", "mail": "ann@x.example"}
TILL_ANN = {"id": "t1", "name": "Ann of the till", "mail": "ann@x.example"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = build(tmp_path, TILL_MAPPING, GONE.replace("deletes: 0", "deletes: 9"), systems=(SHOP, LEDGER, TILL))
    yield made
    made.store.close()


def name(world: World) -> str:
    (account,) = world.held("ledger.account").values()
    return str(account["name"])


def test_what_the_other_flow_is_linked_to_is_linked_and_not_written(world: World) -> None:
    world.put("shop.person", ANN)
    world.put("till.person", TILL_ANN)
    world.run("shop-to-ledger")

    assert world.run("till-to-ledger").counts["linked"] == 1
    assert world.run("till-to-ledger", full=True).counts["settled"] == 1

    assert name(world) == "Ann of the shop"


def test_a_later_change_is_not_written_either(world: World) -> None:
    world.put("shop.person", ANN)
    world.put("till.person", TILL_ANN)
    world.run("shop-to-ledger")
    world.run("till-to-ledger")
    world.put("till.person", {**TILL_ANN, "name": "Anna"})

    assert world.plan("till-to-ledger") == []

    assert name(world) == "Ann of the shop"


def test_until_then_it_writes_and_the_other_flow_takes_over(world: World) -> None:
    world.put("till.person", TILL_ANN)
    world.run("till-to-ledger")
    assert name(world) == "Ann of the till"
    world.put("shop.person", ANN)
    world.run("shop-to-ledger")
    world.put("till.person", {**TILL_ANN, "name": "Anna"})
    world.run("till-to-ledger")

    assert name(world) == "Ann of the shop"
    assert world.plan("shop-to-ledger", full=True) == world.plan("till-to-ledger", full=True) == []


def test_records_that_the_other_flow_does_not_know_are_written(world: World) -> None:
    world.put("shop.person", ANN)
    world.put("till.person", {**TILL_ANN, "mail": "bob@x.example"})
    world.run("shop-to-ledger")

    assert world.run("till-to-ledger").counts["created"] == 1


def test_what_the_other_flow_keeps_is_not_deleted(world: World) -> None:
    world.put("shop.person", ANN)
    world.put("till.person", TILL_ANN)
    world.run("shop-to-ledger")
    world.run("till-to-ledger")
    world.system("till").delete(world.ruleset.objects["till.person"], "t1")

    world.run("till-to-ledger", full=True)

    assert name(world) == "Ann of the shop"


def test_it_runs_after_the_flow_that_it_yields_to(world: World) -> None:
    assert list(world.ruleset.flows) == ["shop-to-ledger", "till-to-ledger"]


@pytest.mark.parametrize(
    ("rules", "mapping", "codes"),
    [
        (TILL_RULES, TILL_MAPPING, []),
        (TILL_RULES.replace("yields_to: [shop-to-ledger]\n", ""), TILL_MAPPING, ["two-writers"]),
        (TILL_RULES.replace("[shop-to-ledger]", "[mars]"), TILL_MAPPING, ["two-writers", "unknown-flow"]),
        (TILL_RULES.replace("[shop-to-ledger]", "[till-to-ledger]"), TILL_MAPPING, ["needs-cycle", "two-writers"]),
        (TILL_RULES, TILL_MAPPING.replace("ledger.account", "shop.person").replace("email: mail", "mail: mail")
         .replace("shop_id: id", "note: id"),
         ["yields-nowhere"]),
    ],
)  # fmt: skip
def test_two_writers_are_in_order_where_one_yields(tmp_path: Path, rules: str, mapping: str, codes: list[str]) -> None:
    for text in (SHOP, LEDGER, TILL, MAPPING, RULES, rules.replace("right: email", "right: mail") if "shop.person" in
                 mapping else rules, mapping):  # fmt: skip
        write(tmp_path, text)

    _, findings = load_ruleset(tmp_path)

    assert sorted({one.code for one in findings}) == codes
