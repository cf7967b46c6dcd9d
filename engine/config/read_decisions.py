"""A ledger of decisions: YAML, one decision to a line, read with the line of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.config.document import Node
from engine.config.loader import load_file
from engine.config.suggest import did_you_mean
from engine.model.finding import Finding, Place

KIND = "decisions"
MUST = ("flow", "record", "kind", "decide")
MAY = ("choose", "evidence", "by", "at")


def read_decisions(path: Path, words: tuple[str, ...]) -> tuple[list[dict[str, str]], list[int], list[Finding]]:
    """The entries of a ledger, their lines, and what is wrong with them; `words` are what `decide` may say."""
    root, findings = load_file(path)
    if root is None or findings:
        return [], [], findings
    entries = root.get(KIND)
    kind = root.get("kind")
    if kind is None or kind.value != KIND or entries is None or not entries.is_list:
        hint = "write `kind: decisions`, and a list `decisions`, as `run.py review export` does"
        return [], [], [Finding("not-decisions", f"{path} is no ledger of decisions", root.place, hint=hint)]
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    for entry in entries:
        wrong = list(_wrong(entry, words))
        findings += wrong
        if not wrong:
            rows.append({name: _text(one) for name, one in entry.items()})
            lines.append(entry.place.line)
    return rows, lines, findings


def _wrong(entry: Node, words: tuple[str, ...]) -> Iterator[Finding]:
    if not entry.is_map:
        yield Finding("wrong-type", "a decision is a map", entry.place)
        return
    for name, one in entry.items():
        if name not in (*MUST, *MAY):
            hint = did_you_mean(name, (*MUST, *MAY))
            yield Finding("unknown-key", f"a decision has no `{name}`", one.place, hint=hint or "")
        elif one.is_map or one.is_list:
            yield Finding("wrong-type", f"`{name}` is a text", one.place)
    yield from _missing(entry, entry.place)
    said = entry.get("decide")
    if said is not None and _text(said) not in words:
        yield Finding("unknown-decision", f"`decide` is one of {', '.join(words)}", said.place)


def _missing(entry: Node, place: Place) -> Iterator[Finding]:
    for name in MUST:
        if entry.get(name) is None:
            yield Finding("missing-key", f"`{name}` is missing in a decision", place)


def _text(node: Node) -> str:
    return "" if node.value is None else str(node.value)
