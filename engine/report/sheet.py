"""CSV for people: cells that a spreadsheet would run as a formula are made harmless. Data files do not go here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from engine.model.values import is_number

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def sheet_text(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV text with a heading line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # so that both kinds of line break are quoted
    writer.writerow([harmless(heading) for heading in headings])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(value: Any) -> str:
    """The cell's text; one that begins like a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    risky = text.lstrip(" \u00a0\ufeff").startswith(_STARTS) or text.startswith(_STARTS)
    return f"'{text}" if risky and not is_number(value) else text
