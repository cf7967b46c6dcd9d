"""Variables and secrets in text values."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from engine.config.interpolate import Variables, interpolate, variables_of
from engine.config.loader import load_text
from engine.model.finding import Finding
from engine.model.secret import Secret


def filled(text: str, secrets: Path | None = None, **environ: str) -> tuple[Any, list[Finding]]:
    root, findings = load_text(text, "f.yaml")
    assert findings == []
    assert root is not None
    node, said = interpolate(root, Variables(environ, secrets))
    return node.plain(), said


def test_variable_is_filled_in_anywhere_in_a_text() -> None:
    plain, said = filled("a: x-${env:ONE}-${env:TWO}\nb: [{c: '${env:ONE}'}]\n", ONE="1", TWO="2")

    assert said == []
    assert plain == {"a": "x-1-2", "b": [{"c": "1"}]}


def test_filled_in_text_stays_text() -> None:
    assert filled("a: ${env:N}", N="12")[0] == {"a": "12"}


def test_what_a_variable_holds_is_not_read_again() -> None:
    assert filled("a: ${env:ONE}", ONE="${env:TWO}", TWO="2")[0] == {"a": "${env:TWO}"}


def test_secret_is_a_type_of_its_own() -> None:
    plain, said = filled("a: ${secret:KEY}", KEY="hush")

    assert said == []
    assert type(plain["a"]) is Secret
    assert (plain["a"].reveal(), plain["a"].name) == ("hush", "KEY")
    assert "hush" not in repr(plain)


def test_text_that_holds_a_secret_is_secret_as_a_whole() -> None:
    plain, _ = filled("a: 'Basic ${env:USER_NAME}:${secret:KEY}'", KEY="hush", USER_NAME="me")

    assert plain["a"].reveal() == "Basic me:hush"


def test_secret_comes_from_a_file_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "KEY").write_text("line 1\nline 2\n", "utf-8")

    assert filled("a: ${secret:KEY}", tmp_path)[0]["a"].reveal() == "line 1\nline 2"


def test_variable_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "KEY").write_text("file", "utf-8")

    assert filled("a: ${secret:KEY}", tmp_path, KEY="variable")[0]["a"].reveal() == "variable"


def test_plain_variables_do_not_come_from_files(tmp_path: Path) -> None:
    (tmp_path / "KEY").write_text("file", "utf-8")

    assert [one.code for one in filled("a: ${env:KEY}", tmp_path)[1]] == ["variable-missing"]


@pytest.mark.parametrize("text", ["a: ${env:GONE}", "a: ${secret:GONE}", "a: 'x ${secret:GONE}'"])
@pytest.mark.parametrize("environ", [{}, {"GONE": ""}], ids=["unset", "empty"])
def test_missing_variable_is_named_with_its_place(text: str, environ: dict[str, str]) -> None:
    _, said = filled(text, None, **environ)

    assert [(one.code, one.place.line, one.place.column) for one in said] == [("variable-missing", 1, 4)]
    assert "GONE" in said[0].message
    assert "GONE" in said[0].hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a: ${ENV:X}", "did you mean `env`?"),
        ("a: ${secrets:X}", "did you mean `secret`?"),
        ("a: ${file:X}", "allowed: env, secret"),
        ("a: '${env:}'", "a name holds letters, digits, _, . and -"),
        ("a: ${secret:../../etc/passwd}", "a name holds letters, digits, _, . and -"),
        ("a: ${secret:/etc/passwd}", "a name holds letters, digits, _, . and -"),
    ],
)
def test_reference_in_a_wrong_form_is_refused(text: str, hint: str, tmp_path: Path) -> None:
    _, said = filled(text, tmp_path)

    assert [(one.code, one.hint) for one in said] == [("variable-form", hint)]


def test_doubled_dollar_stands_for_itself() -> None:
    assert filled("a: $${env:X}\nb: $5 ${x}\n") == ({"a": "${env:X}", "b": "$5 ${x}"}, [])


def test_messages_never_hold_values() -> None:
    _, said = filled("a: '${env:ONE} ${secret:GONE}'", ONE="private")

    assert "private" not in str(said)


def test_unreadable_secret_file_counts_as_missing(tmp_path: Path) -> None:
    (tmp_path / "KEY").write_bytes(b"\xff\xfe")
    os.mkfifo(tmp_path / "PIPE")

    assert [one.code for one in filled("a: ${secret:KEY}\nb: ${secret:PIPE}", tmp_path)[1]] == ["variable-missing"] * 2


def test_folder_of_secrets_is_given_or_named_by_the_environment(tmp_path: Path) -> None:
    named = {"CONCORD_SECRETS_DIR": str(tmp_path)}

    assert variables_of(named).secrets == tmp_path
    assert variables_of(named, Path("other")).secrets == Path("other")
    assert variables_of({}).secrets is None
