"""test: run the given / expect cases of rule authors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from engine.cli.exits import DONE, FOUND, tell_findings
from engine.cli.options import Given, common, write
from engine.config.read_cases import CaseRulesets, read_cases
from engine.config.shipped import shipped_folder
from engine.model.errors import ConfigError, UsageError
from engine.pipeline.case_coverage import rules_of
from engine.pipeline.rehearse import rehearse
from engine.report.cases import FORMATS, cases_json, cases_text, untested_text
from engine.spec.case import CaseSpec, Exercised, Rehearsed


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("-k", "words", metavar="TEXT", help="Only cases whose name, test or requirement holds this.")
@click.option("--coverage", is_flag=True, help="List mapping rows, gates, match rules and policies that no case used.")
@common("junit", "github")
def test(given: Given, paths: tuple[Path, ...], words: str | None, coverage: bool) -> int:
    """Run *.test.yaml: what systems hold, what must be written. Nothing is connected to.

    PATHS are files or folders; by default the shipped cases and those in tests/ of every layer.
    """
    root = given.root or shipped_folder()
    cases, findings = read_cases(paths or _usual(root, given.layers))
    if findings:
        raise ConfigError(findings)
    chosen = [one for one in cases if words is None or _fits(one, words)]
    if not chosen:
        raise UsageError("there is no such case: give a file or a folder with *.test.yaml, or another -k")
    rulesets = CaseRulesets(root, given.layers)
    done = [_run(rulesets, one) for one in chosen]
    rules = _rules(rulesets, chosen) if coverage else None
    write(_rendered(given, done, rules))
    return FOUND if any(not one.passed for one in done) else DONE


def _rendered(given: Given, done: list[Rehearsed], rules: list[Exercised] | None) -> str:
    """The report in the form that was asked for; coverage is part of text and JSON."""
    if given.form == "json":
        return cases_json(done, rules)
    if given.form != "text":
        return FORMATS[given.form](done)
    text = cases_text(done, verbose=given.verbose)
    return text if rules is None else f"{text}\n{untested_text(rules, done)}"


def _usual(root: Path, layers: Sequence[Path]) -> list[Path]:
    return [path for path in (root / "tests" / "cases", *(layer / "tests" for layer in layers)) if path.is_dir()]


def _fits(case: CaseSpec, words: str) -> bool:
    folded = words.casefold()
    return folded in f"{case.test} {case.name}".casefold() or words.upper() in case.covers


def _run(rulesets: CaseRulesets, case: CaseSpec) -> Rehearsed:
    ruleset, findings = rulesets.of(case)
    if ruleset is None:
        return Rehearsed(case, findings=tuple(findings))
    return rehearse(ruleset, case)


def _rules(rulesets: CaseRulesets, cases: Iterable[CaseSpec]) -> list[Exercised]:
    """The rules of the flows as they are without any case's own layers."""
    found: dict[Exercised, None] = {}
    for name in dict.fromkeys(one.flow for one in cases):
        ruleset, findings = rulesets.of(CaseSpec("", "", name))
        if ruleset is None:
            tell_findings(findings)
            continue
        found.update(dict.fromkeys(rules_of(ruleset.flows[name])))
    return list(found)
