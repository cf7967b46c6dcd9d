"""Match rules over CSV files: read one or two tables, link them, write the pairs."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from engine.functions.table_forms import NAME_PARTS, TABLE_FORMS
from engine.functions.texts import unaccented
from engine.model.errors import UsageError
from engine.spec.matching import MatchingSpec, TableField, Verdict
from engine.stages.linkage.columns import Column, ColumnBuilder, Table
from engine.stages.linkage.explain import why
from engine.stages.linkage.link import Linked, link

HEADINGS = ("left_id", "right_id", "score", "rule", "verdict")
BY_WEIGHTS = "weights"

_BATCH = 20_000
_SIGNS = re.compile("[^0-9a-z]+")

Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class FoundPair:
    """One line of the result."""

    left: str
    right: str
    score: float
    rule: str
    verdict: Verdict

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The line's cells as text."""
        return self.left, self.right, f"{self.score:.4f}", self.rule, self.verdict


def read_table(spec: MatchingSpec, left: Path, right: Path | None = None, tell: Tell | None = None) -> Table:
    """The fields of the rules that the files have, normalised; a field that one of two files lacks is left out."""
    files = [_File(path, spec) for path in (left, right) if path is not None]
    wanted = {field: source for field, source in files[0].sources.items() if all(field in one.sources for one in files)}
    if not wanted:
        raise UsageError(f"none of the fields of {spec.name} is a column of every file: look at `from` in its fields")
    builders = {source: ColumnBuilder() for source in wanted.values()}
    ids: list[str] = []
    counts = []
    for one in files:
        before = len(ids)
        for batch in one.batches():
            ids += one.ids(batch, len(ids) - before)
            for column in {source: one.sources[field] for field, source in wanted.items()}.items():
                builders[column[0]].add(one.cells(batch, column[1]))
            if tell:
                tell("rows", len(ids))
        one.refuse_twice(ids[before:])
        counts.append(len(ids) - before)
    columns = _normalised(spec, wanted, {name: one.built() for name, one in builders.items()}, files[0])
    return Table(ids, columns, counts[0], right is not None)


def _normalised(
    spec: MatchingSpec, wanted: Mapping[str, str], raw: dict[str, Column], file: _File
) -> dict[str, Column]:
    found = {}
    for field in spec.fields:
        if field.name in wanted:
            form, part = TABLE_FORMS[field.as_], NAME_PARTS.get(file.part(field))
            normalise = form if part is None else _both(part, form)
            found[field.name] = raw[wanted[field.name]].through(normalise)
    return {name: column for name, column in found.items() if len(column.values) > 1}


def _both(first: Callable[[str], str], then: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: then(first(text))


class _File:
    """One CSV file: its headings, and which of them hold the fields."""

    def __init__(self, path: Path, spec: MatchingSpec) -> None:
        self.path, self.spec = path, spec
        with self._opened() as file:
            headings = self._headings(csv.reader(file))
        self.known = {_plain(heading): place for place, heading in reversed(list(enumerate(headings)))}
        self.width = len(headings)
        self.sources = {field.name: source for field in spec.fields if (source := self._source(field))}
        self.id_place = self._id_place()

    def batches(self) -> Iterator[Sequence[tuple[str, ...]]]:
        """The columns of some rows at a time."""
        with self._opened() as file:
            reader = csv.reader(file)
            self._headings(reader)
            try:
                while batch := list(islice(reader, _BATCH)):
                    rows = [row for row in batch if row]
                    yield list(zip(*(self._fitted(row, reader.line_num) for row in rows), strict=True))
            except (csv.Error, UnicodeDecodeError) as error:
                raise UsageError(f"{self.path}, near line {reader.line_num}: not CSV in UTF-8 ({error})") from error

    def cells(self, batch: Sequence[tuple[str, ...]], source: str) -> tuple[str, ...]:
        """One column of a batch."""
        return batch[self.known[source]] if batch else ()

    def ids(self, batch: Sequence[tuple[str, ...]], before: int) -> Sequence[str]:
        """What names each row."""
        if self.id_place is None:
            return [str(before + number) for number in range(1, len(batch[0]) + 1)] if batch else []
        found = batch[self.id_place] if batch else ()
        if "" in found:
            raise UsageError(f"{self.path}: row {before + found.index('') + 1} has no id")
        return found

    def refuse_twice(self, ids: Sequence[str]) -> None:
        """An id that two rows have would make the result ambiguous."""
        if len(set(ids)) == len(ids):
            return
        seen: set[str] = set()
        place = next(place for place, one in enumerate(ids, 1) if one in seen or seen.add(one))  # type: ignore[func-returns-value]
        raise UsageError(f"{self.path}: the id of row {place} stands in an earlier row too")

    def part(self, field: TableField) -> str:
        """The part of a full name that the field is here, or ""."""
        own = any(_plain(heading) in self.known for heading in field.columns)
        return "" if own else field.part

    def _opened(self) -> TextIO:
        return open(self.path, newline="", encoding="utf-8-sig")

    def _headings(self, reader: Iterator[list[str]]) -> list[str]:
        try:
            headings = next(reader, [])
        except (csv.Error, UnicodeDecodeError) as error:
            raise UsageError(f"{self.path}: not CSV in UTF-8 ({error})") from error
        if not headings:
            raise UsageError(f"{self.path} is empty: the first line must hold the headings")
        return headings

    def _fitted(self, row: list[str], line: int) -> list[str]:
        if len(row) == self.width:
            return row
        if len(row) > self.width and any(row[self.width :]):
            raise UsageError(f"{self.path}, near line {line}: {len(row)} cells where there are {self.width} headings")
        return (row + [""] * self.width)[: self.width]

    def _source(self, field: TableField) -> str:
        return next((plain for one in (*field.columns, *field.whole) if (plain := _plain(one)) in self.known), "")

    def _id_place(self) -> int | None:
        if not self.spec.id:
            return self.known.get("id")
        place = self.known.get(_plain(self.spec.id))
        if place is None:
            raise UsageError(f"{self.path} has no column '{self.spec.id}', which the rules name as `id`")
        return place


def _plain(heading: str) -> str:
    """A heading without letter case, blanks and signs."""
    return _SIGNS.sub("", unaccented(heading).casefold())


# -- results -----------------------------------------------------------------------------------------


def run_match(spec: MatchingSpec, table: Table, tell: Tell | None = None) -> tuple[Linked, list[FoundPair]]:
    """The pairs worth naming, best first."""
    found = link(spec, table, tell)
    return found, list(found_pairs(spec, table, found))


def found_pairs(spec: MatchingSpec, table: Table, found: Linked) -> Iterator[FoundPair]:
    """Pairs by id, the smaller id first within one file."""
    mixture = found.weighed.mixture
    kinds = [kind.name for kind in mixture.kinds] if mixture else [BY_WEIGHTS]
    lines = zip(
        found.pairs.left.tolist(), found.pairs.right.tolist(), found.scores.tolist(), found.rules.tolist(),
        found.kinds.tolist(), found.accepted.tolist(), strict=True,
    )  # fmt: skip
    for left, right, score, rule, kind, accepted in lines:
        one, other = table.ids[left], table.ids[right]
        if not table.linking and other < one:
            one, other = other, one
        name = spec.rules[rule].id if rule >= 0 else kinds[kind]
        yield FoundPair(one, other, score, name, "accept" if accepted else "review")


def write_pairs(path: Path, pairs: Sequence[FoundPair]) -> None:
    """A CSV file of pairs; it is there whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    with open(partial, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADINGS)
        writer.writerows(pair.cells for pair in pairs)
    os.replace(partial, path)


def differences(before: Sequence[FoundPair], after: Sequence[FoundPair]) -> tuple[list[FoundPair], list[FoundPair]]:
    """Pairs that only the second rules accept (they would join), and pairs that only the first do (would split)."""
    olds, news = ({(one.left, one.right) for one in some if one.verdict == "accept"} for some in (before, after))
    joins = [one for one in after if one.verdict == "accept" and (one.left, one.right) not in olds]
    splits = [one for one in before if one.verdict == "accept" and (one.left, one.right) not in news]
    return joins, splits


def rows_named(table: Table, pair: tuple[str, str]) -> tuple[int, int]:
    """The rows with these ids: the first of the left file, the second of the right one, or of the same."""
    split = table.left_count if table.linking else 0
    left = _row_of(table, pair[0], 0, table.left_count)
    return left, _row_of(table, pair[1], split, len(table))


def _row_of(table: Table, id: str, start: int, end: int) -> int:
    found = next((row for row in range(start, end) if table.ids[row] == id), None)
    if found is None:
        raise UsageError(f"no row has the id '{id}'")
    return found


def why_tree(spec: MatchingSpec, table: Table, found: Linked, left: int, right: int) -> dict[str, Any]:
    """Why two rows are one or not, as a plain tree with the normalised values."""
    if left == right:
        raise UsageError("that is one and the same row")
    told = why(spec, table, found, left, right)
    values = {
        name: [column.values[column.codes[row]] for row in (left, right)] for name, column in table.columns.items()
    }
    return {
        "left_id": table.ids[left],
        "right_id": table.ids[right],
        "verdict": told.verdict,
        "score": told.score,
        "values": values,
        "blocks": list(told.blocks),
        "evidence": [{"comparison": e.name, "levels": e.words, "weight": e.weight} for e in told.evidence],
        "kinds": dict(told.kinds),
        "rule": told.rule,
        "differs": list(told.differs),
    }
