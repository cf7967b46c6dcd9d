"""JMESPath: three states, exact numbers, refusals with a place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.expressions import ExpressionError, compile_path, interpret_path, parse_path
from engine.model.values import ABSENT, Pending

RECORD = {
    "id": "c1", "n": 5, "d": Decimal("2.50"), "null": None, "empty": "", "b": True, "$odd": "o",
    "m": {"x": "y", "k": None}, "l": [3, 1, 2], "mixed": [1, "a"], "pending": Pending("op1", "id"),
    "orders": [
        {"state": "canceled", "total": Decimal("3")},
        {"state": "ok", "total": Decimal("4.5"), "lines": [{"sku": "a"}, {"sku": "b"}]},
    ],
}  # fmt: skip

VALUES: list[tuple[str, Any]] = [
    ("id", "c1"),
    ("null", None),
    ("m.k", None),
    ("empty", ""),
    ("zz", ABSENT),
    ("m.zz", ABSENT),
    ("id.x", ABSENT),
    ("null.x", ABSENT),
    ("zz.y.z", ABSENT),
    ('"$odd"', "o"),
    ("null || id", "c1"),
    ("null || zz", ABSENT),
    ("@.null", ABSENT),
    ("l[0]", 3),
    ("l[-1]", 2),
    ("l[9]", ABSENT),
    ("l[1:]", [1, 2]),
    ("orders[?state != 'canceled'].total | [0]", Decimal("4.5")),
    ("orders[].lines[].sku", ["a", "b"]),
    ("length(orders[?state != 'canceled'])", 1),
    ("[id, zz]", ["c1", None]),
    ("{a: id, b: null}", {"a": "c1", "b": None}),
    ("sum(orders[].total)", Decimal("7.5")),
    ("sum(orders[].total) == `7.5`", True),
    ("sum(orders[?state == 'none'].total)", 0),
    ("avg(l)", 2),
    ("avg(orders[].total)", Decimal("3.75")),
    ("avg(orders[?state == 'none'].total)", ABSENT),
    ("min(orders[].total)", Decimal("3")),
    ("max([n, d])", 5),
    ("sort(l)", [1, 2, 3]),
    ("abs(`-2.5`)", Decimal("2.5")),
    ("ceil(d)", 3),
    ("floor(d)", 2),
    ("to_number('12')", 12),
    ("to_number('1.20')", Decimal("1.20")),
    ("to_number('twelve')", ABSENT),
    ("to_string(d)", "2.50"),
    ("to_string(m)", '{"x":"y","k":null}'),
    ("type(d)", "number"),
    ("n > d", True),
    ("n >= `5.0`", True),
    ("id < n", ABSENT),
    ("b == `1`", False),
    ("contains(id, 'c')", True),
    ("starts_with(id, 'c')", True),
    ("join('-', ['a', 'b'])", "a-b"),
    ("length(zz)", ABSENT),
    ("length(zz) || `0`", 0),
    ("sort(mixed)", ABSENT),
    ("sort_by(orders, &total)[1].state", "ok"),
    ("max_by(orders, &total).state", "ok"),
    ("map(&state, orders)", ["canceled", "ok"]),
    ("not_null(zz, null, id)", "c1"),
    ("m.*", ["y"]),
    ("keys(m)", ["x", "k"]),
    ("!n", False),
    ("!`0`", False),
    ("pending", Pending("op1", "id")),
    ("length(pending)", Pending("op1", "id")),
]


@pytest.mark.parametrize("make", [interpret_path, compile_path], ids=["interpreted", "generated"])
@pytest.mark.parametrize(("text", "expected"), VALUES, ids=[text for text, _ in VALUES])
def test_path_yields(make: Any, text: str, expected: Any) -> None:
    found = make(text)(RECORD)

    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("make", [interpret_path, compile_path], ids=["interpreted", "generated"])
@pytest.mark.parametrize("value", [None, ABSENT, "text", 3, [1]], ids=str)
def test_bare_path_into_something_else_is_absent(make: Any, value: Any) -> None:
    assert make("a.b")(value) is ABSENT


@pytest.mark.parametrize(
    ("text", "code", "column", "hint"),
    [
        ("a..b", "expression-syntax", 3, ""),
        ("a[", "expression-syntax", 3, ""),
        ("", "expression-syntax", 1, "`@` is the record itself"),
        ("a b", "expression-syntax", 3, ""),
        ("a == `b`", "expression-syntax", 6, "write text in single quotes"),
        ("x || lenght(a)", "unknown-function", 6, "did you mean `length`?"),
        ("sum(a, b)", "expression-not-allowed", 1, ""),
        ("&a", "expression-not-allowed", 1, ""),
        ("length(&a)", "expression-not-allowed", 1, ""),
        ("sort_by(a, b)", "expression-not-allowed", 1, ""),
        ("a[::0]", "expression-not-allowed", 1, ""),
        ("`1e999`", "expression-not-allowed", 1, ""),
        ("a" * 2001, "expression-not-allowed", 1, ""),
        ("[" * 150 + "a" + "]" * 150, "expression-not-allowed", 1, ""),
        ("(" * 900 + "a" + ")" * 900, "expression-not-allowed", 1, ""),
    ],
    ids=lambda value: str(value)[:20],
)
def test_wrong_path_is_refused_at_its_place(text: str, code: str, column: int, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_path(text)

    assert (caught.value.code, caught.value.line, caught.value.column, caught.value.hint) == (code, 1, column, hint)


def test_second_line_of_a_path_is_named() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_path("a\n  ..b")

    assert (caught.value.line, caught.value.column) == (2, 4)
