"""Layers to paste: the effective values of one part of a file, which change nothing until one is edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.report.markdown import block_style, yaml_block


def layer_snippet(flow: str, part: str, value: Any) -> str:
    """A whole layer file that says what holds already."""
    return yaml_block(block_style({"version": 1, "flow": flow, part: value}))


def short_rows(rows: Mapping[str, Any]) -> dict[str, Any]:
    """Rows in the short form that a person would write."""
    return {name: short_row(row) for name, row in rows.items()}


def short_row(row: Any) -> Any:
    """`{from: x}` is x; inside, each source likewise."""
    if not isinstance(row, Mapping):
        return row
    made = {key: _SHORTER[key](one) if key in _SHORTER else one for key, one in row.items()}
    return made["from"] if set(made) == {"from"} else made


def _literal(source: Any) -> Any:
    """Behind `else` and in a case a bare word is the value itself."""
    if (
        isinstance(source, Mapping)
        and set(source) == {"value"}
        and not isinstance(source["value"], (Mapping, list))
    ):
        return source["value"]
    short = short_row(source)
    return short if isinstance(short, Mapping) or not isinstance(source, Mapping) else {"from": short}


def _cases(lines: list[Any]) -> list[Any]:
    return [{**line, "value": _literal(line["value"])} for line in lines]


_SHORTER: Mapping[str, Callable[[Any], Any]] = {
    "first_of": lambda sources: [short_row(one) for one in sources],
    "choose": _cases,
    "collect": _cases,
    "each": short_row,
    "else": _literal,
    "fields": short_rows,
}
