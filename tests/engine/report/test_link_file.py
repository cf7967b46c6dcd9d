"""Link files as people save them."""

from __future__ import annotations

import pytest

from engine.model.errors import UsageError
from engine.report.link_file import Row, links_csv, read_links

COLUMNS = {"source": "Internal ID", "target": "Customer ID"}


def test_rows_are_read_under_the_headings_of_the_rules() -> None:
    text = "\ufeffName,Internal ID, Customer ID \nAda, 7 ,c1\n,,\nBob,8,\n"
    assert list(read_links(text, COLUMNS)) == [Row("7", "c1", 2), Row("8", "", 4)]


def test_a_semicolon_separates_as_well() -> None:
    assert list(read_links("source;target\r\n1;a,b\r\n", {})) == [Row("1", "a,b", 2)]


def test_ids_stay_text() -> None:
    assert list(read_links("source,target\n007,1e5\n", {})) == [Row("007", "1e5", 2)]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UsageError, match="'Customer ID': its first line must name 'Internal ID' and 'Customer ID'"):
        list(read_links("Internal ID,Other\n1,2\n", COLUMNS))


def test_what_is_exported_can_be_imported() -> None:
    rows = [("007", "=c1"), ("a,b", 'say "x"')]
    text = links_csv(rows, COLUMNS)
    assert text.splitlines()[0] == "Internal ID,Customer ID"
    assert [(row.source, row.target) for row in read_links(text, COLUMNS)] == rows
