"""What a run came to, for people: one line of counts, then what went wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.model.finding import Finding
from engine.model.operation import Operation
from engine.report.plan_text import finding_lines, headline

_SHOWN = ("created", "updated", "linked", "assigned", "settled", "skipped", "failed", "stale", "unknown")
_WRITTEN = ("created", "updated", "linked", "assigned")
_MOST = 20


def run_line(counts: Mapping[str, Any], *, done: bool = True) -> str:
    """`flow: 412 read: 380 created, 12 linked, 20 waiting (14 requests, 1.2 s)`; `would be` where nothing was done."""
    waiting = counts.get("waiting", 0)
    held = counts.get("held", 0) - waiting
    would = {} if done else dict.fromkeys(_WRITTEN, "would be ")
    parts = [f"{counts[name]:,} {would.get(name, '')}{name}" for name in _SHOWN if counts.get(name)]
    parts += [f"{number:,} {name}" for name, number in (("held", held), ("waiting", waiting)) if number]
    parts += [f"{counts['followers']:,} followers routed"] if counts.get("followers") else []
    work = f"{counts.get('requests', 0):,} requests, {counts.get('seconds', 0)} s"
    return f"{counts['flow']}: {counts.get('read', 0):,} read: {', '.join(parts) or 'nothing to do'} ({work})"


def still_line(still: Mapping[str, int], counts: Mapping[str, Any]) -> str:
    """Records that an earlier run left waiting, and that nothing has moved since; "" when this run says it all."""
    now = {"waiting": counts.get("waiting", 0), "held": counts.get("held", 0) - counts.get("waiting", 0)}
    earlier = {name: still.get(name, 0) - now[name] for name in now}
    parts = [f"{number:,} {name}" for name, number in earlier.items() if number > 0]
    return f"  {' and '.join(parts)} since an earlier run; nothing about them has moved" if parts else ""


def errors_text(errors: Sequence[tuple[Operation, str]]) -> list[str]:
    """Operations that were not done, each with the reason."""
    lines = [f"  {headline(operation)}: {error}" for operation, error in errors[:_MOST]]
    return [*lines, f"  ... and {len(errors) - _MOST:,} more"] if len(errors) > _MOST else lines


def findings_lines(findings: Sequence[Finding]) -> list[str]:
    """The first findings of a run."""
    return finding_lines(findings, _MOST)
