"""Cross-file checks: what each file alone cannot see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.config.compile_bench import Bench
from engine.config.compile_flow import Compiled
from engine.spec.environment import ConnectionSpec
from engine.spec.system import ObjectSpec, SystemSpec


def lint(
    systems: Mapping[str, SystemSpec],
    objects: Mapping[str, ObjectSpec],
    connections: Mapping[str, ConnectionSpec],
    flows: Sequence[Compiled],
    bench: Bench,
) -> None:
    """Every check, over systems, then flows, then all flows together."""
