"""sync: read, decide and write, one flow after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from engine.cli.exits import DONE, code_of, first, tell
from engine.cli.loading import open_ruleset
from engine.cli.logs import RUN
from engine.cli.opening import leased, open_shop
from engine.cli.options import Given, common, write
from engine.cli.ordering import code_for, counts_of, flows_for, guards_named, start_afresh, task_for
from engine.cli.plan import show_plan
from engine.model.errors import ConnectorError, UsageError
from engine.pipeline.sync import Order, Report, run_flow
from engine.pipeline.workshop import Workshop
from engine.report.findings_data import as_tree
from engine.report.run_text import errors_text, findings_lines, run_line, still_line
from engine.report.wording import count_text, json_text
from engine.spec.ruleset import FlowSpec


@click.command()
@click.argument("flows", nargs=-1, metavar="FLOW...")
@click.option("--all", "everything", is_flag=True, help="Every flow whose accounts are set up, in order.")
@click.option("--run", "run_name", default="", metavar="NAME", help="A named run: its columns, its selection.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="Only this source record, now; may be repeated.")
@click.option("--action", "actions", multiple=True, metavar="NAME", help="Do this action now, due or not.")
@click.option("--full", is_flag=True, help="Read everything and decide every record.")
@click.option("--allow", multiple=True, metavar="GUARD", help="Lift a guard for this run.")
@click.option("--dry-run", is_flag=True, help="Show the plan of each flow instead.")
@common()
def sync(
    given: Given, flows: tuple[str, ...], everything: bool, run_name: str, ids: tuple[str, ...],
    actions: tuple[str, ...], full: bool, allow: tuple[str, ...], dry_run: bool,
) -> int:  # fmt: skip
    """Read both sides of each FLOW, decide what is due, and write it.

    With --format json one flow prints one object of counts, several print a list.
    """
    ruleset = open_ruleset(given)
    chosen = flows_for(ruleset, flows, everything=everything)
    if len(chosen) > 1 and (ids or run_name or actions):
        raise UsageError("--id, --run and --action go with one flow")
    allowed = guards_named(chosen, allow)
    tasks = [task_for(flow, run_name, ids, actions, full=full) for flow in chosen]
    verb: Any = "plan" if dry_run else "sync"
    orders = [Order(task, verb, full=task.full, allowed=allowed) for task in tasks]
    with open_shop(given, ruleset, create=True) as shop, leased(shop.store):
        results = list(_run_all(given, shop, orders))
    if given.as_json and not dry_run:
        trees = [tree for tree, _ in results]
        write(json_text(trees[0] if len(trees) == 1 else trees, indent=2))
    return first(DONE, *(code for _, code in results))


def _run_all(given: Given, shop: Workshop, orders: list[Order]) -> Iterator[tuple[dict[str, Any], int]]:
    """Counts and exit code of each flow. One that cannot go on keeps back only those that need it."""
    broken: dict[str, str] = {}
    for order in orders:
        flow = order.task.flow
        waits_for = next((name for name in flow.rules.needs if name in broken), "")
        if waits_for:
            tree, code = _left_out(given, flow, waits_for), DONE
        else:
            tree, code = _run_one(given, shop, order)
        if waits_for or tree.get("error") or tree.get("state") == "refused":
            broken[flow.name] = flow.name
        yield tree, code


def _left_out(given: Given, flow: FlowSpec, needed: str) -> dict[str, Any]:
    reason = f"not run: it needs {needed}, which did not come through"
    if not given.as_json:
        write(f"{flow.name}: {reason}")
    return {"flow": flow.name, "state": "left-out", "error": reason}


def _run_one(given: Given, shop: Workshop, order: Order) -> tuple[dict[str, Any], int]:
    start_afresh(shop)
    try:
        report = run_flow(shop, order)
    except ConnectorError as error:
        shop.progress.close()
        tell(error, verbose=given.verbose)
        facts = {"flow": order.task.flow.name, "run": shop.run_id, "state": "failed", "error": error.told}
        return facts, code_of(error)
    RUN.set(report.run.id)
    shop.progress.close()
    if order.verb == "plan":
        show_plan(given, shop, report, 20)
    elif not given.as_json:
        show_run(given, shop, report)
    return tree_of(report), code_for(shop, report)


def tree_of(report: Report) -> dict[str, Any]:
    """The counts, and what kept the run from being whole."""
    tree = counts_of(report)
    if report.refused:
        tree["refused"] = [as_tree(one) for one in report.refused]
    if report.applied and report.applied.stopped:
        tree["stopped"] = dict(report.applied.stopped)
    return tree


def _still(shop: Workshop, report: Report) -> dict[str, int]:
    flow = shop.ruleset.flows[report.run.flow]
    return shop.store.stopped(flow.name, flow.source_connection.name, flow.source.name)


def show_run(given: Given, shop: Workshop, report: Report) -> None:
    """Write what a run came to, for people."""
    write(run_line(counts_of(report), done=not report.refused))
    if report.refused:
        write("Stopped by a guard; nothing was written:")
    elif line := still_line(_still(shop, report), report.counts):
        write(line)
    lines = findings_lines([*shop.store.findings(report.run.id)])
    if report.applied:
        lines += errors_text(report.applied.errors)
        lines += [f"  nothing more was sent to {name}: {why}" for name, why in report.applied.stopped.items()]
    if lines:
        write("\n".join(lines))
    waiting = sum(1 for _ in shop.store.cases(state="open", flow=report.run.flow))
    if waiting:
        write(f"  {count_text(waiting, 'case waits', 'cases wait')} for a person: run.py review")
    if report.failed:
        write(f"  details: run.py history --run {report.run.id}")
