"""What a file of match rules for tables says: fields, blocks, comparisons, kinds of pairs, thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.model.finding import NOWHERE, Place

Start = Literal["agree", "differ", "any", "chance"]
Verdict = Literal["accept", "review"]
Result = Literal["pairs", "one_to_one", "clusters"]


@dataclass(frozen=True, slots=True)
class TableField:
    """A column by its usual headings: the first heading that a file has is read. `as_` names a normaliser. Without
    such a column it is the `part` of a full name, found under the headings `whole`."""

    name: str
    columns: tuple[str, ...]
    as_: str
    whole: tuple[str, ...] = ()
    part: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class KeyPart:
    """A field in a form that like values share: whole, sound, first, start, local."""

    field: str
    form: str = "whole"


@dataclass(frozen=True, slots=True)
class BlockRule:
    """Rows that share this key become candidates. `any_order`: the parts may have changed places. `most_pairs`: 0 for
    the file's."""

    id: str
    keys: tuple[KeyPart, ...]
    any_order: bool = False
    most_pairs: int = 0
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a comparison. `steps`: the least likenesses of the levels between different and equal. `rare`: an
    equal value that no larger share of the rows has counts for more, as a level of its own."""

    field: str
    by: str
    steps: tuple[float, ...] = ()
    rare: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Fields that are judged together, because they go together: given name and surname, street and house number."""

    name: str
    parts: tuple[Part, ...]
    any_order: bool = False
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a kind of pair shows in one comparison.

    start: where learning begins; `chance` is never learnt: as two rows picked at random. like: the kind whose
    chances these are; with `learns`, both kinds' pairs teach them. parts: field by field, as if independent.
    """

    start: Start = "any"
    like: str = ""
    learns: bool = False
    parts: Mapping[str, Start] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of pair. `same`: its two rows are one person or firm. Kinds that are not `always` are left out where the
    data do without them."""

    name: str
    same: bool
    always: bool
    expects: Mapping[str, Expectation]
    share: float = 0.1
    """Where learning begins: how many of the candidates are of this kind."""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class PairRule:
    """A verdict without weights: these fields are equal, those at least alike."""

    id: str
    equal: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    then: Verdict = "accept"
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Weights:
    """Learnt or written chances: comparison -> level in words -> kind -> chance, and each kind's share."""

    shares: Mapping[str, float]
    chances: Mapping[str, Mapping[str, Mapping[str, float]]]


@dataclass(frozen=True, slots=True)
class MatchingSpec:
    """One file of match rules for tables."""

    name: str
    fields: tuple[TableField, ...]
    blocks: tuple[BlockRule, ...]
    comparisons: tuple[Comparison, ...] = ()
    kinds: tuple[Kind, ...] = ()
    rules: tuple[PairRule, ...] = ()
    unless_differs: tuple[str, ...] = ()
    weights: Weights | None = None
    id: str = ""
    most_pairs: int = 150
    accept: float = 0.5
    review: float = 0.2
    two_files: Result = "one_to_one"
    one_file: Result = "clusters"
    place: Place = NOWHERE
