"""The reference interpreter of a mapping: row by row, in the order that the language states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.expressions import interpreter, paths
from engine.expressions.row_steps import (
    LINE_NAMES,
    NAMES,
    Library,
    apply,
    ask_by,
    ask_linked,
    coerce,
    failed,
    is_constant,
    look_up,
    needs_coercion,
    problem,
    records,
    tree_of,
)
from engine.model.errors import ConcordError
from engine.model.mapping import MapContext, Mapped, Problem
from engine.model.values import ABSENT, UNKNOWN, is_blank
from engine.spec.mapping import Choose, Collect, Each, FirstOf, Literally, Records, Row, Source, Text, Unmapped, With


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a row stands: what its paths start at, its line, the name of what it is part of."""

    current: Any
    scope: dict[str, Any]
    within: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The names that expressions may use here."""
        return LINE_NAMES if "item" in self.scope else NAMES


@dataclass(frozen=True, slots=True)
class Given:
    """A value and whether it is only a filler: a literal or a default."""

    value: Any
    default: bool = False
    filler: bool = False


class Interpretation:
    """One record on its way through the rows."""

    def __init__(
        self, rows: tuple[Row, ...], settings: Mapping[str, Any], library: Library, context: MapContext
    ) -> None:
        self.rows = rows
        self.settings = settings
        self.library = library
        self.context = context
        self.targets = frozenset(row.target for row in rows)
        self.values: dict[str, Any] = {}
        self.defaults: list[str] = []
        self.problems: list[Problem] = []

    def run(self, source: dict[str, Any], held: dict[str, Any] | None) -> Mapped:
        """The mapped record."""
        scope = {
            "source": source, "held": held, "mapped": self.values, "settings": self.settings,
            "link": self.context.link, "now": self.context.now,
        }  # fmt: skip
        for row in self.rows:
            given = self.row(row, Frame(source, scope))
            if given.value is not ABSENT:
                self.values[row.target] = given.value
        return Mapped(self.values, tuple(self.defaults), tuple(self.problems))

    def row(self, row: Row, frame: Frame) -> Given:
        """One row from `when` to `missing`."""
        target = frame.within + row.target
        there = True
        try:
            there = row.when is None or bool(self.text(row.when, frame))
            given = self.finished(row, frame, target) if there else Given(ABSENT)
        except ConcordError as error:
            self.problems.append(failed(target, error))
            given = Given(ABSENT)
        if there:
            self.judge(row, given.value, target)
        if given.default and given.value is not ABSENT:
            self.defaults.append(target)
        return given

    def judge(self, row: Row, value: Any, target: str) -> None:
        """Say what is wrong with the value that a row ends with."""
        if row.type.length and type(value) is str and len(value) > row.type.length:
            self.problems.append(problem(target, "too_long"))
        if row.missing != "leave" and is_blank(value):
            self.problems.append(problem(target, row.missing))

    def finished(self, row: Row, frame: Frame, target: str) -> Given:
        """The value of a row, through all its steps."""
        given = self.overridden(row, frame, target)
        value = given.value
        for call in row.apply:
            value = apply(self.library.function(call.name), call.args, value)
        if row.table is not None:
            value = look_up(row.table, value)
        if row.by:
            value = ask_by(self.context, row.type.to, row.by, value)
        if row.linked:
            value = ask_linked(self.context, row.linked, value)
        if value is UNKNOWN and (row.by or row.linked):
            self.problems.append(problem(target, "unanswered"))
            value = ABSENT
        change = self.library.coercer(row.type) if needs_coercion(row) else None
        return replace(given, value=value if change is None else coerce(change, value))

    def overridden(self, row: Row, frame: Frame, target: str) -> Given:
        """The source with its overrides and its default."""
        wins, fills = (row.override.wins, row.override.fills_in) if row.override else (None, None)
        if wins is not None and not is_blank(value := self.text(wins, frame)):
            return Given(value)
        given = self.source(row.source, replace(frame, within=target))
        if row.default is not None and is_blank(given.value):
            value = self.source(row.default, replace(frame, within=target)).value
            given = given if is_blank(value) else Given(value, default=True, filler=True)
        if fills is not None and is_blank(given.value) and not is_blank(value := self.text(fills, frame)):
            return Given(value)
        return given

    # -- sources -------------------------------------------------------------------------------------------

    def text(self, text: Text, frame: Frame) -> Any:
        """The value of a path, an expression or a template."""
        tree = tree_of(text, frame.names, self.targets)
        if text.kind == "path":
            return paths.evaluate(tree, frame.current)
        return (interpreter.evaluate if text.kind == "expr" else interpreter.render)(tree, frame.scope)

    def source(self, source: Source, frame: Frame) -> Given:
        """The value of a source."""
        if isinstance(source, Text):
            return Given(self.text(source, frame), filler=is_constant(source))
        if isinstance(source, Literally):
            return Given(source.value, filler=True)
        if isinstance(source, FirstOf):
            return self.first_of(source, frame)
        if isinstance(source, Choose):
            held = (case for case in source.cases if self.text(case.when, frame))
            case = next(held, None)
            return Given(ABSENT) if case is None else self.source(case.value, frame)
        if isinstance(source, Collect):
            values = [self.source(case.value, frame).value for case in source.cases if self.text(case.when, frame)]
            return Given([one for one in values if one is not ABSENT] or None, filler=is_constant(source))
        if isinstance(source, Records):
            return Given(self.records(source, frame))
        if isinstance(source, Unmapped):
            return Given(ABSENT)
        if isinstance(source, Each):
            return Given(self.lines(source, frame))
        return Given(self.object(source, frame), filler=is_constant(source))

    def first_of(self, source: FirstOf, frame: Frame) -> Given:
        """The first that is not blank; else null when one of them is there."""
        found = Given(ABSENT)
        for one in source.sources:
            given = self.source(one, frame)
            if not is_blank(given.value):
                return given
            found = found if given.value is ABSENT else Given(None)
        return found

    def records(self, source: Records, frame: Frame) -> list[Any]:
        """The staged records of an object for which `where` holds."""
        found = records(self.context, source.object)
        if source.where is None:
            return found
        where = source.where
        return [one for one in found if self.text(where, replace(frame, scope={**frame.scope, "item": one}))]

    def lines(self, source: Each, frame: Frame) -> Any:
        """One line per item; null when no line is left."""
        items = self.source(source.items, frame).value
        if type(items) is not list:
            return ABSENT
        lines: list[Any] = []
        for item in items:
            inner = Frame(item, {**frame.scope, "item": item}, f"{frame.within}[{len(lines)}].")
            line = self.members(source.rows, inner, keep=False)
            if line is not None:
                lines.append(line)
        return lines or None

    def object(self, source: With, frame: Frame) -> Any:
        """An object; absent when there is nothing to build it from."""
        current = frame.current
        if source.path is not None:
            current = self.text(source.path, frame)
            if is_blank(current):
                return ABSENT
        keep = all(is_constant(row.source) for row in source.rows)
        made = self.members(source.rows, Frame(current, frame.scope, f"{frame.within}."), keep=keep)
        return ABSENT if made is None else made

    def members(self, rows: tuple[Row, ...], frame: Frame, *, keep: bool) -> dict[str, Any] | None:
        """The members of a line or an object; None, and no word of it, when only fillers have values."""
        before = (len(self.defaults), len(self.problems))
        made: dict[str, Any] = {}
        for row in rows:
            given = self.row(row, frame)
            if given.value is not ABSENT:
                made[row.target] = given.value
            keep = keep or not (given.filler or is_blank(given.value))
        if keep and any(not is_blank(value) for value in made.values()):
            return made
        del self.defaults[before[0] :], self.problems[before[1] :]
        return None
