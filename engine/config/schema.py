"""Documents against the JSON Schemas of schemas/: findings that point at the very key or value."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from engine.config.document import Document, Node
from engine.config.schema_walk import Walk
from engine.config.shipped import shipped_folder
from engine.model.finding import Finding

VERSION = 1
"""The version of the language that this engine speaks."""

_LAYERED = ("system", "mapping", "rules")


def check(document: Document, partial: bool) -> list[Finding]:
    """What is wrong with the shape of a document; `partial` for a layer's file."""
    wrong = _version(document.root)
    if wrong and wrong[0].code in ("version-newer", "version-older"):
        return wrong
    walk = Walk(schema_of(document.kind, partial))
    walk.visit(walk.root, document.root)
    said = [*wrong, *walk.findings]
    return sorted(dict.fromkeys(said), key=lambda one: one.place)


@cache
def schema_of(kind: str, partial: bool = False) -> dict[str, Any]:
    """The JSON Schema of a kind of file, in its full form or in the form that layers use."""
    layer = "layer/" if partial and kind in _LAYERED else ""
    path = shipped_folder() / "schemas" / f"{layer}{kind}.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _version(root: Node) -> list[Finding]:
    """The version is read first: a newer file may hold anything."""
    told = root.get("version")
    if not root.is_map:
        return []
    if told is None:
        hint = f"write `version: {VERSION}` as the first line"
        return [Finding("version-missing", "the file does not say its version", root.place, hint=hint)]
    if type(told.value) is not int or told.value == VERSION:
        return []
    if told.value > VERSION:
        message = f"version {told.value} is newer than this program, which reads version {VERSION}"
        return [Finding("version-newer", message, told.place, hint="use a newer program for this file")]
    return [Finding("version-older", f"there is no version {told.value}", told.place, hint=f"write {VERSION}")]
