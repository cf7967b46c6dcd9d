"""One sandbox of all systems per session (and worker); each test gets it empty, with a store and layers of its own."""

from __future__ import annotations

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


@pytest.fixture
def town(running: serving.Running, tokens: MemoryTokens, tmp_path: Path) -> Iterator[Town]:
    town = Town(running, tmp_path, TownClock(running), tokens)
    town.reset()
    yield town
    town.session.close()
    if town._store is not None:
        town._store.close()
