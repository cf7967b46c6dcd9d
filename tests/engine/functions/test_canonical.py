"""The canonical form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.functions.canonical import decode, digest, encode

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)


@pytest.mark.parametrize(
    ("tree", "data"),
    [
        ({"b": 1, "a": None}, b'{"a":null,"b":1}'),
        ([True, "Zo\u00eb"], '[true,"Zoë"]'.encode()),
        (Decimal("1.50"), b"1.5"),
        (Decimal("1.0"), b"1"),
        (Decimal("-0.00"), b"0"),
        (Decimal("1E+3"), b"1000"),
        (Decimal("0.1") + Decimal("0.2"), b"0.3"),
        (Decimal("1E-9"), b"1E-9"),
        (10**40, str(10**40).encode()),
        ({"x": [Decimal("2.10"), {"y": Decimal("3.00")}]}, b'{"x":[2.1,{"y":3}]}'),
        ("1.50", b'"1.50"'),
    ],
)
def test_encodes_in_one_way(tree: Any, data: bytes) -> None:
    assert encode(tree) == data


@pytest.mark.parametrize(
    ("data", "tree"),
    [
        (b"1.50", Decimal("1.50")),
        (b"7", 7),
        (b'{"a":[1e2,null]}', {"a": [Decimal("1E+2"), None]}),
        ('"x"', "x"),
    ],
)
def test_decodes_fractions_exactly(data: bytes, tree: Any) -> None:
    assert decode(data) == tree


def test_digest_is_of_the_value_and_not_of_its_spelling() -> None:
    assert digest({"a": Decimal("1.50"), "b": 2}) == digest({"b": Decimal("2.0"), "a": Decimal("1.5")})


def test_digest_tells_text_from_number_and_null_from_absent() -> None:
    assert len({digest({"a": 1}), digest({"a": "1"}), digest({"a": None}), digest({}), digest({"a": True})}) == 5


def test_digest_is_written_down_because_stores_keep_it() -> None:
    assert digest({"id": "cus_1", "balance": Decimal("12.50")}) == DIGEST


DIGEST = "1b4a796e6af30451947968cbd16f8e9b"


@pytest.mark.parametrize("bad", [Decimal("NaN"), Decimal("Infinity"), [Decimal("-Infinity")]])
def test_a_number_that_is_not_finite_has_no_form(bad: Any) -> None:
    with pytest.raises(ValueError, match="not finite"):
        encode(bad)


@settings(deadline=None)
@given(TREES)
def test_what_is_encoded_comes_back_equal(tree: Any) -> None:
    assert decode(encode(tree)) == tree


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=4), LEAVES, max_size=6))
def test_the_order_of_keys_says_nothing(tree: dict[str, Any]) -> None:
    assert digest(tree) == digest(dict(reversed(tree.items())))
