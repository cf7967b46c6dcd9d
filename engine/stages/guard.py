"""Brakes on a whole plan: counts over all its operations against the flow's limits."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.finding import Finding
from engine.spec.rules import GuardSpec, Limit

_KINDS = {
    "creates": "create",
    "updates": "update",
    "deletes": "delete",
    "merges": "merge",
    "reshaped": "reshaped",
    "blankings": "blankings",
    "source_drop": "source_drop",
}


def guard(flow: str, spec: GuardSpec, tally: Mapping[str, int], total: int, allowed: frozenset[str]) -> list[Finding]:
    """One finding per limit that is passed. `total` is what shares are shares of; `allowed` names limits that a
    person lifted for this run."""
    findings = []
    for name, limit in spec.limits.items():
        count = tally.get(_KINDS.get(name, name), 0)
        if name not in allowed and not limit.allows(count, max(total, 1)):
            findings.append(_finding(flow, spec, name, name, count, limit))
    for field, limit in spec.changes.items():
        count = tally.get(f"changes:{field}", 0)
        if "changes" not in allowed and not limit.allows(count, max(total, 1)):
            findings.append(_finding(flow, spec, "changes", f"changes of {field}", count, limit))
    return findings


def _finding(flow: str, spec: GuardSpec, name: str, words: str, count: int, limit: Limit) -> Finding:
    return Finding(
        f"guard-{name.replace('_', '-')}",
        f"{flow}: {count} {words} planned, at most {limit} allowed",
        spec.place,
        hint=f"look at the plan; if it is right, lift the guard for this run: --allow {name}",
    )
