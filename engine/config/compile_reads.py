"""What a side of a flow uses: paths that expressions read -> fields, detail fields and joins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.config.compile_bench import Bench
from engine.config.compile_fields import CONSENT_MEMBERS
from engine.config.suggest import did_you_mean
from engine.model.finding import Place
from engine.spec.rules import Join, ReadSet
from engine.spec.system import FieldSpec, ObjectSpec

Steps = tuple[str, ...]
EACH = "[]"
JOINED_MEMBERS = ("id",)


@dataclass(slots=True)
class Use:
    """What is used of one object, growing while paths come in."""

    object: ObjectSpec
    fields: set[str] = field(default_factory=set)
    joins: dict[str, Use] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    """References of which more than the id is used."""

    def frozen(self) -> ReadSet:
        """The finished read set."""
        detail = {name for name in self.fields if self.object.fields[name].detail}
        return ReadSet(frozenset(self.fields), frozenset(detail), tuple(self._joins()))

    def _joins(self) -> Iterator[Join]:
        for name, below in sorted(self.joins.items()):
            reads = below.frozen()
            relation = self.object.relations.get(name) if name not in self.object.fields else None
            if relation is None:
                bare = name not in self.whole
                joins, detail = reads.joins, reads.detail
                yield Join(name, "reference", below.object.name, reads.fields, joins=joins, bare=bare, detail=detail)
                continue
            yield Join(name, "relation", relation.object, reads.fields, relation.where, relation.many, reads.joins)

    def objects(self) -> Iterator[tuple[str, ReadSet]]:
        """Every joined object with what is used of it."""
        for name, below in self.joins.items():
            if name in self.whole or name not in self.object.fields:
                yield below.object.name, below.frozen()
                yield from below.objects()


class Reading:
    """Follows paths through the catalogue; a name that leads nowhere is reported where it is written."""

    def __init__(self, objects: Mapping[str, ObjectSpec], bench: Bench) -> None:
        self.objects, self.bench = objects, bench

    def follow(self, use: Use, steps: Steps, place: Place) -> None:
        """Note that a path is read."""
        if not steps:
            use.fields |= {name for name, spec in use.object.fields.items() if not spec.detail and not spec.part}
            return
        name, rest = steps[0], steps[1:]
        spec = use.object.fields.get(name)
        if spec is not None:
            self._field(use, spec, rest, place)
        elif name in use.object.relations:
            self._relation(use, name, rest, place)
        elif name != "id":
            self.unknown(name, use.object, place)

    def unknown(self, name: str, obj: ObjectSpec, place: Place) -> None:
        """Report a name that is neither field nor relation."""
        known = (*obj.fields, *obj.relations)
        message = f"{obj.name} has no field {name!r}"
        hint = did_you_mean(name, known) or f"run.py fields {obj.name} lists them"
        self.bench.say("unknown-field", message, place, hint)

    def _field(self, use: Use, spec: FieldSpec, rest: Steps, place: Place) -> None:
        use.fields.add(spec.name)
        if spec.type == "reference" and rest:
            below = use.joins.setdefault(spec.name, Use(self.objects.get(spec.to, use.object)))
            if rest != JOINED_MEMBERS:
                use.whole.add(spec.name)
                self.follow(below, rest, place)
        else:
            self._members(spec, rest, place)

    def _relation(self, use: Use, name: str, rest: Steps, place: Place) -> None:
        relation = use.object.relations[name]
        below = use.joins.setdefault(name, Use(self.objects.get(relation.object, use.object)))
        for theirs, ours in relation.where.items():
            self.follow(below, (theirs,), place)
            self.follow(use, (ours,), place)
        rest = tuple(step for step in rest[:1] if step != EACH) + rest[1:]
        if rest:
            self.follow(below, rest, place)

    def _members(self, spec: FieldSpec, rest: Steps, place: Place) -> None:
        """Steps below a field: members of an object, of a list's lines, of a consent; anything of a map."""
        for step in rest:
            if step == EACH:
                continue
            known = tuple(spec.fields) or (tuple(CONSENT_MEMBERS) if spec.type == "consent" else ())
            if step in spec.fields:
                spec = spec.fields[step]
                continue
            if known or spec.type not in ("map", "object", "list", "consent", "reference"):
                hint = did_you_mean(step, known) if known else f"{spec.name} is {spec.type}: it has no members"
                if step not in known and not (spec.type == "reference" and step == "id"):
                    self.bench.say("unknown-field", f"{spec.name} has no member {step!r}", place, hint)
            return
