"""The shipped cases, each as a test of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config.read_cases import CaseRulesets, read_cases
from engine.pipeline.rehearse import rehearse
from engine.report.cases import cases_text
from engine.spec.case import CaseSpec

ROOT = Path(__file__).parents[2]
CASES, FINDINGS = read_cases([Path(__file__).parent], root=ROOT)


@pytest.fixture(scope="session")
def rulesets() -> CaseRulesets:
    return CaseRulesets(ROOT)


def test_the_files_of_cases_are_right() -> None:
    assert [str(one) for one in FINDINGS] == []


@pytest.mark.parametrize("case", CASES, ids=lambda one: f"{one.test}: {one.name}")
def test_case(case: CaseSpec, rulesets: CaseRulesets) -> None:
    ruleset, findings = rulesets.of(case)
    assert ruleset is not None, "\n".join(map(str, findings))
    done = rehearse(ruleset, case)
    assert done.passed, cases_text([done])
