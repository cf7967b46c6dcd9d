"""Questions put to the store: which links count, and what proves that there is nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.model.link import Link, LinkState, link_between
from engine.model.record import RecordKey
from engine.pipeline.gather import proves_absence
from tests.world import LEDGER, RULES, SHOP, World, build


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build(tmp_path)


def tie(world: World, person: str, account: str, state: LinkState) -> Link:
    link = link_between(
        RecordKey("shop", "shop.person", person), RecordKey("ledger", "ledger.account", account), state=state
    )
    world.store.put_links([link])
    return link


def linked(world: World) -> dict[str, tuple[str, str]]:
    return {link.b.id: (link.a.id, link.role) for link in world.store.links(state="confirmed")}


def test_a_rejected_candidate_is_never_matched_again(world: World) -> None:
    world.put("ledger.account", {"id": "7", "email": "ada@x.example"})
    world.put("shop.person", {"id": "1", "mail": "ada@x.example"})
    tie(world, "1", "7", "rejected")

    assert world.run().counts["created"] == 1


@pytest.mark.parametrize("state", ["proposed", "rejected", "broken"])
def test_what_does_not_hold_takes_no_record(world: World, state: LinkState) -> None:
    world.put("ledger.account", {"id": "7", "email": "ada@x.example"})
    world.put("shop.person", {"id": "1", "mail": "other@x.example"}, {"id": "2", "mail": "ada@x.example"})
    tie(world, "1", "7", state)

    world.run()

    assert linked(world)["2"] == ("7", "primary")


def test_what_holds_takes_the_record(world: World) -> None:
    world.put("ledger.account", {"id": "7", "email": "ada@x.example"})
    world.put("shop.person", {"id": "1", "mail": "ada@x.example"}, {"id": "2", "mail": "ADA@x.example"})
    tie(world, "1", "7", "confirmed")

    world.run()

    assert linked(world) == {"1": ("7", "primary"), "2": ("7", "secondary")}


@pytest.mark.parametrize(
    ("equality", "compare", "proves"),
    [
        ("exact", "exact", True),
        ("exact", "email", False),
        ("folded_and_trimmed", "email", True),
        ("folded_and_trimmed", "text", False),
        ("folded_without_blanks", "text", True),
        ("folded_without_blanks", "exact", True),
        ("folded_without_blanks", "phone", False),
        ("folded_without_blanks", "", False),
    ],
)
def test_nothing_found_proves_absence_where_the_path_is_as_loose(
    world: World, equality: str, compare: str, proves: bool
) -> None:
    path = world.ruleset.objects["ledger.account"].find["*"]

    assert proves_absence(replace(path, equality=equality), compare) is proves
    assert not proves_absence(replace(path, equality=equality, lag=60), compare)


UNIQUE = LEDGER.replace("    id: id\n", "    id: id\n    unique: [shop_id]\n", 1)
ON_LINK = RULES.replace("push: always", "push: on_first", 1)


def test_a_value_that_another_record_holds_is_not_written(tmp_path: Path) -> None:
    world = build(tmp_path, systems=(SHOP, UNIQUE), rules=ON_LINK)
    world.put("ledger.account", {"id": "7", "shop_id": "1"}, {"id": "8", "email": "ada@x.example"})
    world.put("shop.person", {"id": "1", "mail": "ada@x.example", "name": "Ada"})

    world.run()

    assert world.held("ledger.account")["8"].get("shop_id") is None
    assert world.held("ledger.account")["8"]["name"] == "Ada"
    assert "value-taken" in world.findings()
    assert world.plan() == []


def test_nothing_is_created_over_the_holder_of_its_natural_key(tmp_path: Path) -> None:
    natural = UNIQUE.replace(
        "{request: POST /accounts, effect: keyed}", "{request: PUT /accounts, effect: repeatable, natural_key: shop_id}"
    )
    world = build(tmp_path, systems=(SHOP, natural))
    world.put("ledger.account", {"id": "7", "shop_id": "1", "name": "Somebody"})
    world.put("shop.person", {"id": "1", "mail": "ada@x.example", "name": "Ada"})

    report = world.run()

    assert report.counts["failed"] == 1
    assert "natural-key-taken" in world.findings()
    assert world.held("ledger.account")["7"]["name"] == "Somebody"
