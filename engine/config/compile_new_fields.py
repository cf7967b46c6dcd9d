"""Fields that mappings want to have made: they join the catalogue of their object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.config.compile_bench import Bench
from engine.config.compile_fields import custom_steps
from engine.config.compile_members import child, members, text
from engine.config.document import Document, Node
from engine.spec.system import FieldSpec, ObjectSpec


def with_new_fields(
    objects: Mapping[str, ObjectSpec], systems: Mapping[str, Document], mappings: Mapping[str, Document], bench: Bench
) -> dict[str, ObjectSpec]:
    """Objects that have new fields, with them."""
    found: dict[str, ObjectSpec] = {}
    for document in mappings.values():
        name = text(document.root, "target")
        if name not in objects:
            continue
        system, _, short = name.partition(".")
        custom = child(child(child(systems[system].root, "objects"), short), "custom_fields")
        obj = found.get(name, objects[name])
        fields = dict(obj.fields)
        for field in _wanted(document.root, custom):
            _check(field, fields, obj, custom, bench)
            fields.setdefault(field.name, field)
        if len(fields) > len(obj.fields):
            found[name] = replace(obj, fields=fields)
    return found


def _wanted(mapping: Node, custom: Node) -> Iterator[FieldSpec]:
    for name, row in members(mapping, "fields"):
        said = row.get("new_field") if row.is_map else None
        if said is not None:
            label = text(said, "label", name)
            kind = text(said, "type", "text")
            steps = custom_steps(name, label, custom)
            yield FieldSpec(name, kind, label, at=steps, custom=True, new=True, clear="empty_text", place=said.place)


def _check(field: FieldSpec, known: Mapping[str, FieldSpec], obj: ObjectSpec, custom: Node, bench: Bench) -> None:
    """The system can make it, of this type, and it is not declared as something else already."""
    old = known.get(field.name)
    types = [key for key, _ in members(custom, "types")]
    if old is not None and (old.type, old.label) != (field.type, field.label):
        message = f"{field.name} is {old.type} '{old.label}' already, here it is {field.type} '{field.label}'"
        bench.say("new-field-differs", message, field.place, "give it another name, or the same type and label")
    elif old is None and not custom.get("create"):
        message = f"fields of {obj.name} cannot be made from here"
        bench.say("new-field-unsupported", message, field.place, "make it in the system and declare it in a layer")
    elif old is None and field.type not in types:
        message = f"{obj.name} cannot make a field of type {field.type}"
        bench.say("new-field-type", message, field.place, f"one of: {', '.join(types)}")
