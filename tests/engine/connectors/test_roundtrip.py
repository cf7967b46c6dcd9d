"""What is written is read back as it was."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.connectors.decode import decode_json
from engine.connectors.encoding import form_text, json_body, query_text, segment
from engine.connectors.files import FilesConnector
from engine.spec.system import FieldSpec, ObjectSpec
from tests.contract.toy import HandClock, connection

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=4)
SCALARS = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | TEXTS | DECIMALS
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=20
)


def plain(tree: Any) -> Any:
    """A whole decimal comes back as an integer of the same value."""
    if isinstance(tree, dict):
        return {name: plain(one) for name, one in tree.items()}
    if isinstance(tree, list):
        return [plain(one) for one in tree]
    return tree


@given(TREES)
def test_json_comes_back_with_every_digit(tree: Any) -> None:
    assert decode_json(json_body(tree)[0]) == plain(tree)


@given(DECIMALS)
def test_a_decimal_keeps_its_places(value: Decimal) -> None:
    assert str(decode_json(json_body([value])[0])[0]) == format(value, "f")


@given(TEXTS.filter(lambda text: text not in ("", ".", "..")))
def test_a_path_segment_comes_back_and_holds_no_separator(text: str) -> None:
    encoded = segment(text)
    assert unquote(encoded) == text
    assert not set(encoded) & set("/?#%& \r\n") - {"%"}


@given(st.dictionaries(st.from_regex(r"[a-z]+(\[[a-z]+\])?", fullmatch=True), TEXTS, max_size=4))
def test_queries_and_forms_come_back(query: dict[str, str]) -> None:
    expected = list(query.items())
    assert parse_qsl(query_text(query), keep_blank_values=True) == expected
    assert parse_qsl(form_text(query), keep_blank_values=True) == expected


@given(
    st.lists(st.dictionaries(st.sampled_from(["name", "a b", "é", 'q"']), TEXTS, min_size=1), min_size=1, max_size=6)
)
@settings(max_examples=60, deadline=None)
def test_a_csv_file_comes_back(rows: list[dict[str, str]]) -> None:
    obj = ObjectSpec("disk.row", "Row", "id", {"id": FieldSpec("id")}, collection="rows.csv")
    with tempfile.TemporaryDirectory() as folder:
        where = connection("", settings={"path": folder})
        writer = FilesConnector(where, HandClock())
        for row in rows:
            writer.create(obj, dict(row))
        writer.close()
        assert Path(folder, "rows.csv").read_bytes().startswith(b"id,")
        pages = list(FilesConnector(where, HandClock()).pages(obj))
        assert [bad for page in pages for bad in page.bad] == []
        found = [row for page in pages for row in page.records]
    columns = dict.fromkeys(["id", *(name for row in rows for name in row)])
    expected = [{"id": str(at), **row} for at, row in enumerate(rows, 1)]
    assert found == [{name: row.get(name, "") for name in columns} for row in expected]
