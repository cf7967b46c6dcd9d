from __future__ import annotations

import time
from decimal import Decimal

import pytest

from engine.connectors.decode import Undecodable, decode_json


def test_keeps_every_digit_of_a_number() -> None:
    assert decode_json(b'{"a": 1.10, "b": 12345678901234567890, "c": 0.1}') == {
        "a": Decimal("1.10"),
        "b": 12345678901234567890,
        "c": Decimal("0.1"),
    }


def test_never_makes_infinity_of_a_large_number() -> None:
    assert decode_json(b"1e400") == Decimal("1e400")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"a": 1, "a": 2}', "the same key twice"),
        (b"[NaN]", "NaN"),
        (b"[-Infinity]", "NaN or Infinity"),
        ("Zoë".encode("latin-1"), "not UTF-8"),
        (b"<html></html>", "not JSON"),
        (b"", "not JSON"),
        (b'{"a": 1', "not JSON"),
        (b'[1] "more"', "not JSON"),
        (b"9" * 5000, "over 1000 digits"),
        (b"[" * 100 + b"]" * 100, "deeper than 64"),
        (b"[" * 100_000, "deeper than 64"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "deeper than 64"),
    ],
    ids=[
        "duplicate", "nan", "infinity", "latin-1", "html", "empty", "cut", "trailing", "digits", "deep", "bomb", "maps",
    ],
)  # fmt: skip
def test_refuses_what_is_no_exact_json(content: bytes, why: str) -> None:
    with pytest.raises(Undecodable, match=why):
        decode_json(content)


def test_allows_many_brackets_inside_a_text() -> None:
    assert decode_json(b'["' + b"[" * 500 + b'"]') == ["[" * 500]


def test_is_not_misled_by_escaped_quotes() -> None:
    assert decode_json(b'["\\"' + b"[" * 100 + b'\\\\"]') == ['"' + "[" * 100 + "\\"]


def test_takes_out_what_no_database_holds() -> None:
    assert decode_json(b'{"a\\u0000": "x\\ud800y", "b": ["\\u0000z"]}') == {"a": "xy", "b": ["z"]}


def test_keeps_characters_beyond_the_basic_plane() -> None:
    assert decode_json(b'"\\ud83d\\ude00 \\u00eb"') == "😀 ë"


def test_accepts_a_byte_order_mark() -> None:
    assert decode_json(b"\xef\xbb\xbf[1]") == [1]


def test_refuses_a_bomb_at_once() -> None:
    start = time.perf_counter()
    with pytest.raises(Undecodable):
        decode_json(b"[" * 2_000_000)
    assert time.perf_counter() - start < 2


def test_tells_nothing_of_the_content() -> None:
    with pytest.raises(Undecodable) as caught:
        decode_json(b'{"email": "ada@example.com", }')
    assert "ada" not in str(caught.value)
