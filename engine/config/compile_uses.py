"""Everything that a flow reads on either side and elsewhere, gathered from its mapping and its rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.config.compile_bench import Bench, Lazy, reads_of
from engine.config.compile_items import Base, items_of
from engine.config.compile_match import path_of
from engine.config.compile_reads import EACH, Reading, Steps, Use
from engine.config.compile_source import ACTION_NAMES, row_texts, texts_of
from engine.model.finding import Place
from engine.spec.mapping import Each, MappingSpec, Records, Row, Text, With
from engine.spec.rules import Measure, RulesSpec
from engine.spec.system import ObjectSpec, held_once


@dataclass(slots=True)
class Uses:
    """What one flow reads: both sides, and objects beside them (connection side, object) -> fields."""

    source: Use
    target: Use
    beside: dict[tuple[str, str], Use] = field(default_factory=dict)
    """(side, object): records listed whole, looked up by a field, or following."""
    looked_up: set[tuple[str, str, str]] = field(default_factory=set)
    """(side, object, field) of `by` lookups."""
    reads_held: bool = False
    candidate_detail: bool = False


class UseOf:
    """Walks one flow's mapping and rules."""

    def __init__(
        self,
        source: ObjectSpec,
        target: ObjectSpec,
        objects: Mapping[str, ObjectSpec],
        names: frozenset[str],
        settings: frozenset[str],
        bench: Bench,
    ) -> None:
        self.reading = Reading(objects, bench)
        self.objects, self.names, self.settings, self.bench = objects, names, settings, bench
        self.uses = Uses(Use(source), Use(target))
        self.mapped: set[str] = set()

    # -- mapping -------------------------------------------------------------------------------------

    def mapping(self, mapping: MappingSpec) -> None:
        """All rows and write-backs."""
        self.mapped = {row.target for row in mapping.rows}
        self.rows(mapping.rows, Base(self.uses.source))
        for row in mapping.rows:
            self._target(row.target, row.place)
        for line in mapping.write_back:
            self._follow(self.uses.source, (line.field,), line.place)
            self._path(line.path, Base(self.uses.target))

    def rows(self, rows: Iterable[Row], base: Base) -> None:
        """Rows whose paths start at `base`."""
        for row in rows:
            for one in row_texts(row):
                self.text(one, base)
            self._lookups(row)
            self._block(row, base)

    def _target(self, name: str, place: Place) -> None:
        first = name.partition(".")[0]
        if first in self.uses.target.object.fields:
            self._follow(self.uses.target, (first,), place)

    def _block(self, row: Row, base: Base) -> None:
        if isinstance(row.source, Each):
            for one in texts_of(row.source.items) if not isinstance(row.source.items, Records) else ():
                self.text(one, base)
            self.rows(row.source.rows, self._items(row.source, base))
        elif isinstance(row.source, With):
            if row.source.path:
                self.text(row.source.path, base)
            self.rows(row.source.rows, items_of(row.source.path, base, False) if row.source.path else base)

    def _items(self, each: Each, base: Base) -> Base:
        """Where the paths of a list's lines start."""
        if isinstance(each.items, Records):
            use = self.beside(each.items.object)
            base_of_records = Base(use)
            if each.items.where:
                self.text(each.items.where, base_of_records)
            return base_of_records
        return items_of(each.items, base, True) if isinstance(each.items, Text) else Base(None)

    def _lookups(self, row: Row) -> None:
        """A reference looked up by a field reads that field of every record it may mean."""
        spec = row.type
        if row.by and spec.to in self.objects:
            use = self.beside(spec.to)
            self._known(use, row.by, row.place)
            self.uses.looked_up.add((self.side(spec.to), spec.to, row.by))

    def side(self, object: str) -> str:
        """On which side of the flow an object lives."""
        return "source" if object.split(".", 1)[0] == self.uses.source.object.name.split(".", 1)[0] else "target"

    def beside(self, object: str) -> Use:
        """What is used of an object that is neither side's own."""
        key = (self.side(object), object)
        if key not in self.uses.beside:
            self.uses.beside[key] = Use(self.objects.get(object, self.uses.target.object))
        return self.uses.beside[key]

    # -- expressions ---------------------------------------------------------------------------------

    def text(self, one: Text, base: Base) -> None:
        """An expression of a row."""
        if one.kind == "path":
            self._path(one, base)
            return
        for steps in reads_of(one.kind, one.text, self.names):
            self._named(steps, one.place, {"source": self.uses.source, "held": self.uses.target}, base)

    def lazy(self, one: Any, roots: Mapping[str, Use], base: Base | None = None) -> None:
        """An expression of the rules, whose names stand for these sides."""
        if isinstance(one, Lazy):
            for steps in one.reads:
                self._named(steps, one.place, roots, base or Base(None))

    def path(self, one: Lazy, use: Use) -> None:
        """A path of the rules that starts at one side."""
        for steps in one.reads:
            self._follow(use, steps, one.place)

    def _named(self, steps: Steps, place: Place, roots: Mapping[str, Use], base: Base) -> None:
        name, rest = steps[0], steps[1:]
        if name in roots:
            self._follow(roots[name], rest, place)
            self.uses.reads_held = self.uses.reads_held or name == "held"
        elif name == "item":
            self._from(base, rest, place)
        elif name == "settings" and rest:
            self._setting(rest, place)

    def _setting(self, rest: Steps, place: Place) -> None:
        dotted = ".".join(rest[:2])
        if rest[0] not in self.settings and dotted not in self.settings and not self._is_system(rest):
            self.bench.unknown("setting", dotted if len(rest) > 1 else rest[0], self.settings, place)

    def _is_system(self, rest: Steps) -> bool:
        return len(rest) == 1 and any(one.startswith(f"{rest[0]}.") for one in self.settings)

    def _path(self, one: Text, base: Base) -> None:
        for steps in reads_of("path", one.text, frozenset()):
            self._from(base, steps, one.place)

    def _from(self, base: Base, steps: Steps, place: Place) -> None:
        if base.use is not None:
            self._follow(base.use, (*base.prefix, *steps), place)

    def _follow(self, use: Use, steps: Steps, place: Place) -> None:
        self.reading.follow(use, steps[1:] if steps[:1] == (EACH,) else steps, place)

    def _known(self, use: Use, name: str, place: Place) -> None:
        """A field that was checked where it is written."""
        if name in use.object.fields:
            self._follow(use, (name,), place)

    # -- rules ---------------------------------------------------------------------------------------

    def rules(self, rules: RulesSpec) -> None:
        """Gates, matching, order, followers, actions and measures."""
        source, target = self.uses.source, self.uses.target
        roots = {"source": source, "held": target}
        gates = (*rules.select, *rules.begin, *rules.create)
        conditions: list[Any] = [one.when for one in gates] + [one.when for one in rules.represent]
        conditions += [one.select for one in rules.runs.values()] + [one.when for one in rules.quality]
        for one in conditions:
            self.lazy(one, roots)
        self._match(rules)
        self._held_once(rules)
        for shared in rules.globals.values():
            for row in (*shared.find, *shared.create):
                self._target(row.target, row.place)
            self.rows((*shared.find, *shared.create), Base(source))
            for row in shared.find:
                self.uses.looked_up.add(("target", target.object.name, row.target))
        self._followers(rules)
        self._actions(rules)
        for measure in rules.measures.values():
            self._measure(measure, rules.match.outcome.place)

    def _measure(self, measure: Measure, place: Place) -> None:
        source, target = self.uses.source, self.uses.target
        self.lazy(measure.where, {"source": source, "target": target})
        over = {"source": source, "target": target}.get(measure.over)
        if over is not None:
            fields = [steps for steps in path_of(measure.value).reads if steps[:1] == (EACH,) and steps[1:]]
            for steps in [*fields, *((name,) for name in measure.group_by)]:
                self._follow(over, steps, place)

    def _match(self, rules: RulesSpec) -> None:
        source, target = self.uses.source, self.uses.target
        for rule in rules.match.rules:
            for pair in rule.pairs:
                self.path(path_of(pair.left), source)
                self.path(path_of(pair.right), target)
        seen = Use(target.object)
        for one in (rules.match.only, *(rule.only for rule in rules.match.rules)):
            self.lazy(one, {"left": source, "right": target})
            self._quietly(one, seen)
        for rule in rules.match.rules:
            for pair in rule.pairs:
                for steps in path_of(pair.right).reads:
                    seen.fields |= set(steps[:1]) & set(target.object.fields)
        self.uses.candidate_detail = any(target.object.fields[name].detail for name in seen.fields)
        for name in rules.match.order:
            self._known(target, name, rules.match.outcome.place)

    def _quietly(self, one: Any, seen: Use) -> None:
        """Fields of the candidate that a condition reads."""
        for steps in one.reads if isinstance(one, Lazy) else ():
            if steps[0] == "right":
                seen.fields |= set(steps[1:2]) & set(seen.object.fields)

    def _held_once(self, rules: RulesSpec) -> None:
        """Before a value that only one record may hold is written, somebody asks who holds it."""
        target = self.uses.target.object
        natural = target.create.natural_key if target.create else ""
        for name in held_once(target):
            late = rules.policy_of(name).push not in ("on_create", "never")
            if name in self.mapped and (late or name == natural):
                self.uses.looked_up.add(("target", target.name, name))

    def _followers(self, rules: RulesSpec) -> None:
        for name, follower in rules.followers.items():
            if name in self.objects:
                use = self.beside(name)
                self._known(use, follower.through, rules.match.outcome.place)
                for route in follower.without:
                    self.lazy(route.when, {"source": use})

    def _actions(self, rules: RulesSpec) -> None:
        roots = {"source": self.uses.source, "target": self.uses.target}
        for action in rules.actions.values():
            self.lazy(action.when, roots)
            for row in action.rows:
                self._action_row(row, roots)
            for name in action.write_back:
                self._follow(self.uses.source, (name,), action.place)

    def _action_row(self, row: Row, roots: Mapping[str, Use]) -> None:
        for one in row_texts(row):
            for steps in reads_of(one.kind, one.text, ACTION_NAMES if one.kind != "path" else frozenset()):
                self._named(steps, one.place, roots, Base(None))
