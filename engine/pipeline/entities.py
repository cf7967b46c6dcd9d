"""Who is whom across all systems: records tied by links, and the entities that they belong to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from engine.model.link import Link
from engine.model.record import Record, RecordKey
from engine.model.stored import Store
from engine.model.values import is_blank
from engine.spec.ruleset import Ruleset
from engine.stages.view import reference_id

TIES = ("confirmed", "forming")
"""Links that say that two records are the same customer; a proposed one asks."""


class Member(NamedTuple):
    """A record of an entity, and the link by which the walk came to it (none for the first)."""

    key: RecordKey
    record: Record | None
    link: Link | None


class Belonging(NamedTuple):
    """A reference from a member to a record of another entity."""

    child: RecordKey
    field: str
    parent: RecordKey


@dataclass(frozen=True, slots=True)
class Entity:
    """Records that are one customer, and where they belong: a reference never joins entities."""

    members: tuple[Member, ...]
    belongs: tuple[Belonging, ...]


def entity_of(store: Store, ruleset: Ruleset, key: RecordKey) -> Entity:
    """Everything that links tie to a record, nearest first."""
    found: dict[RecordKey, Link | None] = {key: None}
    edge = [key]
    while edge:
        news = {link.other(end): link for end in edge for link in _ties(store, end)}
        edge = sorted(one for one in news if one not in found)
        found |= {one: news[one] for one in edge}
    members = tuple(Member(one, _staged(store, one), link) for one, link in found.items())
    return Entity(members, tuple(_belongs(ruleset, members)))


def entities_above(store: Store, ruleset: Ruleset, entity: Entity) -> list[tuple[tuple[Belonging, ...], Entity]]:
    """The entities that an entity belongs to, each once with the references that say so; those above them are left out.

    A record that no flow has read and no link ties is nobody's customer: a subsidiary, a group, a website.
    """
    found: list[tuple[list[Belonging], Entity]] = []
    for one in entity.belongs:
        known = next((ways for ways, above in found if one.parent in _keys(above.members)), None)
        if known is not None:
            known.append(one)
            continue
        above = entity_of(store, ruleset, one.parent)
        if len(above.members) > 1 or above.members[0].record is not None:
            found.append(([one], above))
    return [(tuple(ways), above) for ways, above in found]


def _ties(store: Store, key: RecordKey) -> list[Link]:
    return [link for link in store.links_of(*key[:2], [key.id]).get(key.id, []) if link.state in TIES]


def _staged(store: Store, key: RecordKey) -> Record | None:
    return store.records(key.connection, key.object, [key.id]).get(key.id)


def _belongs(ruleset: Ruleset, members: Iterable[Member]) -> Iterator[Belonging]:
    """References from members to records of objects that flows keep, but to no other member."""
    members = tuple(members)
    ours = _keys(members)
    kept = _kept(ruleset)
    for member in members:
        fields = member.record.fields if member.record else {}
        for name, spec in ruleset.objects[member.key.object].fields.items():
            parent = RecordKey(member.key.connection, spec.to, _id(fields.get(name)))
            if spec.type == "reference" and parent.id and parent[:2] in kept and parent not in ours:
                yield Belonging(member.key, name, parent)


def _keys(members: Iterable[Member]) -> Collection[RecordKey]:
    return {one.key for one in members}


def _id(value: object) -> str:
    id = reference_id(value)
    return "" if is_blank(id) else str(id)


def _kept(ruleset: Ruleset) -> Collection[tuple[str, str]]:
    """Ends of flows: only they are linked."""
    flows = ruleset.flows.values()
    sources = {(flow.source_connection.name, flow.source.name) for flow in flows}
    return sources | {(flow.target_connection.name, flow.target.name) for flow in flows}
