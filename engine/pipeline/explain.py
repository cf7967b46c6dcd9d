"""Explaining one record: its decision recomputed, on what is staged or on what the systems hold now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from engine.model.bundle import Bundle, Verdict
from engine.model.mapping import Mapped
from engine.model.question import Answers, Question
from engine.model.values import UNKNOWN
from engine.pipeline.decide_flow import Task, bundles
from engine.pipeline.gather import gather
from engine.pipeline.sync import Order, read
from engine.pipeline.workshop import Workshop, target_key
from engine.spec.rules import RunSpec
from engine.spec.ruleset import FlowSpec
from engine.stages.desk import Desk
from engine.stages.map_record import context_of, map_record
from engine.stages.match import right_view
from engine.stages.plan import plan
from engine.stages.see_source import see_source
from engine.stages.view import Asking

_MOST_ROUNDS = 50
_FROM_THE_STORE = ("linked", "holders", "all")
Gather = Callable[[Workshop, Iterable[Question]], Answers]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known of one record of a flow, what becomes of it, and what its mapping gives."""

    flow: FlowSpec
    bundle: Bundle
    verdict: Verdict
    left: dict[str, Any] = field(default_factory=dict)
    """The source record as expressions see it."""
    mapped: Mapped | None = None


def explain(
    shop: Workshop, flow: FlowSpec, id: str, *, live: bool = False, run: RunSpec | None = None
) -> Explanation | None:
    """The explanation of a source record; None when it is not staged. Nothing is written to any system."""
    if live:
        read(shop, Order(Task(flow, ids=(id,))))
    else:
        _trust_mirrors(shop)
    found = bundles(shop, flow, [id])
    if not found:
        return None
    desk = Desk(flow, found[0], shop.run_id, shop.now(), run)
    ask = gather if live else _offline(found[0])
    left, mapped = _driven(shop, _mapped(desk), ask)
    return Explanation(flow, found[0], _driven(shop, plan(desk), ask), left, mapped)


def candidate_view(shop: Workshop, found: Explanation, id: str, *, live: bool = False) -> dict[str, Any] | None:
    """A target record as match rules see it; None when it cannot be learnt."""
    ask = gather if live else _offline(found.bundle)
    question = Question("record", *target_key(found.flow, "")[:2], "", id)
    record = ask(shop, [question])[question]
    if record is UNKNOWN or record is None or record.gone:
        return None
    seen = _driven(shop, right_view(found.flow, record), ask)
    # Without its detail the record still shows what was listed of it.
    return seen if isinstance(seen, dict) else {"id": record.key.id, **record.fields}


def _mapped(desk: Desk) -> Asking[tuple[dict[str, Any], Mapped]]:
    seen = yield from see_source(desk)
    left = seen.learnt.left if seen else {"id": desk.source.id, **desk.bundle.record.fields}
    held = desk.bundle.target.fields if desk.bundle.target else None
    return left, (yield from map_record(desk.flow.mapper, left, held, context_of(desk)))


def _driven(shop: Workshop, verb: Any, ask: Gather) -> Any:
    answers: Any = None
    for _round in range(_MOST_ROUNDS):
        try:
            questions = verb.send(answers)
        except StopIteration as stop:
            return stop.value
        answers = ask(shop, questions)
    return Verdict("unknown", "too-many-questions", "the record refers to too many others in a chain")


# -- without asking any system -------------------------------------------------------------------------


def _trust_mirrors(shop: Workshop) -> None:
    """Mirrors that were once complete answer as they stand."""
    shop.fresh.update(at for at in shop.ruleset.reads if shop.store.cursor(*at).complete_at)


def _offline(bundle: Bundle) -> Gather:
    """Answers out of the store alone; what is not staged is UNKNOWN."""
    ours = (bundle.record.key, bundle.link.other(bundle.record.key) if bundle.link else None)

    def answers(shop: Workshop, questions: Iterable[Question]) -> Answers:
        return {one: _answer(shop, one, ours) for one in questions}

    return answers


def _answer(shop: Workshop, one: Question, ours: tuple[Any, ...]) -> Any:
    if one.kind == "record":
        return _staged(shop, one, ours)
    if one.kind in _FROM_THE_STORE or (one.connection, one.object) in shop.fresh:
        return gather(shop, [one])[one]
    return UNKNOWN


def _staged(shop: Workshop, one: Question, ours: tuple[Any, ...]) -> Any:
    """The record as staged. A candidate whose detail was never read stays unknown; our own two show what they have."""
    record = shop.store.records(one.connection, one.object, [one.key]).get(one.key)
    if record is None:
        return None if (one.connection, one.object) in shop.fresh else UNKNOWN
    if one.path == "detail" and not record.detail and record.key not in ours:
        return UNKNOWN
    return record
