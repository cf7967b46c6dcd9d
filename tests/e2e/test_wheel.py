"""A wheel holds the shipped YAML inside the engine package, and the engine finds it there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.commands import ENVIRONMENT, ROOT

SHIPPED = ("systems", "mappings", "rules", "schemas")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a wheel would hold, without building dependencies or writing into the checkout."""
    pytest.importorskip("setuptools")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-W", "ignore", "setup.py", "--quiet", "egg_info", "--egg-base", str(folder)]
    subprocess.run([*command, "build_py", "--build-lib", str(folder / "lib")], cwd=ROOT, check=True, timeout=100)
    return folder / "lib"


@pytest.mark.slow
def test_a_wheel_holds_every_shipped_file(built: Path) -> None:
    theirs = {path.relative_to(built / "engine/shipped") for path in (built / "engine/shipped").rglob("*.*")}
    ours = {path.relative_to(ROOT) for folder in SHIPPED for path in (ROOT / folder).rglob("*.*")}
    assert theirs == ours
    assert Path("rules/match/persons.yaml") in ours


@pytest.mark.slow
def test_outside_a_checkout_the_engine_reads_what_the_wheel_holds(built: Path, tmp_path: Path) -> None:
    code = "from engine.config.shipped import shipped_folder; print(shipped_folder())"
    environment = {**ENVIRONMENT, "PYTHONPATH": str(built)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=100
    )
    assert done.stdout.strip() == str(built / "engine" / "shipped"), done.stderr
