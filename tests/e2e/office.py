"""Stand-ins in a process of their own, and run.py against them, as an operator has it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

ROOT = Path(__file__).parents[2]


@dataclass
class Office:
    """Running stand-ins, and the settings file that leads to them."""

    line: dict[str, Any]
    settings: Path
    session: requests.Session

    def order(self, system: str, do: str, **fields: Any) -> Any:
        """One order to a stand-in's control box."""
        place = urlsplit(self.line[system]["base_url"])
        answer = self.session.post(f"http://{place.netloc}/_control", json={"do": do, **fields}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def reset(self) -> None:
        """Empty stand-ins whose limits do not make a test wait."""
        for system in self.line:
            self.order(system, "reset")
        self.order("stripe", "set", data={"rate_limits": False})

    def requests(self, system: str) -> list[str]:
        """Requests since the last `forget`: "POST /v1/customers"."""
        return [f"{one['method']} {one['path']}" for one in self.order(system, "requests")]

    def writes(self, system: str) -> list[str]:
        """Those that change something."""
        reads = ("GET ", "POST /services/rest/query", "POST /services/rest/auth")
        return [one for one in self.requests(system) if not one.startswith(reads)]

    def await_request(self, system: str, method: str, part: str) -> None:
        """Wait until a request has come in; it may still be unanswered."""
        pause = threading.Event()
        for _ in range(3000):
            if any(one.startswith(method) and part in one for one in self.requests(system)):
                return
            pause.wait(0.01)
        raise AssertionError(f"{system} had no {method} {part}")


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    """All stand-ins with control boxes."""
    command = [sys.executable, "-m", "sandbox", "--json", "--control", "--empty"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        text = process.stdout.readline()
        settings = folder / "settings.json"
        settings.write_text(text)
        with requests.Session() as session:
            yield Office(json.loads(text), settings, session)
        process.terminate()


def run_py(*args: str | Path, cwd: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """A verb in a process of its own."""
    command = [sys.executable, str(ROOT / "run.py"), *map(str, args)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False, **more)
