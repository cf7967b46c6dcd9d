"""Whatever a system sends, a function answers or says FunctionFailed; nothing else ever comes out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.functions.apply import FUNCTIONS
from engine.functions.canonical import encode
from engine.functions.checks import CHECKS
from engine.functions.coercers import coercer
from engine.functions.failed import FunctionFailed
from engine.functions.readers import READERS, reader
from engine.functions.writers import writer
from engine.model.values import ABSENT
from engine.spec.system import FieldSpec

NAUGHTY = st.sampled_from(
    [
        "\x00", "\ud800", "null", "None", "N/A", "NaN", "1e400", "-0", "0x10", "ZoÃ«", "a@b", "1;DROP TABLE users",
        "{{ 7*7 }}", "=cmd()", "%s%n", "\u202e\u200b\ufeff", "🏳\u200d🌈", "Z" * 300, "{", "{}", "[]", "<script>",
        "++", "+", "-1", "9" * 400, "12:30", "2026-02-30", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00",
        "@", "://[", "x:",
    ]
)  # fmt: skip
LEAVES = (
    NAUGHTY | st.text(max_size=6) | st.none() | st.booleans() | st.integers() | st.integers(-(10**25), 10**25)
    | st.decimals() | st.floats()
)  # fmt: skip
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "a", "status"]), inner)
)
MEMBERS = {"a": FieldSpec("a", "datetime"), "id": FieldSpec("id", at=("a", "id"))}
MANY = settings(max_examples=30, deadline=None)


def spec_of(kind: str) -> st.SearchStrategy[FieldSpec]:
    return st.builds(
        FieldSpec,
        name=st.just("f"),
        type=st.just(kind),
        format=st.sampled_from(["", "unix_seconds", "unix_millis", "%d.%m.%Y"]),
        codes=st.sampled_from([{}, {"true": "1", "false": "0"}, {"granted": "Y", "denied": "N"}]),
        null_is=st.sampled_from(["", "0"]),
        joined_by=st.sampled_from(["", ","]),
        of=st.sampled_from(["", "text", "reference", "money"]),
        fields=st.sampled_from([{}, MEMBERS]),
    )


@pytest.mark.parametrize("kind", sorted(READERS))
@MANY
@given(data=st.data())
def test_reading_gives_a_storable_value_or_a_failure(kind: str, data: st.DataObject) -> None:
    spec, raw = data.draw(spec_of(kind)), data.draw(TREES)
    try:
        value = reader(spec)(raw)
    except FunctionFailed:
        return

    assert value is ABSENT or isinstance(encode(value), bytes)


@pytest.mark.parametrize("kind", sorted(READERS))
@MANY
@given(data=st.data())
def test_coercing_what_was_read_gives_a_value_that_can_be_written(kind: str, data: st.DataObject) -> None:
    spec = data.draw(spec_of(kind))
    coerce = coercer(spec)
    try:
        value = reader(FieldSpec("f", "map"))({"v": data.draw(TREES)})["v"]
        coerced = value if coerce is None else coerce(value)
        written = None if spec.type == "boolean" else writer(spec)(coerced)
    except FunctionFailed:
        return

    assert written is ABSENT or isinstance(encode(written), bytes)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@settings(max_examples=15, deadline=None)
@given(value=TREES)
def test_applying_gives_a_value_or_a_failure(name: str, value: Any) -> None:
    clean = reader(FieldSpec("f", "map"))
    try:
        value = clean({"v": value})["v"]
        result = FUNCTIONS[name].call(value, *FUNCTIONS[name].examples[0].args)
    except FunctionFailed:
        return

    assert isinstance(encode(result), bytes)


@pytest.mark.parametrize("name", sorted(CHECKS))
@settings(max_examples=15, deadline=None)
@given(value=TREES)
def test_checking_gives_a_reason_without_the_value(name: str, value: Any) -> None:
    spec = FieldSpec("f", "object", length=3, values=("a",), fields={**MEMBERS, "country": FieldSpec("c", "country")})

    assert isinstance(CHECKS[name](value, spec), str)


@pytest.mark.parametrize("value", ["secret-4711", Decimal("4711.5"), {"secret": 1}, ["secret"]])
@pytest.mark.parametrize("kind", sorted(READERS))
def test_no_failure_tells_the_value(kind: str, value: Any) -> None:
    try:
        reader(FieldSpec("f", kind))(value)
    except FunctionFailed as failure:
        assert "secret" not in str(failure)
        assert "4711" not in str(failure)
