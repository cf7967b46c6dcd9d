"""Running a case: the flow as it would really run, over systems in memory, compared with what is expected."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.config.suggest import did_you_mean
from engine.connectors.memory import MemoryConnector
from engine.functions.failed import FunctionFailed
from engine.functions.times import instant
from engine.model.bundle import Verdict
from engine.model.errors import ConcordError
from engine.model.finding import Finding
from engine.model.operation import Operation
from engine.model.stored import Store
from engine.pipeline.case_coverage import heard_of
from engine.pipeline.compare_case import DoneLine, DoneWrite, compare, text
from engine.pipeline.decide_flow import Task
from engine.pipeline.fixture import in_memory, put_links, systems
from engine.pipeline.perform import pending_parts, resolve
from engine.pipeline.sync import Order, Report, run_flow
from engine.pipeline.workshop import Workshop, source_key
from engine.spec.case import CaseSpec, Difference, Rehearsed
from engine.spec.ruleset import FlowSpec, Ruleset
from engine.stages.desk import Desk
from engine.store.opening import open_store

SHARED_MEMORY = "/dev/shm"  # noqa: S108  # a folder of our own is made in it
START = datetime(2026, 1, 15, 12, tzinfo=UTC)
_WRITES = {"create": "create", "update": "update", "delete": "delete", "write_back": "update", "action": "create"}
_ENDS = {"waiting": "waiting", "held": "held", "skipped": "skipped", "failed": "failed", "unknown": "held"}


class CaseClock:
    """Stands at the case's time, a millisecond later at each look, so that runs have names of their own."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(slots=True)
class Stage:
    """An open world for one case."""

    case: CaseSpec
    ruleset: Ruleset
    flow: FlowSpec
    store: Store
    clock: CaseClock
    systems: dict[str, MemoryConnector]
    verdicts: list[tuple[Desk, Verdict]] = field(default_factory=list)

    def run(self, verb: Any = "sync") -> tuple[Workshop, Report]:
        """One run of the flow."""
        case = self.case
        task = Task(
            self.flow,
            self.flow.rules.runs.get(case.run),
            ids=case.ids or None,
            actions=frozenset(case.actions) if verb == "sync" else frozenset(),
            heard=lambda desk, verdict: self.verdicts.append((desk, verdict)),
        )
        shop = Workshop(self.ruleset, self.store, clock=self.clock, open=lambda spec, **_: self.systems[spec.name])
        full = verb == "plan" or (task.run is not None and task.run.full)
        order = Order(task, verb, full=full, allowed=frozenset(case.allow))
        return shop, run_flow(shop, order)


def rehearse(ruleset: Ruleset, case: CaseSpec) -> Rehearsed:
    """Run one case over a fresh world."""
    started = time.monotonic()
    flow = ruleset.flows.get(case.flow)
    wrong = _unknown_names(flow, case)
    if flow is None or wrong:
        return Rehearsed(case, findings=tuple(wrong))
    with tempfile.TemporaryDirectory(prefix="concord-test-", dir=_memory()) as folder:
        result = _rehearsed(in_memory(ruleset), case, Path(folder) / "state.db")
    return replace(result, seconds=round(time.monotonic() - started, 3))


def _memory() -> str | None:
    """A folder in memory where the machine has one: nothing here has to outlive the case."""
    return SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK | os.X_OK) else None


def _rehearsed(ruleset: Ruleset, case: CaseSpec, path: Path) -> Rehearsed:
    clock = CaseClock(datetime.fromisoformat(instant(case.now)) if case.now else START)
    store = open_store(path, create=True, clock=clock)
    try:
        held, findings = systems(ruleset, case, clock)
        stage = Stage(case, ruleset, ruleset.flows[case.flow], store, clock, held)
        findings += put_links(store, ruleset, case, clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"))
        return Rehearsed(case, findings=tuple(findings)) if findings else _played(stage)
    except ConcordError as error:
        return Rehearsed(case, findings=(Finding("case-stopped", str(error), case.place),))
    finally:
        store.close()


def _played(stage: Stage) -> Rehearsed:
    shop, report = stage.run()
    verdicts, stage.verdicts = stage.verdicts, []
    done = list(stage.store.operations(run=report.run.id))
    lists = _lists(stage, report, verdicts)
    differences = compare(stage.case, list(_writes(shop, done)), lists)
    if not report.refused and not report.failed:
        differences += _second_plan(stage)
    return Rehearsed(stage.case, tuple(differences), exercised=heard_of(stage.flow, verdicts, done))


def _unknown_names(flow: FlowSpec | None, case: CaseSpec) -> list[Finding]:
    if flow is None:
        return [Finding("flow-unknown", f"there is no flow {case.flow}", case.place)]
    found = []
    if case.run and case.run not in flow.rules.runs:
        hint = did_you_mean(case.run, flow.rules.runs)
        found.append(Finding("run-unknown", f"{flow.name} has no run {case.run}", case.run_place, hint=hint))
    for name in case.actions:
        if name not in flow.rules.actions:
            hint = did_you_mean(name, flow.rules.actions)
            found.append(Finding("action-unknown", f"{flow.name} has no action {name}", case.place, hint=hint))
    try:
        instant(case.now or "2026-01-01T00:00:00Z")
    except FunctionFailed as error:
        found.append(Finding("time-unusable", f"now: {error}", case.place))
    return found


def _second_plan(stage: Stage) -> Iterator[Difference]:
    """A plan straight after the run is empty, even one that looks at every record again."""
    _, report = stage.run("plan")
    for one in stage.store.operations(run=report.run.id):
        values = ", ".join(f"{name}: {text(value)}" for name, value in one.values.items())
        rules = tuple(change.origin for change in one.changes)
        said = f"{one.kind} {one.target.object} {one.target.id} {{{values}}}"
        yield Difference("a second plan", "nothing to do", said, stage.case.place, rules)


# -- what came of it -----------------------------------------------------------------------------------


def _writes(shop: Workshop, operations: Iterable[Operation]) -> Iterator[DoneWrite]:
    for one in operations:
        if one.state == "done" and one.kind in _WRITES:
            origins = {change.field: tuple(dict.fromkeys((change.origin, change.policy))) for change in one.changes}
            places = {name: tuple(place for place in both if place) for name, both in origins.items()}
            yield DoneWrite(_WRITES[one.kind], one.target.object, one.target.id, _sent(shop, one), places)


def _sent(shop: Workshop, operation: Operation) -> dict[str, Any]:
    """The values as they were sent: what was pending is filled in."""
    outcomes = {(id, path): _produced(shop, id, path) for id, path in pending_parts(operation.values)}
    return {name: resolve(value, outcomes) for name, value in operation.values.items()}


def _produced(shop: Workshop, id: str, path: str) -> Any:
    parent = shop.store.operation(id)
    if parent is None or path == "id":
        return parent.target.id if parent else None
    body = shop.asked.get((id, "", "body", "")) or {}
    return body.get(path)


def _lists(stage: Stage, report: Report, verdicts: list[tuple[Desk, Verdict]]) -> dict[str, list[DoneLine]]:
    errors = report.applied.errors if report.applied else []
    undone = {one.source for one, _ in errors if one.step == "record"}
    lists: dict[str, list[DoneLine]] = {name: [] for name in ("links", "findings", "assigned", "review", *_ENDS)}
    for desk, verdict in verdicts:
        name = "review" if verdict.cases else _ENDS.get(verdict.end, "")
        if name and desk.source not in undone:
            lists[name].append(DoneLine(_facts(stage.flow, desk, verdict), verdict.place))
    for one, error in errors:
        place = "failed" if one.step == "record" else "findings"
        code = str(_state(stage.store, one)) if one.step == "record" else f"{one.kind}-not-done"
        lists[place].append(DoneLine({"source": one.source.id, "code": code, "say": error}))
    lists["links"] = [_link(stage, link) for link in stage.store.links() if link.state in ("confirmed", "forming")]
    lists["assigned"] = [
        DoneLine({"source": key.id, "target": target, "rule": rule})
        for key, target, rule in stage.store.assignments(stage.flow.name)
    ]
    for finding in stage.store.findings(report.run.id):
        source = finding.record.partition(":")[2]
        lists["findings"].append(
            DoneLine({"source": source, "code": finding.code, "say": finding.message}, finding.place)
        )
    return lists


def _state(store: Store, operation: Operation) -> str:
    stored = store.operation(operation.id)
    return stored.state if stored else "failed"


def _facts(flow: FlowSpec, desk: Desk, verdict: Verdict) -> dict[str, str]:
    """What can be said of a record that went no further."""
    facts = {"source": desk.source.id, "code": verdict.reason, "say": verdict.text}
    section, dash, name = verdict.reason.partition("-")
    if dash and section in ("select", "begin", "create") and name in {one.name for one in getattr(flow.rules, section)}:
        facts["gate"] = name
    facts["rule"] = name if section == "quality" else _rule(flow, verdict)
    if verdict.reason in ("missing-value", "too-long"):
        facts["field"] = verdict.text.partition(":")[0]
    return facts


def _rule(flow: FlowSpec, verdict: Verdict) -> str:
    evidence = next((str(case.evidence["rule"]) for case in verdict.cases if "rule" in case.evidence), "")
    named = (rule.id for rule in flow.rules.match.rules if rule.place == verdict.place and verdict.place.file)
    return evidence or next(named, "")


def _link(stage: Stage, link: Any) -> DoneLine:
    source = source_key(stage.flow, "")
    end = link.a if link.a[:2] == source[:2] else link.b
    return DoneLine({"source": end.id, "target": link.other(end).id, "rule": link.rule, "role": link.role})
