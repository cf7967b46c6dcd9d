"""A stand-in for one NetSuite account: SuiteTalk REST records, SuiteQL, token and machine logins."""

from __future__ import annotations

from .standin import NetSuite, create

__all__ = ["NetSuite", "create"]
