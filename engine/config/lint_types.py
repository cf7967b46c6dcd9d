"""Which source types can become which target types."""

from __future__ import annotations

from collections.abc import Mapping

from engine.config.compile_fields import member_field
from engine.spec.system import FieldSpec, ObjectSpec

FAMILIES: Mapping[str, str] = {
    **dict.fromkeys(("text", "email", "phone", "url", "choice", "country", "currency", "language"), "text"),
    **dict.fromkeys(("integer", "decimal", "money"), "number"),
    **dict.fromkeys(("date", "datetime"), "time"),
    **dict.fromkeys(("list", "multi_choice"), "list"),
    "boolean": "boolean",
    "reference": "reference",
    "object": "object",
    "map": "map",
    "consent": "consent",
    "secret": "secret",
}
_FITS = frozenset(
    {
        *((one, one) for one in FAMILIES.values()),
        *(("text", other) for other in ("number", "time", "boolean", "reference", "consent")),
        *((one, "text") for one in ("number", "time", "boolean", "reference")),
        ("number", "reference"),
        ("map", "object"),
        ("object", "map"),
        ("boolean", "consent"),
        ("consent", "boolean"),
    }
) - {("secret", "secret")}


def fits(source: FieldSpec, target: FieldSpec) -> bool:
    """True when a value of the one field can be brought into the type of the other."""
    return (FAMILIES.get(source.type, "text"), FAMILIES.get(target.type, "text")) in _FITS


def field_at(
    objects: Mapping[str, ObjectSpec], obj: ObjectSpec, steps: tuple[str, ...]
) -> tuple[ObjectSpec, FieldSpec] | None:
    """The field at the end of a bare path, with the object that holds it; None where that is not known."""
    spec: FieldSpec | None = None
    for step in steps:
        if step == "[]":
            continue
        if spec is not None and spec.type == "reference":
            if spec.to not in objects:
                return None
            obj, spec = objects[spec.to], None
        if spec is None and step in obj.relations:
            obj = objects.get(obj.relations[step].object, obj)
            continue
        spec = obj.fields.get(step) if spec is None else member_field(spec, step)
        if spec is None:
            return None
    return (obj, spec) if spec is not None else None
