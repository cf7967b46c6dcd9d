"""Steps into plain trees: taking a member out, and building the tree that holds one."""

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
        if not isinstance(tree, dict) or step not in tree:
            return ABSENT
        tree = tree[step]
    return tree


def put(tree: dict[str, Any], steps: Sequence[str], value: Any) -> None:
    """Set the value at `steps` in a tree that the caller is building, making the objects on the way."""
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
    tree[steps[-1]] = value
