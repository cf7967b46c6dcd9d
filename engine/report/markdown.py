"""Markdown and YAML as text: tables, code, and values in the flow style that the loader reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from engine.report.wording import json_text

WIDE = 100
_PLAIN = re.compile(r"[A-Za-z$](?:[\w.$/()\[\]' -]*[\w.$/()\]'])?")
_PLAIN_IN_FLOW = re.compile(r"[A-Za-z$](?:[\w.$/()' -]*[\w.$/()'])?")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def code(value: Any) -> str:
    """A value as it is written, in a code span."""
    text = value if isinstance(value, str) else flow_style(value)
    fence = "``" if "`" in text else "`"
    return f"{fence}{text or ' '}{fence}"


def codes(values: Iterable[Any]) -> str:
    """Several values, each in a code span."""
    return ", ".join(code(one) for one in values)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, or nothing when it has no rows."""
    lines = [_line(row) for row in rows]
    return "\n".join([_line(headings), _line(["---"] * len(headings)), *lines]) if lines else ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(one.replace('|', chr(92) + '|') for one in cells)} |"


def yaml_block(text: str) -> str:
    """YAML to paste."""
    return f"```yaml\n{text}\n```"


def joined(*parts: str) -> str:
    """Paragraphs, those that are empty left out."""
    return "\n\n".join(part for part in parts if part)


# -- YAML ------------------------------------------------------------------------------------------------


def flow_style(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_text(key)}: {flow_style(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(flow_style(one) for one in value)}]"
    return _text(value) if isinstance(value, str) else json_text(value)


def block_style(value: dict[str, Any], indent: int = 0) -> str:
    """A map with one member per line; what would be too wide goes on below."""
    return "\n".join(_member(f"{' ' * indent}{_text(key)}:", one, indent) for key, one in value.items())


def _member(key: str, value: Any, indent: int) -> str:
    line = f"{key} {_text(value, _PLAIN) if isinstance(value, str) else flow_style(value)}"
    if len(line) <= WIDE or not value or not isinstance(value, (dict, list)):
        return line
    if isinstance(value, dict):
        return f"{key}\n{block_style(value, indent + 2)}"
    if not all(isinstance(one, dict) for one in value):
        return line
    return "\n".join([key, *(f"{' ' * (indent + 2)}- {flow_style(one)}" for one in value)])


def _text(text: str, plain: re.Pattern[str] = _PLAIN_IN_FLOW) -> str:
    """Text without quotes where it can be read in one way only."""
    return text if plain.fullmatch(text) and text.lower() not in _WORDS else json_text(text)
