"""A JSON Schema laid on a tree of nodes: the subset of 2020-12 that schemas/ uses, with places and hints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from engine.config.document import Node
from engine.config.schema_words import TYPES, WORDS, Schema, called, example, reason, same, shown, type_hint, written
from engine.config.suggest import did_you_mean, nearest
from engine.model.finding import Finding, Place
from engine.model.values import is_number


class Walk:
    """One pass over one document; gathers findings, never stops early."""

    def __init__(self, root: Schema) -> None:
        self.root = root
        self.findings: list[Finding] = []

    def visit(self, schema: Schema | bool, node: Node, name: str = "", because: str = "") -> None:
        """Checks a node against a schema. `name` is what messages call it."""
        if isinstance(schema, bool):
            return
        if "$ref" in schema:
            self.visit(self._referred(schema["$ref"]), node, name, because)
        if not self._type(schema, node, name):
            return
        self._choices(schema, node, name, because)
        if node.is_map:
            self._map(schema, node, name, because)
        elif node.is_list:
            self._list(schema, node, name)
        elif isinstance(node.value, str):
            self._text(schema, node, name)
        elif is_number(node.value):
            self._number(schema, node, name)
        for part in (schema, *schema.get("allOf", ())):
            if "if" in part:
                self._conditional(part, schema, node, name)

    def matches(self, schema: Schema, node: Node) -> bool:
        """True when the node holds nothing against the schema."""
        trial = Walk(self.root)
        trial.visit(schema, node)
        return not trial.findings

    def _referred(self, reference: str) -> Schema:
        target: Any = self.root
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        found: Schema = target
        return found

    def _report(self, code: str, message: str, place: Place, hint: str = "") -> None:
        self.findings.append(Finding(code, message, place, hint=hint))

    # -- values ------------------------------------------------------------------------------------------

    def _type(self, schema: Schema, node: Node, name: str) -> bool:
        allowed = schema.get("type")
        if allowed is None:
            return True
        names = [allowed] if isinstance(allowed, str) else allowed
        if any(TYPES[one](node.value) for one in names):
            return True
        expected = " or ".join(WORDS[one] for one in names)
        message = f"{called(name)}expected {expected}, found {shown(node)}"
        self._report("wrong-type", message, node.place, type_hint(names, node, schema))
        return False

    def _choices(self, schema: Schema, node: Node, name: str, because: str) -> None:
        if "const" in schema and not same(node, schema["const"]):
            hint = f"write {written(schema['const'])}"
            self._report("wrong-value", f"{called(name)}found {shown(node)}{because}", node.place, hint)
        if "enum" in schema and not any(same(node, one) for one in schema["enum"]):
            words = [str(one) for one in schema["enum"]]
            listed = f", not one of {', '.join(words)}" if len(words) <= 24 else ""
            near = nearest(str(node.value), words)
            hint = f"did you mean `{near}`?" if near else ""
            self._report("wrong-value", f"{called(name)}found {shown(node)}{listed}", node.place, hint)

    def _text(self, schema: Schema, node: Node, name: str) -> None:
        if len(node.value) < schema.get("minLength", 0):
            self._report("wrong-form", f"{called(name)}the text is empty", node.place, example(schema))
        elif "pattern" in schema and not re.search(schema["pattern"], node.value):
            message = f"{called(name)}{shown(node)} does not have the right form"
            self._report("wrong-form", message, node.place, example(schema))

    def _number(self, schema: Schema, node: Node, name: str) -> None:
        low, high = schema.get("minimum"), schema.get("maximum")
        if (low is not None and node.value < low) or (high is not None and node.value > high):
            allowed = (
                f"{low} to {high}" if None not in (low, high) else f"{low} or more" if high is None else f"up to {high}"
            )
            self._report(
                "out-of-range", f"{called(name)}{node.value} is out of range", node.place, f"allowed: {allowed}"
            )
        if "exclusiveMinimum" in schema and node.value <= schema["exclusiveMinimum"]:
            hint = f"allowed: more than {schema['exclusiveMinimum']}"
            self._report("out-of-range", f"{called(name)}{node.value} is out of range", node.place, hint)

    # -- lists -------------------------------------------------------------------------------------------

    def _list(self, schema: Schema, node: Node, name: str) -> None:
        count, least, most = len(node.value), schema.get("minItems", 0), schema.get("maxItems")
        if count < least:
            self._report(
                "too-few", f"{called(name)}at least {least} needed, found {count}", node.place, example(schema)
            )
        if most is not None and count > most:
            self._report("too-many", f"{called(name)}at most {most} allowed, found {count}", node.place)
        items = schema.get("items")
        if items is None:
            return
        for element in node:
            self.visit(items, element, name)
        lines = self._referred(items["$ref"]) if "$ref" in items else items
        if "id" in lines.get("required", ()) or "place" in lines.get("properties", ()):
            self._ids(node)

    def _ids(self, node: Node) -> None:
        seen: dict[Any, Place] = {}
        for element in node:
            told = element.get("id")
            if told is None or told.is_map or told.is_list:
                continue
            first = seen.setdefault(told.value, told.place)
            if first is not told.place:
                message = f"the id {told.value!r} stands twice in this list: first at {first}"
                self._report("duplicate-id", message, told.place, "give each line an id of its own")

    # -- maps --------------------------------------------------------------------------------------------

    def _map(self, schema: Schema, node: Node, name: str, because: str) -> None:
        meant = self._members(schema, node, name, because)
        for key in schema.get("required", ()):
            if key not in node.value and key not in meant and not (key == "version" and schema is self.root):
                self._missing(key, schema, node, name, because)
        for key, needed in schema.get("dependentRequired", {}).items():
            for other in needed if key in node.value else ():
                if other not in node.value:
                    self._missing(other, schema, node, name, f": `{key}` needs it")
        if "oneOf" in schema:
            self._one_of(schema["oneOf"], node, name)
        self._sizes(schema, node, name)

    def _members(self, schema: Schema, node: Node, name: str, because: str) -> set[str]:
        """Checks each member; gives the keys that were probably meant by unknown ones."""
        properties: Schema = schema.get("properties", {})
        patterns: Schema = schema.get("patternProperties", {})
        rest = schema.get("additionalProperties", True)
        meant: set[str] = set()
        for key, member in node.items():
            place = node.keys.get(key, member.place)
            self._name(schema, key, place)
            if key in properties:
                self._member(properties[key], key, member, place, because)
            elif key == "$unset" and rest is not True:
                self._report(
                    "unset-outside-layer", "`$unset` works in layers only", place, "remove the entries themselves"
                )
            elif any(re.search(pattern, key) for pattern in patterns):
                continue
            elif rest is False:
                meant.add(self._unknown(key, place, properties, name))
            else:
                self.visit(rest, member, key)
        return meant

    def _name(self, schema: Schema, key: str, place: Place) -> None:
        names = schema.get("propertyNames")
        if names and not re.search(names["pattern"], key):
            self._report("wrong-form", f"the name `{key}` does not have the right form", place, example(names))

    def _member(self, schema: Schema | bool, key: str, member: Node, place: Place, because: str) -> None:
        if schema is False:
            self._report("misplaced-key", f"`{key}` does not belong here{because}", place, f"remove `{key}`")
        else:
            self.visit(schema, member, key, because)

    def _unknown(self, key: str, place: Place, properties: Schema, name: str) -> str:
        known = [one for one, schema in properties.items() if schema is not False and not one.startswith("$")]
        inside = f" in `{name}`" if name else ""
        self._report("unknown-key", f"unknown key `{key}`{inside}", place, _key_hint(key, known))
        return nearest(key, known)

    def _missing(self, key: str, schema: Schema, node: Node, name: str, because: str) -> None:
        inside = f" in `{name}`" if name else ""
        told = self._described(schema.get("properties", {}).get(key, {}))
        self._report("missing-key", f"`{key}` is missing{inside}{because}", node.place, told)

    def _described(self, schema: Schema | bool) -> str:
        if isinstance(schema, bool):
            return ""
        text = schema.get("description", "")
        return str(text) if text or "$ref" not in schema else self._described(self._referred(schema["$ref"]))

    def _sizes(self, schema: Schema, node: Node, name: str) -> None:
        count = len(node.value)
        if count < schema.get("minProperties", 0):
            self._report("too-few", f"{called(name)}the map is empty", node.place, example(schema))
        if count > schema.get("maxProperties", count):
            self._report("too-many", f"{called(name)}one key only, found {count}", node.place, example(schema))

    def _one_of(self, branches: Iterable[Schema], node: Node, name: str) -> None:
        """Branches are told apart by the key that each requires; a branch without one is "none of them"."""
        wanted = [branch["required"][0] for branch in branches if "required" in branch]
        if sum(self.matches(branch, node) for branch in branches) == 1:
            return
        given = [key for key in wanted if key in node.value]
        if given:
            place = node.keys.get(given[-1], node.place)
            self._report("one-source", f"{called(name)}{' and '.join(given)} exclude each other", place, "keep one")
        elif self._all_known(node, name):
            hint = f"give exactly one of {', '.join(wanted)}"
            self._report("one-source", f"{called(name)}nothing says where the value comes from", node.place, hint)

    def _all_known(self, node: Node, name: str) -> bool:
        """False when an unknown key of this very map was reported: it may be the misspelt source."""
        places = {node.keys.get(key) for key in node.value}
        return not any(one.code == "unknown-key" and one.place in places for one in self.findings)

    def _conditional(self, part: Schema, outer: Schema, node: Node, name: str) -> None:
        branch = part.get("then" if self.matches(part["if"], node) else "else")
        if branch is None:
            return
        because = reason(part["if"], node)
        for key in branch.get("required", ()):
            if key not in node.value:
                self._missing(key, outer, node, name, because)
        self.visit({key: one for key, one in branch.items() if key != "required"}, node, name, because)


def _key_hint(key: str, known: Iterable[str]) -> str:
    """What is no word at all is the rest of a text that a comma has cut."""
    if any(sign in key for sign in "()[]'\"="):
        return "in {...} a comma ends a value: quote an expression that holds one"
    return did_you_mean(key, known)
