"""Given / expect cases of rule authors, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from engine.model.finding import NOWHERE, Finding, Place


@dataclass(frozen=True, slots=True)
class GivenRecord:
    """A record that a system holds: normalised fields, with where each stands in the file."""

    object: str
    fields: Mapping[str, Any]
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenLink:
    """A link that is stored already; `base` is (source values, target values) as last dealt with."""

    source: str
    target: str
    flow: str = ""
    rule: str = "created"
    state: Literal["proposed", "confirmed", "rejected", "broken", "forming"] = "confirmed"
    primary: bool = True
    pin: str = ""
    base: tuple[Mapping[str, Any], Mapping[str, Any]] | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class ExpectedWrite:
    """One write, in its place in the order. `fields` are a subset of what is sent."""

    kind: Literal["create", "update", "delete"]
    object: str
    id: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """What is expected of one record: facts by name; a fact that is not said is not compared."""

    facts: Mapping[str, str]
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class CaseSpec:
    """One case. A list that `expect` does not hold is not compared; one that it holds is complete."""

    test: str
    name: str
    flow: str
    covers: tuple[str, ...] = ()
    given: tuple[GivenRecord, ...] = ()
    links: tuple[GivenLink, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Flow settings by name, those of a connection as `connection.name`."""
    layers: tuple[Path, ...] = ()
    now: str = ""
    run: str = ""
    run_place: Place = NOWHERE
    ids: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    writes: tuple[ExpectedWrite, ...] | None = None
    lists: Mapping[str, tuple[ExpectedLine, ...]] = field(default_factory=dict)
    """links, waiting, held, failed, review, skipped, assigned, findings -> lines."""
    place: Place = NOWHERE


# -- what came of a case ---------------------------------------------------------------------------------


class Exercised(NamedTuple):
    """One rule of a flow: its kind, its name, and where it stands."""

    flow: str
    kind: str
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected: what, both values as text, where it is expected, which rules gave it."""

    what: str
    expected: str
    got: str
    place: Place
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of one case; `findings` say why it could not be run at all."""

    case: CaseSpec
    differences: tuple[Difference, ...] = ()
    findings: tuple[Finding, ...] = ()
    exercised: frozenset[Exercised] = frozenset()
    seconds: float = 0

    @property
    def passed(self) -> bool:
        """True when all is as expected."""
        return not self.differences and not self.findings
