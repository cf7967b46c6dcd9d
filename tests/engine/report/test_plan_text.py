"""Plans as a person reviews them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.model.finding import Finding, Place, Severity
from engine.report.mask import Blind
from engine.report.plan_data import plan_tree
from engine.report.plan_text import PlanView, finding_lines, plan_text
from tests.world import LEDGER, SHOP, World, build

PERSONAL = [SHOP, LEDGER.replace("phone:   {type: text}", "phone:   {type: text, personal: true}")]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = build(tmp_path, systems=PERSONAL)
    yield made
    made.store.close()


def view(world: World, **order: Any) -> PlanView:
    report = world.run(verb="plan", **order)
    operations = list(world.store.operations(run=report.run.id, states=("planned",)))
    flow = world.ruleset.flows["shop-to-ledger"]
    decided = report.decided
    assert decided is not None
    found = list(world.store.findings(report.run.id))
    return PlanView(report.run, flow, report.counts, operations, found, report.refused, decided.drift, decided.reasons)


def text(world: World, shown: PlanView, **how: Any) -> str:
    return plan_text(shown, Blind(dict(world.ruleset.objects)), **how)


def test_a_plan_lists_creates_with_their_values(world: World) -> None:
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example", "phone": "+49 30 1234567"})
    assert text(world, view(world)).splitlines()[1:] == [
        "shop-to-ledger: 1 record to create; 0 of 1 settled",
        "",
        "Create:",
        "  + create ledger.account for shop:p1",
        '      name: "Ann"',
        '      email: "a***@***.example"',
        '      phone: "+49***67"',
        '      shop_id: "p1"',
    ]


def test_an_update_shows_before_and_after_and_in_detail_the_rule(world: World) -> None:
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example"})
    world.run()
    world.put("shop.person", {"id": "p1", "name": "Anne"})
    shown = view(world)
    assert '      name: "Ann" -> "Anne"' in text(world, shown).splitlines()
    detail = text(world, shown, verbose=True).splitlines()
    because = detail[detail.index('      name: "Ann" -> "Anne"') + 1].strip()
    assert because.startswith("source moved: ")
    assert "mappings/shop-to-ledger.yaml:6:" in because
    assert "rules/shop-to-ledger.yaml:9:" in because


def test_a_first_link_says_by_which_rule(world: World) -> None:
    world.put("ledger.account", {"id": "a1", "name": "Ann", "email": "ANN@x.example"})
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example"})
    assert "  ~ link and update ledger.account a1 for shop:p1 (rule mail)" in text(world, view(world)).splitlines()


def test_records_beyond_the_limit_are_only_counted(world: World) -> None:
    world.put("shop.person", *({"id": f"p{n}", "name": f"N{n}"} for n in range(5)))
    shown = text(world, view(world), limit=2)
    assert shown.count("+ create") == 2
    assert "  ... and 3 more (--limit N shows more)" in shown.splitlines()


def test_nothing_to_do_says_so(world: World) -> None:
    assert text(world, view(world)).splitlines()[1] == "shop-to-ledger: nothing to do; 0 of 0 settled"


def test_drift_that_is_left_alone_is_told(world: World) -> None:
    world.put("shop.person", {"id": "p1", "name": "Ann", "mail": "ann@x.example"})
    world.run()
    (account,) = world.held("ledger.account").values()
    world.put("ledger.account", {"id": account["id"], "name": "Annie"})
    assert "Changed in the target alone, and left as it is: name in 1" in text(world, view(world)).splitlines()


def test_a_guard_that_stops_the_plan_is_told_with_its_way_out(tmp_path: Path) -> None:
    from tests.world import RULES

    world = build(tmp_path, rules=RULES.replace("creates: 10000", "creates: 0"))
    world.put("shop.person", {"id": "p1", "name": "Ann"})
    shown = text(world, view(world))
    assert "Guards that stop this plan:" in shown
    assert "--allow creates" in shown
    world.store.close()


def test_the_tree_of_a_plan_masks_as_the_text_does(world: World) -> None:
    world.put("shop.person", {"id": "p1", "name": "Ann", "phone": "+49 30 1234567"})
    tree = plan_tree(view(world), Blind(dict(world.ruleset.objects)))
    (operation,) = tree["operations"]
    assert (operation["kind"], operation["source"], operation["target"]) == ("create", "shop:p1", "ledger.account")
    values = {change["field"]: change["after"] for change in operation["changes"]}
    assert values["phone"] == "+49***67"
    assert values["name"] == "Ann"


def test_findings_that_say_the_same_share_a_line() -> None:
    some = [
        Finding("no-email", "has no email", Place("r.yaml", 3, 1), Severity.WARNING, record=f"shop:p{n}")
        for n in range(7)
    ]
    assert finding_lines(some, 20) == [
        "  warning [no-email] has no email (r.yaml:3:1)\n"
        "      7 records: shop:p0, shop:p1, shop:p2, shop:p3, shop:p4, ..."
    ]
    assert finding_lines(some[:1], 20) == ["  warning shop:p0: [no-email] has no email (r.yaml:3:1)"]
