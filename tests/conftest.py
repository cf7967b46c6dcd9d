"""What every test leaves as it found it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """Verbs of the command line set up the log of the whole process; the next test begins with a fresh one."""
    logger = logging.getLogger("engine")
    before = (logger.level, logger.handlers[:], logger.propagate, logger.disabled)
    yield
    logger.level, logger.handlers[:], logger.propagate, logger.disabled = before
    logger.setLevel(before[0])
