"""Masks for personal values: enough shape to see what it is, too little to know whose it is."""

from __future__ import annotations

import re
from typing import Any

from engine.functions.cards import mask_tree
from engine.model.values import is_number
from engine.spec.ruleset import FlowSpec
from engine.spec.system import ObjectSpec

STARS = "***"
_EMAIL = re.compile(r"\s*([^\s@]+)@([^\s@]+)\s*")
_EMAIL_INSIDE = re.compile(r"([^\s@\"'<>()]+)@([^\s@\"'<>()]+\.[^\s@\"'<>()]+)")
_PHONE = re.compile(r"\s*(\+?)[\d\s()./-]{6,}\s*")
_MOST_WORDS = 4


def masked(value: Any) -> Any:
    """The value with every text and number in it made unrecognisable; blanks and flags stay."""
    if isinstance(value, dict):
        return {name: masked(one) for name, one in value.items()}
    if isinstance(value, list):
        return [masked(one) for one in value]
    if is_number(value):
        return STARS
    return masked_text(value) if isinstance(value, str) and value.strip() else value


def masked_text(text: str) -> str:
    """`ada@example.com` is `a***@e***.com`, `+33 1 23 45 67 12` is `+33***12`, `Ada King` is `A*** K***`."""
    if email := _EMAIL.fullmatch(text):
        return _masked_email(*email.groups())
    if (phone := _PHONE.fullmatch(text)) and len(digits := re.sub(r"\D", "", text)) > 5:
        return f"{phone.group(1)}{digits[:2]}{STARS}{digits[-2:]}"
    return " ".join(_first(word) for word in text.split()[:_MOST_WORDS])


def _masked_email(local: str, domain: str) -> str:
    name, dot, last = domain.rpartition(".")
    return f"{_first(local)}@{_first(name)}.{last}" if dot else f"{_first(local)}@{STARS}"


def _first(word: str) -> str:
    return f"{word[0]}{STARS}" if len(word) > 2 else STARS


def without_addresses(value: Any) -> Any:
    """The value with the email addresses in it masked: they slip into fields that are not marked as personal."""
    if isinstance(value, str):
        return _EMAIL_INSIDE.sub(lambda found: _masked_email(*found.groups()), value) if "@" in value else value
    if isinstance(value, dict):
        return {name: without_addresses(one) for name, one in value.items()}
    return [without_addresses(one) for one in value] if isinstance(value, list) else value


def is_personal(obj: ObjectSpec, field: str) -> bool:
    """True when the catalogue says that the field tells who somebody is."""
    outer = field.partition(".")[0]
    spec = obj.fields.get(outer)
    return outer in obj.personal or field in obj.personal or (spec is not None and spec.personal)


class Blind:
    """Shows values of records: personal ones masked unless they are to be revealed, card numbers always."""

    def __init__(self, objects: dict[str, ObjectSpec], *, reveal: bool = False) -> None:
        self._objects = objects
        self.reveal = reveal

    def show(self, object: str, field: str, value: Any) -> Any:
        """The value of a field of an object, masked where it must be."""
        value = mask_tree(value)
        if self.reveal:
            return value
        obj = self._objects.get(object)
        return masked(value) if obj is not None and is_personal(obj, field) else without_addresses(value)

    def mapped(self, flow: FlowSpec, field: str, value: Any) -> Any:
        """The value of a target field of a flow."""
        plan = flow.fields.get(field)
        if plan is not None and plan.personal and not self.reveal:
            return masked(value)
        return self.show(flow.target.name, field, value)
