"""A random two-way world: people edit both sides, flows run, faults happen. Nothing is lost, nothing is doubled,
and the world comes to rest."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import BACK_MAPPING, BACK_RULES, World, build

NAMES = ("Ann", "Bob", "Çelik", "Dvořák", "  Eve ")
PHONES = ("030 1", "+49 30 1", "")
BEHAVIOURS: dict[str, Any] = {
    "plain": lambda tree: dict(tree),
    "truncates": lambda tree: {k: v[:2] if k == "name" and isinstance(v, str) else v for k, v in tree.items()},
    "upper-cases": lambda tree: {k: v.upper() if k == "name" and isinstance(v, str) else v for k, v in tree.items()},
    "reformats": lambda tree: {
        k: v.replace(" ", "") if k == "phone" and isinstance(v, str) else v for k, v in tree.items()
    },
}

step = st.one_of(
    st.tuples(st.just("shop"), st.integers(1, 4), st.sampled_from(("name", "phone", "mail")), st.integers(0, 4)),
    st.tuples(st.just("ledger"), st.integers(1, 4), st.sampled_from(("name", "phone")), st.integers(0, 4)),
    st.just(("sync",)),
)


def value(field: str, who: int, number: int) -> str:
    if field == "mail":
        return f"p{who}@x.example"
    return NAMES[number % 5] if field == "name" else PHONES[number % 3]


def edit(world: World, side: str, who: int, field: str, number: int) -> None:
    if side == "shop":
        world.put("shop.person", {"id": f"p{who}", "mail": f"p{who}@x.example", field: value(field, who, number)})
        return
    accounts = world.held("ledger.account")
    found = next((one for one in accounts.values() if one.get("shop_id") == f"p{who}"), None)
    if found is not None:
        world.put("ledger.account", {"id": found["id"], field: value(field, who, number)})


def both(world: World) -> list[Any]:
    return [world.run("shop-to-ledger"), world.run("ledger-to-shop")]


def counted(reports: list[Any]) -> int:
    return sum(sum(report.applied.kinds.values()) for report in reports if report.applied)


@pytest.mark.parametrize("quirk", BEHAVIOURS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, max_size=25))
def test_a_random_history_comes_to_rest_without_duplicates(quirk: str, steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = build(Path(folder), BACK_MAPPING, BACK_RULES)
        world.system("ledger", store=BEHAVIOURS[quirk])
        for one in steps:
            both(world) if one == ("sync",) else edit(world, *one)
        both(world)
        both(world)
        assert counted(both(world)) == 0, "a world in which nobody edits is at rest"
        people, accounts = world.held("shop.person"), world.held("ledger.account")
        owners = [account["shop_id"] for account in accounts.values()]
        assert sorted(owners) == sorted(people), "one account for each person, none twice"
        world.store.close()


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(step, max_size=25), seed=st.integers(0, 999))
def test_an_edit_reaches_the_other_side_or_a_reason_is_kept(steps: list[tuple[Any, ...]], seed: int) -> None:
    """With one editor at a time, the last edit of a field stands on both sides after a sync."""
    with tempfile.TemporaryDirectory() as folder:
        world = build(Path(folder), BACK_MAPPING, BACK_RULES)
        last: dict[tuple[int, str], str] = {}
        order = random.Random(seed)
        for one in steps:
            if one == ("sync",):
                continue
            side, who, field, number = one
            if side == "ledger" and not any(
                a.get("shop_id") == f"p{who}" for a in world.held("ledger.account").values()
            ):
                continue
            edit(world, side, who, field, number)
            if value(field, who, number):
                last[who, field] = value(field, who, number)
            else:
                last.pop((who, field), None)
            for report in sorted(both(world), key=lambda _: order.random()):
                assert not report.failed
        both(world)
        people = world.held("shop.person")
        accounts = {account["shop_id"]: account for account in world.held("ledger.account").values()}
        for (who, field), expected in last.items():
            assert str(people[f"p{who}"].get(field)).strip() == expected.strip()
            there = accounts[f"p{who}"].get("email" if field == "mail" else field)
            assert str(there).strip() == expected.strip()
        world.store.close()
