"""Findings for a person: place, words, the line itself with a caret, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from engine.model.finding import Finding, Severity
from engine.report.wording import count_text, printable

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_WIDEST = 160


def findings_text(findings: Sequence[Finding], folders: Sequence[Path] = ()) -> str:
    """All findings and a last line that counts them."""
    blocks = [finding_text(one, folders) for one in findings]
    return "\n".join([*blocks, tally_text(findings)])


def finding_text(one: Finding, folders: Sequence[Path] = ()) -> str:
    """One finding; its line of the file where that can be read."""
    where = str(one.place) if one.place.file else one.record
    lines = [f"{where}: {one.severity} [{one.code}] {one.message}".removeprefix(": ")]
    lines += snippet(one, folders)
    lines += [f"    hint: {one.hint}"] if one.hint else []
    return "\n".join(lines)


def snippet(one: Finding, folders: Sequence[Path]) -> list[str]:
    """The line that the finding points at, and a caret below the column."""
    text = _line(one.place.file, one.place.line, tuple(folders)) if one.place.line else ""
    if not text.strip() or len(text) > _WIDEST:
        return []
    number = str(one.place.line)
    caret = " " * max(one.place.column - 1, 0) + "^"
    return [f"  {number} | {printable(text)}", f"  {' ' * len(number)} | {caret}"]


def tally_text(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`, or that all is well."""
    severities = [one.severity for one in findings]
    parts = [count_text(number, str(kind)) for kind in _ORDER if (number := severities.count(kind))]
    return ", ".join(parts) or "no findings"


def _line(file: str, number: int, folders: tuple[Path, ...]) -> str:
    lines = _lines(file, folders)
    return lines[number - 1] if 0 < number <= len(lines) else ""


@lru_cache(maxsize=64)
def _lines(file: str, folders: tuple[Path, ...]) -> tuple[str, ...]:
    for path in (Path(file), *(folder / file for folder in folders), *(folder.parent / file for folder in folders)):
        try:
            return tuple(path.read_text("utf-8-sig").splitlines())
        except (OSError, UnicodeDecodeError):
            continue
    return ()
