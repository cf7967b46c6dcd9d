"""What came of cases: text for people, JSON, JUnit, GitHub annotations, and the rules that no case exercised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.model.finding import Finding
from engine.report.findings_data import findings_github
from engine.report.wording import count_text, json_text, printable
from engine.spec.case import Difference, Exercised, Rehearsed

_WIDEST = 400


def cases_text(done: Sequence[Rehearsed], *, verbose: bool = False) -> str:
    """Failed cases with their differences, and a last line that counts."""
    blocks = [_block(one) for one in done if verbose or not one.passed]
    failed = sum(not one.passed for one in done)
    seconds = sum(one.seconds for one in done)
    tally = f"{count_text(len(done), 'case')}, {failed} failed, {seconds:.1f} s"
    return "\n".join([*blocks, tally])


def _block(one: Rehearsed) -> str:
    case = one.case
    covers = f" ({', '.join(case.covers)})" if case.covers else ""
    lines = [f"{'ok  ' if one.passed else 'FAIL'} {case.place.file}:{case.place.line} {case.name}{covers}"]
    lines += [f"     {finding}" for finding in one.findings]
    for difference in one.differences:
        lines += _lines(difference)
    return "\n".join(lines)


def _lines(one: Difference) -> list[str]:
    said = f"       expected  {_short(one.expected)}    {one.place.file}:{one.place.line}"
    rules = f"    {', '.join(map(_without_column, one.rules))}" if one.rules else ""
    return [f"     {one.what}", said, f"       got       {_short(one.got)}{rules}"]


def _without_column(place: str) -> str:
    file, _, rest = place.partition(":")
    return f"{file}:{rest.partition(':')[0]}" if rest else place


def _short(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= _WIDEST else f"{shown[:_WIDEST]} ..."


# -- for programs ----------------------------------------------------------------------------------------


def cases_json(done: Sequence[Rehearsed], rules: Sequence[Exercised] | None = None) -> str:
    """A JSON object with every case and the counts; with `rules` also those that no case exercised."""
    failed = sum(not one.passed for one in done)
    tree: dict[str, Any] = {"cases": len(done), "failed": failed, "results": [_tree(one) for one in done]}
    if rules is not None:
        tree["untested"] = [
            {"kind": one.kind, "name": one.name, "flow": one.flow, "file": one.place.file, "line": one.place.line}
            for one in untested(rules, done)
        ]
    return json_text(tree, indent=2)


def _tree(one: Rehearsed) -> dict[str, Any]:
    case = one.case
    return {
        "test": case.test, "name": case.name, "file": case.place.file, "line": case.place.line,
        "covers": list(case.covers), "passed": one.passed, "seconds": one.seconds,
        "findings": [str(finding) for finding in one.findings],
        "differences": [_difference(difference) for difference in one.differences],
    }  # fmt: skip


def _difference(one: Difference) -> dict[str, Any]:
    where = {"file": one.place.file, "line": one.place.line}
    return {"what": one.what, "expected": one.expected, "got": one.got, **where, "rules": list(one.rules)}


def cases_github(done: Sequence[Rehearsed]) -> str:
    """One annotation per difference, beside the line that expects otherwise."""
    return findings_github([finding for one in done for finding in _findings(one)])


def _findings(one: Rehearsed) -> Iterable[Finding]:
    yield from (replace(finding, message=f"{one.case.name}: {finding.message}") for finding in one.findings)
    for difference in one.differences:
        rules = f"; see {', '.join(difference.rules)}" if difference.rules else ""
        words = f"{difference.what}: expected {_short(difference.expected)}, got {_short(difference.got)}{rules}"
        yield Finding("case-failed", f"{one.case.name}: {words}", difference.place)


def cases_junit(done: Sequence[Rehearsed]) -> str:
    """One suite per test, one test case per case."""
    suites = [_suite(name, list(group)) for name, group in groupby(done, key=lambda one: one.case.test)]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", *suites, "</testsuites>"])


def _suite(name: str, done: Sequence[Rehearsed]) -> str:
    failures = sum(not one.passed for one in done)
    head = f'  <testsuite name={quoteattr(name)} tests="{len(done)}" failures="{failures}">'
    return "\n".join([head, *map(_test_case, done), "  </testsuite>"])


def _test_case(one: Rehearsed) -> str:
    case = one.case
    names = f"classname={quoteattr(case.place.file)} name={quoteattr(printable(case.name))}"
    head = f'    <testcase {names} time="{one.seconds}"'
    if one.passed:
        return f"{head}/>"
    said = escape("\n".join(printable(line) for line in _block(one).splitlines()))
    return f'{head}>\n      <failure message="not as expected">{said}</failure>\n    </testcase>'


# -- coverage --------------------------------------------------------------------------------------------


def untested_text(rules: Sequence[Exercised], done: Iterable[Rehearsed]) -> str:
    """The rules that no case exercised, each with its place, and how many of all were."""
    missing = untested(rules, done)
    lines = [f"{one.place.file}:{one.place.line}: no case exercises {one.kind} {one.name}" for one in missing]
    return "\n".join([*lines, f"{len(rules) - len(missing)} of {count_text(len(rules), 'rule')} exercised"])


def untested(rules: Sequence[Exercised], done: Iterable[Rehearsed]) -> list[Exercised]:
    """The rules that no case exercised, by place. A layer's line covers the same rule of the shipped file."""
    seen = {one[:3] for rehearsed in done for one in rehearsed.exercised}
    return sorted((one for one in rules if one[:3] not in seen), key=lambda one: one.place)


FORMATS: dict[str, Callable[[Sequence[Rehearsed]], str]] = {
    "junit": cases_junit,
    "github": cases_github,
}
