"""A stand-in for one NetSuite account: SuiteTalk REST records, SuiteQL, token and machine logins."""

from .standin import NetSuite, create

__all__ = ["NetSuite", "create"]
