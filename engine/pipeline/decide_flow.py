"""Deciding one flow in bounded batches: bundles in, operation rows out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.model.bundle import Bundle, Verdict
from engine.model.finding import Finding
from engine.model.link import Link
from engine.model.operation import Operation
from engine.model.question import Question
from engine.model.record import Record, RecordKey
from engine.pipeline.gather import gather
from engine.pipeline.workshop import Workshop, source_key
from engine.spec.rules import RunSpec
from engine.spec.ruleset import FlowSpec
from engine.stages.desk import Desk
from engine.stages.plan import plan

ROUNDS = 12
"""How often one record may put questions before it counts as unanswerable."""

_DRIFT = ("TARGET_MOVED", "keep")


@dataclass(frozen=True, slots=True)
class Task:
    """What to decide: the flow, the named run, perhaps only some records; `keep`: remember what needs no write."""

    flow: FlowSpec
    run: RunSpec | None = None
    ids: tuple[str, ...] | None = None
    actions: frozenset[str] = frozenset()
    full: bool = False
    keep: bool = True
    heard: Callable[[Desk, Verdict], None] | None = None
    """Told of every verdict as it is kept."""

    @property
    def scope(self) -> str:
        """Runs over other columns have watermarks of their own."""
        columns = self.run.columns if self.run else None
        skip = self.run.skip if self.run else frozenset()
        return "" if columns is None and not skip else f"{sorted(columns or ())}-{sorted(skip)}"


@dataclass(slots=True)
class Decided:
    """What deciding a flow came to. `ends` counts source records."""

    ends: Counter[str] = field(default_factory=Counter)
    sequence: int = 0
    operations: int = 0
    cases: int = 0
    gone: int = 0
    drift: Counter[str] = field(default_factory=Counter)
    """Target field -> records where only the target moved and was left as it is."""
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(end, reason, the rule's place) of records that nothing is written for."""


def decide_flow(shop: Workshop, task: Task) -> Decided:
    """Decide every due record of the flow; operations go into the store."""
    flow = task.flow
    result = Decided(sequence=shop.store.next_sequence())
    for ids in due(shop, task):
        _batch(shop, task, ids, result)
        shop.progress.tell("decide", flow.name, sum(result.ends.values()))
    return result


def due(shop: Workshop, task: Task) -> Iterator[list[str]]:
    """Ids of the source records that have to be decided: an action asked for by name concerns them all. One that
    cannot be used now keeps what was decided for it."""
    flow = task.flow
    after, digest = shop.store.watermark(flow.name, task.scope)
    everything = task.full or bool(task.actions) or digest != flow.digest
    found = shop.store.due(
        flow.name,
        (flow.source_connection.name, flow.source.name),
        (flow.target_connection.name, flow.target.name),
        after=after, digest=flow.digest, now=shop.now(), ids=task.ids, everything=everything,
    )  # fmt: skip
    aside = shop.doubtful.get((flow.source_connection.name, flow.source.name))
    for ids in found:
        if usable := [id for id in ids if id not in aside] if aside else ids:
            yield usable


def _batch(shop: Workshop, task: Task, ids: list[str], result: Decided) -> None:
    now = shop.now()
    desks = [_desk(shop, task, bundle, now) for bundle in bundles(shop, task.flow, ids)]
    verdicts = drive(shop, desks)
    verdicts = _claimed(shop, desks, verdicts)
    with shop.store.transaction():
        _keep(shop, task, desks, verdicts, result)


def _desk(shop: Workshop, task: Task, bundle: Bundle, now: str) -> Desk:
    brief = task.heard is None
    return Desk(task.flow, bundle, shop.run_id, now, task.run, task.actions, brief)


def bundles(shop: Workshop, flow: FlowSpec, ids: Sequence[str]) -> list[Bundle]:
    """Source records with link, linked record and snapshot."""
    source, target = source_key(flow, ""), (flow.target_connection.name, flow.target.name)
    records = shop.store.records(source.connection, source.object, ids)
    links = shop.store.links_of(source.connection, source.object, ids, target, rejected=True)
    snapshots = shop.store.snapshots(flow.name, source.connection, source.object, ids)
    own = {id: _own_link(links.get(id, [])) for id in ids}
    targets = shop.store.records(*target, {_other(link, source._replace(id=id)) for id, link in own.items() if link})
    revisions = _revisions(shop, flow, [source._replace(id=id) for id in ids if id in snapshots])
    accepted = _accepted(shop, flow)
    return [
        _bundle(flow, records[id], own[id], links.get(id, []), targets, snapshots.get(id), revisions, accepted)
        for id in ids
        if id in records
    ]


def _accepted(shop: Workshop, flow: FlowSpec) -> dict[str, frozenset[str]]:
    """Source id -> gates that a person let it through; people decide few."""
    gates = (*flow.rules.select, *flow.rules.begin, *flow.rules.create)
    if not any(gate.otherwise == "review" for gate in gates):
        return {}
    found: dict[str, frozenset[str]] = {}
    for case in shop.store.cases(state="accepted", flow=flow.name):
        if case.kind == "review" and case.record[:2] == source_key(flow, "")[:2]:
            found[case.record.id] = found.get(case.record.id, frozenset()) | {str(case.evidence.get("gate", ""))}
    return found


def _own_link(links: Iterable[Link]) -> Link | None:
    return next((link for link in links if link.state in ("confirmed", "forming")), None)


def _other(link: Link, key: RecordKey) -> str:
    return link.other(key).id


def _bundle(
    flow: FlowSpec, record: Record, link: Link | None, links: list[Link], targets: dict[str, Record],
    snapshot: Any, revisions: dict[str, int], accepted: dict[str, frozenset[str]],
) -> Bundle:  # fmt: skip
    rejected = frozenset(one.other(record.key).id for one in links if one.state == "rejected")
    steps = _counted(flow, record.key, revisions) if revisions else {}
    target = targets.get(_other(link, record.key)) if link else None
    return Bundle(record, link, target, snapshot, rejected, steps, accepted.get(record.key.id, frozenset()))


def _counted(flow: FlowSpec, key: RecordKey, revisions: dict[str, int]) -> dict[str, int]:
    return {step: revisions[text] for step in steps_of(flow) if (text := _subject(key, step)) in revisions}


def steps_of(flow: FlowSpec) -> tuple[str, ...]:
    """Names of everything that one record may have to have done."""
    actions = [f"action:{name}" for name in flow.rules.actions]
    return ("record", "write_back", *actions, *(f"{name}:write_back" for name in actions))


def _subject(key: RecordKey, step: str) -> str:
    return "|".join((*key, step))


def _revisions(shop: Workshop, flow: FlowSpec, keys: Sequence[RecordKey]) -> dict[str, int]:
    subjects = [_subject(key, step) for key in keys for step in steps_of(flow)]
    return shop.store.revision(flow.name, subjects) if subjects else {}


# -- questions ---------------------------------------------------------------------------------------


def drive(shop: Workshop, desks: Sequence[Desk]) -> list[Verdict]:
    """Run all records side by side, so that each round of questions is one bulk look-up."""
    verdicts: list[Verdict | None] = [None] * len(desks)
    waiting: dict[int, tuple[Any, list[Question]]] = {}
    for number, desk in enumerate(desks):
        _step(plan(desk), None, number, verdicts, waiting)
    for _round in range(ROUNDS):
        if not waiting:
            break
        answers = gather(shop, {question for _, questions in waiting.values() for question in questions})
        for number, (verb, questions) in list(waiting.items()):
            del waiting[number]
            _step(verb, {question: answers[question] for question in questions}, number, verdicts, waiting)
    for number in waiting:
        verdicts[number] = Verdict("unknown", "too-many-questions", "the record refers to too many others in a chain")
    return [verdict for verdict in verdicts if verdict is not None]


def drive_one(shop: Workshop, verb: Any) -> Any:
    """Run one asking verb to its end."""
    answers: Any = None
    while True:
        try:
            questions = verb.send(answers)
        except StopIteration as stop:
            return stop.value
        answers = gather(shop, questions)


def _step(verb: Any, answers: Any, number: int, verdicts: list[Verdict | None], waiting: dict[int, Any]) -> None:
    try:
        waiting[number] = (verb, verb.send(answers))
    except StopIteration as stop:
        verdicts[number] = stop.value


def _claimed(shop: Workshop, desks: list[Desk], verdicts: list[Verdict]) -> list[Verdict]:
    """Reserve what is to be created; whoever comes second is decided again, knowing who came first."""
    rows = [
        (*claim, verdict.operations[0].id, str(desk.source))
        for desk, verdict in zip(desks, verdicts, strict=True)
        for claim in verdict.claims
    ]
    taken = shop.store.claim(rows) if rows else {}
    if not taken:
        return verdicts
    again = [n for n, verdict in enumerate(verdicts) if verdict.claims and verdict.operations[0].id in taken]
    for number in again:
        bundle = replace(desks[number].bundle, claimed=taken[verdicts[number].operations[0].id])
        desks[number] = replace(desks[number], bundle=bundle, steps=[], findings=[])
    for number, verdict in zip(again, drive(shop, [desks[number] for number in again]), strict=True):
        verdicts[number] = verdict
    return verdicts


# -- what to keep ------------------------------------------------------------------------------------


def _keep(shop: Workshop, task: Task, desks: list[Desk], verdicts: list[Verdict], result: Decided) -> None:
    put_numbered(shop, (operation for verdict in verdicts for operation in verdict.operations), result)
    findings: list[Finding] = [one for verdict in verdicts for one in verdict.findings]
    shop.store.put_findings(shop.run_id, findings)
    result.cases += shop.store.put_cases(case for verdict in verdicts for case in verdict.cases)
    for desk, verdict in zip(desks, verdicts, strict=True):
        result.ends[verdict.end] += 1
        result.gone += verdict.reason == "source-gone"
        if task.heard is not None:
            task.heard(desk, verdict)
        result.drift.update(note.field for note in verdict.notes if (note.pattern, note.verb) == _DRIFT)
        if verdict.reason and not verdict.operations:
            result.reasons[verdict.end, verdict.reason, str(verdict.place)] += 1
    if task.keep:
        shop.store.put_snapshots(verdict.snapshot for verdict in verdicts if verdict.snapshot is not None)
        shop.store.put_links(link for verdict in verdicts for link in verdict.links)
        shop.store.assign(
            (task.flow.name, desk.source, verdict.assignment, verdict.reason)
            for desk, verdict in zip(desks, verdicts, strict=True)
            if verdict.assignment
        )


def put_numbered(shop: Workshop, operations: Iterable[Operation], result: Decided) -> None:
    """Store each operation once, with its place in the plan."""
    once = {operation.id: operation for operation in operations}
    shop.store.put_operations(list(once.values()), first=result.operations)
    result.operations += len(once)
