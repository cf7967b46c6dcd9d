"""Trees as bytes and back, marks included."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.functions.canonical import decode, encode
from engine.model.values import ABSENT, UNKNOWN, Pending
from engine.store.codec import Codec

CODEC = Codec(encode, decode)

LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from([ABSENT, UNKNOWN, Pending("op1", "id"), Decimal("1.25"), Decimal("-0.001")]),
)  # fmt: skip
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text("abms~{p"), inner), max_leaves=20)


@given(TREES)
def test_every_tree_comes_back_as_it_was(tree: Any) -> None:
    assert CODEC.unpack(CODEC.pack(tree)) == tree


def test_nothing_takes_no_room() -> None:
    assert CODEC.pack({}) == b""
    assert CODEC.unpack(b"") == {}


@pytest.mark.parametrize("mark", [ABSENT, UNKNOWN], ids=str)
def test_marks_are_still_themselves(mark: Any) -> None:
    assert CODEC.unpack(CODEC.pack({"a": [mark]}))["a"][0] is mark


def test_plain_trees_are_stored_as_plain_text() -> None:
    assert CODEC.pack({"b": [1, None], "a": Decimal("1.50")}) == b'{"a":1.5,"b":[1,null]}'
