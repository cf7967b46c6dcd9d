"""A system's YAML as a page: what to set and to grant, what its records are, where it bites, what is not confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.config.document import Document
from engine.report.markdown import code, codes, joined, table
from engine.report.page_words import (
    CHANGES,
    CLASSES,
    DELETIONS,
    EFFECTS,
    GENERATED,
    HAZARDS,
    LIMITS,
    UNCONFIRMED,
)

Tree = Mapping[str, Any]


def system_page(document: Document) -> str:
    """The whole page."""
    tree = document.root.plain()
    sections = [f"# {tree['title']}", GENERATED.format(files=code(document.file)), _head(tree)]
    sections += [section for title, words in _SECTIONS if (section := _section(title, words(tree)))]
    sections += [_object(name, one) for name, one in _named(tree.get("objects"))]
    return joined(*sections) + "\n"


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}" if text else ""


def _named(tree: Tree | None) -> list[tuple[str, Any]]:
    """Members that are not notes."""
    return [(name, one) for name, one in (tree or {}).items() if not name.startswith("x-")]


def _head(tree: Tree) -> str:
    lines = [f"- Connector {code(tree['connector'])}"]
    if "base_url" in tree:
        lines[0] += f", by default at {code(tree['base_url'])}; an environment names the real host"
    if "auth" in tree:
        lines.append(f"- Login: {code(tree['auth']['kind'])}")
    limits = [LIMITS[name].format(one) for name, one in _named(tree.get("limits"))]
    if limits:
        lines.append(f"- Limits that are kept: {', '.join(limits)}")
    if "idempotency" in tree:
        told = tree["idempotency"]
        lines.append(
            f"- A request with the same {code(told['header'])} is carried out once within {told['lasts']}"
        )
    return "\n".join(lines)


# -- what a person has to do -----------------------------------------------------------------------------


def _settings(tree: Tree) -> str:
    rows = [
        (
            code(name),
            one["type"],
            "yes" if one.get("required") else "",
            _told(one, "default"),
            one.get("title", ""),
        )
        for name, one in _named(tree.get("settings"))
    ]
    return table(("setting", "type", "required", "default", "what it is"), rows)


def _told(tree: Tree, key: str) -> str:
    return code(tree[key]) if key in tree else ""


def _permissions(tree: Tree) -> str:
    rows = [(one["what"], one["why"]) for one in tree.get("permissions", ())]
    return table(("permission", "why"), rows)


def _unconfirmed(tree: Tree) -> str:
    notes = [f"- {note}" for note in tree.get("x-unconfirmed", ())]
    notes += [
        f"- {code(f'{name}.{field}')}{': ' + spec['label'] if 'label' in spec else ''}"
        for name, one in _named(tree.get("objects"))
        for field, spec in _open_fields(one.get("fields"), "")
    ]
    return joined(UNCONFIRMED, "\n".join(notes)) if notes else ""


def _open_fields(fields: Tree | None, path: str) -> Iterator[tuple[str, Tree]]:
    for name, spec in _named(fields):
        if spec.get("verify_on_site"):
            yield path + name, spec
        yield from _open_fields(spec.get("fields"), f"{path}{name}.")


def _errors(tree: Tree) -> str:
    rows = [
        (code(line["id"]), _condition(line), CLASSES[line["class"]], " ".join(_advice(line)))
        for line in tree.get("errors", ())
    ]
    text = "The first line that fits decides what happens next."
    return (
        joined(text, table(("line", "when", "what happens", "what a person is told"), rows)) if rows else ""
    )


def _condition(line: Tree) -> str:
    parts = [f"status {', '.join(map(str, line['status']))}"] if "status" in line else []
    parts += [f"code {code(line['code'])}"] if "code" in line else []
    parts += [f"text {code(line['text'])}"] if "text" in line else []
    parts += [code(line["when"])] if "when" in line else []
    return ", ".join(parts)


def _advice(line: Tree) -> Iterator[str]:
    for key in ("say", "do"):
        if key in line:
            yield line[key].rstrip(".") + "."


# -- objects ---------------------------------------------------------------------------------------------


def _object(name: str, one: Tree) -> str:
    title = f"## {one.get('title', name)}: `{name}`"
    relations = "\n".join(f"- {code(key)}: {_relation(told)}" for key, told in _named(one.get("relations")))
    hazards = "\n".join(f"- {code(key)}: {HAZARDS.get(key, '')}" for key in one.get("hazards", ()))
    return joined(
        title,
        "\n".join(f"- {line}" for line in _facts(one)),
        table(("operation", "request", "effect", "notes"), _operations(one)),
        _below("Relations", relations),
        _below("Hazards", hazards),
        _below("Fields", table(("field", "type", "notes"), _fields(one.get("fields"), ""))),
    )


def _below(title: str, text: str) -> str:
    return f"### {title}\n\n{text}" if text else ""


def _facts(one: Tree) -> Iterator[str]:
    yield f"Known by {code(one['id'])}" if "id" in one else "Without an id of its own"
    if one.get("read_only"):
        yield "Read only: nothing is ever written to it"
    for key, words in (
        ("label", "Named in reports by"),
        ("unique", "Kept unique"),
        ("personal", "Masked in reports"),
    ):
        if one.get(key):
            yield f"{words}: {codes(one[key])}"
    if "changes" in one:
        yield _changes(one["changes"])
    if "deletions" in one:
        yield f"A record is gone {DELETIONS[one['deletions']['kind']]}"


def _changes(told: Tree) -> str:
    words = CHANGES[told["kind"]].format(
        field=code(told.get("field", "")), types=codes(told.get("types", ()))
    )
    more = [f"{name} {told[name]}" for name in ("overlap", "resolution", "retention") if name in told]
    more += [f"everything is read again every {told['sweep']}"] if "sweep" in told else []
    return f"{words}{f' ({chr(59).join(more)})' if more else ''}".replace(";", "; ")


def _operations(one: Tree) -> Iterator[tuple[str, str, str, str]]:
    told = one.get("operations") or {}
    for name, request in _named(told):
        if name == "find":
            yield from (_operation(f"find by {field}", inner) for field, inner in request.items())
        else:
            yield _operation(name, request)
    for part, requests in _named(one.get("parts")):
        yield from (_operation(f"{verb} part {part}", inner) for verb, inner in _named(requests))


def _operation(name: str, request: Tree) -> tuple[str, str, str, str]:
    notes = [f"{key} {request[key]}" for key in ("equality", "lag", "send", "natural_key") if key in request]
    return name, code(request["request"]), EFFECTS.get(request.get("effect", ""), ""), ", ".join(notes)


def _relation(told: Tree) -> str:
    where = " and ".join(
        f"their {code(theirs)} is our {code(ours)}" for theirs, ours in _named(told.get("where"))
    )
    return f"{'all' if told.get('many') else 'the'} {code(told['object'])} where {where}"


def _fields(fields: Tree | None, path: str) -> Iterator[tuple[str, str, str]]:
    for name, spec in _named(fields):
        yield code(path + name), _type(spec), ", ".join(_notes(spec))
        inside = f"{path}{name}[]." if spec["type"] == "list" else f"{path}{name}."
        yield from _fields(spec.get("fields"), inside)


def _type(spec: Tree) -> str:
    length = f" ({spec['length']})" if "length" in spec else ""
    of = f" of {spec['of']}" if "of" in spec else ""
    to = f" to {code(spec['to'])}" if "to" in spec else ""
    return f"{spec['type']}{of}{to}{length}"


def _notes(spec: Tree) -> Iterator[str]:
    if "label" in spec:
        yield spec["label"]
    if "values" in spec:
        yield f"one of {codes(spec['values'])}"
    for key, says in _FLAGS:
        if spec.get(key[0]) == key[1]:
            yield says
    yield from (code(hazard) for hazard in spec.get("hazards", ()))


_FLAGS: tuple[tuple[tuple[str, Any], str], ...] = (
    (("writable", False), "read only"),
    (("required", True), "required"),
    (("custom", True), "custom field"),
    (("detail", True), "comes with a single read only"),
    (("clear", "never"), "is never cleared"),
    (("short_lived", True), "short-lived"),
    (("verify_on_site", True), "**to be confirmed on site**"),
)

_SECTIONS = (
    ("Settings", _settings),
    ("Permissions to grant", _permissions),
    ("What is not confirmed", _unconfirmed),
    ("Errors", _errors),
)
