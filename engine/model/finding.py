"""Something to tell a person: what, where, how bad, what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is; `error` stops a load."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a text: lines and columns count from 1; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


NOWHERE = Place("")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: a stable kebab-case code, a sentence, a place or a record, and a hint."""

    code: str
    message: str
    place: Place = NOWHERE
    severity: Severity = Severity.ERROR
    hint: str = ""
    record: str = ""

    def __str__(self) -> str:
        where = str(self.place) if self.place.file else self.record
        text = f"{self.severity} [{self.code}] {self.message}"
        text = f"{where}: {text}" if where else text
        return f"{text} ({self.hint})" if self.hint else text


def has_errors(findings: Iterable[Finding]) -> bool:
    """True when a finding of these stops a load."""
    return any(one.severity is Severity.ERROR for one in findings)
