"""Findings as a person reads them."""

from __future__ import annotations

from pathlib import Path

from engine.model.finding import Finding, Place, Severity
from engine.report.findings_text import finding_text, findings_text, tally_text


def test_a_finding_shows_its_line_with_a_caret_and_a_hint(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("version: 1\nfields: {nmae: x}\n")
    one = Finding("unknown-field", "there is no field 'nmae'", Place("a.yaml", 2, 10), hint="did you mean `name`?")
    assert finding_text(one, [tmp_path]) == (
        "a.yaml:2:10: error [unknown-field] there is no field 'nmae'\n"
        "  2 | fields: {nmae: x}\n"
        "    |          ^\n"
        "    hint: did you mean `name`?"
    )


def test_a_finding_without_a_readable_file_shows_no_line() -> None:
    one = Finding("name-twice", "stands twice", Place("nowhere.yaml", 3, 1))
    assert finding_text(one) == "nowhere.yaml:3:1: error [name-twice] stands twice"


def test_a_finding_about_a_record_names_it() -> None:
    one = Finding("no-match", "no such record", record="shop:p1", severity=Severity.WARNING)
    assert finding_text(one) == "shop:p1: warning [no-match] no such record"


def test_a_finding_about_nothing_in_particular_has_no_place() -> None:
    assert finding_text(Finding("odd", "something is odd")) == "error [odd] something is odd"


def test_the_last_line_counts_by_severity() -> None:
    some = [Finding("a", "x"), Finding("b", "y"), Finding("c", "z", severity=Severity.WARNING)]
    assert findings_text(some).splitlines()[-1] == "2 errors, 1 warning"
    assert tally_text([]) == "no findings"


def test_control_characters_of_a_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x: \x1b[31mred\n")
    shown = finding_text(Finding("bad-character", "no", Place("a.yaml", 1, 4)), [tmp_path])
    assert "\x1b" not in shown
