"""Links that a person makes, takes away or imports: checked, journalled, and decided on in the next run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from engine.model.link import Link, LinkState, link_between
from engine.model.operation import Kind, Operation, Result
from engine.model.question import Question
from engine.model.record import Record, RecordKey
from engine.model.run import Run
from engine.model.values import UNKNOWN
from engine.pipeline.gather import gather
from engine.pipeline.sync import new_run_id
from engine.pipeline.workshop import Workshop, source_key, target_key
from engine.spec.ruleset import FlowSpec
from engine.stages.desk import operation_id

BATCH = 500
_STEP = "by_hand"


class Pair(NamedTuple):
    """A source record and the target record that is the same customer; `line` of the file that says so."""

    source: str
    target: str
    line: int = 0


class Refusal(NamedTuple):
    """A pair that was not linked, and why."""

    pair: Pair
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of pairs: linked now, linked already, refused."""

    made: tuple[Pair, ...] = ()
    known: tuple[Pair, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Stroke:
    """Who does it, and how the links are to be marked."""

    rule: str = "by_hand"
    by: str = ""
    move: bool = False
    """Take the source from the record that it is linked to now."""
    share: bool = False
    """Let a target that another record has be linked a second time."""


def begin_run(shop: Workshop, flow: FlowSpec, verb: Any) -> None:
    """A run of its own, so that the audit can tell what was done by hand."""
    shop.run_id = new_run_id(shop, flow.name)
    shop.store.put_run(Run(shop.run_id, flow.name, verb, shop.now(), flow.digest, shop.store.id))


def end_run(shop: Workshop, counts: dict[str, Any], state: Literal["done", "refused"] = "done") -> None:
    """Close the run with what it came to."""
    run = shop.store.run(shop.run_id)
    if run is not None:
        shop.store.put_run(replace(run, state=state, ended_at=shop.now(), counts=counts))


# -- linking -------------------------------------------------------------------------------------------


def link_by_hand(shop: Workshop, flow: FlowSpec, pairs: Iterable[Pair], stroke: Stroke) -> Linked:
    """Link pairs, each whole or not at all. Both records must exist and be free."""
    made: list[Pair] = []
    known: list[Pair] = []
    refused: list[Refusal] = []
    seen: dict[str, int] = {}
    for batch in _batches(pairs):
        fresh = [pair for pair in batch if not _doubtful(pair, seen, refused)]
        checked = _checked(shop, flow, fresh, stroke, known, refused)
        _store(shop, flow, checked, stroke)
        made += [pair for pair, _, _ in checked]
    return Linked(tuple(made), tuple(known), tuple(refused))


def _batches(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    batch: list[Pair] = []
    for pair in pairs:
        batch.append(pair)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _doubtful(pair: Pair, seen: dict[str, int], refused: list[Refusal]) -> bool:
    """True for a row that says too little, or the same source twice."""
    if not pair.source or not pair.target:
        refused.append(Refusal(pair, "blank", "one of the two ids is blank"))
        return True
    if pair.source in seen:
        refused.append(Refusal(pair, "duplicate-row", f"line {seen[pair.source]} links this source record already"))
        return True
    seen[pair.source] = pair.line
    return False


def _checked(
    shop: Workshop, flow: FlowSpec, pairs: Sequence[Pair], stroke: Stroke, known: list[Pair], refused: list[Refusal]
) -> list[tuple[Pair, bool, list[Link]]]:
    """Pairs that may be linked: (pair, whether the target is shared, links that give way)."""
    source, target = source_key(flow, ""), target_key(flow, "")
    there = _existing(shop, source, {pair.source for pair in pairs})
    here = _existing(shop, target, {pair.target for pair in pairs})
    links = shop.store.links_of(*source[:2], {pair.source for pair in pairs}, target[:2])
    held = shop.store.links_of(*target[:2], {pair.target for pair in pairs}, source[:2])
    taken = {id: source_of(links[0], source) for id, links in held.items() if links}
    done: list[tuple[Pair, bool, list[Link]]] = []
    for pair in pairs:
        mine = links.get(pair.source, [])
        refusal = _missing(pair, there, here, source, target) or _elsewhere(pair, mine, taken, stroke, target)
        if any(_other(link, source._replace(id=pair.source)) == pair.target for link in mine):
            known.append(pair)
        elif refusal is not None:
            refused.append(refusal)
        else:
            done.append((pair, pair.target in taken, mine))
            taken.setdefault(pair.target, pair.source)
    return done


def source_of(link: Link, source: RecordKey) -> str:
    """The id of the end that belongs to the flow's source."""
    return link.a.id if link.a[:2] == source[:2] else link.b.id


def _other(link: Link, key: RecordKey) -> str:
    return link.other(key).id


def _missing(
    pair: Pair, there: dict[str, bool | None], here: dict[str, bool | None], source: RecordKey, target: RecordKey
) -> Refusal | None:
    for found, id, key in ((there, pair.source, source), (here, pair.target, target)):
        if found.get(id) is None:
            return Refusal(pair, "unproved", f"whether there is a {key.object} {id} could not be learnt: try again")
        if not found[id]:
            return Refusal(pair, "unknown-id", f"there is no {key.object} {id} in {key.connection}")
    return None


def _elsewhere(
    pair: Pair, mine: Sequence[Link], taken: dict[str, str], stroke: Stroke, target: RecordKey
) -> Refusal | None:
    if mine and not stroke.move:
        other = mine[0].a.id if mine[0].a[:2] == target[:2] else mine[0].b.id
        words = f"{pair.source} is linked to {other} already; --move takes it from there"
        return Refusal(pair, "linked-elsewhere", words)
    if pair.target in taken and taken[pair.target] != pair.source and not stroke.share:
        words = f"{pair.target} belongs to {taken[pair.target]} already; --share links it a second time"
        return Refusal(pair, "target-taken", words)
    return None


def _existing(shop: Workshop, key: RecordKey, ids: set[str]) -> dict[str, bool | None]:
    """Id -> whether there is such a record: as staged, else by asking; None when nobody can tell."""
    staged = shop.store.records(key.connection, key.object, ids)
    found: dict[str, bool | None] = {id: not record.gone for id, record in staged.items()}
    questions = [Question("record", key.connection, key.object, "", id) for id in sorted(ids - staged.keys()) if id]
    for question, answer in (gather(shop, questions) if questions else {}).items():
        found[question.key] = None if answer is UNKNOWN else isinstance(answer, Record) and not answer.gone
    return found


# -- storing -------------------------------------------------------------------------------------------


def _store(shop: Workshop, flow: FlowSpec, checked: Sequence[tuple[Pair, bool, list[Link]]], stroke: Stroke) -> None:
    now = shop.now()
    with shop.store.transaction():
        for pair, shared, old in checked:
            source, target = source_key(flow, pair.source), target_key(flow, pair.target)
            gone = [replace(link, state="broken") for link in old]
            role: Any = "secondary" if shared else "primary"
            facts = {"role": role, "rule": stroke.rule, "made_at": now, "run": shop.run_id}
            shop.store.put_links([*gone, link_between(source, target, **facts)])
            _forget_base(shop, flow, source, target)
            journal(shop, flow, "link", source, target, {"rule": stroke.rule, "moment": "link", "by": stroke.by})
        _touch(shop, flow, [pair for pair, _, _ in checked])


def unlink_by_hand(shop: Workshop, flow: FlowSpec, link: Link, *, state: LinkState, by: str = "") -> None:
    """Take a link away: `rejected` never to be made again, `broken` to be matched anew."""
    source = source_key(flow, source_of(link, source_key(flow, "")))
    target = link.other(source)
    with shop.store.transaction():
        shop.store.put_links([replace(link, state=state, rule="by_hand", made_at=shop.now(), run=shop.run_id)])
        _forget_base(shop, flow, source, target)
        journal(shop, flow, "unlink", source, target, {"rule": "by_hand", "by": by, "state": state})
        _touch(shop, flow, [Pair(source.id, target.id)])


def _forget_base(shop: Workshop, flow: FlowSpec, source: RecordKey, target: RecordKey) -> None:
    """What was dealt with belongs to the pair as it was: the new pair begins at first sight, in both directions."""
    for name, key in ((flow.name, source), (flow.reverse, target)):
        old = shop.store.snapshots(name, *key[:2], [key.id]).get(key.id) if name else None
        if old is not None:
            shop.store.put_snapshots([replace(old, target_id="", base={}, inputs="", pin="", unfinished=True)])


def _touch(shop: Workshop, flow: FlowSpec, pairs: Sequence[Pair]) -> None:
    """Both records must be decided anew."""
    sequence = shop.store.next_sequence()
    shop.store.touch(*source_key(flow, "")[:2], [pair.source for pair in pairs], sequence=sequence)
    shop.store.touch(*target_key(flow, "")[:2], [pair.target for pair in pairs], sequence=sequence)


def journal(
    shop: Workshop, flow: FlowSpec, kind: Kind, source: RecordKey, target: RecordKey, facts: dict[str, Any]
) -> None:
    """Put what a person did into the audit trail, as an operation that is done."""
    subject = "|".join((*source, _STEP))
    revision = shop.store.revision(flow.name, [subject]).get(subject, 0)
    operation = Operation(
        operation_id(flow.name, source, _STEP, revision), shop.run_id, flow.name, kind, source, target,
        step=_STEP, revision=revision, effect="repeatable", settles=facts,
    )  # fmt: skip
    shop.store.put_operations([operation])
    shop.store.conclude([Result(operation.id, "done", target.id, "", shop.now())])
