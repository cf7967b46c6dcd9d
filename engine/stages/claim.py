"""Claims: a create reserves its keys, so that two new records of one customer make one record there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.spec.ruleset import FlowSpec
from engine.stages.match import rule_keys


class Claim(NamedTuple):
    """One reservation: whoever stores it first owns it."""

    connection: str
    object: str
    rule: str
    key: str


def claim(flow: FlowSpec, left: dict[str, Any], values: Mapping[str, Any]) -> tuple[Claim, ...]:
    """What a create reserves: its keys under every match rule that applies, and its natural key."""
    connection, target = flow.target_connection.name, flow.target.name
    claims = [
        Claim(connection, target, rule.id, "\x1f".join(keys))
        for rule in flow.rules.match.rules
        if rule.pin is None and (keys := rule_keys(rule, left)) is not None
    ]
    natural = flow.target.create.natural_key if flow.target.create else ""
    if natural and values.get(natural):
        claims.append(Claim(connection, target, f"={natural}", str(values[natural])))
    return tuple(claims)


def hold_target(connection: str, object: str, id: str) -> Claim:
    """The reservation of an existing record by the link that is being made to it."""
    return Claim(connection, object, "=record", id)
