"""Matching CSV files: headings, ids, the result, what learnt rules keep, and the verb itself."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.config.compile_matching import load_matching
from engine.model.errors import UsageError
from engine.pipeline.match_files import read_table
from engine.spec.matching import BlockRule, KeyPart, MatchingSpec, TableField

RULES = """version: 1
matching: by_email
fields:
  email: {from: [email, e-mail], as: email}
  vat: {from: [vat], as: vat_number}
blocks: [{id: email, keys: [email]}]
rules: [{id: same_email, equal: [email]}]
unless_differs: [vat]
"""


def spec(**more: str) -> MatchingSpec:
    fields = (
        TableField("given_name", ("first name",), "name", ("name",), "first"),
        TableField("email", ("email", "e-mail"), "email"),
    )
    return MatchingSpec("t", fields, (BlockRule("email", (KeyPart("email"),)),), **more)  # type: ignore[arg-type]


def file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def cells(path: Path) -> list[list[str]]:
    with open(path, newline="", encoding="utf-8") as lines:
        return list(csv.reader(lines))


def test_headings_are_found_whatever_their_case_and_signs(tmp_path: Path) -> None:
    table = read_table(spec(), file(tmp_path / "a.csv", "\ufeffID,E-Mail,FirstName\n7,A@B.example,Zoë\n"))
    assert table.ids == ["7"]
    assert table.columns["email"].values == ["", "a@b.example"]
    assert table.columns["given_name"].values == ["", "zoe"]


def test_a_full_name_gives_its_parts(tmp_path: Path) -> None:
    table = read_table(spec(), file(tmp_path / "a.csv", 'name\nZoë van Dam\n"Dam, Jan"\n'))
    assert table.columns["given_name"].values == ["", "zoe", "jan"]
    assert table.ids == ["1", "2"]


def test_a_field_that_one_file_lacks_is_left_out(tmp_path: Path) -> None:
    left, right = file(tmp_path / "a.csv", "email,name\na@b.c,X Y\n"), file(tmp_path / "b.csv", "email\na@b.c\n")
    assert list(read_table(spec(), left, right).columns) == ["email"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("id,email\n1,a\n1,b\n", "row 2"),
        ("id,email\n,a\n", "row 1 has no id"),
        ("id,email\n1,a,b\n", "3 cells"),
        ("id,colour\n1,red\n", "none of the fields"),
    ],
)
def test_a_file_that_cannot_be_matched_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_table(spec(), file(tmp_path / "a.csv", text))


def test_the_verb_writes_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = file(tmp_path / "r.yaml", RULES)
    rows = file(tmp_path / "a.csv", "id,email,vat\nb,x@y.example,1\na,X@y.example ,\nc,x@y.example,2\n")
    out = tmp_path / "pairs.csv"
    assert main(["match", str(rows), "--rules", str(rules), "-o", str(out), "--format", "json"]) == 0
    assert cells(out) == [
        ["left_id", "right_id", "score", "rule", "verdict"],
        ["a", "b", "1.0000", "same_email", "accept"],
        ["a", "c", "1.0000", "same_email", "accept"],
    ]
    counts = json.loads(capsys.readouterr().out)
    assert (counts["rows"], counts["candidates"], counts["accepted"], counts["review"]) == (3, 3, 2, 0)


def test_the_verb_tells_why_and_masks_values(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules, rows = file(tmp_path / "r.yaml", RULES), file(tmp_path / "a.csv", "id,email,vat\n1,x@y.z,1\n2,x@y.z,2\n")
    assert main(["match", str(rows), "--rules", str(rules), "--why", "1", "2"]) == 0
    told = capsys.readouterr().out
    assert "not the same" in told
    assert "never one: vat differs" in told
    assert "x@y.z" not in told


def test_the_verb_lists_what_other_rules_would_join_or_split(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = file(tmp_path / "r.yaml", RULES)
    looser = file(tmp_path / "s.yaml", RULES.replace("unless_differs: [vat]\n", ""))
    rows = file(tmp_path / "a.csv", "id,email,vat\n1,x@y.z,1\n2,x@y.z,2\n")
    assert main(["match", str(rows), "--rules", str(rules), "--compare", str(looser), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"joins": [["1", "2", "1.0000", "same_email", "accept"]], "splits": []}


def test_unknown_rules_are_a_usage_error(tmp_path: Path) -> None:
    rows = file(tmp_path / "a.csv", "id,email\n1,a\n")
    assert main(["match", str(rows), "--rules", "person"]) == 2


def test_learnt_rules_say_the_same_as_learning(tmp_path: Path) -> None:
    from benchmarks.matching.people import COLUMNS, people

    lines = [",".join(COLUMNS), *(",".join(row) for row in people(2000, 5))]
    rows, learnt = file(tmp_path / "a.csv", "\n".join(lines) + "\n"), tmp_path / "learnt.yaml"
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    assert main(["match", str(rows), "--rules", "persons", "-o", str(first), "--learn", str(learnt), "-q"]) == 0
    loaded, findings = load_matching(learnt)
    assert findings == []
    assert loaded is not None
    assert loaded.weights is not None
    assert main(["match", str(rows), "--rules", str(learnt), "-o", str(second), "-q"]) == 0
    ours, theirs = ({tuple(row[:2]) for row in cells(path) if row[4] == "accept"} for path in (first, second))
    assert len(ours) > 100
    assert len(ours ^ theirs) <= 2  # written weights are rounded


def test_new_rows_are_matched_among_kept_ones(tmp_path: Path) -> None:
    from benchmarks.matching.people import COLUMNS, people

    made = people(2000, 5)
    lines = [",".join(COLUMNS), *(",".join(row) for row in made)]
    rows, learnt = file(tmp_path / "a.csv", "\n".join(lines) + "\n"), tmp_path / "learnt.yaml"
    index, out = tmp_path / "index.db", tmp_path / "pairs.csv"
    old = file(tmp_path / "old.csv", "\n".join(lines[:1501]) + "\n")
    new = file(tmp_path / "new.csv", "\n".join([lines[0], *lines[1501:]]) + "\n")
    assert main(["match", str(rows), "--rules", "persons", "--learn", str(learnt), "-q"]) == 0
    assert main(["match", str(old), "--rules", str(learnt), "--keep", str(index), "-q"]) == 0
    assert main(["match", str(new), "--rules", str(learnt), "--known", str(index), "-o", str(out), "-q"]) == 0
    person = {row[0]: row[-1] for row in made}
    found = [row for row in cells(out)[1:] if row[4] == "accept"]
    right = sum(person[one] == person[other] for one, other, *_ in found)
    known = {row[-1] for row in made[:1500]}
    true = sum(row[-1] in known for row in made[1500:])
    assert right / len(found) > 0.85
    assert right / true > 0.85


def test_an_index_refuses_rules_with_other_keys(tmp_path: Path) -> None:
    rows = file(tmp_path / "a.csv", "id,email\n1,a@b.c\n")
    weights = "weights: {shares: {same: 0.1, chance: 0.9}, chances: {email: {equal: {same: 0.6, chance: 0.001}}}}\n"
    compare = "compare: {email: {parts: {email: {by: equal}}}}\nkinds: {same: {same: true}, chance: {}}\n"
    ours = file(tmp_path / "r.yaml", RULES + compare + weights)
    others = file(tmp_path / "s.yaml", (RULES + compare + weights).replace("keys: [email]", "keys: [email.local]"))
    assert main(["match", str(rows), "--rules", str(ours), "--keep", str(tmp_path / "i.db"), "-q"]) == 0
    assert main(["match", str(rows), "--rules", str(others), "--known", str(tmp_path / "i.db"), "-q"]) == 3


@pytest.mark.parametrize("text", ["id,email\n", "id,email\n1,a@b.c\n", "id,email\n1,\n2,\n"])
def test_files_with_nothing_to_compare_give_no_pairs(tmp_path: Path, text: str) -> None:
    rows, out = file(tmp_path / "a.csv", text), tmp_path / "pairs.csv"
    assert main(["match", str(rows), "--rules", "persons", "-o", str(out), "-q"]) == 0
    assert cells(out) == [["left_id", "right_id", "score", "rule", "verdict"]]
    assert main(["match", str(rows), str(rows), "--rules", "companies", "-o", str(out), "-q"]) == 0


@pytest.mark.filterwarnings("error")
def test_learnt_rules_load_when_a_field_is_blank_in_one_file(tmp_path: Path) -> None:
    left = file(tmp_path / "a.csv", "id,name,email,dob\n1,Ann Oak,a@x.example,1980-01-02\n2,Bob Elm,b@x.example,\n")
    right = file(tmp_path / "b.csv", "id,name,email,dob\n7,Ann Oak,a@x.example,\n8,Bob Elm,b@x.example,\n")
    learnt, out = tmp_path / "learnt.yaml", tmp_path / "out.csv"
    assert main(["match", str(left), str(right), "--rules", "persons", "--learn", str(learnt), "-q"]) == 0
    assert main(["match", str(left), str(right), "--rules", str(learnt), "-o", str(out), "-q"]) == 0
    assert [row[:2] for row in cells(out)[1:]] == [["1", "7"], ["2", "8"]]
