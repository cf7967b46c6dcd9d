"""docs/first-flow: a newcomer with a CSV and no credentials, command by command as the page says."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.commands import ROOT, Done, run_py

PAGE = ROOT / "docs" / "first-flow"
COMMANDS = re.findall(r"^\.venv/bin/python run\.py (.+)$", (PAGE / "README.md").read_text(), re.MULTILINE)
LAYERS = ("--layer", "docs/first-flow", "--layer", "docs/first-flow/dry-run", "--state", "first.db")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder that holds the page and nothing else of the checkout."""
    clean = shutil.ignore_patterns("*.planned.jsonl", "*.as_if.*")
    shutil.copytree(PAGE, tmp_path / "docs" / "first-flow", ignore=clean)
    return tmp_path


def planned(here: Path) -> list[dict[str, Any]]:
    path = here / "docs" / "first-flow" / "dry-run" / "target" / "customer.planned.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def sync(here: Path) -> Done:
    return run_py("sync", "export-to-netsuite", *LAYERS, "--format", "json", cwd=here)


def test_every_command_of_the_page_does_what_it_says(here: Path) -> None:
    assert [command.split()[0] for command in COMMANDS] == ["validate", "test", "plan", "sync", "why"]
    done = [run_py(*shlex.split(command), cwd=here) for command in COMMANDS]
    assert [one.code for one in done] == [0] * 5, "\n".join(one.out + one.err for one in done)
    assert "4 records to create, 1 record to link" in done[2].out
    assert "3 cases, 0 failed" in done[1].out


def test_what_would_be_sent_stands_in_a_file(here: Path) -> None:
    done = sync(here)
    counts = done.tree
    assert (done.code, counts["read"], counts["created"], counts["linked"], counts["held"]) == (0, 6, 4, 1, 1), done.err
    lines = planned(here)
    assert [line["id"] for line in lines] == ["export-1001", "export-1002", "export-1003", "export-1004"]
    assert lines[3]["record"]["companyName"] == "Müller, Söhne & Cie"
    assert lines[0]["record"]["addressBook"]["items"][0]["addressBookAddress"] == {
        "addr1": "12 St James's Square", "city": "London", "zip": "SW1Y 4JH", "country": {"id": "GB"},
    }  # fmt: skip
    again = sync(here).tree
    assert (again["settled"], again["held"]) == (5, 1)
    assert len(planned(here)) == 4


def test_a_changed_line_is_the_only_one_that_follows(here: Path) -> None:
    sync(here)
    path = here / "docs" / "first-flow" / "data" / "customers.csv"
    path.write_text(path.read_text().replace("+44 20 7946 0001", "+44 20 7946 0999"))
    counts = sync(here).tree
    assert (counts["updated"], counts["settled"], counts["held"]) == (1, 4, 1)
    assert planned(here)[-1] == {"operation": "update", "id": "export-1001", "record": {"phone": "+44 20 7946 0999"}}


def test_the_same_folder_goes_to_the_stand_in(here: Path, towns: dict[str, Any]) -> None:
    (here / "town.json").write_text(json.dumps(towns))
    options = ("--layer", "docs/first-flow", "--settings", "town.json", "--state", "real.db", "--format", "json")
    first, second = (run_py("sync", "export-to-netsuite", *options, cwd=here) for _ in range(2))
    assert (first.code, first.tree["created"], first.tree["linked"]) == (0, 4, 1), first.err
    assert (second.tree["created"], second.tree["updated"], second.tree["settled"]) == (0, 0, 5)
    assert planned(here) == []
