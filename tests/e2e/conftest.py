"""Stand-ins served by `run.py sandbox` for all tests of a file; each test gets them empty and a folder of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.commands import ENVIRONMENT, ROOT, Desk

SYSTEMS = ("stripe", "netsuite")


@pytest.fixture(scope="module")
def towns() -> Iterator[dict[str, Any]]:
    command = [sys.executable, str(ROOT / "run.py"), "sandbox", "--json", "--control", "--systems", ",".join(SYSTEMS)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    assert child.stdout is not None
    yield json.loads(child.stdout.readline())
    child.send_signal(signal.SIGTERM)
    assert child.wait(20) == 0
    child.stdout.close()


@pytest.fixture
def desk(towns: dict[str, Any], tmp_path: Path) -> Desk:
    (tmp_path / "town.json").write_text(json.dumps(towns))
    made = Desk(tmp_path, towns)
    for system in SYSTEMS:
        made.order(system, "reset")
    made.order("stripe", "set", data={"rate_limits": False})
    return made
