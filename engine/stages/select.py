"""Gates: the first condition that does not hold decides what becomes of a record."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine.spec.rules import Gate
from engine.spec.system import Scope


def select(gates: Iterable[Gate], scope: Scope, passed: Collection[str] = ()) -> Gate | None:
    """The first gate that does not hold, or None when all hold. A person has let the record through those `passed`,
    which counts only as long as the rules leave them to a person."""
    for gate in gates:
        if not gate.when(scope) and not (gate.otherwise == "review" and gate.name in passed):
            return gate
    return None
