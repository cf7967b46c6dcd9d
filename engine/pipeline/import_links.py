"""Links in bulk: rows of a file made by hand that name two records each, checked against what the systems hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from engine.model.errors import UsageError
from engine.model.question import Question
from engine.model.record import Record
from engine.pipeline.by_hand import Pair, Refusal, Stroke, link_by_hand
from engine.pipeline.extract import extract
from engine.pipeline.gather import gather
from engine.pipeline.needs import can_be_listed
from engine.pipeline.workshop import Workshop, source_key
from engine.spec.ruleset import FlowSpec
from engine.stages.match import rule_keys

BULK = 100
"""From so many rows on, whole lists are read instead of single records."""


class Imported(NamedTuple):
    """What became of the rows: how many links were made, which rows were refused and why, and how many said what
    stands already."""

    imported: int
    refused: tuple[Refusal, ...]
    known: int = 0


def import_links(shop: Workshop, flow: FlowSpec, rows: Iterable[Mapping[str, str]], *, by: str = "") -> Imported:
    """Store the links that the rows name. A row has the headings that the flow's `links.columns` declare; both records
    must exist and be free, unless `match.outcome.taken` lets several share a target."""
    pairs = pairs_of(flow, rows)
    if len(pairs) >= BULK:
        for connection, obj in ((flow.source_connection, flow.source), (flow.target_connection, flow.target)):
            if can_be_listed(obj):
                extract(shop, connection.name, obj)
    pinned = _pinned_elsewhere(shop, flow, pairs)
    refused = {refusal.pair for refusal in pinned}
    share = flow.rules.match.outcome.taken == "link_also"
    free = [pair for pair in pairs if pair not in refused]
    linked = link_by_hand(shop, flow, free, Stroke("imported", by, share=share))
    in_order = sorted((*pinned, *linked.refused), key=lambda one: one.pair.line)
    return Imported(len(linked.made), tuple(in_order), len(linked.known))


def headings(flow: FlowSpec) -> tuple[str, str]:
    """The columns of a link file that hold the two ids."""
    return flow.rules.links.get("source", "source"), flow.rules.links.get("target", "target")


def pairs_of(flow: FlowSpec, rows: Iterable[Mapping[str, str]]) -> list[Pair]:
    """What the rows say; the headings are line 1."""
    ours, theirs = headings(flow)
    pairs = []
    for line, row in enumerate(rows, 2):
        if ours not in row or theirs not in row:
            raise UsageError(f"a link file for {flow.name} has the columns {ours!r} and {theirs!r}")
        pairs.append(Pair((row[ours] or "").strip(), (row[theirs] or "").strip(), line))
    return pairs


def _pinned_elsewhere(shop: Workshop, flow: FlowSpec, pairs: Sequence[Pair]) -> list[Refusal]:
    """Rows whose record names another one in a pinned field: the pin would undo the link at once."""
    pins = [rule for rule in flow.rules.match.rules if rule.pin]
    if not pins:
        return []
    key = source_key(flow, "")
    questions = {pair: Question("record", *key[:2], "", pair.source) for pair in pairs if pair.source}
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
