"""A stand-in for the REST API of Sage X3 (Syracuse, /api1); NOT_MODELLED.md lists what it does not play."""

from __future__ import annotations

from sandbox.clock import Clock
from sandbox.sagex3.standin import SageX3

__all__ = ["create"]


def create(clock: Clock, seed: int) -> SageX3:
    """What serving calls."""
    return SageX3(clock, seed)
