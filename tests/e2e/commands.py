"""The command line against stand-ins that a process of run.py serves."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from engine.cli.main import main

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("CONCORD_")}


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def tree(self) -> Any:
        return json.loads(self.out)


def run_py(*arguments: str, cwd: Path = ROOT, timeout: float = 100) -> Done:
    """One command, to its end."""
    command = [sys.executable, str(ROOT / "run.py"), *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout, env=ENVIRONMENT)
    return Done(done.returncode, done.stdout, done.stderr)


@dataclass
class Desk:
    """A folder to work in, with the settings of the stand-ins."""

    folder: Path
    towns: dict[str, Any] = field(default_factory=dict)

    @property
    def options(self) -> tuple[str, ...]:
        return ("--settings", str(self.folder / "town.json"), "--state", str(self.folder / "state" / "state.db"))

    def run(self, verb: str, *arguments: str) -> Done:
        """One command in this process: the same way in and out, without starting Python each time."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main([verb, *arguments, *self.options])
        return Done(code, out.getvalue(), err.getvalue())

    def process(self, verb: str, *arguments: str) -> Done:
        """One command as a process of its own."""
        return run_py(verb, *arguments, *self.options, cwd=self.folder)

    def order(self, system: str, do: str, **more: Any) -> Any:
        """One order to a stand-in's control box."""
        answer = requests.post(f"{self.towns[system]['base_url']}/_control", json={"do": do, **more}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def seed(self, system: str, **data: Any) -> None:
        self.order(system, "seed", data=data)

    def held(self, system: str, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.order(system, "dump")[kind]
        return found
