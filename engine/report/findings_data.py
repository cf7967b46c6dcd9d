"""Findings for machines: JSON, GitHub annotations, SARIF 2.1.0, JUnit XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine import __version__
from engine.model.finding import Finding, Severity
from engine.report.wording import json_text

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_tree(one: Finding) -> dict[str, Any]:
    """A finding as plain values."""
    tree = {
        "code": one.code, "severity": str(one.severity), "message": one.message, "file": one.place.file,
        "line": one.place.line, "column": one.place.column, "hint": one.hint, "record": one.record,
    }  # fmt: skip
    return {name: value for name, value in tree.items() if value or name in ("code", "severity", "message")}


def findings_json(findings: Sequence[Finding]) -> str:
    """A JSON object with the findings and their counts."""
    errors = sum(one.severity is Severity.ERROR for one in findings)
    return json_text({"errors": errors, "findings": [as_tree(one) for one in findings]}, indent=2)


# -- GitHub ----------------------------------------------------------------------------------------------


def findings_github(findings: Sequence[Finding]) -> str:
    """One workflow command per finding, which shows beside the line in a pull request."""
    return "\n".join(_command(one) for one in findings)


def _command(one: Finding) -> str:
    level = "notice" if one.severity is Severity.NOTE else str(one.severity)
    facts = {"file": one.place.file, "line": one.place.line, "col": one.place.column, "title": one.code}
    said = ",".join(f"{name}={_property(str(value))}" for name, value in facts.items() if value)
    text = f"{one.message} ({one.hint})" if one.hint else one.message
    return f"::{level} {said}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# -- SARIF -----------------------------------------------------------------------------------------------


def findings_sarif(findings: Sequence[Finding]) -> str:
    """A SARIF 2.1.0 log with one run."""
    rules = [{"id": code} for code in sorted({one.code for one in findings})]
    driver = {"name": "concord", "version": __version__, "rules": rules}
    results = [_result(one) for one in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(one: Finding) -> dict[str, Any]:
    text = f"{one.message} ({one.hint})" if one.hint else one.message
    result: dict[str, Any] = {"ruleId": one.code, "level": _LEVELS[one.severity], "message": {"text": text}}
    if one.place.file:
        result["locations"] = [{"physicalLocation": _location(one)}]
    return result


def _location(one: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": one.place.file.replace("\\", "/")}}
    if one.place.line:
        location["region"] = {"startLine": one.place.line, "startColumn": max(one.place.column, 1)}
    return location


# -- JUnit -----------------------------------------------------------------------------------------------


def findings_junit(findings: Sequence[Finding]) -> str:
    """One test case per file with findings; errors fail it, the rest stands in its output."""
    ordered = sorted(findings, key=lambda one: one.place)
    files = [(file, list(group)) for file, group in groupby(ordered, key=lambda one: one.place.file)]
    cases = [_case(file or "configuration", group) for file, group in files] or ['  <testcase name="configuration"/>']
    failures = sum(any(one.severity is Severity.ERROR for one in group) for _, group in files)
    head = f'<testsuite name="validate" tests="{len(cases)}" failures="{failures}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>"])


def _case(file: str, group: Sequence[Finding]) -> str:
    failing = [one for one in group if one.severity is Severity.ERROR]
    others = [one for one in group if one.severity is not Severity.ERROR]
    parts = [f"  <testcase name={_attribute(file)}>"]
    if failing:
        words = _content("\n".join(map(str, failing)))
        parts.append(f"    <failure message={_attribute(failing[0].message)}>{words}</failure>")
    if others:
        parts.append(f"    <system-out>{_content(chr(10).join(map(str, others)))}</system-out>")
    return "\n".join([*parts, "  </testcase>"])


def _content(text: str) -> str:
    return escape(_NOT_XML.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))


FORMATS: dict[str, Callable[[Sequence[Finding]], str]] = {
    "json": findings_json,
    "github": findings_github,
    "sarif": findings_sarif,
    "junit": findings_junit,
}
