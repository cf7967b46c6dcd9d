"""Layers that are well-formed and still wrong: each file says where it is laid, and which findings it must give."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from engine.config.load import load_ruleset
from engine.config.shipped import shipped_folder
from engine.model.finding import Finding

FILES = sorted((Path(__file__).parent / "yaml" / "lint").glob("*.yaml"))
LAY = re.compile(r"^# lay: (\S+)$", re.MULTILINE)
EXPECTED = re.compile(r"^# expect: (\S+) (\d+):(\d+)$", re.MULTILINE)
ELSEWHERE = re.compile(r"^# elsewhere: (\S+) (\S+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory):
    """Lays a file over the shipped YAML: its own findings, and those it causes in shipped files."""

    @cache
    def lay(path: Path) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        text = path.read_text("utf-8")
        layer = tmp_path_factory.mktemp("layer")
        file = layer / LAY.findall(text)[0]
        file.parent.mkdir()
        file.write_text(text, "utf-8")
        _, findings = load_ruleset(shipped_folder(), [layer])
        mine = tuple(one for one in findings if one.place.file.startswith(f"{layer.name}/"))
        return mine, tuple(one for one in findings if one not in mine)

    return lay


def test_there_are_many_wrong_layers() -> None:
    assert len(FILES) >= 70


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_wrong_layer_is_reported_where_it_is_wrong(path: Path, laid) -> None:
    text = path.read_text("utf-8")
    expected = [(code, int(line), int(column)) for code, line, column in EXPECTED.findall(text)]
    elsewhere = ELSEWHERE.findall(text)

    mine, others = laid(path)

    assert expected or elsewhere, "the file does not say what it expects"
    assert [(one.code, one.place.line, one.place.column) for one in mine] == expected
    assert [(one.code, Path(one.place.file).name) for one in others] == [
        (code, Path(file).name) for code, file in elsewhere
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_finding_names_what_is_wrong(path: Path, laid) -> None:
    mine, others = laid(path)

    for finding in (*mine, *others):
        assert finding.message and finding.place.line
