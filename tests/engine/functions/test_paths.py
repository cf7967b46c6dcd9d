"""Steps into trees."""

from __future__ import annotations

from typing import Any

import pytest

from engine.functions.paths import getter, line_step, put, take
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


def test_a_line_of_a_list_is_found_by_its_name() -> None:
    tree = {"custom": [{"code": "a", "value": 1}, {"code": "b", "value": None}, "odd"]}

    assert take(tree, ("custom", line_step("code", "a"), "value")) == 1
    assert take(tree, ("custom", line_step("code", "b"), "value")) is None
    assert take(tree, ("custom", line_step("code", "c"), "value")) is ABSENT
    assert take({"custom": {}}, ("custom", line_step("code", "a"), "value")) is ABSENT


def test_putting_makes_lists_and_their_lines_on_the_way() -> None:
    tree: dict[str, Any] = {}
    put(tree, ("custom", line_step("code", "a"), "value"), 1)
    put(tree, ("custom", line_step("code", "b"), "value"), None)
    put(tree, ("custom", line_step("code", "a"), "unit"), "kg")

    assert tree == {"custom": [{"code": "a", "value": 1, "unit": "kg"}, {"code": "b", "value": None}]}
