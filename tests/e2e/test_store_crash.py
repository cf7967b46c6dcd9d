"""The store under kill -9 and failing disks at one system call after another.

Nothing acknowledged is lost, nothing is half there, a plain restart finishes the work, and nothing is done twice.
Set CONCORD_SWEEP=1 to fault every single call; by default every so-manieth.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.store import open_store
from tests.e2e import store_worker as worker

ROOT = Path(__file__).parents[2]
SWEEP = bool(os.environ.get("CONCORD_SWEEP"))


def _strace_works() -> bool:
    found = shutil.which("strace")
    return bool(found) and subprocess.run([str(found), "-qq", "true"], capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800 if SWEEP else 120),
    pytest.mark.skipif(not _strace_works(), reason="needs strace to inject faults"),
]


def run(path: Path, call: str, fault: str) -> tuple[int, list[str]]:
    """One run of the worker with a fault: its exit code and what it said."""
    command = [
        "strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{fault}",
        sys.executable, "-m", "tests.e2e.store_worker", str(path),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines()


def acknowledged(said: list[str]) -> set[str]:
    return {line.removeprefix("ok ") for line in said if line.startswith("ok ")}


def linked(path: Path) -> set[str]:
    if not path.exists():
        return set()
    store = open_store(path)
    assert not store.behind
    store.check()
    found = {link.a.id for link in store.links()}
    store.close()
    return found


def finish(path: Path) -> None:
    """A plain restart, and what must hold after it."""
    assert worker.main(path) == 0
    wanted = [str(number) for number in range(worker.RECORDS)]
    store = open_store(path)
    assert {link.a.id for link in store.links()} == set(wanted)
    assert sorted(worker.effects(path)) == [f"{number}-0" for number in wanted]
    assert list(store.operations(states=("planned", "open", "unknown"))) == []
    assert store.revision("f", [f"crm|crm.contact|{id}|record" for id in wanted]) == {
        f"crm|crm.contact|{id}|record": 1 for id in wanted
    }
    assert store.summary().rows["claims"] == 0
    assert store.count(*worker.SHOP) == worker.RECORDS
    store.close()


def points(step: int) -> range:
    return range(1, 5000, 1 if SWEEP else step)


@pytest.mark.parametrize(
    ("call", "step"),
    [("fdatasync", 13), ("pwrite64", 151), ("write", 7), ("unlink", 1), ("link", 1), ("fsync", 1)],
    ids=lambda value: str(value),
)
def test_kill_at_a_system_call_loses_and_doubles_nothing(tmp_path: Path, call: str, step: int) -> None:
    for number in points(step):
        path = tmp_path / str(number) / "state.db"
        path.parent.mkdir()
        code, said = run(path, call, f"signal=KILL:when={number}")
        if code == 0:
            break
        assert code in (-signal.SIGKILL, 128 + signal.SIGKILL)
        assert acknowledged(said) <= linked(path)
        finish(path)
    else:
        pytest.fail("the worker never ended by itself")


@pytest.mark.parametrize(
    ("call", "error", "step"),
    [("fdatasync", "EIO", 17), ("pwrite64", "ENOSPC", 173), ("pwrite64", "EIO", 197)],
    ids=lambda value: str(value),
)
def test_failing_disk_stops_cleanly_and_heals_by_a_restart(tmp_path: Path, call: str, error: str, step: int) -> None:
    for number in points(step):
        path = tmp_path / str(number) / "state.db"
        path.parent.mkdir()
        code, said = run(path, call, f"error={error}:when={number}+")
        if code == 0:
            break
        assert code == 3, said
        assert said[-1].startswith("refused: ")
        assert str(path.parent) in said[-1]
        assert acknowledged(said) <= linked(path)
        finish(path)
    else:
        pytest.fail("the worker never ended by itself")
