"""Links in bulk: pairs out of a file made by hand, checked against what the systems hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.model.question import Question
from engine.model.record import Record
from engine.pipeline.by_hand import Linked, Pair, Refusal, Stroke, link_by_hand
from engine.pipeline.extract import extract
from engine.pipeline.gather import gather
from engine.pipeline.needs import can_be_listed
from engine.pipeline.workshop import Workshop, source_key
from engine.spec.ruleset import FlowSpec
from engine.stages.match import rule_keys

BULK = 100
"""From so many pairs on, whole lists are read instead of single records."""


def import_links(shop: Workshop, flow: FlowSpec, pairs: Sequence[Pair], stroke: Stroke) -> Linked:
    """Link the pairs that can be right. Both records must be there and free, unless `match.outcome.taken` lets several
    share a target; a record whose pinned field names another one is refused, since the pin would undo the link."""
    if len(pairs) >= BULK:
        for connection, obj in ((flow.source_connection, flow.source), (flow.target_connection, flow.target)):
            if can_be_listed(obj):
                extract(shop, connection.name, obj)
    pinned = _pinned_elsewhere(shop, flow, pairs)
    refused = {refusal.pair for refusal in pinned}
    stroke = replace(stroke, share=stroke.share or flow.rules.match.outcome.taken == "link_also")
    linked = link_by_hand(shop, flow, [pair for pair in pairs if pair not in refused], stroke)
    in_order = sorted((*pinned, *linked.refused), key=lambda one: one.pair.line)
    return replace(linked, refused=tuple(in_order))


def _pinned_elsewhere(shop: Workshop, flow: FlowSpec, pairs: Sequence[Pair]) -> list[Refusal]:
    pins = [rule for rule in flow.rules.match.rules if rule.pin]
    if not pins:
        return []
    key = source_key(flow, "")
    questions = {pair: Question("record", *key[:2], "", pair.source) for pair in pairs if pair.source and pair.target}
    answers = gather(shop, set(questions.values())) if questions else {}
    refused = []
    for pair, question in questions.items():
        record = answers[question]
        left = {"id": record.key.id, **record.fields} if isinstance(record, Record) else {}
        for rule in pins if left else ():
            keys = rule_keys(rule, left)
            if keys is not None and keys[0] != pair.target:
                words = f"{rule.pairs[0].left_path} of {key.connection}:{pair.source} names {keys[0]}: blank it first"
                refused.append(Refusal(pair, "pinned-elsewhere", words))
    return refused
