"""What the rows of a mapping read: paths into the source record, and everything else they ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from engine.expressions import row_steps as do
from engine.expressions.parsed import parse
from engine.expressions.paths import Path
from engine.expressions.read_sets import NOWHERE, Steps, Where, elements, path_where, paths_of
from engine.spec.mapping import Choose, Collect, Each, FirstOf, Records, Row, Source, Text, With

_ROOT: Final[Where] = frozenset({((), False)})
_KEPT: Final = frozenset({"held", "link", "now"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where paths start, and where the line stands."""

    current: Where = _ROOT
    item: Where = NOWHERE


class RowReads:
    """Collects the reads of rows."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self.seen: set[Steps] = set()

    def all(self) -> frozenset[Steps]:
        """Everything that the rows read."""
        for row in self.rows:
            self.row(row, Place())
        return frozenset(self.seen)

    def row(self, row: Row, place: Place) -> None:
        """The reads of one row."""
        overrides = (row.override.wins, row.override.fills_in) if row.override else ()
        for text in (row.when, *overrides):
            if text is not None:
                self.use(text, place)
        for source in (row.source, row.default):
            if source is not None:
                self.use(source, place)
        if row.by:
            self.seen.add((f"by:{row.type.to}.{row.by}",))
        if row.linked:
            self.seen.add((f"linked:{row.linked}",))

    def use(self, source: Source, place: Place) -> None:
        """A source whose value is used whole."""
        self.seen |= paths_of(self.where(source, place))

    def where(self, source: Source, place: Place) -> Where:
        """Where the value of a source stands; what is read to find it is noted."""
        if isinstance(source, Text):
            return self.text(source, place)
        if isinstance(source, FirstOf):
            return NOWHERE.union(*(self.where(one, place) for one in source.sources))
        if isinstance(source, (Choose, Collect)):
            for case in source.cases:
                self.use(case.when, place)
            return NOWHERE.union(*(self.where(case.value, place) for case in source.cases))
        if isinstance(source, Records):
            return self.records(source, place)
        if isinstance(source, Each):
            item = elements(self.where(source.items, place))
            return self.inner(source.rows, Place(item, item))
        if isinstance(source, With):
            current = place.current if source.path is None else self.where(source.path, place)
            return self.inner(source.rows, replace(place, current=current))
        return NOWHERE

    def inner(self, rows: tuple[Row, ...], place: Place) -> Where:
        """The reads of the rows of a line or an object; whether it is there is read too when nothing else is."""
        before = len(self.seen)
        for row in rows:
            self.row(row, place)
        if len(self.seen) == before:
            self.seen |= paths_of(place.current) - {()}
        return NOWHERE

    def records(self, source: Records, place: Place) -> Where:
        """Staged records of another object."""
        found: Where = frozenset({((f"records:{source.object}",), True)})
        self.seen |= paths_of(found)
        if source.where is not None:
            self.use(source.where, replace(place, item=elements(found)))
        return found

    def text(self, text: Text, place: Place) -> Where:
        """A path, or the names of an expression."""
        parsed = parse(text.kind, text.text, do.LINE_NAMES)
        if isinstance(parsed.tree, Path):
            found, seen = path_where(parsed.tree, place.current)
            self.seen |= seen
            return found
        for name, *rest in parsed.reads:
            self.named(name, tuple(rest), place)
        return NOWHERE

    def named(self, name: str, rest: Steps, place: Place) -> None:
        """One path of an expression."""
        if name == "source":
            self.seen.add(rest)
        elif name == "item":
            self.seen |= {(*steps, *rest) for steps, _ in place.item}
        elif name in _KEPT:
            self.seen.add((name, *rest))
