"""Everything that one account holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.acton.limits import Rates
from sandbox.acton.options import Options
from sandbox.acton.schema import Column, standard_columns
from sandbox.clock import Clock

ACCOUNT_ID = "12345"

Contact = dict[str, Any]


@dataclass(slots=True)
class ListRecord:
    """One row of a legacy list: values by heading."""

    id: str
    values: dict[str, str]
    created: int  # milliseconds
    modified: int


@dataclass(slots=True)
class LegacyList:
    """A list with the headings that its users gave it."""

    id: str
    name: str
    folder: str
    headings: list[str]
    records: dict[str, ListRecord] = field(default_factory=dict)
    modified: int = 0
    made: int = 0  # records ever made, for their ids
    shown: int = 0  # pages ever shown, for headings that move


@dataclass(slots=True)
class Segment:
    """A segment; only one that is filled by hand takes contacts."""

    id: int
    name: str
    direct: bool = True
    contacts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Job:
    """An upload or import under way: what it will say, and when it started."""

    id: str
    started: float
    details: dict[str, Any]


class Account:
    """One account, empty but for its standard columns."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.options = Options()
        self.rates = Rates(clock, self.options)
        self.contacts: dict[str, Contact] = {}
        self.columns: dict[int, Column] = {one.field_id: one for one in standard_columns()}
        self.segments: dict[int, Segment] = {}
        self.lists: dict[str, LegacyList] = {}
        self.opt_outs: dict[str, dict[str, Any]] = {}
        self.bounces: list[dict[str, Any]] = []
        self.complaints: list[dict[str, Any]] = []
        self.categories: dict[str, set[str]] = {}  # category -> addresses that left it
        self.jobs: dict[str, Job] = {}
        self.definitions: dict[int, dict[str, Any]] = {}
        self.rejected: dict[str, list[dict[str, str]]] = {}
        self.events: list[dict[str, Any]] = []
        self.activity: dict[str, list[dict[str, Any]]] = {}  # address -> what it did
        self._made = 0x7A120

    def seconds(self) -> int:
        return int(self.clock.now())

    def millis(self) -> int:
        return int(self.clock.now() * 1000)

    def contact_id(self) -> str:
        """Ids of contacts hold a colon."""
        self._made += 1
        return f"l-unified-contacts:{self._made - 1:x}"

    def dump(self) -> dict[str, Any]:
        """As plain JSON, contacts in their order of making."""
        return {
            "contact": list(self.contacts.values()),
            "schema": [one.shown() for one in self.columns.values()],
            "segment": [asdict(one) for one in self.segments.values()],
            "list": [
                {**asdict(one), "records": [asdict(row) for row in one.records.values()]} for one in self.lists.values()
            ],
            "optout": list(self.opt_outs.values()),
            "hardbounce": list(self.bounces),
            "spamcomplaint": list(self.complaints),
            "category": {name: sorted(left) for name, left in self.categories.items()},
            "event": list(self.events),
        }
