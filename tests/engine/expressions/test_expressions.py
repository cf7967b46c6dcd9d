"""The Jinja dialect: a fixed table for each of our deltas, for both evaluators."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.expressions import ExpressionFailed, compile_expr, compile_template, interpret_expr, interpret_template
from engine.model.values import ABSENT, Pending

NAMES = frozenset({"source", "item", "mapped", "settings", "now"})
SCOPE: dict[str, Any] = {
    "now": "2026-01-02T03:04:05Z",
    "settings": {"domain": "x.test"},
    "source": {
        "id": "c1", "n": 5, "d": Decimal("2.50"), "big": Decimal("1E+3"), "null": None, "empty": "", "space": " ",
        "yes": True, "no": False, "zero": 0, "list": [1, 2, 3], "none": [], "name": "Ada Lovelace", "odd.key": "k",
        "m": {"x": "y", "k": None, "items": "it"}, "pending": Pending("op1", "id"), "huge": 10**40,
        "orders": [{"state": "ok", "t": Decimal("4.5")}, {"state": "canceled", "t": 3}, {"state": "ok", "t": None}],
        "words": ["b", "A", "c", "a"], "digits": "0123", "price": "12.50",
    },
}  # fmt: skip

EXPRESSIONS: list[tuple[str, Any]] = [
    # dots are item access only, and a missing member is absent however deep
    ("source.m.items", "it"),
    ("source.m.keys", ABSENT),
    ("source.id.upper", ABSENT),
    ("source.zz.y.z", ABSENT),
    ("source['odd.key']", "k"),
    ("source.list[0]", 1),
    ("source.list[-1]", 3),
    ("source.list[7]", ABSENT),
    ("source.id[0]", "c"),
    ("source.name[:3]", "Ada"),
    ("source.m[source.zz]", ABSENT),
    ("item", ABSENT),
    ("item.x", ABSENT),
    # null stays null, a missing name is absent
    ("source.null", None),
    ("none", None),
    ("source.zz", ABSENT),
    ("'x' if source.no", ABSENT),
    # comparing
    ("source.zz < 1", False),
    ("source.zz >= 1", False),
    ("source.null <= 1", False),
    ("1 > source.null", False),
    ("source.id < 3", False),
    ("source.yes < 2", False),
    ("source.n >= source.d", True),
    ("1 < source.n <= 5", True),
    ("1 < source.n <= 5 < 3", False),
    ("source.zz == none", True),
    ("source.zz == source.null", True),
    ("source.zz != none", False),
    ("source.zz == ''", False),
    ("source.n == 5.0", True),
    ("source.zz in [none]", True),
    ("source.id in source.zz", False),
    ("source.id not in source.zz", True),
    ("'Ada' in source.name", True),
    ("1 in source.name", False),
    ("'x' in source.m", True),
    # logic is Python's, absent is false
    ("source.zz or '-'", "-"),
    ("source.empty or source.zz", ABSENT),
    ("source.n and source.id", "c1"),
    ("not source.zz", True),
    ("not source.space", False),
    # arithmetic
    ("source.n + 1", 6),
    ("source.n - 0.5", Decimal("4.5")),
    ("6 / 3", 2),
    ("7 / 2", Decimal("3.5")),
    ("1 / 3", Decimal("0.3333333333333333333333333333")),
    ("7 // 2", 3),
    ("-7 // 2", -4),
    ("-7.0 // 2", Decimal("-4")),
    ("-7 % 3", 2),
    ("-7.0 % 3", Decimal("2.0")),
    ("1 / 0", ABSENT),
    ("1 % 0", ABSENT),
    ("source.n + source.zz", ABSENT),
    ("source.n + source.null", ABSENT),
    ("source.n + source.id", ABSENT),
    ("source.n + source.yes", ABSENT),
    ("-source.zz", ABSENT),
    ("0.1 + 0.2", Decimal("0.3")),
    ("source.id ~ '-' ~ source.n ~ source.yes", "c1-5true"),
    ("source.id ~ source.zz", ABSENT),
    # literals
    ("[1, source.zz, 'a']", [1, None, "a"]),
    ("(1, 2)", [1, 2]),
    ("{'a': source.zz}", {"a": None}),
    ("1.10", Decimal("1.10")),
    # filters: a blank goes through all but default
    ("source.zz | default('q')", "q"),
    ("source.null | default('q')", "q"),
    ("source.empty | default('q')", ""),
    ("source.empty | default('q', true)", "q"),
    ("source.zz | default", ""),
    ("source.zz | upper", ABSENT),
    ("source.zz | length", ABSENT),
    ("source.null | length == 0", False),
    ("source.m | upper", ABSENT),
    ("source.pending | upper", Pending("op1", "id")),
    ("source.id | upper", "C1"),
    ("source.n | string", "5"),
    ("source.big | string", "1000"),
    ("source.name | lower | replace(' ', '_')", "ada_lovelace"),
    ("source.name | title", "Ada Lovelace"),
    ("source.name | truncate(3)", "Ada"),
    ("source.name | split", ["Ada", "Lovelace"]),
    ("source.name | split('a') | last", "ce"),
    ("(source.name | split(' '))[-1]", "Lovelace"),
    ("' x ' | trim", "x"),
    ("source.digits | int", 123),
    ("source.price | decimal", Decimal("12.50")),
    ("source.price | int", 12),
    ("source.name | int", ABSENT),
    ("source.name | int(0)", 0),
    ("source.d | round", 3),
    ("source.d | round(1)", Decimal("2.5")),
    ("2.45 | round(1)", Decimal("2.5")),
    ("2.41 | round(1, 'ceil')", Decimal("2.5")),
    ("1234 | round(-2)", 1200),
    ("-source.d | abs", Decimal("2.50")),
    ("(-source.d) | abs", Decimal("2.50")),
    ("source.list | sum", 6),
    ("source.orders | sum('t')", Decimal("7.5")),
    ("source.orders | rejectattr('state', 'equalto', 'canceled') | sum('t')", Decimal("4.5")),
    ("source.orders | selectattr('t') | list | length", 2),
    ("source.orders | map(attribute='state') | unique | join(', ')", "ok, canceled"),
    ("source.orders | map(attribute='zz', default='-') | first", "-"),
    ("source.words | map('upper') | join", "BACA"),
    ("source.words | sort | join", "Aabc"),
    ("source.words | sort(case_sensitive=true) | join", "Aabc"),
    ("source.words | sort(reverse=true) | first", "c"),
    ("source.orders | sort(attribute='state') | first", {"state": "canceled", "t": 3}),
    ("source.words | unique | join", "bAc"),
    ("source.list | max", 3),
    ("source.words | min", "A"),
    ("source.none | max", ABSENT),
    ("source.none | first", ABSENT),
    ("source.none | sum", 0),
    ("source.list | select('>', 1) | list", [2, 3]),
    ("[source.id, source.zz, source.empty] | join('-')", "c1"),
    ("now | date", "2026-01-02"),
    ("now | date('%d.%m.%Y')", "02.01.2026"),
    ("now | date('%B')", ABSENT),
    ("source.name | date", ABSENT),
    # tests
    ("source.zz is defined", False),
    ("source.null is defined", True),
    ("source.null is none", True),
    ("source.zz is none", False),
    ("source.zz is blank", True),
    ("source.space is blank", True),
    ("source.zero is blank", False),
    ("source.n is number", True),
    ("source.yes is number", False),
    ("source.id is string", True),
    ("source.id is in ['c1']", True),
    ("source.id is equalto 'c1'", True),
    ("source.n is not ge 6", True),
]

TEMPLATES: list[tuple[str, Any]] = [
    ("Stripe: {{ source.id }}", "Stripe: c1"),
    ("{{ source.id }}@{{ settings.domain }}", "c1@x.test"),
    ("{{ source.n }} {{ source.d }} {{ source.big }} {{ source.yes }} {{ source.no }}", "5 2.50 1000 true false"),
    ("a {{ source.zz }}", ABSENT),
    ("a {{ source.null }}", ABSENT),
    ("a {{ source.empty }}.", "a ."),
    ("a {{ source.zz | default('-') }}", "a -"),
    ("a {{ source.zz or '-' }}", "a -"),
    ("{% if source.yes %}y {{ source.id }}{% elif source.zz %}z{% else %}n{% endif %}!", "y c1!"),
    ("{% if source.zz %}{{ source.zz }}{% else %}n{% endif %}", "n"),
    ("{% if source.yes %}{{ source.zz }}{% endif %}!", ABSENT),
    ("{{ '{{ source.id }}' }}", "{{ source.id }}"),
    ("<{{ '<b>' }}>", "<<b>>"),
    ("a\n", "a"),
    ("", ""),
    ("{{ 1 }}{{ 2.50 }}{{ true }}", "12.50true"),
    ("{# note #}a {{- source.id -}} b", "ac1b"),
]


@pytest.mark.parametrize("make", [interpret_expr, compile_expr], ids=["interpreted", "generated"])
@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS, ids=[text for text, _ in EXPRESSIONS])
def test_expression_yields(make: Any, text: str, expected: Any) -> None:
    found = make(text, NAMES)(SCOPE)

    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("make", [interpret_template, compile_template], ids=["interpreted", "generated"])
@pytest.mark.parametrize(("text", "expected"), TEMPLATES, ids=[text for text, _ in TEMPLATES])
def test_template_yields(make: Any, text: str, expected: Any) -> None:
    assert make(text, NAMES)(SCOPE) == expected


@pytest.mark.parametrize("make", [interpret_template, compile_template], ids=["interpreted", "generated"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ source.list }}", "list-in-text"),
        ("{{ source.m }}", "list-in-text"),
        ("{{ [1, 2] }}", "list-in-text"),
        ("{{ source.pending }}", "pending-in-text"),
        ("{{ source.huge }}", "number-too-large"),
        ("{{ source.huge + 1 }}", "number-too-large"),
        ("{{ 1000000000000000 * 10000000000000000 }}", "number-too-large"),
        ("{{ source.long }}{{ source.long }}", "template-too-long"),
        ("{{ source.long | replace('a', source.long) }}", "template-too-long"),
        ("{{ source.long ~ source.long }}", "template-too-long"),
    ],
)
def test_text_that_cannot_be_made_fails_without_naming_values(make: Any, text: str, code: str) -> None:
    scope = {**SCOPE, "source": {**SCOPE["source"], "long": "a" * 6000}}

    with pytest.raises(ExpressionFailed) as caught:
        make(text, NAMES)(scope)

    assert caught.value.code == code
    assert "aaa" not in str(caught.value)


@pytest.mark.parametrize("make", [interpret_template, compile_template], ids=["interpreted", "generated"])
def test_text_of_the_greatest_length_passes(make: Any) -> None:
    assert make("{{ source.a }}", NAMES)({"source": {"a": "a" * 10_000}}) == "a" * 10_000


@pytest.mark.parametrize("make", [interpret_expr, compile_expr], ids=["interpreted", "generated"])
def test_name_that_the_scope_lacks_is_absent(make: Any) -> None:
    assert make("source.id or 'none'", NAMES)({}) == "none"
