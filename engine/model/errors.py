"""Errors, classed by what the caller does next. Domain results are values, never errors."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model.finding import Finding


class ConcordError(Exception):
    """Root of all errors of ours. The message says what, where and what to do, and holds no personal data."""


# -- the run stops ---------------------------------------------------------------------------------


class ConfigError(ConcordError):
    """The configuration cannot be used; `findings` says why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"{len(self.findings)} finding(s) in the configuration")


class UsageError(ConcordError):
    """The command line cannot be understood."""


class Refused(ConcordError):
    """A guard, a digest, a lease or the disk forbids going on; `findings` says why."""

    def __init__(self, message: str, findings: Iterable[Finding] = ()) -> None:
        self.findings = tuple(findings)
        super().__init__(message)


class StoreError(Refused):
    """The database cannot be used as it is: damaged, newer, read-only, or full."""


class LeaseHeld(Refused):
    """Another run works on the same flow; the message names its holder."""


# -- a request did not do what was asked -------------------------------------------------------------


class ConnectorError(ConcordError):
    """A request failed. `status` is the HTTP status (0: none), `detail` is safe to show."""

    def __init__(self, message: str, *, status: int = 0, line: str = "", do: str = "") -> None:
        self.status = status
        self.line = line
        self.do = do
        self.connection = ""
        """Which account it was, where that is known."""
        super().__init__(message)

    @property
    def told(self) -> str:
        """The message with the account that it is about."""
        return f"{self.connection}: {self}" if self.connection else str(self)


class Unreachable(ConnectorError):
    """No answer. `sent` tells whether the request may have been carried out: then its outcome is unknown."""

    def __init__(self, message: str, *, sent: bool = True, status: int = 0, line: str = "", do: str = "") -> None:
        self.sent = sent
        super().__init__(message, status=status, line=line, do=do)


class Throttled(ConnectorError):
    """Too many requests, also after waiting."""


class Conflict(ConnectorError):
    """The record was locked or moved under us; read again and plan again."""


class Duplicate(ConnectorError):
    """The system says that such a record exists already."""


class Missing(ConnectorError):
    """The system has no such record (any more)."""


class Rejected(ConnectorError):
    """The system refused this record; sending it again as it is cannot help."""


class Unauthorised(ConnectorError):
    """The credentials or their permissions do not suffice; nothing more is sent to this system."""


class Stopped(Unauthorised):
    """The system cannot be used as it is described or licensed; nothing more is sent to it."""
