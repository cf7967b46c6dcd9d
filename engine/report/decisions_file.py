"""A ledger of decisions as text: one to a line and sorted, so that a diff shows what was decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

HEAD = """# What people decided about cases: run.py review export; run.py review apply takes it in again.
version: 1
kind: decisions
"""


def decisions_yaml(entries: Iterable[Mapping[str, str]]) -> str:
    """The ledger. Blank facts are left out; every value is quoted, so that an id stays text."""
    lines = [f"  - {{{', '.join(f'{name}: {_quoted(one)}' for name, one in each.items() if one)}}}" for each in entries]
    return HEAD + ("decisions:\n" + "\n".join(lines) + "\n" if lines else "decisions: []\n")


def _quoted(text: str) -> str:
    """As JSON, which is YAML as well; the signs that YAML takes for line breaks are escaped."""
    return json.dumps(text, ensure_ascii=not text.isprintable())
