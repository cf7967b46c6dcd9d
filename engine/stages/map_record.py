"""Mapping one record: the compiled rows, with what they need to know of other records asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.model.mapping import Mapped
from engine.model.question import Question
from engine.model.values import ABSENT, UNKNOWN
from engine.stages.desk import Desk
from engine.stages.view import Asking, reference_id

ROUNDS = 4
"""How often a mapping may find that it needs to know more."""


class MapContext:
    """What a mapping may ask about other records. Whatever is not known yet becomes an open question."""

    __slots__ = ("_connections", "answers", "link", "now", "open")

    def __init__(self, connections: tuple[str, str, str, str], link: dict[str, Any] | None, now: str) -> None:
        self._connections = connections
        self.link = link
        self.now = now
        self.answers: dict[Question, Any] = {}
        self.open: list[Question] = []

    def by(self, object: str, field: str, value: Any) -> Any:
        """The id of the record of `object` (target system) whose `field` reads `value`: the first by id."""
        question = Question("by", self._connections[1], object, field, str(reference_id(value)))
        answer = self._ask(question)
        return answer if answer is UNKNOWN else answer[0] if answer else ABSENT

    def linked(self, object: str, value: Any) -> Any:
        """The id in the target system that the source record `value` of `object` is linked to."""
        question = Question("linked", self._connections[0], object, self._connections[1], str(reference_id(value)))
        answer = self._ask(question)
        return ABSENT if answer is None else answer

    def records(self, object: str) -> Sequence[dict[str, Any]]:
        """Every staged record of `object`, on whichever side it lives."""
        side = 0 if object.split(".", 1)[0] == self._connections[2] else 1
        answer = self._ask(Question("all", self._connections[side], object, "", ""))
        return [] if answer is UNKNOWN else [{"id": one.key.id, **one.fields} for one in answer]

    def _ask(self, question: Question) -> Any:
        if question in self.answers:
            return self.answers[question]
        if question not in self.open:
            self.open.append(question)
        return UNKNOWN


def context_of(desk: Desk) -> MapContext:
    """A context for one record of the flow."""
    flow = desk.flow
    names = (
        flow.source_connection.name,
        flow.target_connection.name,
        flow.source_connection.system.name,
        flow.target_connection.system.name,
    )
    link = desk.bundle.link
    known = {"id": link.other(desk.source).id, "rule": link.rule, "role": link.role} if link else None
    return MapContext(names, known, desk.now)


def map_record(
    mapper: Callable[..., Mapped], left: Mapping[str, Any], held: dict[str, Any] | None, context: MapContext
) -> Asking[Mapped]:
    """The mapping's result; asks until nothing is open or the rounds are used up."""
    for _round in range(ROUNDS):
        mapped = mapper(left, held, context)
        if not context.open:
            return mapped
        questions, context.open = context.open, []
        context.answers.update((yield questions))
    return mapper(left, held, context)
