"""A stand-in for the REST API of Adobe Commerce with B2B; NOT_MODELLED.md lists what it does not play."""

from __future__ import annotations

from sandbox.clock import Clock
from sandbox.magento.standin import Magento

__all__ = ["create"]


def create(clock: Clock, seed: int) -> Magento:
    """What serving calls."""
    return Magento(clock, seed)
