"""Which paths texts and rows read."""

from __future__ import annotations

from typing import Any

import pytest

from engine.expressions import parse_expr, parse_path, parse_template, reads
from engine.spec.mapping import Case, Choose, Each, FirstOf, Literally, Override, Records, With
from tests.engine.expressions.builders import expr, path, row, template

NAMES = frozenset({"source", "mapped", "item", "settings"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id", {("id",)}),
        ("metadata.netsuite_id", {("metadata", "netsuite_id")}),
        ("l[0].zip", {("l", "[]", "zip")}),
        ("l[].zip", {("l", "[]", "zip")}),
        ("l[*].zip | [0]", {("l", "[]", "zip")}),
        ("l[?main].zip | [0]", {("l", "[]", "main"), ("l", "[]", "zip")}),
        ("l[?main] | [0].zip", {("l", "[]", "main"), ("l", "[]", "zip")}),
        ("a[].b[].c", {("a", "[]", "b", "[]", "c")}),
        ("length(orders[?state != 'x'])", {("orders", "[]"), ("orders", "[]", "state")}),
        ("sum(orders[].total)", {("orders", "[]", "total")}),
        ("sort_by(orders, &at)[0].id", {("orders",), ("orders", "[]", "at")}),
        ("a || b.c", {("a",), ("b", "c")}),
        ("[{k: 'B', at: a || b}, {at: c.d}] | [?at]", {("a",), ("b",), ("c", "d")}),
        ("@", {()}),
        ("'text'", set()),
    ],
)
def test_path_reads(text: str, expected: Any) -> None:
    assert parse_path(text).reads == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("source.metadata.x and mapped.isPerson", {("source", "metadata", "x"), ("mapped", "isPerson")}),
        ("source['a b'].c", {("source", "a b", "c")}),
        ("source[item.key].c", {("source",), ("item", "key")}),
        ("source.l[0].x", {("source", "l", "[]", "x")}),
        ("source.l | sum('n')", {("source", "l", "[]", "n")}),
        ("source.l | rejectattr('s', 'equalto', item.s) | sum('n')",
         {("source", "l", "[]", "s"), ("item", "s"), ("source", "l", "[]", "n")}),
        ("source.l | map(attribute='a.b') | first", {("source", "l", "[]", "a", "b")}),
        ("source.l | first", {("source", "l", "[]")}),
        ("source.l | length > 1", {("source", "l")}),
        ("source.a | default(source.b)", {("source", "a"), ("source", "b")}),
        ("(source.a if source.b else source.c).d", {("source", "a", "d"), ("source", "b"), ("source", "c", "d")}),
        ("1 + 2", set()),
    ],
)  # fmt: skip
def test_expression_reads(text: str, expected: Any) -> None:
    assert parse_expr(text, NAMES).reads == expected


def test_template_reads_every_branch() -> None:
    text = "{% if source.a %}{{ source.b }}{% else %}{{ settings.c }}{% endif %}"

    assert parse_template(text, NAMES).reads == {("source", "a"), ("source", "b"), ("settings", "c")}


def test_rows_read_from_the_source_record_on() -> None:
    lines = Each(
        path("book[?main]"),
        (row("city", "city"), row("x", expr("item.zip ~ source.suffix")), row("n", Literally("n"))),
    )
    rows = (
        row("a", FirstOf((path("name"), path("id"))), when=expr("mapped.b and source.flag")),
        row("c", "c", override=Override(wins=path("metadata.c"))),
        row("d", Choose((Case(expr("source.n > held.n"), template("{{ source.d }} {{ now }}")),)), default=path("e")),
        row("lines", lines, "list"),
        row("o", With(path("pay.card"), (row("last", "last4"),)), "object"),
        row("terms", "terms", by="name", to="s.term"),
        row("parent", "parent", linked="s.customer"),
        row("cur", Each(Records("s.currency", expr("not item.off")), (row("currency", "id"),)), "list"),
    )

    assert reads(rows) == {
        ("name",), ("id",), ("flag",), ("c",), ("metadata", "c"), ("n",), ("held", "n"), ("d",), ("now",), ("e",),
        ("book", "[]", "main"), ("book", "[]", "city"), ("book", "[]", "zip"), ("suffix",), ("pay", "card", "last4"),
        ("terms",), ("by:s.term.name",), ("parent",), ("linked:s.customer",), ("records:s.currency",),
        ("records:s.currency", "off"), ("records:s.currency", "id"),
    }  # fmt: skip


def test_list_of_literals_still_reads_its_items() -> None:
    assert reads((row("l", Each(path("book"), (row("n", Literally("n")),)), "list"),)) == {("book", "[]")}
