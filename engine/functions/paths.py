"""Steps into plain trees: taking a member out, and building the tree that holds one.

A step is the name of a member. `[name=value]` is the line of a list whose member `name` is `value`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.model.values import ABSENT


def getter(steps: Sequence[str]) -> Callable[[dict[str, Any]], Any]:
    """A function that takes the member at `steps` out of an object: the value, None, or ABSENT."""
    if len(steps) == 1:
        name = steps[0]
        return lambda tree: tree.get(name, ABSENT)
    return lambda tree: take(tree, steps)


def take(tree: Any, steps: Sequence[str]) -> Any:
    """The value at `steps`; ABSENT when a step is not there."""
    for step in steps:
        if isinstance(tree, list) and step.startswith("["):
            tree = _line(tree, step)
        elif not isinstance(tree, dict) or step not in tree:
            return ABSENT
        else:
            tree = tree[step]
    return tree


def put(tree: dict[str, Any], steps: Sequence[str], value: Any) -> None:
    """Set the value at `steps` in a tree that the caller is building, making the objects and lists on the way."""
    inner: Any = tree
    for at, step in enumerate(steps[:-1]):
        if step.startswith("["):
            inner = _made_line(inner, step)
        else:
            kind: type[Any] = list if steps[at + 1].startswith("[") else dict
            if not isinstance(inner.get(step), kind):
                inner[step] = kind()
            inner = inner[step]
    inner[steps[-1]] = value


def line_step(name: str, value: str) -> str:
    """The step to the line of a list whose member `name` is `value`."""
    return f"[{name}={value}]"


def _line(lines: list[Any], step: str) -> Any:
    name, _, value = step[1:-1].partition("=")
    return next((one for one in lines if isinstance(one, dict) and one.get(name) == value), ABSENT)


def _made_line(lines: list[Any], step: str) -> dict[str, Any]:
    found = _line(lines, step)
    if found is ABSENT:
        name, _, value = step[1:-1].partition("=")
        found = {name: value}
        lines.append(found)
    return found  # type: ignore[no-any-return]  # lines are dicts
