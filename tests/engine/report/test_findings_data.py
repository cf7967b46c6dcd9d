"""Findings as CI reads them."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from engine.model.finding import Finding, Place, Severity
from engine.report.findings_data import FORMATS, findings_github, findings_json, findings_junit, findings_sarif

WRONG = Finding("unknown-field", "there is no 100% <field>\nat all", Place("m/a,b:c.yaml", 2, 10), hint="did you?")
DOUBTFUL = Finding("unused", "nobody reads \x00 this", Place("r/x.yaml"), Severity.WARNING)


def test_json_holds_every_finding_with_its_place() -> None:
    tree = json.loads(findings_json([WRONG, DOUBTFUL]))
    assert tree["errors"] == 1
    assert tree["findings"][0] == {
        "code": "unknown-field", "severity": "error", "message": "there is no 100% <field>\nat all",
        "file": "m/a,b:c.yaml", "line": 2, "column": 10, "hint": "did you?",
    }  # fmt: skip


def test_github_annotations_escape_what_would_end_them() -> None:
    first, second = findings_github([WRONG, DOUBTFUL]).splitlines()
    assert first == (
        "::error file=m/a%2Cb%3Ac.yaml,line=2,col=10,title=unknown-field::"
        "there is no 100%25 <field>%0Aat all (did you?)"
    )
    assert second.startswith("::warning file=r/x.yaml,title=unused::")


def test_sarif_says_rule_level_and_region() -> None:
    run = json.loads(findings_sarif([WRONG, DOUBTFUL]))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["unknown-field", "unused"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location == {
        "artifactLocation": {"uri": "m/a,b:c.yaml"},
        "region": {"startLine": 2, "startColumn": 10},
    }
    assert run["results"][1]["level"] == "warning"
    assert "region" not in run["results"][1]["locations"][0]["physicalLocation"]


def test_junit_fails_the_files_with_errors_and_stays_well_formed() -> None:
    suite = ElementTree.fromstring(findings_junit([WRONG, DOUBTFUL]))
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    cases = {case.get("name"): case for case in suite}
    assert cases["m/a,b:c.yaml"].find("failure") is not None
    assert "unused" in (cases["r/x.yaml"].findtext("system-out") or "")


def test_no_findings_pass_in_every_format() -> None:
    assert json.loads(findings_json([])) == {"errors": 0, "findings": []}
    assert findings_github([]) == ""
    assert json.loads(findings_sarif([]))["runs"][0]["results"] == []
    assert ElementTree.fromstring(findings_junit([])).get("failures") == "0"
    assert set(FORMATS) == {"json", "github", "sarif", "junit"}
