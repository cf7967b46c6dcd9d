"""run.py test: which cases it takes, what it prints, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.cli.main import main
from tests.world import LEDGER, MAPPING, RULES, SHOP, write

ANN = "given: {shop.person: [{id: p1, name: Ann}]}"
GOOD = f"{{name: good, covers: [X1], {ANN}, expect: {{writes: [{{create: ledger.account}}]}}}}"
BAD = f"{{name: bad, {ANN}, expect: {{writes: []}}}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for text in (SHOP, LEDGER, MAPPING, RULES):
        write(tmp_path, text)
    return tmp_path


def put_cases(folder: Path, *cases: str) -> Path:
    path = folder / "tests" / "cases" / "shop-to-ledger.test.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("version: 1\ntest: shop-to-ledger\ncases:\n" + "".join(f"  - {one}\n" for one in cases))
    return path


def run(folder: Path, *more: str) -> int:
    return main(["test", "--root", str(folder), *more])


def test_the_cases_of_the_root_pass(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_cases(folder, GOOD)
    assert run(folder) == 0
    assert capsys.readouterr().out.startswith("1 case, 0 failed")


def test_a_failing_case_ends_with_1_and_shows_the_difference(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_cases(folder, GOOD, BAD)
    assert run(folder) == 1
    out = capsys.readouterr().out
    assert "FAIL" in out
    assert "expected  no more writes" in out
    assert "2 cases, 1 failed" in out


@pytest.mark.parametrize("words", ["good", "x1"])
def test_words_choose_cases(folder: Path, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    put_cases(folder, GOOD, BAD)
    assert run(folder, "-k", words) == 0
    assert "1 case, 0 failed" in capsys.readouterr().out


def test_words_that_fit_nothing_are_a_mistake(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_cases(folder, GOOD)
    assert run(folder, "-k", "nothing") == 2
    assert "there is no such case" in capsys.readouterr().err


def test_a_misspelt_key_is_a_finding_and_ends_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = put_cases(folder, GOOD.replace("given", "givn"))
    assert run(folder, str(path)) == 2
    assert "given" in capsys.readouterr().err


def test_rules_that_no_case_uses_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_cases(folder, GOOD)
    assert run(folder, "--coverage") == 0
    out = capsys.readouterr().out
    assert "no case exercises match rule mail" in out
    assert "no case exercises row email" in out
    assert "2 of 5 rules exercised" in out


def test_programs_get_json_junit_and_annotations(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_cases(folder, GOOD, BAD)
    assert run(folder, "--format", "json") == 1
    assert json.loads(capsys.readouterr().out)["failed"] == 1
    run(folder, "--format", "json", "--coverage")
    assert [one["name"] for one in json.loads(capsys.readouterr().out)["untested"]] == ["email", "phone", "mail"]
    run(folder, "--format", "junit")
    suite = ElementTree.fromstring(capsys.readouterr().out).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    run(folder, "--format", "github")
    assert capsys.readouterr().out.startswith("::error file=")


def test_the_tests_of_a_layer_run_over_it(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layer = tmp_path / "own"
    write(layer, "version: 1\nflow: shop-to-ledger\nmatch: {outcome: {none: hold}}\n")
    path = layer / "tests" / "own.test.yaml"
    path.parent.mkdir()
    case = f"{{name: held, {ANN}, expect: {{writes: [], held: [{{source: p1}}]}}}}"
    path.write_text(f"version: 1\ntest: own\nflow: shop-to-ledger\ncases: [{case}]\n")
    assert run(folder, "--layer", str(layer)) == 0
    assert "1 case, 0 failed" in capsys.readouterr().out
