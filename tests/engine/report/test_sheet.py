"""CSV for people runs nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.report.sheet import harmless, sheet_text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+49 30 1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=cmd", "\ufeff=1"],
)
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(("value", "cell"), [("Ada", "Ada"), (-5, "-5"), (None, ""), ("a=b", "a=b"), ("", "")])
def test_other_cells_stay_as_they_are(value: object, cell: str) -> None:
    assert harmless(value) == cell


@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_what_is_written_reads_back_the_same_and_starts_no_formula(cells: list[str]) -> None:
    text = sheet_text(("a",) * len(cells), [cells])
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [cell.removeprefix("'") for cell in rows[1]] == [harmless(cell).removeprefix("'") for cell in cells]
    assert not any(cell.lstrip(" \u00a0\ufeff").startswith(("=", "+", "-", "@")) for cell in rows[1])
