"""Mapping speed: the generated function against one written by hand and against the two libraries as they are.

Run `python benchmarks/mapping.py`. All three map the same records and are compared before anything is measured;
the ways are interleaved and the median of the pairs' ratios counts.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import mapping_job as job
from engine.expressions import compile_rows, interpret_rows

PAIRS = 60
RECORDS = 1000
CHUNK = 200


class Alone:
    """A context that nobody should need."""

    link = None
    now = "2026-01-01T00:00:00Z"

    def by(self, object: str, field: str, value: Any) -> Any:
        """No lookups in this job."""
        raise NotImplementedError

    def linked(self, object: str, value: Any) -> Any:
        """No links in this job."""
        raise NotImplementedError

    def records(self, object: str) -> Sequence[dict[str, Any]]:
        """No staged records in this job."""
        raise NotImplementedError


def seconds(mapper: Callable[..., Any], records: list[job.Record], *more: Any) -> float:
    """Processor time of one pass over the records."""
    start = time.thread_time()
    for record in records:
        mapper(record, *more)
    return time.thread_time() - start


def ratio(mapper: Callable[..., Any], records: list[job.Record], pairs: int, *more: Any) -> tuple[float, float]:
    """(speed relative to the hand-written function, records a second), medians over interleaved pairs."""
    shares, speeds = [], []
    for pair in range(pairs):
        start = pair * CHUNK % len(records)
        chunk = records[start : start + CHUNK]
        if pair % 2:  # whoever comes second finds the records in the cache
            by_hand, other = seconds(job.by_hand, chunk), seconds(mapper, chunk, *more)
        else:
            other, by_hand = seconds(mapper, chunk, *more), seconds(job.by_hand, chunk)
        shares.append(by_hand / other)
        speeds.append(len(chunk) / other)
    return statistics.median(shares), statistics.median(speeds)


def without_null(record: job.Record) -> job.Record:
    """A record as the naive way sees it: null is nothing."""
    return {
        key: [without_null(one) for one in value] if isinstance(value, list) else value
        for key, value in record.items()
        if value is not None
    }


def main() -> None:
    """Compare, measure, print a table."""
    records, context = job.records(RECORDS), Alone()
    mapper = compile_rows(job.ROWS, job.SETTINGS, library=job.Library(), file="job.yaml")
    interpreter = interpret_rows(job.ROWS, job.SETTINGS, library=job.Library(), file="job.yaml")
    naive = job.naive()
    start = time.perf_counter()
    mapper(records[0], None, context)
    compiling = time.perf_counter() - start
    for record in records:
        expected = job.by_hand(record)
        made = mapper(record, None, context)
        if made.values != expected or made != interpreter(record, None, context) or made.problems:
            raise SystemExit(f"generated differs from hand-written:\n{made}\n{expected}")
        if without_null(naive(record)) != without_null(expected):
            raise SystemExit(f"naive differs from hand-written:\n{naive(record)}\n{expected}")
    ways: dict[str, tuple[Callable[..., Any], int, tuple[Any, ...]]] = {
        "hand-written": (job.by_hand, PAIRS, ()),
        "generated": (mapper, PAIRS, (None, context)),
        "naive jmespath + jinja": (naive, 9, ()),
        "reference interpreter": (interpreter, 9, (None, context)),
    }
    print(f"{len(job.ROWS)} fields, {RECORDS} records, first call {compiling * 1000:.0f} ms, outputs equal")
    print(f"{'way':<24}{'records/s':>12}{'ratio':>9}")
    for name, (way, pairs, more) in ways.items():
        share, speed = ratio(way, records, pairs, *more)
        print(f"{name:<24}{speed:>12,.0f}{share:>9.3f}")


if __name__ == "__main__":
    main()
