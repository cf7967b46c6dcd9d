"""Text -> tree with places; whatever two readers could read differently is refused."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from engine.config.compose import MAX_FINDINGS, MAX_NODES
from engine.config.document import Node
from engine.config.loader import MAX_BYTES, load_file, load_text
from engine.model.finding import Place


def tree(text: str | bytes) -> Node:
    root, findings = load_text(text, "f.yaml")
    assert findings == []
    assert root is not None
    return root


def said(text: str | bytes) -> list[tuple[str, int, int]]:
    return [(one.code, one.place.line, one.place.column) for one in load_text(text, "f.yaml")[1]]


def test_values_and_keys_know_their_places() -> None:
    root = tree("a: 1\nlist:\n  - x\n  - {b: y}\n")

    assert root.at("a") == Node(1, Place("f.yaml", 1, 4))
    assert root.keys["list"] == Place("f.yaml", 2, 1)
    assert root.at("list", 0) == Node("x", Place("f.yaml", 3, 5))
    assert root.at("list", 1, "b") == Node("y", Place("f.yaml", 4, 9))


def test_columns_count_characters_not_bytes() -> None:
    assert tree("{é: 1, 日本: 2}").keys["日本"] == Place("f.yaml", 1, 8)


def test_quotes_make_text() -> None:
    assert tree("a: '12'\nb: \"true\"\nc: ''\n").plain() == {"a": "12", "b": "true", "c": ""}


def test_block_text_keeps_its_lines() -> None:
    assert tree("a: |\n  1\n  2\nb: >-\n  x\n  y\n").plain() == {"a": "1\n2\n", "b": "x y"}


def test_alias_gives_the_marked_value() -> None:
    assert tree("a: &a {x: 1}\nb: *a\nc: [*a, *a]\n").plain() == {"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}] * 2}


def test_note_keys_and_comments_are_free() -> None:
    assert tree("# note\nx-note: [anything]\n").plain() == {"x-note": ["anything"]}


@pytest.mark.parametrize(
    "text",
    [b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", b"a: 1\nb: 2", b"%YAML 1.2\n---\na: 1\nb: 2\n...\n"],
    ids=["mark and carriage returns", "no last newline", "directive and end"],
)
def test_accepted_forms_of_the_same_text(text: bytes) -> None:
    assert tree(text).plain() == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ufeffa: 1".encode("utf-16"), ("encoding", 0, 0)),
        ("a: 1".encode("utf-16-be"), ("encoding", 0, 0)),
        ("a: 1".encode("utf-32-le"), ("encoding", 0, 0)),
        (b"a: 1\nb: caf\xe9\n", ("encoding", 2, 7)),
        ("a: \ud83d", ("encoding", 1, 4)),
        ('a: "\\ud83d"', ("yaml-syntax", 1, 7)),
        ("a: \x07", ("bad-character", 1, 4)),
        ('a: "\\0"', ("bad-character", 1, 4)),
        (b"", ("empty-file", 0, 0)),
        ("# only a comment\n", ("empty-file", 0, 0)),
        ("null\n", ("empty-file", 0, 0)),
    ],
)
def test_text_that_cannot_be_read(text: str | bytes, expected: tuple[str, int, int]) -> None:
    assert said(text) == [expected]


def test_all_problems_of_a_file_are_told_at_once() -> None:
    assert said("a: 1\na: 2\nb: !x 1\n<<: {}\n1: x\n") == [
        ("duplicate-key", 2, 1),
        ("tag", 3, 4),
        ("merge-key", 4, 1),
        ("key-not-text", 5, 1),
    ]


def test_duplicate_key_names_the_first_place() -> None:
    _, findings = load_text("a: 1\nb: 2\na: 3\n", "f.yaml")

    assert "first at f.yaml:1:1" in findings[0].message


def test_findings_stop_before_they_flood() -> None:
    text = "".join(f"{number}: x\n" for number in range(MAX_FINDINGS * 2))

    root, findings = load_text(text, "f.yaml")

    assert root is None
    assert findings[-1].code == "too-many-findings"
    assert len(findings) == MAX_FINDINGS + 1


@pytest.mark.parametrize(
    "text",
    ["[" * 5000, "[" * 5000 + "]" * 5000, "{a: " * 5000, "- " * 5000 + "x", "a: " + "[" * 51],
    ids=["open lists", "closed lists", "maps", "dashes", "one too deep"],
)
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()

    assert [code for code, _, _ in said(text)] == ["too-deep"]
    assert time.perf_counter() - start < 1


def test_fifty_levels_are_allowed() -> None:
    assert said("[" * 50 + "]" * 50) == []


def test_alias_counts_its_own_depth() -> None:
    assert said("a: &a " + "[" * 30 + "]" * 30 + "\nb: " + "[" * 30 + "*a" + "]" * 30) == [("too-deep", 2, 34)]


def test_alias_bomb_is_refused_at_once() -> None:
    levels = "abcdefghijk"
    text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for below, level in pairwise(levels):
        text += f"{level}: &{level} [{', '.join([f'*{below}'] * 9)}]\n"
    start = time.perf_counter()

    assert [code for code, _, _ in said(text)] == ["too-many-values"]
    assert time.perf_counter() - start < 1


def test_many_plain_values_are_counted_too() -> None:
    assert [code for code, _, _ in said("[" + "x," * (MAX_NODES + 1) + "]")] == ["too-many-values"]


def test_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))

    assert [one.code for one in load_file(path, "large.yaml")[1]] == ["file-too-large"]
    assert said(path.read_bytes()) == [("file-too-large", 0, 0)]


def test_file_is_named_as_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", "utf-8")

    root, findings = load_file(path, "rules/a.yaml")

    assert findings == []
    assert root is not None
    assert root.place.file == "rules/a.yaml"


def test_what_is_not_a_readable_file_is_a_finding(tmp_path: Path) -> None:
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)

    for path in (tmp_path, tmp_path / "nothing.yaml", loop, pipe):
        root, findings = load_file(path, path.name)
        assert root is None
        assert [one.code for one in findings] == ["file-unreadable"]


@pytest.mark.parametrize(
    "text", ["a: {b: [1, x, '2']}", "a: 1\na: 2", "a: \x07", "a: [1, 2", "a:\n\t- b", "[" * 5000, ""]
)
def test_parser_without_its_c_part_reads_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fast, said_fast = load_text(text, "f.yaml")
    monkeypatch.delattr(yaml, "CSafeLoader")
    slow, said_slow = load_text(text, "f.yaml")

    assert slow == fast
    assert [(one.code, one.place.line) for one in said_slow] == [(one.code, one.place.line) for one in said_fast]


def test_no_message_gives_away_a_long_text() -> None:
    secret = "sk_live_" + "x" * 60

    _, findings = load_text(f"a: {secret}: {secret}\n", "f.yaml")

    assert secret not in str(findings)
