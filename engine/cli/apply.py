"""apply: exactly what a plan showed, and nothing that has moved since."""

from __future__ import annotations

from dataclasses import dataclass

import click

from engine.cli.exits import FOUND, first
from engine.cli.loading import open_ruleset
from engine.cli.logs import RUN
from engine.cli.opening import leased, open_shop
from engine.cli.options import Given, common, write
from engine.cli.ordering import code_for, guards_named, task_for
from engine.cli.sync import show_run, tree_of
from engine.model.errors import Refused, UsageError
from engine.model.operation import Operation
from engine.model.run import Run
from engine.pipeline.sync import Order, Report, fingerprint, run_flow
from engine.pipeline.workshop import Workshop
from engine.report.plan_text import headline
from engine.report.wording import count_text, json_text
from engine.spec.ruleset import FlowSpec


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A plan as it was shown: what each operation looked like, and how it reads."""

    prints: dict[str, str]
    words: dict[str, str]
    actions: tuple[str, ...]


@click.command()
@click.argument("plan_id", metavar="[PLAN]", required=False, default="")
@click.option("--allow", multiple=True, metavar="GUARD", help="Lift a guard for this run.")
@common()
def apply(given: Given, plan_id: str, allow: tuple[str, ...]) -> int:
    """Do what PLAN showed: the id that `plan` printed, or a flow for its newest plan; else the newest of all.

    Both sides are read and decided again; only what still looks exactly as in the plan is written. A plan made with
    other rules, another account or another store is refused.
    """
    ruleset = open_ruleset(given)
    with open_shop(given, ruleset) as shop, leased(shop.store):
        planned = _planned_run(shop, plan_id)
        flow = _same_rules(shop, planned)
        plan = _reviewed(shop, planned)
        task = task_for(flow, planned.name, (), plan.actions, full=True)
        order = Order(task, "apply", allowed=guards_named([flow], allow), planned=plan.prints)
        report = run_flow(shop, order)
        RUN.set(report.run.id)
        shop.progress.close()
        stale = [] if report.refused else _stale(shop, report, plan)
        _show(given, shop, report, planned, stale)
        return first(code_for(shop, report), FOUND) if stale else code_for(shop, report)


def _planned_run(shop: Workshop, named: str) -> Run:
    run = shop.store.run(named) if named else None
    if run is None and (not named or named in shop.ruleset.flows):
        runs = shop.store.runs(flow=named, limit=200)
        run = next((one for one in runs if (one.verb, one.state) == ("plan", "planned")), None)
    if run is None:
        raise UsageError(f"there is no plan '{named}': make one with `run.py plan FLOW`" if named else _NO_PLAN)
    if run.verb != "plan" or run.state != "planned":
        raise UsageError(f"{run.id} is no plan but a {run.verb} ({run.state}): `run.py plan {run.flow}` makes one")
    return run


_NO_PLAN = "there is no plan: make one with `run.py plan FLOW`"


def _same_rules(shop: Workshop, planned: Run) -> FlowSpec:
    """The flow, when rules, accounts, hosts and store are those of the plan."""
    flow = shop.ruleset.flows.get(planned.flow)
    again = f"look again with `run.py plan {planned.flow}`"
    if flow is None:
        raise Refused(f"the plan is for the flow {planned.flow}, which is not there any more")
    if planned.store and planned.store != shop.store.id:
        raise Refused(f"the plan was made with another store: {again}")
    if planned.digest != flow.digest:
        raise Refused(f"the rules, settings or accounts of {planned.flow} are not those of the plan: {again}")
    return flow


def _reviewed(shop: Workshop, planned: Run) -> Reviewed:
    prints: dict[str, str] = {}
    words: dict[str, str] = {}
    actions: dict[str, None] = {}
    for one in shop.store.operations(run=planned.id, states=("planned",)):
        prints[one.id], words[one.id] = fingerprint(one), headline(one)
        if one.kind == "action":
            actions[one.step.removeprefix("action:")] = None
    if planned.counts.get("operations") and not prints:
        raise Refused(f"the plan {planned.id} has been done or replaced by a later one: plan again")
    return Reviewed(prints, words, tuple(actions))


def _stale(shop: Workshop, report: Report, plan: Reviewed) -> list[str]:
    """What the plan showed and was not done, because it does not look like that any more."""
    return [words for id, words in plan.words.items() if not _is_of(shop.store.operation(id), report)]


def _is_of(one: Operation | None, report: Report) -> bool:
    return one is not None and one.run == report.run.id and one.state not in ("superseded", "planned")


def _show(given: Given, shop: Workshop, report: Report, planned: Run, stale: list[str]) -> None:
    if given.as_json:
        write(json_text({"plan": planned.id, **tree_of(report), "not_as_planned": stale}, indent=2))
        return
    show_run(given, shop, report)
    if stale:
        count = count_text(len(stale), "operation was not done", "operations were not done")
        write(f"  {count}: the record has moved since the plan; `run.py plan {planned.flow}` shows how it stands now")
        write("\n".join(f"    {words}" for words in stale[:20]))
