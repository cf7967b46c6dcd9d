"""fields: the catalogue of an object."""

from __future__ import annotations

from collections.abc import Iterator

import click

from engine.cli.exits import DONE
from engine.cli.live_fields import live_fields
from engine.cli.loading import open_ruleset
from engine.cli.options import Given, common, write
from engine.config.suggest import did_you_mean
from engine.model.errors import UsageError
from engine.report.wording import json_text, table_text
from engine.spec.ruleset import Ruleset
from engine.spec.system import FieldSpec, ObjectSpec


@click.command()
@click.argument("object_name", metavar="OBJECT", required=False, default="")
@click.option("--search", default="", metavar="TEXT", help="Only fields whose name, label or type holds this.")
@click.option("--live", is_flag=True, help="Ask the account: its fields now, with sample values and a record count.")
@common()
def fields(given: Given, object_name: str, search: str, live: bool) -> int:
    """List the fields of OBJECT (system.object): id, type, label, and what may be done with each.

    Without OBJECT the objects are listed.
    """
    ruleset = open_ruleset(given)
    if not object_name or object_name in ruleset.systems:
        _write_objects(given, ruleset, object_name)
        return DONE
    if live:
        _write_live(given, ruleset, _object(ruleset, object_name), search)
        return DONE
    found = [one for one in _all(_object(ruleset, object_name)) if _fits(one, search)]
    if given.as_json:
        write(json_text([_tree(name, spec) for name, spec in found], indent=2))
    else:
        rows = [(name, _type(spec), spec.label, _remarks(spec)) for name, spec in found]
        write(table_text(("field", "type", "label", "remarks"), rows))
    return DONE


def _write_live(given: Given, ruleset: Ruleset, obj: ObjectSpec, search: str) -> None:
    found, count = live_fields(given, ruleset, obj)
    found = [one for one in found if search.lower() in f"{one['field']} {one['label']} {one['type']}".lower()]
    if given.as_json:
        write(json_text({"records": count, "fields": found}, indent=2))
        return
    rows = [(one["field"], one["label"] or "", one["type"] or "", ", ".join(one["samples"])) for one in found]
    write(table_text(("field", "label", "type", "samples"), rows))
    write(f"{count} records")


def _write_objects(given: Given, ruleset: Ruleset, system: str = "") -> None:
    chosen = [(name, obj) for name, obj in sorted(ruleset.objects.items()) if system in ("", name.partition(".")[0])]
    rows = [(name, obj.title, len(obj.fields)) for name, obj in chosen]
    if given.as_json:
        write(json_text([{"object": name, "title": title, "fields": number} for name, title, number in rows], indent=2))
    else:
        write(table_text(("object", "title", "fields"), rows))


def _object(ruleset: Ruleset, name: str) -> ObjectSpec:
    if name not in ruleset.objects:
        raise UsageError(f"there is no object '{name}' ({did_you_mean(name, sorted(ruleset.objects), 60)})")
    return ruleset.objects[name]


def _all(obj: ObjectSpec) -> Iterator[tuple[str, FieldSpec]]:
    for name, spec in obj.fields.items():
        yield from _with_members(name, spec)


def _with_members(name: str, spec: FieldSpec) -> Iterator[tuple[str, FieldSpec]]:
    yield name, spec
    for member, inner in spec.fields.items():
        yield from _with_members(f"{name}.{member}", inner)


def _fits(one: tuple[str, FieldSpec], search: str) -> bool:
    name, spec = one
    return search.lower() in f"{name} {spec.label} {spec.type}".lower()


def _type(spec: FieldSpec) -> str:
    more = spec.to or spec.of or (str(spec.length) if spec.length else "")
    return f"{spec.type} ({more})" if more else spec.type


def _remarks(spec: FieldSpec) -> str:
    said = [word for word, holds in _MARKS if holds(spec)]
    said += [f"one of {', '.join(spec.values)}"] if spec.values else []
    return "; ".join(said)


_MARKS = (
    ("required", lambda spec: spec.required),
    ("read only", lambda spec: not spec.writable),
    ("personal", lambda spec: spec.personal),
    ("custom", lambda spec: spec.custom),
    ("needs a read of its own", lambda spec: spec.detail),
    ("to be confirmed on site", lambda spec: spec.verify_on_site),
)


def _tree(name: str, spec: FieldSpec) -> dict[str, object]:
    return {
        "field": name, "type": spec.type, "label": spec.label, "length": spec.length, "values": list(spec.values),
        "to": spec.to, "required": spec.required, "writable": spec.writable, "personal": spec.personal,
    }  # fmt: skip
