"""What `match` tells people: counts, differences between two sets of rules, and why two rows are one or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MOST = 40
"""Pairs listed one by one."""


def count_lines(counts: Mapping[str, int]) -> str:
    """`5,000 rows, ...` as one line."""
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())


def difference_text(joins: Sequence[Any], splits: Sequence[Any]) -> str:
    """The pairs that only one of two sets of rules accepts."""
    lines = [f"{len(joins):,} pairs would join, {len(splits):,} would split"]
    lines += [f"  + {one.left}  {one.right}  {one.score:.4f}  {one.rule}" for one in joins[:MOST]]
    lines += [f"  - {one.left}  {one.right}  {one.score:.4f}  {one.rule}" for one in splits[:MOST]]
    hidden = max(len(joins) - MOST, 0) + max(len(splits) - MOST, 0)
    return "\n".join([*lines, *([f"  and {hidden:,} more: --format json lists all"] if hidden else [])])


def why_pair_text(tree: Mapping[str, Any]) -> str:
    """The story of one pair."""
    lines = [f"{tree['left_id']} and {tree['right_id']}: {_VERDICTS[tree['verdict']]}, score {tree['score']:.4f}"]
    lines += [f"  {name}: {one[0]} | {one[1]}" for name, one in tree["values"].items()]
    lines += [f"  candidates by: {', '.join(tree['blocks']) or _NEVER}"]
    lines += [_evidence_line(one) for one in tree["evidence"]]
    lines += [f"  the rule {tree['rule']} holds"] if tree["rule"] else []
    lines += [f"  never one: {name} differs" for name in tree["differs"]]
    kinds = sorted(tree["kinds"].items(), key=lambda one: -one[1])
    shown = ", ".join(f"{name} {chance:.2%}" for name, chance in kinds if chance >= _LEAST)
    lines += [f"  probably: {shown}"] if shown else []
    return "\n".join(lines)


def _evidence_line(one: Mapping[str, Any]) -> str:
    weight = "never seen" if one["weight"] is None else f"{one['weight']:+.1f} bits"
    return f"  {one['comparison']:14} {weight:>12}  {one['levels']}"


_NEVER = "nothing: no block holds both, so they are never compared"
_LEAST = 0.0001
_VERDICTS = {"accept": "the same", "review": "for a person to decide", "none": "not the same"}
"""A verdict in words."""
