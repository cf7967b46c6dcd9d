"""Laws over all types: reading undoes writing, and equality is an equivalence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.functions.types import TYPES, coercer, comparator, key_of, reader, writer
from engine.spec.system import FieldSpec

# Tables of codes load on first use, so the first example may take its time.
FEW = settings(max_examples=25, deadline=None)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
FILLED = TEXT.filter(lambda text: bool(text.strip()))
CODED = FieldSpec("f", "choice", codes={"a": "1", "b": "2"}, format="id_object")
TRUTH = FieldSpec("f", "boolean", codes={"true": "2", "false": "1"}, format="number")
COLOURS = FieldSpec("f", "multi_choice", codes={"a": "1"}, joined_by=",")
IDS = st.text(st.sampled_from("0123456789abc_"), min_size=1, max_size=6)
MOMENTS = st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat() + "Z")
NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=2)
CONSENTS = st.fixed_dictionaries({"status": st.sampled_from(["granted", "denied"]), "at": MOMENTS})
COUNTRIES = st.sampled_from(["FR", "DE", "US"])

LINE = {
    "label": FieldSpec("label"),
    "main": FieldSpec("main", "boolean", codes={"true": "T", "false": "F"}),
    "country": FieldSpec("country", "country", at=("inner", "country"), format="id_object"),
    "since": FieldSpec("since", "datetime", format="unix_seconds"),
}
LINES = st.fixed_dictionaries({"label": FILLED, "main": st.booleans(), "country": COUNTRIES, "since": MOMENTS})

CASES: dict[str, tuple[FieldSpec, st.SearchStrategy[Any]]] = {
    "text": (FieldSpec("f"), TEXT),
    "boolean": (FieldSpec("f", "boolean"), st.booleans()),
    "boolean by codes": (TRUTH, st.booleans()),
    "integer": (FieldSpec("f", "integer"), st.integers()),
    "money": (FieldSpec("f", "money"), NUMBERS),
    "date": (FieldSpec("f", "date"), st.dates().map(str)),
    "date by pattern": (FieldSpec("f", "date", format="%d.%m.%Y"), st.dates().map(str)),
    "datetime": (FieldSpec("f", "datetime"), MOMENTS),
    "unix seconds": (FieldSpec("f", "datetime", format="unix_seconds"), MOMENTS),
    "unix millis": (FieldSpec("f", "datetime", format="unix_millis"), MOMENTS),
    "datetime by pattern": (FieldSpec("f", "datetime", format="%Y-%m-%d %H:%M:%S"), MOMENTS),
    "datetime by another": (FieldSpec("f", "datetime", format="%d/%m/%Y %H:%M:%S"), MOMENTS),
    "choice": (CODED, st.sampled_from(["a", "b", "c"])),
    "multi_choice": (COLOURS, st.lists(st.sampled_from("ab"))),
    "reference": (FieldSpec("f", "reference", format="id_object"), IDS),
    "country": (FieldSpec("f", "country", format="id_object"), COUNTRIES),
    "list of texts": (FieldSpec("f", "list", of="text"), st.lists(TEXT)),
    "list of objects": (FieldSpec("f", "list", key=("label",), fields=LINE), st.lists(LINES, max_size=3)),
    "object": (FieldSpec("f", "object", fields=LINE), LINES),
    "map": (FieldSpec("f", "map"), st.dictionaries(TEXT, TEXT)),
    "consent": (FieldSpec("f", "consent"), CONSENTS),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@FEW
@given(data=st.data())
def test_reading_what_was_written_gives_the_value(case: str, data: st.DataObject) -> None:
    spec, values = CASES[case]
    value = data.draw(values)

    assert reader(spec)(writer(spec)(value)) == value


@pytest.mark.parametrize("case", CASES)
@FEW
@given(data=st.data())
def test_a_normalised_value_fits_its_own_type(case: str, data: st.DataObject) -> None:
    spec, values = CASES[case]
    value, coerce = data.draw(values), coercer(spec)

    assert coerce is not None
    assert comparator(spec)(coerce(value), value)


@pytest.mark.parametrize("case", CASES)
@FEW
@given(data=st.data())
def test_equality_is_reflexive_symmetric_and_by_key(case: str, data: st.DataObject) -> None:
    spec, values = CASES[case]
    one, other = data.draw(values), data.draw(values)
    same, key = comparator(spec), key_of(spec)

    assert same(one, one)
    assert same(one, other) == same(other, one) == (key(one) == key(other))


@settings(deadline=None)
@given(
    st.sampled_from(sorted(TYPES)),
    st.lists(
        st.none() | TEXT | NUMBERS | st.booleans() | st.lists(TEXT) | st.dictionaries(TEXT, TEXT),
        min_size=2,
        max_size=2,
    ),
)
def test_equality_never_fails_whatever_the_values(kind: str, values: list[Any]) -> None:
    one, other = values
    same = comparator(FieldSpec("f", kind))

    assert same(one, one)
    assert same(one, other) == same(other, one)


def test_money_of_another_scale_is_the_same_money() -> None:
    assert comparator(FieldSpec("f", "money"))(Decimal("10.00"), 10)
