"""Match rules for tables: what loads, and what is found wrong, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config.compile_matching import load_matching, matching_findings, shipped_matching, shipped_names
from engine.model.finding import Severity

GOOD = """version: 1
matching: t
fields:
  email: {from: [email], as: email}
  name: {from: [name], as: company}
blocks:
  - {id: email, keys: [email]}
compare:
  name: {parts: {name: {by: words, steps: [0.7, 0.9]}}}
kinds:
  same: {same: true, always: true}
  chance: {always: true}
"""


def codes(tmp_path: Path, text: str) -> list[tuple[str, int]]:
    path = tmp_path / "t.yaml"
    path.write_text(text)
    spec, findings = load_matching(path, "t.yaml")
    assert (spec is None) == any(one.severity is Severity.ERROR for one in findings)
    return [(one.code, one.place.line) for one in findings]


@pytest.mark.parametrize("name", shipped_names())
def test_the_shipped_rules_have_no_findings(name: str) -> None:
    path = shipped_matching(name)
    assert path is not None
    assert load_matching(path)[1] == []


def test_a_small_file_is_enough(tmp_path: Path) -> None:
    assert codes(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("keys: [email]", "keys: [mail]", ("unknown-field", 7)),
        ("steps: [0.7, 0.9]", "steps: [0.9, 0.7]", ("steps-unordered", 9)),
        ("by: words, steps: [0.7, 0.9]", "by: equal, steps: [0.9]", ("steps-of-equal", 9)),
        ("by: words", "by: word", ("wrong-value", 9)),
        ("  chance: {always: true}", "  chance: {same: true}", ("kinds-all-alike", 11)),
        ("{always: true}", "{always: true, shows: {name: as nobody}}", ("unknown-kind", 12)),
        ("{always: true}", "{always: true, shows: {mail: agree}}", ("unknown-comparison", 12)),
        ("version: 1\n", "version: 1\nunless_differs: [vat]\n", ("unknown-field", 2)),
        ("version: 1\n", "version: 1\naccept: 0.1\nreview: 0.5\n", ("review-above-accept", 3)),
        ("version: 1\n", "version: 1\nrules: [{id: all}]\n", ("rule-asks-nothing", 2)),
        ("as: company", "as: firm", ("wrong-value", 5)),
    ],
)
def test_what_is_wrong_is_found_with_its_line(tmp_path: Path, old: str, new: str, expected: tuple[str, int]) -> None:
    assert old in GOOD
    assert expected in codes(tmp_path, GOOD.replace(old, new, 1))


def test_neither_rules_nor_kinds_is_an_error(tmp_path: Path) -> None:
    assert ("nothing-decides", 1) in codes(tmp_path, GOOD[: GOOD.index("compare:")])


def test_validating_a_folder_finds_its_match_rules(tmp_path: Path) -> None:
    path = tmp_path / "rules" / "match" / "t.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD.replace("keys: [email]", "keys: [mail]"))
    assert [one.code for one in matching_findings([tmp_path, tmp_path / "none"])] == ["unknown-field"]
