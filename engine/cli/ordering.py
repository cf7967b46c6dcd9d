"""Orders from the command line: which flow, which run of it, which records; and what became of one as an exit code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.cli.exits import CASES, DONE, FOUND, REFUSED, first, say
from engine.cli.loading import flow_named
from engine.config.suggest import did_you_mean
from engine.model.errors import UsageError
from engine.pipeline.decide_flow import Task
from engine.pipeline.sync import Report
from engine.pipeline.workshop import Workshop
from engine.spec.environment import ConnectionSpec
from engine.spec.rules import RunSpec
from engine.spec.ruleset import FlowSpec, Ruleset

CONTRACT = (
    "read", "settled", "created", "updated", "linked", "assigned", "held", "skipped", "failed", "stale", "unknown",
    "cases", "requests", "seconds",
)  # fmt: skip
"""Counts that outside tools rely on, in this order."""


def task_for(
    flow: FlowSpec, run: str = "", ids: tuple[str, ...] = (), actions: tuple[str, ...] = (), *, full: bool = False
) -> Task:
    """What to decide. A named run brings its columns, its selection and its depth."""
    need_accounts(flow)
    spec = named_run(flow, run) if run else None
    for action in actions:
        if action not in flow.rules.actions:
            hint = did_you_mean(action, flow.rules.actions) or "it has none"
            raise UsageError(f"{flow.name} has no action '{action}' ({hint})")
    everything = full or bool(actions) or bool(spec and spec.full)
    return Task(flow, spec, ids or None, frozenset(actions), full=everything)


def named_run(flow: FlowSpec, name: str) -> RunSpec:
    """A run of the flow, or a refusal that names the nearest one."""
    if name in flow.rules.runs:
        return flow.rules.runs[name]
    hint = did_you_mean(name, flow.rules.runs) or "it has none"
    raise UsageError(f"{flow.name} has no run '{name}' ({hint})")


def flows_for(ruleset: Ruleset, names: Iterable[str], *, everything: bool) -> list[FlowSpec]:
    """The flows asked for, in the order in which they run."""
    wanted = {flow_named(ruleset, name).name for name in names}
    if not wanted and not everything:
        raise UsageError(f"name a flow, or say --all; there are: {', '.join(ruleset.flows)}")
    if wanted and everything:
        raise UsageError("name flows or say --all, not both")
    if not everything:
        return [flow for name, flow in ruleset.flows.items() if name in wanted]
    return _set_up(ruleset)


def _set_up(ruleset: Ruleset) -> list[FlowSpec]:
    """Flows between accounts that somebody has set up; the others are named and left out."""
    chosen: list[FlowSpec] = []
    for flow in ruleset.flows.values():
        ends = (flow.source_connection, flow.target_connection)
        missing = [one.name for one in ends if not is_set_up(one)]
        if missing:
            say(f"{flow.name} is left out: nobody has set up {' and '.join(missing)}")
        else:
            chosen.append(flow)
    if not chosen:
        raise UsageError("no flow is between accounts that are set up: give settings with --env or --settings")
    return chosen


def need_accounts(flow: FlowSpec) -> None:
    """Refuse a flow whose accounts lack a setting, before anything is sent to anybody."""
    for one in (flow.source_connection, flow.target_connection):
        if one.missing:
            lacks = f"connection {one.name} of {flow.name} has no {', '.join(one.missing)}"
            raise UsageError(f"{lacks}: give it in an environment (--env) or with --settings; see `run.py doctor`")


def is_set_up(connection: ConnectionSpec) -> bool:
    """False when not one of the settings that the system asks for was given: where none is required, no secret."""
    return connection.is_set_up


def guards_named(flows: Iterable[FlowSpec], names: tuple[str, ...]) -> frozenset[str]:
    """Guards to lift for this run; a name that no flow knows is refused."""
    known = {"changes", *(name for flow in flows for name in flow.rules.guards.limits)}
    for name in names:
        if name not in known:
            raise UsageError(f"there is no guard '{name}' ({did_you_mean(name, sorted(known))})")
    return frozenset(names)


def start_afresh(shop: Workshop) -> None:
    """Forget what the flow before has read: the next one looks again."""
    shop.fresh.clear()
    shop.asked.clear()
    shop.answers.clear()


def counts_of(report: Report) -> dict[str, Any]:
    """The flow's counts with those of the contract first."""
    facts = {"flow": report.run.flow, "run": report.run.id, "state": report.run.state}
    counts = {name: report.counts.get(name, 0) for name in CONTRACT}
    return facts | counts | {name: value for name, value in report.counts.items() if name not in counts}


def code_for(shop: Workshop, report: Report) -> int:
    """The exit code of one flow's run."""
    codes = [DONE]
    if report.refused or (report.applied and report.applied.stopped):
        codes.append(REFUSED)
    if report.failed or report.counts.get("unknown"):
        codes.append(FOUND)
    if any(True for _ in shop.store.cases(state="open", flow=report.run.flow)):
        codes.append(CASES)
    return first(*codes)
