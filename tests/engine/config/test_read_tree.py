"""Folders of YAML -> merged documents with origins."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.config.read_tree import Tree, read_tree
from engine.config.shipped import shipped_folder
from engine.model.finding import Finding

SYSTEM = """version: 1
system: {0}
title: T
connector: memory
objects:
  customer: {{title: C, id: id, fields: {{id: {{type: text}}}}}}
"""
MAPPING = "version: 1\nflow: a-to-b\nsource: a.customer\ntarget: b.customer\nfields: {email: email, phone: phone}\n"
RULES = """version: 1
flow: a-to-b
runs: {hourly: {start: schedule, every: 1h}}
match:
  rules: [{id: email, left: email, right: email, compare: email}]
  outcome: {none: create, one: link, many: first, taken: hold, unknown: hold}
push_policy:
  default: {push: always, empty: keep, conflict: target, drift: keep}
  fields: {score: {push: always, final: Take the row out of the mapping.}}
guards: {creates: 500}
"""


def put(folder: Path, **files: str) -> Path:
    """Writes files; `systems__a` is systems/a.yaml."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    files = {"mappings__a-to-b": MAPPING, "rules__a-to-b": RULES}
    return put(tmp_path / "shipped", systems__a=SYSTEM.format("a"), systems__b=SYSTEM.format("b"), **files)


def read(root: Path, *folders: Path, environment: Path | None = None) -> tuple[Tree, list[Finding]]:
    return read_tree(folders, environment, root=root)


def said(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.code, str(one.place)) for one in findings]


def test_documents_are_found_by_kind_and_name(tmp_path: Path, shipped: Path) -> None:
    tree, findings = read(tmp_path, shipped)

    assert findings == []
    assert set(tree) == {("system", "a"), ("system", "b"), ("mapping", "a-to-b"), ("rules", "a-to-b")}
    assert tree["mapping", "a-to-b"].file == "shipped/mappings/a-to-b.yaml"


def test_documents_come_in_their_long_form(tmp_path: Path, shipped: Path) -> None:
    email = read(tmp_path, shipped)[0]["mapping", "a-to-b"].root.at("fields", "email")

    assert email is not None
    assert email.plain() == {"from": "email"}


def test_layers_lie_over_the_shipped_folder_in_order(tmp_path: Path, shipped: Path) -> None:
    one = put(tmp_path / "one", **{"rules__a-to-b": "version: 1\nflow: a-to-b\nguards: {creates: 10, deletes: 1}\n"})
    two = put(tmp_path / "two", **{"rules__a-to-b": "version: 1\nflow: a-to-b\nguards: {creates: 20}\n"})

    tree, findings = read(tmp_path, shipped, one, two)
    guards = tree["rules", "a-to-b"].root.get("guards")

    assert findings == []
    assert guards is not None
    assert guards.plain() == {"creates": 20, "deletes": 1}
    assert [str(node.place) for _, node in guards.items()] == [
        "two/rules/a-to-b.yaml:3:19",
        "one/rules/a-to-b.yaml:3:32",
    ]


def test_layer_may_bring_a_whole_new_document(tmp_path: Path, shipped: Path) -> None:
    layer = put(tmp_path / "layer", systems__c=SYSTEM.format("c"), systems__d="version: 1\nsystem: d\n")

    tree, findings = read(tmp_path, shipped, layer)

    assert ("system", "c") in tree
    assert {code for code, place in said(findings)} == {"missing-key"}
    assert {one.place.file for one in findings} == {"layer/systems/d.yaml"}


def test_layers_are_checked_in_their_own_form(tmp_path: Path, shipped: Path) -> None:
    text = "version: 1\nflow: a-to-b\ngaurds: {creates: 1}\nmatch: {rules: [{left: x}]}\n"

    _, findings = read(tmp_path, shipped, put(tmp_path / "layer", **{"rules__a-to-b": text}))

    assert ("unknown-key", "layer/rules/a-to-b.yaml:3:1") in said(findings)
    assert ("missing-key", "layer/rules/a-to-b.yaml:4:17") in said(findings)


def test_what_layers_make_together_is_checked_too(tmp_path: Path, shipped: Path) -> None:
    text = "version: 1\nflow: a-to-b\n$unset: [push_policy]\nruns: {hourly: {start: demand}}\n"

    _, findings = read(tmp_path, shipped, put(tmp_path / "layer", **{"rules__a-to-b": text}))

    assert ("missing-key", "shipped/rules/a-to-b.yaml:1:1") in said(findings)
    assert ("misplaced-key", "shipped/rules/a-to-b.yaml:3:34") in said(findings)


def test_final_rows_hold_against_layers(tmp_path: Path, shipped: Path) -> None:
    text = "version: 1\nflow: a-to-b\npush_policy: {fields: {score: {push: never}}}\n"

    _, findings = read(tmp_path, shipped, put(tmp_path / "layer", **{"rules__a-to-b": text}))

    assert said(findings) == [("final-row", "layer/rules/a-to-b.yaml:3:24")]


def test_environment_lies_over_runs_and_guards(tmp_path: Path, shipped: Path) -> None:
    text = """version: 1
environment: staging
connections: {a: {system: a, settings: {key: "${secret:KEY}"}}}
flows:
  a-to-b:
    settings: {x: "1"}
    runs: {hourly: {every: 4h}}
    guards: {creates: 20}
"""
    put(tmp_path, environments__staging=text)

    tree, findings = read(tmp_path, shipped, environment=tmp_path / "environments/staging.yaml")
    rules = tree["rules", "a-to-b"].root.plain()

    assert findings == []
    assert rules["runs"] == {"hourly": {"start": "schedule", "every": "4h"}}
    assert rules["guards"] == {"creates": 20}
    assert tree["environment", "staging"].root.plain()["connections"]["a"]["settings"] == {"key": "${secret:KEY}"}


def test_environment_that_is_not_there_is_a_finding(tmp_path: Path, shipped: Path) -> None:
    _, findings = read(tmp_path, shipped, environment=tmp_path / "nowhere.yaml")

    assert said(findings) == [("file-unreadable", "nowhere.yaml")]


def test_file_is_named_as_it_declares(tmp_path: Path, shipped: Path) -> None:
    put(shipped, systems__c=SYSTEM.format("cc"))

    tree, findings = read(tmp_path, shipped)

    assert said(findings) == [("name-differs", "shipped/systems/c.yaml:2:9")]
    assert findings[0].hint == "rename the file to cc.yaml, or write `system: c`"
    assert ("system", "c") in tree


def test_one_name_twice_in_a_folder_is_refused(tmp_path: Path, shipped: Path) -> None:
    text = "version: 1\ntest: x\ncases: []\n"
    put(shipped, **{"tests__x.test": text, "tests__cases__x.test": text})

    assert said(read(tmp_path, shipped)[1]) == [("name-twice", "shipped/tests/cases/x.test.yaml")]


def test_folder_that_is_not_there_is_refused(tmp_path: Path, shipped: Path) -> None:
    assert said(read(tmp_path, shipped, tmp_path / "gone")[1]) == [("no-such-folder", "gone")]


def test_files_of_a_layer_that_nothing_reads_are_told(tmp_path: Path, shipped: Path) -> None:
    layer = put(tmp_path / "layer", **{"stray": "a: 1", "rule__a-to-b": "a: 1", "environments__x": "a: 1"})
    (layer / "rules").mkdir()
    (layer / "rules" / "a-to-b.yml").write_text("a: 1\n", "utf-8")

    _, findings = read(tmp_path, shipped, layer)

    assert said(findings) == [
        ("file-not-read", "layer/stray.yaml"),
        ("file-not-read", "layer/rule/a-to-b.yaml"),
        ("file-not-read", "layer/rules/a-to-b.yml"),
    ]
    assert {str(one.severity) for one in findings} == {"warning"}


def test_shipped_file_with_the_wrong_ending_is_told(tmp_path: Path, shipped: Path) -> None:
    (shipped / "systems" / "c.yml").write_text("a: 1\n", "utf-8")
    put(shipped, stray="a: 1")

    assert said(read(tmp_path, shipped)[1]) == [("file-not-read", "shipped/systems/c.yml")]


def test_unreadable_file_does_not_hide_the_others(tmp_path: Path, shipped: Path) -> None:
    put(shipped, systems__c="a: [", systems__e="- x\n")

    tree, findings = read(tmp_path, shipped)

    assert [code for code, _ in said(findings)] == ["yaml-syntax", "wrong-type"]
    assert ("mapping", "a-to-b") in tree
    assert ("system", "c") not in tree


def test_the_whole_repository_is_read_and_checked_in_half_a_second() -> None:
    def seconds() -> float:
        start = time.perf_counter()
        assert read_tree([shipped_folder()])[1] == []
        return time.perf_counter() - start

    assert min(seconds() for _ in range(3)) < 0.5
