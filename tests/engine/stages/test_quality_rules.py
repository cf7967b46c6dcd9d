"""A quality rule with a repair: only `fix` goes on with what was repaired."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import RULES, World, build

CARD = "4111 1111 1111 1111"


@pytest.fixture(params=["fix", "warn", "hold", "refuse"])
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    rule = f'{{fields: ["*"], check: no_card_number, severity: {request.param}, apply: [mask_card]}}'
    made = build(tmp_path, rules=RULES + f"quality: {{cards: {rule}}}\n")
    made.severity = request.param  # type: ignore[attr-defined]  # for the expectation below
    yield made
    made.store.close()


def test_a_repaired_value_goes_on_unless_the_rule_keeps_the_record_back(world: World) -> None:
    world.put("shop.person", {"id": "p1", "name": CARD, "mail": "ann@x.example"})

    report = world.run()

    ends = {"fix": "created", "warn": "created", "hold": "held", "refuse": "failed"}
    severity: str = world.severity  # type: ignore[attr-defined]
    assert report.counts[ends[severity]] == 1
    held = [one["name"] for one in world.held("ledger.account").values()]
    assert held == (["************1111"] if severity in ("fix", "warn") else [])
