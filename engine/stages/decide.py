"""The heart: what happens to one target field. Pure, total, a table of six small functions.

Each side moves against its own base, so a target that reformats is never a change and never an echo.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from engine.model.values import ABSENT, is_blank
from engine.spec.rules import PushPolicy

Moment = Literal["create", "link", "update"]
Equal = Callable[[Any, Any], bool]


class Pattern(StrEnum):
    """How source, target and base stand to each other."""

    CONVERGED = "CONVERGED"
    SETTLED = "SETTLED"
    SOURCE_MOVED = "SOURCE_MOVED"
    RULES_MOVED = "RULES_MOVED"
    TARGET_MOVED = "TARGET_MOVED"
    BOTH_MOVED = "BOTH_MOVED"
    FIRST_SIGHT = "FIRST_SIGHT"


class Cell(NamedTuple):
    """One field before deciding. `base` is (source, target) as last dealt with, or None at first sight."""

    source: Any
    target: Any
    base: tuple[Any, Any] | None
    is_default: bool = False


class Ground(NamedTuple):
    """What holds for the whole record: the moment, whether the inputs are as at the base, which side is newer."""

    moment: Moment
    same_inputs: bool = False
    newer: Literal["source", "target", ""] = ""


class Decision(NamedTuple):
    """What happens to the field. `base` is what to remember; None leaves the old one."""

    pattern: Pattern
    verb: Literal["keep", "push", "hold"]
    value: Any
    base: tuple[Any, Any] | None
    why: str


_MOMENTS: dict[str, frozenset[str]] = {
    "always": frozenset({"create", "link", "update"}),
    "on_create": frozenset({"create"}),
    "on_first": frozenset({"create", "link"}),
    "on_update": frozenset({"link", "update"}),
    "never": frozenset(),
}


def pushes_at(policy: PushPolicy, moment: str) -> bool:
    """True when the policy writes the field at this moment at all."""
    return moment in _MOMENTS[policy.push]


def decide(cell: Cell, policy: PushPolicy, ground: Ground, equal: Equal) -> Decision:
    """Decide one field."""
    if cell.source is ABSENT or cell.target is ABSENT:
        return Decision(Pattern.SETTLED, "keep", None, None, "absent")
    content = _satisfied(cell, policy, ground, equal)
    if content:
        return Decision(Pattern.CONVERGED, "keep", None, (cell.source, cell.target), content)
    pattern = _pattern(cell, ground, equal)
    return _ROWS[pattern](pattern, cell, policy, ground)


# -- the push policy may be satisfied already --------------------------------------------------------


def _satisfied(cell: Cell, policy: PushPolicy, ground: Ground, equal: Equal) -> str:
    """Why nothing needs to be written, or ""."""
    if _same(cell.source, cell.target, equal):
        return "same"
    if not pushes_at(policy, ground.moment):
        return policy.push
    if not is_blank(cell.target):
        if cell.is_default:
            return "default"
        return _WRITES[policy.write](cell, equal)
    return ""


def _same(one: Any, two: Any, equal: Equal) -> bool:
    if is_blank(one) or is_blank(two):
        return is_blank(one) and is_blank(two)
    return equal(one, two)


def _always_open(_cell: Cell, _equal: Equal) -> str:
    return ""


def _filled(_cell: Cell, _equal: Equal) -> str:
    return "if_empty"


def _line_stands(cell: Cell, equal: Equal) -> str:
    lines = str(cell.target).splitlines()
    return "append_once" if any(equal(cell.source, line.strip()) for line in lines) else ""


def _members_stand(cell: Cell, equal: Equal) -> str:
    missing = [one for one in _listed(cell.source) if not any(equal([one], [two]) for two in _listed(cell.target))]
    return "" if missing else "union"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if is_blank(value) else [value]


_WRITES: dict[str, Callable[[Cell, Equal], str]] = {
    "overwrite": _always_open,
    "if_empty": _filled,
    "append_once": _line_stands,
    "union": _members_stand,
}


# -- how the sides moved -----------------------------------------------------------------------------


def _pattern(cell: Cell, ground: Ground, equal: Equal) -> Pattern:
    if cell.base is None:
        return Pattern.FIRST_SIGHT
    source_moved = not cell.is_default and not _same(cell.source, cell.base[0], equal)
    target_moved = not _same(cell.target, cell.base[1], equal)
    if source_moved and target_moved:
        return Pattern.BOTH_MOVED
    if source_moved:
        return Pattern.RULES_MOVED if ground.same_inputs else Pattern.SOURCE_MOVED
    return Pattern.TARGET_MOVED if target_moved else Pattern.SETTLED


# -- one function per row of the table ---------------------------------------------------------------


def _keep(pattern: Pattern, cell: Cell, why: str) -> Decision:
    return Decision(pattern, "keep", None, (cell.source, cell.target), why)


def _push(pattern: Pattern, cell: Cell, policy: PushPolicy, why: str) -> Decision:
    """Write the source's value, unless it is blank and blanks do not travel."""
    if is_blank(cell.source) and policy.empty == "keep":
        return _keep(pattern, cell, "empty: keep")
    value = None if is_blank(cell.source) else _written(cell, policy)
    return Decision(pattern, "push", value, (cell.source, value), why)


def _written(cell: Cell, policy: PushPolicy) -> Any:
    if is_blank(cell.target):
        return cell.source
    if policy.write == "append_once":
        return f"{cell.target}\n{cell.source}"
    if policy.write == "union":
        return [*_listed(cell.target), *(one for one in _listed(cell.source) if one not in _listed(cell.target))]
    return cell.source


def _adds(policy: PushPolicy) -> bool:
    """True when a write takes nothing away from what stands there."""
    return policy.write in ("append_once", "union")


def _settled(pattern: Pattern, cell: Cell, _policy: PushPolicy, _ground: Ground) -> Decision:
    return _keep(pattern, cell, "neither moved")


def _source_moved(pattern: Pattern, cell: Cell, policy: PushPolicy, _ground: Ground) -> Decision:
    return _push(pattern, cell, policy, "source moved")


def _target_moved(pattern: Pattern, cell: Cell, policy: PushPolicy, _ground: Ground) -> Decision:
    if policy.drift == "put_back":
        return _push(pattern, cell, policy, "drift: put_back")
    if policy.drift == "hold":
        return Decision(pattern, "hold", None, None, "drift: hold")
    return _keep(pattern, cell, "drift: keep")


def _both_moved(pattern: Pattern, cell: Cell, policy: PushPolicy, ground: Ground) -> Decision:
    return _push(pattern, cell, policy, "adds") if _adds(policy) else _conflict(pattern, cell, policy, ground)


def _first_sight(pattern: Pattern, cell: Cell, policy: PushPolicy, ground: Ground) -> Decision:
    if is_blank(cell.target) or _adds(policy):
        return _push(pattern, cell, policy, "target empty" if is_blank(cell.target) else "adds")
    if is_blank(cell.source):
        return _keep(pattern, cell, "source empty")
    return _conflict(pattern, cell, policy, ground)


def _conflict(pattern: Pattern, cell: Cell, policy: PushPolicy, ground: Ground) -> Decision:
    verdict = ground.newer or "hold" if policy.conflict == "newest" else policy.conflict
    why = f"conflict: {policy.conflict}"
    if verdict == "source":
        return _push(pattern, cell, policy, why)
    if verdict == "target":
        return _keep(pattern, cell, why)
    return Decision(pattern, "hold", None, None, why)


_ROWS: dict[Pattern, Callable[[Pattern, Cell, PushPolicy, Ground], Decision]] = {
    Pattern.SETTLED: _settled,
    Pattern.SOURCE_MOVED: _source_moved,
    Pattern.RULES_MOVED: _source_moved,
    Pattern.TARGET_MOVED: _target_moved,
    Pattern.BOTH_MOVED: _both_moved,
    Pattern.FIRST_SIGHT: _first_sight,
}
