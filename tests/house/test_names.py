"""The engine is generic: no system, flow, object or system-only field of the YAML stands in its code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
CODE = {path: path.read_text() for path in sorted((ROOT / "engine").rglob("*.py"))}
ORDINARY = frozenset(
    """
    id name email phone type status state city country description title address created company currency label number
    url event events charge customer contact balance comments category language metadata parent term terms value values
    currency data object amount total items code line1 line2 employee opportunity invoice amount region street zip
    postcode fax website group subsidiary message text message to subject lists list segments orders order kind
    mail store_id
    """.split()
)


def documents(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((ROOT / folder).glob("*.yaml")):
        yield path.stem, yaml.load(path.read_text(), Loader=yaml.BaseLoader)  # texts only


def words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z][A-Za-z0-9_]+", text))


def test_no_system_is_named_in_the_engine() -> None:
    names = {name for name, _ in documents("systems")} - ORDINARY | {"act-on", "adobe", "salesforce"}
    hits = [
        f"{path.relative_to(ROOT)}: {name}" for path, text in CODE.items() for name in names if name in text.lower()
    ]
    assert hits == []


def test_no_flow_is_named_in_the_engine() -> None:
    names = {name for name, _ in documents("mappings")}
    assert names
    hits = [f"{path.relative_to(ROOT)}: {name}" for path, text in CODE.items() for name in names if name in text]
    assert hits == []


def test_no_object_is_named_in_the_engine() -> None:
    full = {f"{system}.{name}" for system, tree in documents("systems") for name in tree.get("objects", {})}
    hits = [f"{path.relative_to(ROOT)}: {name}" for path, text in CODE.items() for name in full if name in text]
    assert hits == []


def test_no_field_that_only_a_system_has_is_named_in_the_engine() -> None:
    fields: set[str] = set()
    for _, tree in documents("systems"):
        for spec in tree.get("objects", {}).values():
            fields |= {name for name in spec.get("fields", {}) if re.search(r"[A-Z_0-9]", name)}
    fields -= ORDINARY
    hits = [f"{path.relative_to(ROOT)}: {name}" for path, text in CODE.items() for name in fields & words(text)]
    assert hits == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = re.compile(r"(util|helper|common|misc|manager|handler|service)s?$")
    assert [str(path) for path in CODE if empty.search(path.stem)] == []


def test_nothing_is_printed_and_nothing_is_left_to_do() -> None:
    hits = [
        f"{path.relative_to(ROOT)}: {word}"
        for path, text in CODE.items()
        for word in ("TODO", "FIXME", "XXX")
        if word in text
    ]
    assert hits == []
