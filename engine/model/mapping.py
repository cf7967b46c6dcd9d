"""What mapping one record gives, and what it may ask while it maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from engine.model.values import Tree

ProblemKind = Literal["hold", "later", "refuse", "failed", "unanswered", "too_long"]


class Problem(NamedTuple):
    """Why a target field has no value, or a doubtful one. The text holds no values."""

    target: str
    """Field name; inside lists and objects `lines[0].country`, `shipping.name`."""
    kind: ProblemKind
    text: str


class Mapped(NamedTuple):
    """A mapped record: every target field that is not absent, and where defaults served."""

    values: dict[str, Tree]
    defaults: tuple[str, ...]
    """Targets whose value came from `else`, written like `Problem.target`."""
    problems: tuple[Problem, ...]


class MapContext(Protocol):
    """What a mapping may know besides the record."""

    @property
    def link(self) -> dict[str, Tree] | None:
        """The stored link, None before there is one."""

    @property
    def now(self) -> str:
        """ISO 8601 UTC."""

    def by(self, object: str, field: str, value: Any) -> Any:
        """Id of the record of `object` whose `field` has this value; ABSENT, UNKNOWN or Pending else."""

    def linked(self, object: str, value: Any) -> Any:
        """Id of what the record `value` of the source object is linked to; ABSENT, UNKNOWN or Pending else."""

    def records(self, object: str) -> Sequence[dict[str, Tree]]:
        """Every staged record of an object."""


Mapper = Callable[[dict[str, Tree], "dict[str, Tree] | None", MapContext], Mapped]
