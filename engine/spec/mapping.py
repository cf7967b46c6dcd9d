"""What a flow's mapping says: one row per target field, each with the source of its value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.model.finding import NOWHERE, Place
from engine.spec.system import FieldSpec


@dataclass(frozen=True, slots=True)
class Text:
    """An expression as written: `path` (JMESPath), `expr` (typed Jinja) or `template` (Jinja text)."""

    kind: Literal["path", "expr", "template"]
    text: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Literally:
    """`value: x`, or a setting resolved while compiling."""

    value: Any


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first of these that is not blank."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One line of `choose` or `collect`."""

    when: Text
    value: Source


@dataclass(frozen=True, slots=True)
class Choose:
    """The value of the first line that holds; absent when none does."""

    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Collect:
    """The values of all lines that hold, as a list."""

    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """Every staged record of an object, those for which `where` (names: item) holds. Only inside `Each`."""

    object: str
    where: Text | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """One target line per item of the list; paths of the rows start at the item (`item` in Jinja)."""

    items: Source
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class With:
    """One object; paths of the rows start at the value of `path` (None: where they started already).

    Nothing there, no object; an object whose members are all blank is absent.
    """

    path: Text | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Unmapped:
    """The field is kept in the target; nothing feeds it."""


Source = Text | Literally | FirstOf | Choose | Collect | Records | Each | With | Unmapped


@dataclass(frozen=True, slots=True)
class Call:
    """One function of `apply` with its fixed arguments: `{truncate: 20}` is ("truncate", (20,))."""

    name: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """What a single source record may say for itself: a path that wins, a path that fills in a blank."""

    wins: Text | None = None
    fills_in: Text | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One target field. Evaluated in this order: when, winning override, source, default, filling override,
    apply, table, by or linked, target type, missing (language.md 1.2)."""

    target: str
    """Name in the target's catalogue, or `map_field.member`; inside Each and With the member's name."""
    source: Source
    type: FieldSpec
    place: Place = NOWHERE
    when: Text | None = None
    override: Override | None = None
    default: Source | None = None
    placeholder: bool = False
    apply: tuple[Call, ...] = ()
    table: Mapping[str, Any] | None = None
    by: str = ""
    linked: str = ""
    missing: Literal["leave", "hold", "later", "refuse"] = "leave"
    others: Literal["keep", "remove"] = "keep"
    compare: str = ""
    new_field: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class WriteBack:
    """A field of the source record that gets a value out of the target record after create or link."""

    field: str
    path: Text
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class MappingSpec:
    """A whole mapping, rows sorted so that whatever `mapped.x` reads stands before its reader."""

    flow: str
    source: str
    target: str
    rows: tuple[Row, ...]
    write_back: tuple[WriteBack, ...] = ()
    place: Place = NOWHERE
    by_target: Mapping[str, Row] = field(default_factory=dict)
