"""A table and a file of rules -> pairs that are the same, with scores and verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.functions.table_forms import KEY_FORMS
from engine.spec.matching import BlockRule, MatchingSpec
from engine.stages.linkage.assign import one_to_one
from engine.stages.linkage.block import Keys, Pairs, candidates, keys_of
from engine.stages.linkage.cluster import clusters
from engine.stages.linkage.columns import Column, Table
from engine.stages.linkage.compare import Compared, comparable, pattern_numbers
from engine.stages.linkage.grid import Floats
from engine.stages.linkage.weigh import Weighed, weigh

Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Linked:
    """Pairs worth naming, best first. `accepted` says which are the same without a person's word."""

    pairs: Pairs
    scores: Floats
    rules: NDArray[np.int64]
    kinds: NDArray[np.int64]
    accepted: NDArray[np.bool_]
    weighed: Weighed
    candidates: int


def link(spec: MatchingSpec, table: Table, tell: Tell | None = None) -> Linked:
    """Everything from blocks to verdicts. `tell` hears what is done and how much of it there is."""
    say = tell or _nobody
    most = {block.id: block.most_pairs or spec.most_pairs for block in spec.blocks}
    pairs = candidates(table, {name: (keys, most[name]) for name, keys in block_keys(spec, table).items()}, tell)
    say("candidates", len(pairs))
    compared = comparable(spec, table)
    if not compared.radix.names:
        pairs = Pairs(pairs.left[:0], pairs.right[:0])
        compared = Compared((), compared.radix)
    numbers = pattern_numbers(compared, table, pairs) if len(pairs) else np.empty(0, np.int64)
    say("compared", len(pairs))
    weighed = weigh(spec, compared, table, numbers)
    say("patterns", len(weighed.numbers))
    return _verdicts(spec, table, pairs, weighed, np.searchsorted(weighed.numbers, numbers))


def block_keys(spec: MatchingSpec, table: Table) -> dict[str, Keys]:
    """The keys of every block whose fields the table has."""
    made: dict[tuple[str, str], Column] = {}
    found = {}
    for block in spec.blocks:
        if all(part.field in table.columns for part in block.keys):
            found[block.id] = keys_of(_shaped(block, table, made), any_order=block.any_order)
    return found


def _shaped(block: BlockRule, table: Table, made: dict[tuple[str, str], Column]) -> list[Column]:
    for part in block.keys:
        if (part.field, part.form) not in made:
            column = table.columns[part.field]
            shaped = column if part.form == "whole" else column.through(KEY_FORMS[part.form])
            made[part.field, part.form] = shaped
    return [made[part.field, part.form] for part in block.keys]


def _verdicts(
    spec: MatchingSpec, table: Table, pairs: Pairs, weighed: Weighed, of_pair: NDArray[np.int64]
) -> Linked:
    scores = np.round(weighed.scores, 4)[of_pair] if len(of_pair) else np.empty(0)
    named = np.flatnonzero(scores >= min(spec.review, spec.accept))
    lefts, rights = np.split(_rank(table.ids, np.r_[pairs.left[named], pairs.right[named]]), 2)
    smaller, larger = np.minimum(lefts, rights), np.maximum(lefts, rights)
    named = named[np.lexsort((lefts, larger, smaller, -scores[named]))]
    kept = Pairs(pairs.left[named], pairs.right[named])
    accepted = _accepted(spec, table, kept, scores[named])
    return Linked(
        kept, scores[named], weighed.rules[of_pair[named]], weighed.kinds[of_pair[named]], accepted, weighed, len(pairs)
    )


def _rank(ids: Sequence[str], rows: NDArray[np.int32]) -> NDArray[np.int64]:
    """The place of each row's id among them in order: ties are broken by id, never by place in the file."""
    texts = [ids[row] for row in rows.tolist()]
    order = {text: place for place, text in enumerate(sorted(set(texts)))}
    return np.fromiter((order[text] for text in texts), np.int64, len(texts))


def _accepted(spec: MatchingSpec, table: Table, pairs: Pairs, scores: Floats) -> NDArray[np.bool_]:
    sure = scores >= spec.accept
    result = spec.two_files if table.linking else spec.one_file
    return RESULTS[result](pairs, scores, sure, len(table))


def _as_they_are(_: Pairs, __: Floats, sure: NDArray[np.bool_], ___: int) -> NDArray[np.bool_]:
    return sure


def _nobody(_: str, __: int) -> None:
    """Nobody listens."""


RESULTS: Mapping[str, Callable[[Pairs, Floats, NDArray[np.bool_], int], NDArray[np.bool_]]] = {
    "pairs": _as_they_are,
    "one_to_one": one_to_one,
    "clusters": clusters,
}
"""`result` of a file of rules: which of the sure pairs stand."""
