"""Cross-file checks: what each file alone cannot see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.config.compile_bench import Bench
from engine.config.compile_flow import Compiled
from engine.config.lint_flow import FlowLint
from engine.config.lint_flows import lint_flows
from engine.config.lint_match import MatchLint
from engine.config.lint_rows import RowLint
from engine.config.lint_systems import lint_system
from engine.spec.system import ObjectSpec, SystemSpec


def lint(
    systems: Mapping[str, SystemSpec], objects: Mapping[str, ObjectSpec], flows: Sequence[Compiled], bench: Bench
) -> None:
    """Every check, over systems, then flows, then all flows together."""
    for system in systems.values():
        lint_system(system, bench)
    for one in flows:
        FlowLint(one, objects, bench).all()
        RowLint(one, objects, bench).all()
        MatchLint(one, objects, bench).all()
    lint_flows(flows, bench)
