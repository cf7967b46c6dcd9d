"""A stand-in for the Act-On API; NOT_MODELLED.md lists what it does not play."""

from __future__ import annotations

from sandbox.acton.standin import ActOn
from sandbox.clock import Clock


def create(clock: Clock, seed: int) -> ActOn:
    """What serving calls."""
    return ActOn(clock, seed)
