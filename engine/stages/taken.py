"""Values that only one record may hold: what another has already is not written, and nothing is created over it."""

from __future__ import annotations

from engine.model.finding import Severity
from engine.model.question import Question
from engine.model.record import Record
from engine.model.values import Pending, is_blank
from engine.spec.system import held_once
from engine.stages.desk import Desk
from engine.stages.view import Asking
from engine.stages.weigh import Weighed


def natural_key_holder(desk: Desk, weighed: Weighed) -> Asking[tuple[str, str]]:
    """(field, id of the record that has our natural key already): a create would write over it. Blank: nobody."""
    create = desk.flow.target.create
    for change in weighed.changes:
        if create is not None and change.field == create.natural_key:
            return change.field, (yield from _holder(desk, change.field, change.after, None))
    return "", ""


def without_taken(desk: Desk, weighed: Weighed, record: Record) -> Asking[Weighed]:
    """The changes without values that another record holds; both sides are remembered as they are."""
    once = set(held_once(desk.flow.target))
    kept, base = [], dict(weighed.base)
    for change in weighed.changes:
        holder = ""
        if change.field in once:
            holder = yield from _holder(desk, change.field, change.after, record.key.id)
        if not holder:
            kept.append(change)
            continue
        base[change.field] = [change.after, change.before]
        text = f"{change.field}: {holder} has this value already, and only one record may; left as it is"
        desk.find("value-taken", text, desk.flow.fields[change.field].origin, Severity.WARNING)
    return weighed._replace(changes=tuple(kept), base=base) if len(kept) < len(weighed.changes) else weighed


def _holder(desk: Desk, field: str, value: object, own: str | None) -> Asking[str]:
    """Another target record with this value; "" when none is known."""
    if is_blank(value) or isinstance(value, Pending):
        return ""
    flow = desk.flow
    connection, target = flow.target_connection.name, flow.target.name
    question = Question("by", connection, target, field, str(value))
    ids = (yield [question])[question]
    if not isinstance(ids, list):
        return ""
    reads = [Question("record", connection, target, "", id) for id in ids if id != own]
    answers = (yield reads) if reads else {}
    same = flow.fields[field].equal
    for one in reads:
        found = answers[one]
        if isinstance(found, Record) and not found.gone and same(found.fields.get(field), value):
            return one.key
    return ""
