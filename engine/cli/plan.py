"""plan: what a sync would do, shown like a diff and kept so that apply can do exactly that."""

from __future__ import annotations

import click

from engine.cli.exits import CHANGES, DONE, FOUND, REFUSED
from engine.cli.loading import flow_named, open_ruleset
from engine.cli.logs import RUN
from engine.cli.opening import leased, open_shop
from engine.cli.options import Given, common, write
from engine.cli.ordering import guards_named, task_for
from engine.pipeline.sync import Order, Report, run_flow
from engine.pipeline.workshop import Workshop
from engine.report.mask import Blind
from engine.report.plan_data import plan_tree
from engine.report.plan_text import PlanView, plan_text
from engine.report.wording import json_text


@click.command()
@click.argument("flow")
@click.option("--run", "run_name", default="", metavar="NAME", help="A named run: its columns, its selection.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="Only this source record; may be repeated.")
@click.option("--action", "actions", multiple=True, metavar="NAME", help="Do this action now, due or not.")
@click.option("--full", is_flag=True, help="Read everything and decide every record.")
@click.option("--allow", multiple=True, metavar="GUARD", help="Lift a guard for this plan.")
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="Records shown one by one.")
@click.option("--exit-code", is_flag=True, help="End with 10 when there is something to do.")
@common()
def plan(
    given: Given, flow: str, run_name: str, ids: tuple[str, ...], actions: tuple[str, ...], full: bool,
    allow: tuple[str, ...], limit: int, exit_code: bool,
) -> int:  # fmt: skip
    """Read both sides of FLOW, decide, and show what would be written. Nothing is written to any system.

    `run.py apply PLAN` then does exactly this plan. Ends with 3 when a guard would stop it.
    """
    ruleset = open_ruleset(given)
    spec = flow_named(ruleset, flow)
    task = task_for(spec, run_name, ids, actions, full=full)
    order = Order(task, "plan", full=task.full, allowed=guards_named([spec], allow))
    with open_shop(given, ruleset, create=True) as shop, leased(shop.store):
        report = run_flow(shop, order)
        RUN.set(report.run.id)
        shop.progress.close()
        show_plan(given, shop, report, limit)
    if report.refused:
        return REFUSED
    if ids and not report.counts["read"]:
        return FOUND
    return CHANGES if exit_code and report.counts["operations"] else DONE


def show_plan(given: Given, shop: Workshop, report: Report, limit: int) -> None:
    """Write the report of a planned run."""
    blind = Blind(dict(shop.ruleset.objects), reveal=given.reveal)
    view = view_of(shop, report)
    if given.as_json:
        write(json_text(plan_tree(view, blind), indent=2))
        return
    write(plan_text(view, blind, limit=limit, verbose=given.verbose))
    if report.counts["operations"] and not report.refused:
        write(f"\nTo do exactly this: run.py apply {report.run.id}")


def view_of(shop: Workshop, report: Report) -> PlanView:
    """What the report of a planned run shows."""
    decided = report.decided
    guards = {one.code for one in report.refused}
    return PlanView(
        report.run,
        shop.ruleset.flows[report.run.flow],
        report.counts,
        shop.store.operations(run=report.run.id, states=("planned",)),
        [one for one in shop.store.findings(report.run.id) if one.code not in guards],
        report.refused,
        decided.drift if decided else {},
        decided.reasons if decided else {},
    )
