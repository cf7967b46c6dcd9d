"""Objects of a system: YAML -> ObjectSpec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.config.compile_bench import Bench
from engine.config.compile_fields import Catalogue
from engine.config.compile_members import (
    child,
    flag,
    key_place,
    members,
    place_of,
    plain,
    seconds,
    text,
    words,
)  # fmt: skip
from engine.config.compile_request import Requests
from engine.config.document import Node
from engine.model.finding import Place
from engine.spec.system import (
    ChangesSpec,
    DeletionsSpec,
    DiscoverSpec,
    FieldSpec,
    ObjectSpec,
    PartSpec,
    RelationSpec,
    RequestSpec,
)  # fmt: skip

OPERATIONS = ("list", "read", "create", "update", "delete", "merge")


class Objects:
    """Compiles the objects of one system."""

    def __init__(self, system: str, node: Node, requests: Requests, bench: Bench) -> None:
        self.system, self.node, self.requests, self.bench = system, node, requests, bench
        self.catalogue = Catalogue(system, child(node, "objects").value, bench)

    def all(self) -> dict[str, ObjectSpec]:
        """Every object by its full name."""
        return {f"{self.system}.{name}": self.one(name, node) for name, node in members(self.node, "objects")}

    def one(self, name: str, node: Node) -> ObjectSpec:
        """One object."""
        personal = words(node, "personal")
        fields = self.catalogue.fields(node, personal, child(node, "custom_fields"))
        parts = {key: self._part(key, one, fields) for key, one in members(node, "parts")}
        fields = {key: _of_part(field, parts) for key, field in fields.items()}
        spec = ObjectSpec(
            f"{self.system}.{name}",
            text(node, "title", name),
            text(node, "id", "id"),
            fields,
            label=words(node, "label"),
            unique=words(node, "unique"),
            personal=personal,
            read_only=flag(node, "read_only"),
            collection=text(node, "collection"),
            hazards=words(node, "hazards"),
            changes=self._changes(child(node, "changes")),
            deletions=self._deletions(node, fields),
            parts=parts,
            relations={key: self._relation(key, one, fields) for key, one in members(node, "relations")},
            discover=self._discover(node),
            custom_fields=self._custom_fields(node, fields),
            place=key_place(child(self.node, "objects"), name),
        )
        self._names_fields(node, spec)
        return replace(spec, **self._operations(node, fields))

    # -- parts of an object --------------------------------------------------------------------------

    def _within(self, fields: dict[str, FieldSpec]) -> Requests:
        """Requests may name the fields of their object: a listing per customer names `customer`."""
        return Requests(self.bench, self.requests.pagings, frozenset(fields))

    def _operations(self, node: Node, fields: dict[str, FieldSpec]) -> dict[str, Any]:
        requests, operations = self._within(fields), child(node, "operations")
        found: dict[str, Any] = {key: requests.optional(operations, key) for key in OPERATIONS}
        found["find"] = {key: requests.request(one) for key, one in members(operations, "find")}
        for key in found["find"]:
            self._findable(key.partition(".")[0], fields, key_place(child(operations, "find"), key))
        create: RequestSpec | None = found["create"]
        if create and create.natural_key:
            place = place_of(child(operations, "create"), "natural_key")
            self.bench.holds("field", create.natural_key, fields, place)
        return found

    def _findable(self, name: str, fields: dict[str, FieldSpec], place: Place) -> None:
        if name != "*":
            self.bench.holds("field", name, fields, place)

    def _changes(self, node: Node) -> ChangesSpec:
        record = node.get("record")
        event = text(node, "object")
        return ChangesSpec(
            text(node, "kind", "sweep"),  # type: ignore[arg-type]  # the schema lists the words
            field=text(node, "field"),
            format=text(node, "format"),
            object=self.catalogue.full(event, place_of(node, "object")) if event else "",
            types=words(node, "types"),
            record=self.bench.path(record) if record else None,
            overlap=seconds(node, "overlap"),
            resolution=seconds(node, "resolution"),
            sweep=seconds(node, "sweep"),
            retention=seconds(node, "retention"),
        )

    def _deletions(self, node: Node, fields: dict[str, FieldSpec]) -> DeletionsSpec | None:
        said = node.get("deletions")
        if said is None:
            return None
        return DeletionsSpec(
            text(said, "kind", "listing"),  # type: ignore[arg-type]
            types=words(said, "types"),
            list=self._within(fields).optional(said, "list"),
            field=text(said, "field"),
        )

    def _part(self, name: str, node: Node, fields: dict[str, FieldSpec]) -> PartSpec:
        requests = self._within(fields)
        found = {key: requests.optional(node, key) for key in ("read", "update", "remove")}
        return PartSpec(name, **found)

    def _relation(self, name: str, node: Node, fields: dict[str, FieldSpec]) -> RelationSpec:
        target = self.catalogue.full(text(node, "object"), place_of(node, "object"))
        other = child(child(self.node, "objects"), target.split(".", 1)[1])
        known = [key for key, _ in members(other, "fields")]
        where = child(node, "where")
        for theirs, ours in where.items():
            if known:
                self.bench.holds("field", theirs, known, key_place(where, theirs))
            self.bench.holds("field", str(ours.value), ("id", *fields), ours.place)
        for chosen in child(node, "default"):
            self.bench.holds("field", str(chosen.value), fields, chosen.place)
        joined = {key: str(one.value) for key, one in where.items()}
        return RelationSpec(name, target, flag(node, "many", True), joined, words(node, "default"))

    def _discover(self, node: Node) -> DiscoverSpec | None:
        said = node.get("discover")
        if said is None:
            return None
        return DiscoverSpec(
            self.requests.request(said),
            keyed=flag(said, "keyed"),
            field_id=text(said, "field_id", "id"),
            label=text(said, "label", "label"),
            type=text(said, "type", "type"),
        )

    def _custom_fields(self, node: Node, fields: dict[str, FieldSpec]) -> dict[str, Any]:
        said = child(node, "custom_fields")
        tree: dict[str, Any] = plain(node, "custom_fields", {})
        create: RequestSpec | None = None
        if said.get("create"):
            named = Requests(self.bench, self.requests.pagings, frozenset({*fields, "label", "type"}))
            create = named.optional(said, "create")
        return {**tree, "create": create} if create else tree

    # -- names ---------------------------------------------------------------------------------------

    def _names_fields(self, node: Node, spec: ObjectSpec) -> None:
        """Lists of field names name fields that are there."""
        for key in ("label", "unique", "personal"):
            for one in child(node, key):
                self.bench.holds("field", str(one.value), spec.fields, one.place)
        changes = child(node, "changes")
        if spec.changes.field:
            self.bench.holds("field", spec.changes.field, spec.fields, place_of(changes, "field"))
        for _, one in members(node, "fields"):
            if part := text(one, "part"):
                self.bench.holds("part", part, spec.parts, place_of(one, "part"))


def _of_part(field: FieldSpec, parts: Mapping[str, PartSpec]) -> FieldSpec:
    """A field of a part that is read record by record costs a request of its own."""
    part = parts.get(field.part)
    single = part is not None and part.read is not None and not part.read.key
    return replace(field, detail=True) if single else field
