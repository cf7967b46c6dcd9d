"""measures: what the rules count and sum, over the store as it stands."""

from __future__ import annotations

from typing import Any

import click

from engine.cli.exits import DONE, FOUND
from engine.cli.loading import open_ruleset
from engine.cli.opening import open_shop
from engine.cli.options import Given, common, write
from engine.cli.ordering import flows_for
from engine.pipeline.measure import Measured, Moment, lag_seconds, measure
from engine.pipeline.workshop import Workshop
from engine.report.wording import json_text
from engine.spec.ruleset import FlowSpec


@click.command()
@click.argument("flows", nargs=-1, metavar="[FLOW...]")
@common()
def measures(given: Given, flows: tuple[str, ...]) -> int:
    """Count and sum what the rules of each FLOW name under `measures`, without asking any system.

    Exit code 1 when one of them is above its limit.
    """
    ruleset = open_ruleset(given)
    with open_shop(given, ruleset) as shop:
        found = {flow.name: _of(shop, flow) for flow in flows_for(ruleset, flows, everything=not flows)}
    if given.as_json:
        write(json_text([_tree(flow, one) for flow, measured in found.items() for one in measured], indent=2))
    else:
        lines = [line for flow, measured in found.items() for one in measured for line in _lines(flow, one)]
        write("\n".join(lines) or "the rules name no measures")
    return FOUND if any(one.alerts for measured in found.values() for one in measured) else DONE


def _of(shop: Workshop, flow: FlowSpec) -> list[Measured]:
    """Facts of the last run, all else as it stands; the lag is since the last reading."""
    run = next(iter(shop.store.runs(flow=flow.name, limit=1)), None)
    since = shop.store.cursor(flow.source_connection.name, flow.source.name).since
    facts = {**(run.counts if run else {}), "lag_seconds": lag_seconds(since, shop.now())}
    return measure(shop, Moment(flow, run.id if run else "", facts), records=True)


def _tree(flow: str, one: Measured) -> dict[str, Any]:
    value = one.groups.get("", dict(one.groups))
    return {"flow": flow, "measure": one.name, "value": value, "above": one.above, "alerts": one.alerts}


def _lines(flow: str, one: Measured) -> list[str]:
    limit = "" if one.above is None else f"  (alert above {one.above:g})"
    rows = []
    for group, value in one.groups.items():
        mark = "!" if group in one.alerts else " "
        shown = f"{value:,}" if isinstance(value, (int, float)) else str(value)
        rows.append(f"{mark} {flow}  {one.name}{f'  {group}' if group else ''}: {shown}{limit}")
    return rows
