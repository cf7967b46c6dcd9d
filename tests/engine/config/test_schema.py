"""Documents against schemas: what is found, where, and that an independent validator agrees."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.config.document import Document, Node
from engine.config.loader import load_file, load_text
from engine.config.schema import check, schema_of
from engine.config.shipped import shipped_folder

KINDS = ("system", "mapping", "rules", "environment", "test")
FORMS = [(kind, False) for kind in KINDS] + [(kind, True) for kind in ("system", "mapping", "rules")]
WRONG = sorted((Path(__file__).parents[2] / "bad_input" / "yaml").glob("*.yaml"))
SHIPPED = [
    (path, kind)
    for kind, folder in (("system", "systems"), ("mapping", "mappings"), ("rules", "rules"))
    for path in sorted((shipped_folder() / folder).glob("*.yaml"))
]


def document(kind: str, text: str) -> Document:
    root, findings = load_text(text, "f.yaml")
    assert findings == []
    assert root is not None
    return Document(kind, "f", "f.yaml", root)


def whole(kind: str) -> dict[str, Any]:
    """A right document that holds every section: the schema's own examples."""
    schema = schema_of(kind)
    return {key: copy.deepcopy(one["examples"][0]) for key, one in schema["properties"].items()}


def placed(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: placed(one) for key, one in value.items()})
    if isinstance(value, list):
        return Node([placed(one) for one in value])
    return Node(value)


def verdicts(kind: str, partial: bool, root: Node) -> tuple[bool, bool]:
    """Whether we, and whether the independent validator, find nothing; what is ours alone to check does not count."""
    theirs = Draft202012Validator(schema_of(kind, partial)).is_valid(root.plain())
    alone = {"duplicate-id", "unset-outside-layer"} if theirs else {"duplicate-id"}
    return not [one for one in check(Document(kind, "f", "f", root), partial) if one.code not in alone], theirs


# -- messages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("guards: {create: 5}", (1, 10), "unknown key `create` in `guards`", "did you mean `creates`?"),
        ("gone: {source: kepe}", (1, 16), "`source`: found text 'kepe', not one of keep, delete, deactivate, hold",
         "did you mean `keep`?"),
        ("flow: 12", (1, 7), "`flow`: expected text, found number 12", "for example stripe-to-netsuite"),
        ("links: {columns: {source: 12}}", (1, 27), "`source`: expected text, found number 12", 'quote it: "12"'),
        ("runs: {a: {full: yes}}", (1, 18), "`full`: expected true or false, found text 'yes'", "write true or false"),
        ("runs: {a: {full: }}", (1, 18), "`full`: expected true or false, found nothing", "for example true"),
    ],
)  # fmt: skip
def test_finding_names_the_place_and_the_way_out(text: str, place: tuple[int, int], message: str, hint: str) -> None:
    found = [one for one in check(document("rules", text), partial=True) if one.place.column == place[1]]

    assert [(one.message, one.hint) for one in found] == [(message, hint)]


def test_all_findings_come_at_once_in_order() -> None:
    text = "version: 1\nflow: A\ngone: {source: x}\nguards: {deletes: -1}\n"

    codes = [(one.code, one.place.line) for one in check(document("rules", text), partial=True)]

    assert codes == [("wrong-form", 2), ("wrong-value", 3), ("out-of-range", 4)]


def test_newer_version_is_all_that_is_told() -> None:
    findings = check(document("rules", "version: 2\nhologram: true\n"), partial=False)

    assert [(one.code, one.place.line, one.place.column) for one in findings] == [("version-newer", 1, 10)]


def test_missing_version_stands_beside_other_findings() -> None:
    assert [one.code for one in check(document("mapping", "flow: a\nfeild: {}\n"), partial=True)] == [
        "version-missing",
        "unknown-key",
    ]


def test_layer_form_requires_nothing_but_its_name() -> None:
    assert check(document("rules", "version: 1\nflow: a-to-b\n"), partial=True) == []
    assert [one.code for one in check(document("rules", "version: 1\nflow: a-to-b\n"), partial=False)] == [
        "missing-key",
        "missing-key",
    ]


# -- agreement with an independent validator ---------------------------------------------------------


@pytest.mark.parametrize(("kind", "partial"), FORMS)
def test_schema_is_a_valid_schema(kind: str, partial: bool) -> None:
    Draft202012Validator.check_schema(schema_of(kind, partial))


@pytest.mark.parametrize(("kind", "partial"), FORMS)
def test_both_accept_a_document_of_all_examples(kind: str, partial: bool) -> None:
    assert verdicts(kind, partial, placed(whole(kind))) == (True, True)


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_both_judge_wrong_files_alike(path: Path) -> None:
    root, _ = load_file(path, path.name)
    if root is None:
        return
    ours, theirs = verdicts(path.stem.removeprefix("layer-").split("-")[0], path.stem.startswith("layer-"), root)
    assert ours == theirs


@pytest.mark.parametrize(("path", "kind"), SHIPPED, ids=lambda one: getattr(one, "stem", one))
def test_both_accept_shipped_files(path: Path, kind: str) -> None:
    root, findings = load_file(path, path.name)
    assert findings == []
    assert root is not None
    assert verdicts(kind, False, root) == (True, True)


def spots(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key or index) of a tree."""
    members = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else []
    for key, member in members:
        yield tree, key
        yield from spots(member)


def damage(tree: Any, chance: random.Random) -> None:
    """Changes one spot: another value, another key, a key too many, or nothing there."""
    container, key = chance.choice(list(spots(tree)))
    deed = chance.choice(["replace", "drop", "rename", "add"])
    if deed == "drop" or (deed == "rename" and isinstance(container, list)):
        del container[key]
    elif deed == "rename":
        container[chance.choice(["id", "kind", "from", "when", "x-note", "bogus"])] = container.pop(key)
    elif deed == "add" and isinstance(container, dict):
        added = [
            "from",
            "value",
            "template",
            "fields",
            "each",
            "every",
            "at",
            "global",
            "all",
            "$unset",
            "place",
            "bogus",
        ]
        container[chance.choice(added)] = chance.choice(["word", ["word"], {"when": "x"}, 1])
    else:
        container[key] = chance.choice([None, True, 0, -1, 5000, "", "word", "GET /x", [], ["a"], {}, {"id": "a"}])


@pytest.mark.parametrize(("kind", "partial"), FORMS)
def test_both_judge_damaged_documents_alike(kind: str, partial: bool) -> None:
    right = whole(kind)
    for seed in range(60):
        tree = copy.deepcopy(right)
        chance = random.Random(f"{kind} {seed}")
        for _ in range(chance.choice([1, 1, 2])):
            damage(tree, chance)
        ours, theirs = verdicts(kind, partial, placed(tree))
        assert ours == theirs, (seed, tree)
