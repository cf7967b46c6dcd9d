"""One sandbox of all systems per session (and worker); each test gets it empty, with a store and layers of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from town import Town, TownClock

from engine.connectors.tokens import MemoryTokens
from sandbox import serving


@pytest.fixture(scope="session")
def running() -> Iterator[serving.Running]:
    with serving.start(control=True) as running:
        yield running


@pytest.fixture(scope="session")
def tokens() -> MemoryTokens:
    """Logins last longer than a test."""
    return MemoryTokens()


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What we ship, without the rest of the checkout."""
    root = tmp_path_factory.mktemp("shipped")
    for folder in ("systems", "mappings", "rules"):
        shutil.copytree(Path(__file__).parents[2] / folder, root / folder)
    return root


@pytest.fixture
def town(running: serving.Running, shipped: Path, tokens: MemoryTokens, tmp_path: Path) -> Iterator[Town]:
    town = Town(running, shipped, tmp_path, TownClock(running), tokens)
    town.reset()
    yield town
    town.session.close()
    if town._store is not None:
        town._store.close()
