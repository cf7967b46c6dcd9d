"""Writing a part of a record: a group of fields that lies behind requests of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from engine.connectors.trees import merged
from engine.functions.paths import take
from engine.model.errors import Missing, Rejected
from engine.model.values import ABSENT
from engine.spec.system import ObjectSpec, PartSpec


class Sending(NamedTuple):
    """One request to be sent: its payload (None: only what the request declares) and the names that it may use."""

    payload: Any
    scope: dict[str, Any]


def needs_part(part: PartSpec) -> bool:
    """True when the part as it stands must be known before it can be written."""
    request = part.update
    if request is None or part.remove is not None:
        return part.remove is not None
    return request.send in ("all", "delta") or "part" in request.params


def sendings(obj: ObjectSpec, name: str, payload: Mapping[str, Any], part: Any) -> Iterator[Sending]:
    """The requests that write these values: the values that moved, the whole part, a difference, or one by one."""
    request = obj.parts[name].update
    scope: dict[str, Any] = {} if part is None else {"part": part}
    send = request.send if request is not None else "changed"
    if send == "all":
        yield Sending(merged(part, payload), scope)
    elif send == "delta":
        for spec in obj.fields.values():
            new = take(payload, spec.path_in_part) if spec.part == name else ABSENT
            if new is not ABSENT and (delta := _moved(take(part, spec.path_in_part), new)):
                yield Sending(None, {**scope, "delta": delta, "new": new})
    elif send == "members":
        for spec in obj.fields.values():
            held = members_of(take(part, spec.path_in_part))
            for one in members_of(take(payload, spec.path_in_part)) if spec.part == name else ():
                if one not in held:
                    yield Sending(None, {**scope, "member": one, "new": one})
    else:
        yield Sending(dict(payload), scope)


def removals(obj: ObjectSpec, name: str, payload: Mapping[str, Any], part: Any) -> Iterator[Sending]:
    """The requests that take out what the part holds and these values do not."""
    for spec in obj.fields.values():
        if spec.part != name or take(payload, spec.path_in_part) is ABSENT:
            continue
        wanted = members_of(take(payload, spec.path_in_part))
        for one in members_of(take(part, spec.path_in_part)):
            if one not in wanted:
                yield Sending(None, {"part": part, "member": one, "new": one})


def members_of(value: Any) -> list[Any]:
    """The elements of a list, or the one value; nothing is no member."""
    if isinstance(value, list):
        return value
    return [] if value is ABSENT or value is None else [value]


def part_of(part: Any, obj: ObjectSpec, name: str) -> Any:
    """The part as it stands; without it nothing can be computed."""
    if not isinstance(part, dict):
        raise Missing(f"{obj.name}: its part '{name}' is not there", line="part")
    return part


def _moved(old: Any, new: Any) -> Any:
    """How far a number has to move; nothing there counts as 0."""
    old = 0 if old is ABSENT or old is None else old
    if isinstance(old, bool) or isinstance(new, bool) or not _is_number(old) or not _is_number(new):
        raise Rejected("a difference can be taken of two numbers only", line="part")
    return new - old


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal)
