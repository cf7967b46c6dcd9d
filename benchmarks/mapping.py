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

PAIRS = 15
RECORDS = 1000


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


def seconds(mapper: Callable[[job.Record], Any], records: list[job.Record]) -> float:
    """Time for one pass over the records."""
    start = time.perf_counter()
    for record in records:
        mapper(record)
    return time.perf_counter() - start


def ratio(mapper: Callable[[job.Record], Any], records: list[job.Record], pairs: int) -> tuple[float, float]:
    """(speed relative to the hand-written function, records a second), medians over interleaved pairs."""
    shares, speeds = [], []
    for _ in range(pairs):
        by_hand, other = seconds(job.by_hand, records), seconds(mapper, records)
        shares.append(by_hand / other)
        speeds.append(len(records) / other)
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
    ways: dict[str, tuple[Callable[[job.Record], Any], int]] = {
        "hand-written": (job.by_hand, PAIRS),
        "generated": (lambda record: mapper(record, None, context), PAIRS),
        "naive jmespath + jinja": (naive, 7),
        "reference interpreter": (lambda record: interpreter(record, None, context), 7),
    }
    print(f"{len(job.ROWS)} fields, {RECORDS} records, first call {compiling * 1000:.0f} ms, outputs equal")
    print(f"{'way':<24}{'records/s':>12}{'ratio':>9}")
    for name, (way, pairs) in ways.items():
        share, speed = ratio(way, records if pairs == PAIRS else records[:200], pairs)
        print(f"{name:<24}{speed:>12,.0f}{share:>9.3f}")


if __name__ == "__main__":
    main()
