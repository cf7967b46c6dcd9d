"""Gates: the first condition that does not hold decides what becomes of a record."""

from __future__ import annotations

from collections.abc import Iterable

from engine.spec.rules import Gate
from engine.spec.system import Scope


def select(gates: Iterable[Gate], scope: Scope) -> Gate | None:
    """The first gate that does not hold, or None when all hold."""
    for gate in gates:
        if not gate.when(scope):
            return gate
    return None
