"""Native values to normalised ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.functions.failed import FunctionFailed
from engine.functions.readers import READERS, reader
from engine.model.values import ABSENT
from engine.spec.system import FieldSpec

ADDRESS = FieldSpec(
    "address",
    "object",
    fields={
        "line1": FieldSpec("line1"),
        "code": FieldSpec("code", at=("inner", "code")),
        "country": FieldSpec("country", "country"),
    },
)

UNIX = FieldSpec("f", "datetime", format="unix_seconds")
STATUS = FieldSpec("status", "choice", codes={"active": "1", "blocked": "3"})


@pytest.mark.parametrize(
    ("spec", "raw", "value"),
    [
        (FieldSpec("f"), "Zoë", "Zoë"),
        (FieldSpec("f"), "01234", "01234"),
        (FieldSpec("f"), "a\x00b\ud800c", "abc"),
        (FieldSpec("f"), "", ""),
        (FieldSpec("f"), None, None),
        (FieldSpec("f"), 42, "42"),
        (FieldSpec("f"), Decimal("1E+2"), "100"),
        (FieldSpec("f"), True, "true"),
        (FieldSpec("f", "email"), " Jane@Example.COM ", " Jane@Example.COM "),
        (FieldSpec("f", "boolean"), True, True),
        (FieldSpec("f", "boolean"), "T", True),
        (FieldSpec("f", "boolean"), "F", False),
        (FieldSpec("f", "boolean"), "yes", True),
        (FieldSpec("f", "boolean"), "No", False),
        (FieldSpec("f", "boolean"), 0, False),
        (FieldSpec("f", "boolean"), "1", True),
        (FieldSpec("f", "boolean"), "", None),
        (FieldSpec("f", "boolean", codes={"true": "2", "false": "1"}), 1, False),
        (FieldSpec("f", "boolean", codes={"true": "2", "false": "1"}), "2", True),
        (FieldSpec("f", "integer"), "0042", 42),
        (FieldSpec("f", "integer"), Decimal("7.0"), 7),
        (FieldSpec("f", "integer"), " ", None),
        (FieldSpec("f", "money"), "12.50", Decimal("12.50")),
        (FieldSpec("f", "money"), 10**30, 10**30),
        (FieldSpec("f", "money"), Decimal("-0.0"), Decimal("0")),
        (FieldSpec("f", "money", minor_units=True), 1250, 1250),
        (FieldSpec("f", "decimal"), "-.5", Decimal("-0.5")),
        (FieldSpec("f", "decimal"), 0.1, Decimal("0.1")),
        (FieldSpec("f", "country"), {"id": "FR", "refName": "France"}, "FR"),
        (FieldSpec("f", "country"), "FR", "FR"),
        (FieldSpec("f", "currency"), "usd", "usd"),
        (FieldSpec("f", "reference"), {"id": "1", "refName": "Parent", "links": []}, "1"),
        (FieldSpec("f", "reference"), 17, "17"),
        (FieldSpec("f", "reference"), "cus_1", "cus_1"),
        (FieldSpec("f", "reference"), "", None),
        (FieldSpec("f", "reference"), {}, None),
        (FieldSpec("f", "reference"), {"id": None}, None),
        (FieldSpec("f", "reference", null_is="0"), 0, None),
        (FieldSpec("f", "reference", null_is="0"), "12", "12"),
        (STATUS, 3, "blocked"),
        (STATUS, {"id": "1"}, "active"),
        (STATUS, "9", "9"),
        (FieldSpec("f", "multi_choice", codes={"red": "1"}), ["1", {"id": "2"}], ["red", "2"]),
        (FieldSpec("f", "list", of="text", joined_by=","), "a, b,,c", ["a", "b", "c"]),
        (FieldSpec("f", "list", of="text"), ["1 Main St", "", None], ["1 Main St", "", None]),
        (FieldSpec("f", "list", of="reference"), [{"id": 3}, 4], ["3", "4"]),
        (FieldSpec("f", "list", of="text"), [], []),
        (FieldSpec("f", "map"), {"a": 1, "b": None, "c": {"d": [Decimal("1.5")]}},
         {"a": "1", "b": None, "c": {"d": [Decimal("1.5")]}}),
        (FieldSpec("f", "map"), [], {}),
        (FieldSpec("f", "object"), {"a": {"b": 1}}, {"a": {"b": 1}}),
        (ADDRESS, {"line1": "1 Main St", "inner": {"code": 7}, "other": 1}, {"line1": "1 Main St", "code": "7"}),
        (ADDRESS, {"line1": "x", "inner": None}, {"line1": "x"}),
        (ADDRESS, {"line1": "x", "country": None}, {"line1": "x", "country": None}),
        (ADDRESS, None, None),
    ],
)  # fmt: skip
def test_reads_a_native_value(spec: FieldSpec, raw: Any, value: Any) -> None:
    read = reader(spec)(raw)

    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("form", "raw", "value"),
    [
        ("unix_seconds", 1700000000, "2023-11-14T22:13:20Z"),
        ("unix_seconds", "1700000000", "2023-11-14T22:13:20Z"),
        ("unix_seconds", Decimal("1700000000.25"), "2023-11-14T22:13:20.25Z"),
        ("unix_seconds", -1, "1969-12-31T23:59:59Z"),
        ("unix_millis", 1700000000123, "2023-11-14T22:13:20.123Z"),
        ("unix_millis", 1700000000000, "2023-11-14T22:13:20Z"),
        ("%Y-%m-%d %H:%M:%S", "2026-03-04 05:06:07", "2026-03-04T05:06:07Z"),
        ("%Y-%m-%d %H:%M:%S", "2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"),
        ("%d/%m/%Y %H:%M", "04/03/2026 05:06", "2026-03-04T05:06:00Z"),
        ("", "2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"),
        ("", "2026-03-04T05:06:07+02:00", "2026-03-04T03:06:07Z"),
        ("", "2026-03-04T05:06:07.1200Z", "2026-03-04T05:06:07.12Z"),
        ("", "2026-03-04T05:06:07.000Z", "2026-03-04T05:06:07Z"),
        ("", "2026-03-04 05:06:07", "2026-03-04T05:06:07Z"),
        ("", "2026-03-04", "2026-03-04T00:00:00Z"),
        ("", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("", "", None),
        ("unix_seconds", None, None),
    ],
)
def test_reads_a_time_as_utc(form: str, raw: Any, value: Any) -> None:
    assert reader(FieldSpec("f", "datetime", format=form))(raw) == value


@pytest.mark.parametrize(
    ("form", "raw", "value"),
    [
        ("", "2026-03-04", "2026-03-04"),
        ("", "2026-03-04T23:59:59-05:00", "2026-03-05"),
        ("%Y-%m-%d", "2026-03-04", "2026-03-04"),
        ("%d.%m.%Y", "04.03.2026", "2026-03-04"),
        ("", " ", None),
    ],
)
def test_reads_a_day(form: str, raw: Any, value: Any) -> None:
    assert reader(FieldSpec("f", "date", format=form))(raw) == value


@pytest.mark.parametrize("raw", [{}, {"line1": "", "inner": {"code": None}}, {"other": 1}])
def test_object_of_blanks_is_absent(raw: Any) -> None:
    assert reader(ADDRESS)(raw) is ABSENT


def test_list_drops_blank_objects_and_keeps_flags() -> None:
    lines = FieldSpec("l", "list", fields={"label": FieldSpec("label"), "main": FieldSpec("main", "boolean")})

    assert reader(lines)([{"label": None}, None, {}, {"main": "F"}]) == [{"main": False}]


@pytest.mark.parametrize(
    ("spec", "raw", "why"),
    [
        (FieldSpec("f"), {"a": 1}, "expected text, found an object"),
        (FieldSpec("f"), ["a"], "expected text, found a list"),
        (FieldSpec("f", "boolean"), "perhaps", "expected true or false, found something else"),
        (FieldSpec("f", "boolean"), 2, "expected true or false, found something else"),
        (FieldSpec("f", "integer"), "1.5", "expected a whole number, found a fraction"),
        (FieldSpec("f", "integer"), True, "expected a number, found true or false"),
        (FieldSpec("f", "money"), "1,250.00", "not a number"),
        (FieldSpec("f", "money"), "1_000", "not a number"),
        (FieldSpec("f", "money"), "NaN", "not a number"),
        (FieldSpec("f", "money"), float("nan"), "a number that is not finite or out of range"),
        (FieldSpec("f", "money"), Decimal("1E400"), "a number that is not finite or out of range"),
        (FieldSpec("f", "reference"), {"refName": "x"}, "expected an id, found an object"),
        (FieldSpec("f", "reference"), True, "expected an id, found true or false"),
        (FieldSpec("f", "datetime"), "03/04/2026", "not a time in ISO 8601"),
        (FieldSpec("f", "datetime"), "2026-02-30T00:00:00Z", "not a time in ISO 8601"),
        (FieldSpec("f", "datetime"), 1700000000, "expected a time as text, found a number"),
        (UNIX, 1700000000000, "a time out of range: seconds or milliseconds?"),
        (UNIX, "soon", "not a number"),
        (FieldSpec("f", "date"), "2026-02-30", "not a day in ISO 8601"),
        (FieldSpec("f", "list"), "a", "expected a list, found text"),
        (FieldSpec("f", "map"), "a", "expected a map, found text"),
        (ADDRESS, "1 Main St", "expected an object, found text"),
        (ADDRESS, {"line1": ["1"]}, "line1: expected text, found a list"),
        (FieldSpec("f", "list", fields=ADDRESS.fields), [{}, {"inner": {"code": {}}}],
         "[1].code: expected text, found an object"),
    ],
)  # fmt: skip
def test_refuses_the_wrong_kind_and_says_where_without_the_value(spec: FieldSpec, raw: Any, why: str) -> None:
    with pytest.raises(FunctionFailed) as failure:
        reader(spec)(raw)

    assert str(failure.value) == why


def test_every_type_of_the_language_has_a_reader() -> None:
    assert set(READERS) == {
        "text", "email", "phone", "url", "boolean", "integer", "decimal", "money", "date", "datetime", "choice",
        "multi_choice", "country", "currency", "language", "reference", "object", "list", "map", "consent", "secret",
    }  # fmt: skip
