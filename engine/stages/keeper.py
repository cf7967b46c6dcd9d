"""Records that another flow keeps for itself: nothing is pushed to them, nothing of them is deleted."""

from __future__ import annotations

from engine.model.question import Question
from engine.model.record import RecordKey
from engine.stages.desk import Desk
from engine.stages.view import Asking


def keeper(desk: Desk, target: RecordKey) -> Asking[RecordKey | None]:
    """The record of a flow that this one yields to, where it is linked to the target record."""
    if not desk.flow.yields:
        return None
    question = Question("holders", target.connection, target.object, desk.source.object, target.id)
    for link in (yield [question])[question]:
        other = link.other(target)
        if other[:2] in desk.flow.yields and other != desk.source:
            desk.say("yield", f"{target.id} is kept by {other}; nothing is written to it")
            return RecordKey(*other)
    return None
