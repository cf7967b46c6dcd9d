"""Values, counts and tables in words."""

from __future__ import annotations

from decimal import Decimal

from engine.model.secret import Secret
from engine.model.values import ABSENT, PENDING, UNKNOWN
from engine.report.wording import count_text, json_text, printable, shortened, table_text, value_text


def test_the_states_of_a_value_read_differently() -> None:
    assert value_text(ABSENT) == "(absent)"
    assert value_text(UNKNOWN) == "(unknown)"
    assert value_text(None) == value_text("") == value_text([]) == "(empty)"
    assert value_text(0) == "0"
    assert value_text(False) == "false"
    assert value_text("Köln") == '"Köln"'
    assert value_text({PENDING: ["0123456789abcdef", "id"]}) == "(id of what operation 01234567 makes)"


def test_a_long_value_loses_its_middle() -> None:
    assert shortened("a" * 50 + "b" * 50, 21) == "aaaaaaaa ... bbbbbbbb"


def test_a_value_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[31m\nb") == "a [31m b"


def test_a_secret_never_shows() -> None:
    assert json_text({"key": Secret("sk_live")}) == '{"key": "***"}'


def test_decimals_keep_their_digits() -> None:
    assert json_text([Decimal("1.50"), Decimal("3")]) == "[1.5, 3]"


def test_counts_agree_with_their_noun() -> None:
    assert (count_text(1, "create"), count_text(1200, "create")) == ("1 create", "1,200 creates")
    assert count_text(2, "case waits", "cases wait") == "2 cases wait"


def test_a_table_aligns_its_columns() -> None:
    assert table_text(("id", "state"), [("p1", "done"), ("p200", "failed")]) == (
        "ID    STATE\np1    done\np200  failed"
    )
