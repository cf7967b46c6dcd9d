"""Custom attributes: a list of codes and values on the wire, a map inside."""

from __future__ import annotations

from typing import Any

from sandbox.magento import refusals
from sandbox.magento.refusals import Refusal
from sandbox.magento.shop import Record, Shop


def read(shop: Shop, kind: str, lines: list[Any]) -> Record:
    """The map of a list; null and an empty text clear. Undeclared codes are refused, or dropped."""
    found: Record = {}
    for line in lines:
        code = (line or {}).get("attribute_code")
        if not code:
            raise Refusal("The attribute code is missing.")
        if code in shop.attributes[kind]:
            value = line.get("value")
            found[code] = None if value == "" else value
        elif shop.options.unknown_attributes == "refuse":
            raise refusals.unknown_attribute(code)
    return found


def laid_over(held: Record, given: Record, *, keep: bool) -> Record:
    """What a record has after a write: codes that were not named stay or go."""
    merged = {**held, **given} if keep else dict(given)
    return {code: value for code, value in merged.items() if value is not None}


def shown(held: Record) -> list[Record]:
    """As the wire has it, in the order of codes."""
    return [{"attribute_code": code, "value": held[code]} for code in sorted(held)]
