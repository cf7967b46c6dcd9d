"""Wrong YAML files, each saying in its first lines which findings it must give, and where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.config.document import Document
from engine.config.loader import load_file, without_echoes
from engine.config.schema import check
from engine.model.finding import Finding

FILES = sorted((Path(__file__).parent / "yaml").glob("*.yaml"))
EXPECTED = re.compile(r"^# expect: (\S+) (\d+):(\d+)$", re.MULTILINE)


def findings_of(path: Path) -> list[Finding]:
    kind = path.stem.removeprefix("layer-").split("-")[0]
    root, findings = load_file(path, path.name)
    if root is not None:
        findings = [
            *findings,
            *check(Document(kind, path.stem, path.name, root), partial=path.stem.startswith("layer-")),
        ]
    return without_echoes(findings)


def test_there_are_wrong_files() -> None:
    assert len(FILES) >= 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_wrong_file_is_refused_where_it_is_wrong(path: Path) -> None:
    expected = [(code, int(line), int(column)) for code, line, column in EXPECTED.findall(path.read_text("utf-8"))]

    found = [(one.code, one.place.line, one.place.column) for one in findings_of(path)]

    assert expected, "the file does not say what it expects"
    assert found == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_finding_says_something_a_person_can_use(path: Path) -> None:
    for finding in findings_of(path):
        assert finding.message and finding.place.file == path.name
        assert finding.hint or ("," in finding.message) or finding.code in ("alias-unknown", "alias-loop")
