"""Progress that does not flood a log."""

from __future__ import annotations

import io

from engine.report.progress import LineProgress, NoProgress, amount, progress_for


def test_plain_lines_come_at_most_every_few_seconds() -> None:
    now = [0.0]
    out = io.StringIO()
    progress = LineProgress(out, lambda: now[0], seconds=5)
    for second in (1, 4, 5, 6, 9, 10.5):
        now[0] = float(second)
        progress.tell("read", "shop person", int(second * 100), 1000)
    assert out.getvalue() == "read shop person: 500 of 1,000 (50%)\nread shop person: 1,050 of 1,000 (105%)\n"


def test_an_unknown_total_is_left_out() -> None:
    assert amount(1200, 0) == "1,200"
    assert amount(1200, 5000) == "1,200 of 5,000 (24%)"


def test_a_pipe_gets_lines_and_quiet_gets_nothing() -> None:
    assert isinstance(progress_for(io.StringIO()), LineProgress)
    assert isinstance(progress_for(io.StringIO(), quiet=True), NoProgress)
