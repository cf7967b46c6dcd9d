"""The pages written by hand: their links lead somewhere, their examples work, and their lists are whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from engine.cli.main import VERBS
from engine.expressions.filters import CHOOSERS, FILTERS
from engine.expressions.path_functions import FUNCTIONS as PATH_FUNCTIONS
from engine.functions.apply import FUNCTIONS
from engine.functions.checks import CHECKS
from engine.functions.compare import COMPARATORS
from tests.e2e.commands import ROOT, run_py

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_something(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_verb_on_the_pages_is_there(page: Path) -> None:
    known = {verb for group in VERBS.values() for verb in group} | {"VERB"}
    said = re.findall(r"(?:run\.py|concord) ([a-z]+)\b(?! is| keeps| tells)", page.read_text())
    assert sorted(set(said) - known) == []


def test_the_readme_lists_every_verb() -> None:
    text = (ROOT / "README.md").read_text()
    assert [verb for group in VERBS.values() for verb in group if not re.search(rf"\b{verb}\b", text)] == []


@pytest.mark.parametrize(
    "names",
    [[*FILTERS, *CHOOSERS], PATH_FUNCTIONS, FUNCTIONS, COMPARATORS, CHECKS],
    ids=["filters", "paths", "apply", "comparators", "checks"],
)
def test_the_language_page_names_every_function(names: Iterable[str]) -> None:
    text = (DOCS / "language.md").read_text()
    assert [name for name in names if f"`{name}`" not in text] == []


def _example(page: str, number: int) -> str:
    found: list[str] = re.findall(r"^```yaml\n(.*?)^```$", (DOCS / page).read_text(), re.MULTILINE | re.DOTALL)
    return found[number]


def test_the_test_case_on_the_language_page_passes(tmp_path: Path) -> None:
    file = tmp_path / "stripe-to-netsuite.test.yaml"
    file.write_text(_example("language.md", -1))
    done = run_py("test", str(file))
    assert (done.code, done.out.split(",")[0]) == (0, "1 case"), done.err


def test_the_environment_on_the_operating_page_loads(tmp_path: Path) -> None:
    file = tmp_path / "environments" / "production.yaml"
    file.parent.mkdir()
    file.write_text(_example("operating.md", 0))
    done = run_py("validate", "--env", str(file))
    assert done.code == 0, done.out
    assert set(re.findall(r"\[([a-z-]+)\]", done.out)) == {"variable-missing"}
