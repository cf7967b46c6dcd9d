"""Values, counts and tables as plain text for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from engine.model.secret import Secret
from engine.model.values import ABSENT, PENDING, UNKNOWN, is_blank

WIDEST = 72


def value_text(value: Any, width: int = WIDEST) -> str:
    """One value on one line, cut to `width`."""
    if value is ABSENT:
        return "(absent)"
    if value is UNKNOWN:
        return "(unknown)"
    if is_blank(value):
        return "(empty)"
    if isinstance(value, dict) and PENDING in value:
        operation, path = value[PENDING]
        return f"({path} of what operation {operation[:8]} makes)"
    return shortened(json_text(value), width)


def shortened(text: str, width: int = WIDEST) -> str:
    """The text on one line, its middle left out where it is too long."""
    text = printable(text)
    if len(text) <= width:
        return text
    keep = (width - 5) // 2
    return f"{text[:keep]} ... {text[-keep:]}"


def printable(text: str) -> str:
    """The text without control characters: a value must not steer the terminal."""
    return "".join(one if one.isprintable() else " " for one in text)


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON with exact numbers and readable letters; secrets never show."""
    return json.dumps(value, ensure_ascii=False, indent=indent, default=plain)


def plain(value: Any) -> Any:
    """What JSON has no word for."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Secret):
        return "***"
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def count_text(number: int, one: str, many: str = "") -> str:
    """`1 create`, `2 creates`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def table_text(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Columns padded to their widest cell; headings in capitals."""
    cells = [[heading.upper() for heading in headings], *([printable(str(cell)) for cell in row] for row in rows)]
    widths = [max(len(row[number]) for row in cells) for number in range(len(headings))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "\n".join(line.rstrip() for line in lines)
