"""Equality by type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.functions.keys import KEYS, comparator, key_of
from engine.functions.readers import READERS
from engine.model.values import ABSENT, Pending
from engine.spec.system import FieldSpec

ADDRESS = FieldSpec(
    "f",
    "object",
    fields={
        "id": FieldSpec("id", writable=False),
        "line1": FieldSpec("line1"),
        "country": FieldSpec("country", "country"),
        "main": FieldSpec("main", "boolean"),
    },
)
BOOK = FieldSpec("f", "list", key=("line1",), fields=ADDRESS.fields)
PLAIN = FieldSpec("f", "list", of="text")


@pytest.mark.parametrize(
    ("spec", "one", "other"),
    [
        (FieldSpec("f"), "Zo\u00eb", "Zoe\u0308"),
        (FieldSpec("f"), "a\r\nb", "a\nb"),
        (FieldSpec("f"), "a  \nb ", "a\nb"),
        (FieldSpec("f"), "", None),
        (FieldSpec("f"), "  ", ABSENT),
        (FieldSpec("f"), 42, "42"),
        (FieldSpec("f", "email"), " Jane@Example.com", "jane@example.COM "),
        (FieldSpec("f", "email"), "j@xn--bcher-kva.example", "j@bücher.example"),
        (FieldSpec("f", "phone"), "+49 (89) 123-456", "+4989123456"),
        (FieldSpec("f", "phone"), "0049 89 123456", "+4989123456"),
        (FieldSpec("f", "phone"), "+49 (0)89 123456", "+49 89 123456"),
        (FieldSpec("f", "phone"), "555 1234 ext. 5", "5551234x5"),
        (FieldSpec("f", "url"), "HTTPS://Example.com/", "https://example.com"),
        (FieldSpec("f", "money"), Decimal("1.50"), Decimal("1.5")),
        (FieldSpec("f", "money"), 2, Decimal("2.00")),
        (FieldSpec("f", "money"), "2.0", 2),
        (FieldSpec("f", "datetime"), "2026-03-04T05:06:07.250Z", "2026-03-04T05:06:07Z"),
        (FieldSpec("f", "datetime"), "2026-03-04T06:06:07+01:00", "2026-03-04T05:06:07Z"),
        (FieldSpec("f", "date"), "2026-03-04T05:06:07Z", "2026-03-04"),
        (FieldSpec("f", "country"), "fr", "FR"),
        (FieldSpec("f", "currency"), "usd", "USD"),
        (FieldSpec("f", "language"), "de-DE", "de_de"),
        (FieldSpec("f", "reference"), {"id": "7", "name": "Net 30"}, "7"),
        (FieldSpec("f", "multi_choice"), ["a", "b"], ["b", "a"]),
        (PLAIN, ["a", "", None], ["a"]),
        (PLAIN, [], None),
        (FieldSpec("f", "list", of="text", joined_by=","), ["a", "b"], ["b", "a"]),
        (FieldSpec("f", "list", of="text", compare="any_order"), ["a", "b"], ["b", "a"]),
        (ADDRESS, {"line1": "x", "country": None}, {"line1": "x "}),
        (ADDRESS, {"line1": "x", "id": "5"}, {"line1": "x"}),
        (ADDRESS, {"line1": " "}, None),
        (BOOK, [{"line1": "a"}, {"line1": "b"}], [{"line1": "b"}, {"line1": "a", "country": ""}]),
        (FieldSpec("f", "map"), {"a": "1", "b": None}, {"a": "1"}),
        (FieldSpec("f", "map"), {"a": {"b": [], "c": 1}}, {"a": {"c": 1}}),
        (FieldSpec("f", "consent"), {"status": "denied", "at": "2026-01-01T00:00:00Z"}, {"status": "denied"}),
        (FieldSpec("f", compare="text"), "Visa Debit", "VISADEBIT"),
        (FieldSpec("f", compare="postcode"), "SW1A 1AA", "sw1a1aa"),
        (FieldSpec("f"), Pending("op", "id"), Pending("op", "id")),
    ],
)
def test_same(spec: FieldSpec, one: Any, other: Any) -> None:
    same = comparator(spec)

    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("spec", "one", "other"),
    [
        (FieldSpec("f"), "a", "A"),
        (FieldSpec("f"), " a", "a"),
        (FieldSpec("f"), "0", None),
        (FieldSpec("f"), "12345", "company ID 12345"),
        (FieldSpec("f", "email"), "jane+tag@example.com", "jane@example.com"),
        (FieldSpec("f", "phone"), "+49 89 123456", "089 123456"),
        (FieldSpec("f", "phone"), "555 1234 ext. 5", "555 1234"),
        (FieldSpec("f", "boolean"), False, None),
        (FieldSpec("f", "money"), 0, None),
        (FieldSpec("f", "money"), Decimal("1.50"), Decimal("1.51")),
        (FieldSpec("f", "datetime"), "2026-03-04T05:06:07Z", "2026-03-04T05:06:08Z"),
        (FieldSpec("f", "datetime"), "soon", "later"),
        (FieldSpec("f", "reference"), "7", "8"),
        (FieldSpec("f", "multi_choice"), ["a", "a"], ["a"]),
        (PLAIN, ["a", "b"], ["b", "a"]),
        (PLAIN, ["", "a"], ["a"]),
        (ADDRESS, {"line1": "x", "main": False}, {"line1": "x", "main": True}),
        (BOOK, [{"line1": "a"}], [{"line1": "a"}, {"line1": "b"}]),
        (FieldSpec("f", "map"), {"a": "1"}, {"a": "2"}),
        (FieldSpec("f", "consent"), {"status": "denied"}, {"status": "granted"}),
        (FieldSpec("f"), Pending("op", "id"), Pending("op2", "id")),
    ],
)
def test_different(spec: FieldSpec, one: Any, other: Any) -> None:
    same = comparator(spec)

    assert not same(one, other)
    assert not same(other, one)


def test_an_object_that_cannot_be_written_at_all_is_compared_whole() -> None:
    spec = FieldSpec("f", "object", fields={"id": FieldSpec("id", writable=False)})

    assert not comparator(spec)({"id": "1"}, {"id": "2"})


@pytest.mark.parametrize("kind", sorted(KEYS))
@pytest.mark.parametrize(
    "value", ["x", 1, True, Decimal("1.5"), ["x", {"a": None}], {"a": ["x"], "b": Pending("o", "f")}]
)
def test_keys_are_hashable_whatever_the_value(kind: str, value: Any) -> None:
    key = key_of(FieldSpec("f", kind))

    assert hash(key(value)) == hash(key(value))


def test_every_type_can_be_compared() -> None:
    assert set(KEYS) == set(READERS)
