"""Field catalogues: YAML -> FieldSpec."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.config.compile_bench import Bench
from engine.config.compile_members import EMPTY, child, flag, members, number, place_of, plain, text, words
from engine.config.document import Node
from engine.functions.paths import line_step
from engine.model.finding import Place
from engine.spec.system import FieldSpec, SettingSpec

CONSENT_MEMBERS: Mapping[str, str] = {"status": "consent", "at": "datetime", "source": "text", "wording": "text"}
"""What a consent holds beside its state: when, where and in which words it was given."""

REPLACED_WHOLE = "whole"


class Catalogue:
    """Compiles the fields of one system's objects."""

    def __init__(self, system: str, objects: Iterable[str], bench: Bench) -> None:
        self.system, self.objects, self.bench = system, tuple(objects), bench

    def full(self, name: str, place: Place) -> str:
        """`system.object` of a short or full object name; an unknown one is reported."""
        short = name.removeprefix(f"{self.system}.")
        self.bench.holds("object", short, self.objects, place)
        return f"{self.system}.{short}"

    def fields(self, node: Node, personal: tuple[str, ...] = (), custom: Node = EMPTY) -> dict[str, FieldSpec]:
        """All fields of a `fields` member; `custom` says where fields of the account's own making stand."""
        return {name: self.field(name, one, node, name in personal, custom) for name, one in members(node, "fields")}

    def field(self, name: str, node: Node, owner: Node, personal: bool = False, custom: Node = EMPTY) -> FieldSpec:
        """One field."""
        to = text(node, "to")
        return FieldSpec(
            name,
            type=text(node, "type", "text"),
            label=text(node, "label"),
            at=_steps(name, node, custom),
            column=text(node, "column"),
            length=number(node, "length"),
            values=words(node, "values"),
            codes=self._codes(node),
            format=text(node, "format"),
            minor_units=flag(node, "minor_units"),
            writable=flag(node, "writable", True),
            required=flag(node, "required"),
            personal=personal or flag(node, "personal"),
            custom=flag(node, "custom"),
            to=self.full(to, place_of(node, "to")) if to else "",
            fields=self.fields(node, custom=custom),
            place=child(owner, "fields").keys.get(name, node.place),
            **_rest(node),
        )

    def _codes(self, node: Node) -> dict[str, str]:
        return {name: str(code.value) for name, code in members(node, "codes")}


def _steps(name: str, node: Node, custom: Node) -> tuple[str, ...]:
    """Where a field lies: where it says, else among the custom ones, else under its own name."""
    if node.get("at"):
        return tuple(text(node, "at").split("."))
    return custom_steps(name, text(node, "label"), custom) if flag(node, "custom") else ()


def custom_steps(name: str, label: str, custom: Node) -> tuple[str, ...]:
    """Where a custom field lies: in a list by its name, in a map by its label, else under its own name."""
    steps = text(custom, "at").split(".")
    if text(custom, "style") == "attribute_list":
        return (*steps, line_step(text(custom, "name", "name"), name), text(custom, "value", "value"))
    return (*steps, label or name) if text(custom, "style") == "keyed_by_id" else ()


def _rest(node: Node) -> dict[str, Any]:
    return {
        "part": text(node, "part"),
        "of": text(node, "of"),
        "key": words(node, "key"),
        "single": words(node, "single"),
        "replace": text(node, "replace"),
        "joined_by": text(node, "joined_by"),
        "null_is": text(node, "null_is"),
        "clear": text(node, "clear", "null"),
        "compare": text(node, "compare"),
        "short_lived": flag(node, "short_lived"),
        "detail": flag(node, "detail"),
        "moves_with": text(node, "moves_with"),
        "verify_on_site": flag(node, "verify_on_site"),
        "hazards": words(node, "hazards"),
    }


def settings_of(node: Node) -> dict[str, SettingSpec]:
    """The settings that a system or a flow asks for."""
    return {name: _setting(name, one) for name, one in members(node, "settings")}


def _setting(name: str, node: Node) -> SettingSpec:
    return SettingSpec(
        name, text(node, "type", "text"), text(node, "title"), flag(node, "required"), plain(node, "default")
    )


def member_field(spec: FieldSpec, name: str) -> FieldSpec | None:
    """A member of a map, an object, a list line or a consent; None when there is no such member."""
    full = f"{spec.name}.{name}"
    if spec.type == "map":
        return FieldSpec(full, spec.of or "text", length=spec.length, clear=spec.clear, place=spec.place)
    if spec.type == "consent":
        return FieldSpec(name, CONSENT_MEMBERS[name], place=spec.place) if name in CONSENT_MEMBERS else None
    if spec.fields:
        return spec.fields.get(name)
    return FieldSpec(name, "text", place=spec.place) if spec.type in ("object", "list") and not spec.of else None
