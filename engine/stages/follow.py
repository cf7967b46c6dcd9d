"""What follows a link: write-backs and actions, as desired state that every run computes anew."""

from __future__ import annotations

from typing import Any

from engine.model.operation import Change, Operation
from engine.model.record import Record, RecordKey
from engine.model.values import ABSENT, Pending, is_blank
from engine.spec.rules import ActionSpec
from engine.stages.desk import Desk
from engine.stages.map_record import context_of, map_record
from engine.stages.moments import after
from engine.stages.view import Asking


def write_back(desk: Desk, target: Record | None, creating: Operation | None) -> tuple[Operation, ...]:
    """Source fields that take a value out of the target record, where they differ from it now."""
    changes: list[Change] = []
    needs: tuple[str, ...] = ()
    for line in desk.flow.write_backs:
        held = desk.bundle.record.fields.get(line.field)
        value: Any
        if creating is not None or target is None:
            if creating is None:
                continue
            value, needs = Pending(creating.id, line.path_text), (creating.id,)
        else:
            value = line.extract({"id": target.key.id, **target.fields})
        if value is ABSENT or value == held or (not isinstance(value, Pending) and str(value) == str(held)):
            continue
        changes.append(Change(line.field, held, value, "WRITE_BACK", str(line.place)))
    if not changes:
        return ()
    operation = desk.operation(
        "write_back", desk.source, tuple(changes), step="write_back", request=desk.flow.source.update, needs=needs
    )
    return (operation,)


def actions(
    desk: Desk, left: dict[str, Any], target: Record | None, creating: Operation | None, moment: str
) -> Asking[list[Operation]]:
    """Actions that are owed: never done since their moment came, or due for renewal."""
    found: list[Operation] = []
    for action in desk.flow.rules.actions.values():
        if not _owed(desk, action, moment) or action.make is None:
            continue
        view = {"id": Pending(creating.id, "id"), **creating.values} if creating else _seen(target)
        scope = {"source": left, "target": view, "link": None, "settings": desk.flow.settings, "now": desk.now}
        if action.when is not None and not action.when(scope):
            continue
        mapped = yield from map_record(action.make, scope, None, context_of(desk))
        if mapped.problems:
            desk.find("action-incomplete", f"{action.name}: {mapped.problems[0].text}", action.place)
            continue
        found.extend(_operations(desk, action, mapped.values, creating))
    return found


def _seen(target: Record | None) -> dict[str, Any]:
    return {"id": target.key.id, **target.fields} if target else {}


def _owed(desk: Desk, action: ActionSpec, moment: str) -> bool:
    if action.name in desk.only_actions:
        return True
    if moment not in action.after and not (
        moment in ("settled", "updated") and {"linked", "created"} & set(action.after)
    ):
        return False
    done = desk.bundle.snapshot.actions.get(action.name) if desk.bundle.snapshot else None
    if done is None:
        return moment in action.after or "linked" in action.after
    return not done or (action.renew > 0 and after(done, action.renew) <= desk.now)


def _operations(desk: Desk, action: ActionSpec, values: dict[str, Any], creating: Operation | None) -> list[Operation]:
    needs = (creating.id,) if creating else ()
    changes = tuple(Change(name, None, value, "ACTION", str(action.place)) for name, value in values.items())
    target = RecordKey(action.connection, action.create, "")
    making = desk.operation(
        "action",
        target,
        changes,
        step=f"action:{action.name}",
        needs=needs,
        settles={"action": action.name},
        request=None,
    )
    if not action.write_back:
        return [making]
    back = tuple(
        Change(name, desk.bundle.record.fields.get(name), Pending(making.id, path.text), "WRITE_BACK", str(path.place))
        for name, path in action.write_back.items()
        if not is_blank(path.text)
    )
    step = f"action:{action.name}:write_back"
    return [
        making,
        desk.operation("write_back", desk.source, back, step=step, needs=(making.id,), request=desk.flow.source.update),
    ]
