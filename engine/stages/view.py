"""A record as expressions see it: its fields with what hangs on them joined in."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, NamedTuple, TypeVar

from engine.functions.canonical import digest
from engine.model.question import Answers, Question
from engine.model.record import Record
from engine.model.values import UNKNOWN, is_blank
from engine.spec.rules import Join

Found = TypeVar("Found")
Asking = Generator[list[Question], Answers, Found]
"""A verb that may put questions: it yields them, is sent the answers, and returns what it found."""


class View(NamedTuple):
    """The tree, the hashes of everything that it was made from, and whether something could not be learnt."""

    tree: dict[str, Any]
    hashes: tuple[str, ...]
    unknown: bool = False


def view(record: Record, joins: Sequence[Join]) -> Asking[View]:
    """The record's view. Joined records are asked for in one round per level."""
    if not joins:
        return View(record.fields, (record.hash,))
    questions = {join.name: question for join in joins if (question := _question(record, join)) is not None}
    answers = (yield list(questions.values())) if questions else {}
    tree, hashes, unknown = dict(record.fields), [record.hash], False
    for join in joins:
        answer = answers[questions[join.name]] if join.name in questions else None
        if answer is UNKNOWN:
            unknown = True
            continue
        value = yield from _joined(record, join, answer, hashes)
        tree[join.name] = value
    return View(tree, tuple(hashes), unknown)


def _question(record: Record, join: Join) -> Question | None:
    if join.kind == "relation":
        (theirs, ours), *_ = join.where.items()
        key = record.key.id if ours == "id" else record.fields.get(ours)
        return None if is_blank(key) else Question("related", record.key.connection, join.object, theirs, str(key))
    key = reference_id(record.fields.get(join.name))
    if join.bare or is_blank(key):
        return None
    return Question("record", record.key.connection, join.object, "detail" if join.detail else "", str(key))


def _joined(record: Record, join: Join, answer: Any, hashes: list[str]) -> Asking[Any]:
    if join.kind == "reference":
        value = record.fields.get(join.name)
        key = reference_id(value)
        if is_blank(key):
            return value
        if answer is None:
            return {"id": key}
        return {"id": key, **(yield from _deeper(answer, join, hashes))}
    found = []
    for one in answer or ():
        found.append({"id": one.key.id, **(yield from _deeper(one, join, hashes))})
    return found if join.many else (found[0] if found else None)


def _deeper(record: Record, join: Join, hashes: list[str]) -> Asking[dict[str, Any]]:
    below = yield from view(record, join.joins)
    hashes.extend(below.hashes)
    if join.detail:  # the record's own hash does not cover what only a read brings
        hashes.append(digest({name: record.fields.get(name) for name in join.detail}))
    return below.tree


def reference_id(value: Any) -> Any:
    """The id that a reference holds, whether joined or not."""
    return value.get("id") if isinstance(value, dict) else value
