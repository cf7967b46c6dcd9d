"""The run of a flow, as a table of contents: recover, read, decide, guard, apply, read back, remember."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from engine.functions.canonical import digest
from engine.model.errors import Refused
from engine.model.finding import Finding
from engine.model.run import ENDS, Run
from engine.pipeline.apply import Applied, apply, planned_end
from engine.pipeline.decide_flow import Decided, Task, decide_flow
from engine.pipeline.echo import read_back
from engine.pipeline.extract import Extracted, extract
from engine.pipeline.follow_routes import follow_routes
from engine.pipeline.measure import Moment, alerts, lag_seconds, measure
from engine.pipeline.needs import can_be_listed, needed_objects
from engine.pipeline.read_each import read_some
from engine.pipeline.recover import recover
from engine.pipeline.workshop import Workshop, source_key, target_key
from engine.spec.ruleset import FlowSpec
from engine.stages.guard import guard


@dataclass(slots=True)
class Report:
    """What one run of one flow came to."""

    run: Run
    counts: dict[str, Any]
    refused: list[Finding] = field(default_factory=list)
    applied: Applied | None = None
    decided: Decided | None = None

    @property
    def failed(self) -> bool:
        return bool(self.counts.get("failed") or (self.applied and self.applied.errors))


@dataclass(frozen=True, slots=True)
class Order:
    """What a person or a schedule asked for."""

    task: Task
    verb: Literal["plan", "sync", "apply", "demo"] = "sync"
    full: bool = False
    allowed: frozenset[str] = frozenset()
    """Guards lifted for this run."""
    offline: bool = False
    """Decide on what is staged; ask no system."""
    planned: dict[str, str] | None = None
    """A reviewed plan: operation -> fingerprint; nothing else is done."""


def run_flow(shop: Workshop, order: Order) -> Report:
    """Plan or synchronise one flow."""
    flow, started = order.task.flow, time.monotonic()
    shop.run_id = new_run_id(shop, flow.name)
    name = order.task.run.name if order.task.run else ""
    run = Run(shop.run_id, flow.name, order.verb, shop.now(), flow.digest, shop.store.id, name)
    shop.store.put_run(run)
    before = shop.requests
    since = shop.store.cursor(flow.source_connection.name, flow.source.name).since
    try:
        report = _work(shop, order, run)
    except BaseException as error:
        state: Any = (
            "interrupted"
            if isinstance(error, KeyboardInterrupt)
            else "refused"
            if isinstance(error, Refused)
            else "failed"
        )
        shop.store.put_run(replace(run, state=state, ended_at=shop.now()))
        raise
    report.counts["requests"] = shop.requests - before
    report.counts["seconds"] = round(time.monotonic() - started, 3)
    _measure(shop, order, report, since)
    report.run = replace(report.run, ended_at=shop.now(), counts=report.counts)
    shop.store.put_run(report.run)
    return report


def _measure(shop: Workshop, order: Order, report: Report, since: str) -> None:
    """Measures of a run that looked at everything due; those over all records only where all were read anew."""
    if order.verb == "plan" or order.task.ids is not None:
        return
    facts = {**report.counts, "lag_seconds": lag_seconds(since, shop.now())}
    full = order.full or order.task.full
    measured = measure(shop, Moment(order.task.flow, shop.run_id, facts), records=full)
    report.counts["measures"] = {one.name: one.groups.get("", dict(one.groups)) for one in measured}
    shop.store.put_findings(shop.run_id, alerts(order.task.flow.name, measured))


def new_run_id(shop: Workshop, flow: str) -> str:
    """Sorts by time; readable."""
    return f"{shop.moment().strftime('%Y%m%dT%H%M%S%f')[:-3]}-{flow}"


def _work(shop: Workshop, order: Order, run: Run) -> Report:
    flow = order.task.flow
    if shop.store.behind:
        # committed work is gone (a restored backup, a lost log): what the systems hold is the truth now
        shop.store.forget_progress()
        shop.store.reconciled()
    if order.verb != "plan" and not order.offline:
        recover(shop, flow)
    if order.task.ids is None:
        shop.store.supersede(flow.name)
    got = Extracted() if order.offline else read(shop, order)
    seen = shop.store.next_sequence()
    decided = decide_flow(shop, replace(order.task, keep=order.verb != "plan", full=order.full or order.task.full))
    followers = follow_routes(shop, order.task, decided) if order.verb != "plan" else 0
    left = _only_planned(shop, run.id, order.planned) if order.planned is not None else Counter()
    refused = _guarded(shop, order, decided)
    if order.verb == "plan" or refused:
        state: Any = "refused" if refused and order.verb != "plan" else "planned"
        counts = _counts(shop, flow, decided, None, got, followers)
        return Report(replace(run, state=state), counts, refused, decided=decided)
    applied = apply(shop, flow, run.id, total=decided.operations, sequence=seen)
    applied.moved.update(left)
    if not applied.stopped:
        read_back(shop, flow, run.id, single=order.task.ids is not None)
    if order.task.ids is None and order.planned is None:
        shop.store.put_watermark(flow.name, order.task.scope, seen, flow.digest)
    counts = _counts(shop, flow, decided, applied, got, followers)
    return Report(replace(run, state="done"), counts, [], applied, decided)


# -- reading -------------------------------------------------------------------------------------------


def read(shop: Workshop, order: Order) -> Extracted:
    """Refresh every mirror that the flow needs; what reading the source brought."""
    flow = order.task.flow
    source, target = flow.source_connection.name, flow.target_connection.name
    got = Extracted()
    if order.task.ids is not None:
        got = _read_some(shop, flow, order.task.ids)
    else:
        got = _mirror(shop, source, flow.source.name, order.full)
        _mirror(shop, target, flow.target.name, order.full)
    for connection, name in needed_objects(flow):
        _mirror(shop, connection, name, order.full)
    return got


def _mirror(shop: Workshop, connection: str, name: str, full: bool) -> Extracted:
    obj = shop.object(name)
    return extract(shop, connection, obj, full=full) if can_be_listed(obj) else Extracted()


def _read_some(shop: Workshop, flow: FlowSpec, ids: Sequence[str]) -> Extracted:
    """Read single source records by id, now, and the records that they are linked to."""
    source, target = source_key(flow, ""), target_key(flow, "")
    missing, aside = read_some(shop, source.connection, flow.source, ids)
    unknown = set(missing) - shop.store.records(source.connection, source.object, missing).keys()
    shop.store.put_findings(
        shop.run_id,
        [
            Finding("record-missing", f"there is no {flow.source.title} {id}", record=f"{source.connection}:{id}")
            for id in missing
            if id in unknown
        ],
    )
    links = shop.store.links_of(source.connection, source.object, ids, target[:2])
    ends = {link.other(source._replace(id=id)).id for id, found in links.items() for link in found}
    read_some(shop, target.connection, flow.target, sorted(ends))
    return Extracted(listed=aside, aside=aside)


# -- guarding and counting -----------------------------------------------------------------------------


def _guarded(shop: Workshop, order: Order, decided: Decided) -> list[Finding]:
    flow = order.task.flow
    tally = Counter(shop.store.tally(shop.run_id))
    tally["source_drop"] = decided.gone
    total = shop.store.count(flow.source_connection.name, flow.source.name) + decided.gone
    found = guard(flow.name, flow.rules.guards, tally, total, order.allowed)
    shop.store.put_findings(shop.run_id, found)
    return found


def _only_planned(shop: Workshop, run_id: str, planned: dict[str, str]) -> Counter[tuple[str, str]]:
    """Keep what the reviewed plan holds, exactly as it holds it; the rest waits for another plan and is held."""
    others = [
        replace(one, state="superseded")
        for one in shop.store.operations(run=run_id, states=("planned",))
        if planned.get(one.id) != fingerprint(one)
    ]
    shop.store.put_operations(others)
    shop.store.release(one.id for one in others)
    return Counter((planned_end(one), "held") for one in others if one.step == "record")


def fingerprint(operation: Any) -> str:
    """What a reviewer saw of an operation."""
    return digest([operation.kind, list(operation.target), operation.values])


def _count_the_rest(shop: Workshop, flow: FlowSpec, ends: Counter[str], got: Extracted) -> None:
    """Records that were listed and not due: settled, or still where an earlier run stopped them."""
    rest = max(got.listed - got.aside - sum(ends.values()), 0)
    stopped = shop.store.stopped(flow.name, flow.source_connection.name, flow.source.name) if got.complete else {}
    for end, number in stopped.items():
        still = min(max(number - ends[end], 0), rest)
        ends[end] += still
        rest -= still
    ends["settled"] += rest


def _counts(
    shop: Workshop, flow: FlowSpec, decided: Decided, applied: Applied | None, got: Extracted, followers: int
) -> dict[str, Any]:
    """`read` is the sum of the ends; a waiting record counts as held, one that cannot be used as failed."""
    ends = Counter(decided.ends)
    for (planned, real), number in (applied.moved if applied else {}).items():
        ends[planned] -= number
        ends[real] += number
    _count_the_rest(shop, flow, ends, got)
    waiting, removed = ends.pop("waiting", 0), ends.pop("removed", 0)
    ends["held"] += waiting
    ends["updated"] += removed
    ends["failed"] += got.aside
    counts: dict[str, Any] = {"read": sum(ends[name] for name in ENDS)}
    counts |= {name: ends[name] for name in ENDS}
    return counts | {
        "waiting": waiting,
        "removed": removed,
        "followers": followers,
        "cases": decided.cases,
        "operations": decided.operations,
    }
