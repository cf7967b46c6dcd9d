"""Steps into trees."""

from __future__ import annotations

from typing import Any

import pytest

from engine.functions.paths import getter, put, take
from engine.model.values import ABSENT


@pytest.mark.parametrize(
    ("steps", "value"),
    [
        (("a",), {"b": None}),
        (("a", "b"), None),
        (("a", "c"), ABSENT),
        (("a", "b", "c"), ABSENT),
        (("x",), ABSENT),
        (("l", "0"), ABSENT),
    ],
)
def test_taking_tells_null_from_absent(steps: tuple[str, ...], value: Any) -> None:
    tree = {"a": {"b": None}, "l": ["x"]}

    assert take(tree, steps) == value
    assert getter(steps)(tree) == value


def test_putting_makes_the_objects_on_the_way() -> None:
    tree: dict[str, Any] = {"a": {"x": 1}}
    put(tree, ("a", "b"), 2)
    put(tree, ("c", "d", "e"), None)

    assert tree == {"a": {"x": 1, "b": 2}, "c": {"d": {"e": None}}}
