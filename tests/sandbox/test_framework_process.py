"""python -m sandbox as a process: what it prints, what it refuses, how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox", "--systems", "stripe", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
    process.send_signal(number)
    _, errors = process.communicate(timeout=15)
    return process.returncode, errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_prints_one_line_then_serves_until_told_to_stop(number: signal.Signals) -> None:
    process = run("--json")
    line = json.loads(process.stdout.readline())  # type: ignore[union-attr]  # a pipe was asked for

    url, settings = line["stripe"]["base_url"], line["stripe"]["settings"]
    answer = requests.get(url + "/v1/customers", auth=(settings["api_key"], ""), timeout=5)

    assert answer.json()["data"] == []
    assert end(process, number) == (0, "")


def test_process_seeds_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "stripe.json").write_text(json.dumps({"customers": [{"id": "cus_1", "email": "a@b.io"}]}))
    process = run("--json", "--data", str(tmp_path))
    line = json.loads(process.stdout.readline())["stripe"]  # type: ignore[union-attr]  # a pipe was asked for

    headers = {"Authorization": "Bearer " + line["settings"]["api_key"]}
    answer = requests.get(line["base_url"] + "/v1/customers/cus_1", headers=headers, timeout=5)

    assert answer.json()["email"] == "a@b.io"
    end(process)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--systems", "sap"], "no stand-in for sap"),
        (["--host", "0.0.0.0"], "loopback only"),
        (["--data", "no-such-folder"], "is not a folder"),
        (["--data", "x", "--empty"], "not allowed with"),
    ],
)
def test_process_refuses_what_it_cannot_serve(arguments: list[str], reason: str) -> None:
    process = run(*arguments)
    _, errors = process.communicate(timeout=15)

    assert process.returncode == 2
    assert reason in errors
