"""Known records kept in an index, and new ones matched against it one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.pipeline.match_files import FoundPair, Tell
from engine.spec.matching import MatchingSpec
from engine.stages.linkage.columns import Table
from engine.stages.linkage.one import Scorer
from engine.store.match_index import Known, MatchIndex

BY_INDEX = "index"
_BATCH = 20_000


def keep(spec: MatchingSpec, table: Table, path: Path, tell: Tell) -> int:
    """Put the rows of a table into the index; how many they are. A row whose id is there already is replaced."""
    scorer, index = Scorer(spec), MatchIndex(path)
    try:
        index.claim(_fingerprint(spec))
        waiting: list[tuple[Known, Sequence[int]]] = []
        for number, (id, values) in enumerate(_records(table), 1):
            waiting.append(((id, values), scorer.keys(values)))
            if len(waiting) == _BATCH:
                index.add(waiting)
                waiting.clear()
                tell("kept", number)
        index.add(waiting)
        index.settle()
    finally:
        index.close()
    return len(table)


def match_known(spec: MatchingSpec, table: Table, path: Path) -> list[FoundPair]:
    """Pairs of a row with a known record, best first for each row."""
    scorer, index = Scorer(spec), MatchIndex(path)
    try:
        index.claim(_fingerprint(spec))
        return [pair for id, values in _records(table) for pair in _pairs(spec, scorer, index, id, values)]
    finally:
        index.close()


def _pairs(
    spec: MatchingSpec, scorer: Scorer, index: MatchIndex, id: str, values: dict[str, str]
) -> list[FoundPair]:
    near = index.candidates(scorer.keys(values))
    scores = [(-round(scorer.score(values, known), 4), other) for other, known in near]
    named = [(-score, other) for score, other in sorted(scores) if -score >= spec.review]
    return [
        FoundPair(id, other, score, BY_INDEX, "accept" if place == 0 and score >= spec.accept else "review")
        for place, (score, other) in enumerate(named)
    ]


def _records(table: Table) -> Iterator[Known]:
    columns = {name: (column.codes.tolist(), column.values) for name, column in table.columns.items()}
    for row, id in enumerate(table.ids):
        yield id, {name: value for name, (codes, values) in columns.items() if (value := values[codes[row]])}


def _fingerprint(spec: MatchingSpec) -> str:
    """What must not change between keeping and asking: how values are normalised and what makes a key."""
    fields = [(one.name, one.as_) for one in spec.fields]
    blocks = [(one.id, [(part.field, part.form) for part in one.keys], one.any_order) for one in spec.blocks]
    return repr((fields, blocks))
