"""Files and functions stay small enough to be read in one sitting."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "engine").rglob("*.py"))


def lengths() -> list[tuple[int, str]]:
    found = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.append(((node.end_lineno or node.lineno) - node.lineno + 1, f"{path.name}:{node.name}"))
    return found


def test_files_stay_under_about_300_lines() -> None:
    long = [(len(path.read_text().splitlines()), str(path.relative_to(ROOT))) for path in FILES]
    assert [one for one in long if one[0] > 380] == []


def test_functions_are_short() -> None:
    assert median(length for length, _ in lengths()) <= 9
    assert [one for one in lengths() if one[0] > 60] == []


def test_every_module_says_its_job() -> None:
    silent = [str(path.relative_to(ROOT)) for path in FILES if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []
