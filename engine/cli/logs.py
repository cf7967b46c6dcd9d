"""The log on stderr: plain lines or JSON, with the run it belongs to. Never a field's value, never a secret."""

from __future__ import annotations

import json
import logging
import sys
import time
from contextvars import ContextVar
from typing import Any

from engine.cli.options import Given

RUN: ContextVar[str] = ContextVar("run", default="")
"""The run that is under way."""

_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"run", "message", "asctime"}


class _Run(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.run = RUN.get()
        return True


class _Lines(logging.Formatter):
    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{name}={value}" for name, value in _facts(record).items())
        head = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%SZ')} {record.levelname.lower():7} {record.getMessage()}"
        return f"{head} {facts}".rstrip()


class _Json(logging.Formatter):
    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        head = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"), "level": record.levelname.lower(),
            "logger": record.name, "event": record.getMessage(),
        }  # fmt: skip
        return json.dumps(head | _facts(record), default=str, ensure_ascii=False)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    facts = {name: value for name, value in vars(record).items() if name not in _STANDARD}
    run = getattr(record, "run", "")
    return {"run": run, **facts} if run else facts


def begin_logging(given: Given) -> None:
    """Send the log to stderr, once per verb."""
    place = logging.StreamHandler(sys.stderr)
    place.addFilter(_Run())
    place.setFormatter(_Json() if given.log_format == "json" else _Lines())
    level = logging.ERROR if given.quiet else _LEVELS[min(given.verbosity, 2)]
    logging.getLogger("engine").handlers[:] = [place]
    logging.getLogger("engine").setLevel(level)
    logging.getLogger("engine").propagate = False
