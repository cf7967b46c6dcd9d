"""What the dialect refuses: with a code, a place and the right word, and at no cost."""

from __future__ import annotations

import time

import pytest

from engine.expressions import ExpressionError, parse_expr, parse_template

NAMES = frozenset({"source", "item", "mapped", "settings", "held", "link", "now"})

REFUSED = [
    ("source.__class__", "expression-not-allowed", 1, 7),
    ("source['__class__']", "expression-not-allowed", 1, 7),
    ("source._private", "expression-not-allowed", 1, 7),
    ("_source", "expression-not-allowed", 1, 1),
    ("source | map(attribute='a.__class__')", "expression-not-allowed", 1, 24),
    ("source.items()", "expression-not-allowed", 1, 13),
    ("range(3)", "expression-not-allowed", 1, 6),
    ("''.join(source.a)", "expression-not-allowed", 1, 8),
    ("'%s' | format(1)", "unknown-filter", 1, 8),
    ("source.a | attr('b')", "unknown-filter", 1, 12),
    ("source.a | pprint", "unknown-filter", 1, 12),
    ("2 ** 3", "expression-not-allowed", 1, 1),
    ("'a' * 3", "expression-not-allowed", 1, 1),
    ("'a' + source.b", "expression-not-allowed", 1, 1),
    ("'%s' % source.b", "expression-not-allowed", 1, 1),
    ("[1] * 3", "expression-not-allowed", 1, 1),
    ("-'a'", "expression-not-allowed", 1, 1),
    ("soruce.a", "unknown-name", 1, 1),
    ("source.a and\n  itm.b", "unknown-name", 2, 3),
    ("source.a | uper", "unknown-filter", 1, 12),
    ("source.a is blnk", "unknown-test", 1, 10),
    ("source.a | map('uper')", "unknown-filter", 1, 16),
    ("source.a | select('blnk')", "unknown-test", 1, 19),
    ("source.a | map(source.b)", "expression-not-allowed", 1, 22),
    ("source.a | replace('b')", "expression-not-allowed", 1, 12),
    ("source.a | lower(1)", "expression-not-allowed", 1, 12),
    ("source.a | round(digits=1)", "expression-not-allowed", 1, 25),
    ("source.a | replace(*source.b)", "expression-not-allowed", 1, 12),
    ("source.a is equalto", "expression-not-allowed", 1, 10),
    ("source.a is blank(1)", "expression-not-allowed", 1, 10),
    ("source.a[source.b:]", "expression-not-allowed", 1, 16),
    ("source.a[::0]", "expression-not-allowed", 1, 10),
    ("{source.a: 1}", "expression-not-allowed", 1, 8),
    ("source.a +", "expression-syntax", 1, 10),
    ("source.a }} {{ 1", "expression-syntax", 1, 10),
    ("", "expression-syntax", 1, 1),
    ("source.a =! 1", "expression-syntax", 1, 10),
    ("9" * 40, "expression-not-allowed", 1, 1),
    ("1e400", "expression-not-allowed", 1, 1),
    ("'" + "a" * 2000 + "'", "expression-not-allowed", 1, 1),
    ("(" * 300 + "1" + ")" * 300, "expression-not-allowed", 1, 41),
    ("not " * 400 + "1", "expression-not-allowed", 1, 161),
    ("-" * 500 + "1", "expression-not-allowed", 1, 41),
    ("[" + "1, " * 201 + "]", "expression-not-allowed", 1, 599),
    ("1" + " + 1" * 60, "expression-not-allowed", 1, 79),
]

REFUSED_TEMPLATES = [
    "{% for a in source.b %}{{ a }}{% endfor %}",
    "{% set a = 1 %}",
    "{% macro a() %}{% endmacro %}",
    "{% include 'a' %}",
    "{% import 'a' as b %}",
    "{% extends 'a' %}",
    "{% block a %}{% endblock %}",
    "{% filter upper %}a{% endfilter %}",
    "{% call source.a() %}{% endcall %}",
    "{% with a = 1 %}{% endwith %}",
    "{% autoescape true %}a{% endautoescape %}",
    "{{ self }}",
    "{{ caller() }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ source.a.__init__ }}",
    "{{ 'a' * 10 ** 9 }}",
    "{% if source.a %}{% for b in c %}{% endfor %}{% endif %}",
    "{% if " * 50 + "1",
]


@pytest.mark.parametrize(("text", "code", "line", "column"), REFUSED, ids=[text[:30] for text, *_ in REFUSED])
def test_expression_is_refused_at_its_place(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expr(text, NAMES)

    assert (caught.value.code, caught.value.line, caught.value.column) == (code, line, column)


@pytest.mark.parametrize("text", REFUSED_TEMPLATES)
def test_template_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_template(text, NAMES)


@pytest.mark.parametrize(
    "text", ["'a'*10**9", "'a' * 1000000000", "[0] * 999999999", "'%999999999d' % 1", "2**2**2**9"]
)
def test_costly_constant_is_refused_before_anything_computes_it(text: str) -> None:
    parse_expr("1", NAMES)
    start = time.perf_counter()

    with pytest.raises(ExpressionError):
        parse_expr(text, NAMES)

    assert time.perf_counter() - start < 0.05


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("soruce.a", "did you mean `source`?"),
        ("source.a | uper", "did you mean `upper`?"),
        ("source.a is blnk", "did you mean `blank`?"),
        ("source.a | float", "use `decimal`"),
        ("source.a.split('/')[-1]", "use the filter: `value | split`"),
        ("source.a.strip()", "use the filter: `value | trim`"),
        ("'a' + source.b", "join texts with `~`"),
        ("source._links", "write `['_name']`"),
    ],
)
def test_refusal_names_the_right_word(text: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expr(text, NAMES)

    assert caught.value.hint == hint


def test_place_in_a_template_of_several_lines_counts_them() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_template("Dear {{ source.a }},\r\n  {{- soruce.b }}", NAMES)

    assert (caught.value.code, caught.value.line, caught.value.column) == ("unknown-name", 2, 7)


def test_raw_block_is_text() -> None:
    assert parse_template("{% raw %}{{ soruce }}{% endraw %}", NAMES).reads == frozenset()


def test_quoted_name_with_one_underscore_is_read() -> None:
    assert parse_expr("source['_links'].self", NAMES).reads == {("source", "_links", "self")}
