"""Exit codes, and the words for whatever went wrong. The first code that applies is the one."""

from __future__ import annotations

import errno
import os
import sys
import traceback

from engine.model.errors import ConcordError, ConfigError, ConnectorError, Refused, Unauthorised, UsageError
from engine.model.finding import Finding

DONE = 0
FOUND = 1
USAGE = 2
REFUSED = 3
CASES = 4
CHANGES = 10
"""`plan --exit-code`: there is something to do."""
BUG = 70
INTERRUPTED = 130

_ORDER = (BUG, INTERRUPTED, USAGE, REFUSED, FOUND, CASES, CHANGES, DONE)
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE})


def first(*codes: int) -> int:
    """The code that counts among several."""
    return min(codes, key=_ORDER.index, default=DONE)


def code_of(error: BaseException) -> int:
    """The exit code of an error."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, (ConfigError, UsageError)):
        return USAGE
    if isinstance(error, (Refused, Unauthorised)):
        return REFUSED
    if isinstance(error, ConnectorError):
        return FOUND
    if isinstance(error, OSError) and error.errno in _DISK:
        return REFUSED
    return BUG


def tell(error: BaseException, *, verbose: bool) -> int:
    """Say on stderr what happened and what to do; the exit code."""
    code = code_of(error)
    if code == BUG:
        _tell_bug(error, verbose=verbose)
    elif code == INTERRUPTED:
        say("interrupted; what was under way is settled at the start of the next run")
    elif isinstance(error, ConfigError):
        tell_findings(error.findings)
        say("the configuration cannot be used as it is: correct it, and look with `run.py validate`")
    else:
        _tell_known(error)
    return code


def say(text: str) -> None:
    """A line on stderr."""
    sys.stderr.write(f"{text}\n")


def tell_findings(findings: tuple[Finding, ...] | list[Finding]) -> None:
    """Findings on stderr, in short."""
    for one in findings:
        say(str(one))


def _tell_known(error: BaseException) -> None:
    if isinstance(error, OSError):
        say(f"run.py: {error.strerror or error}: {error.filename or 'a file'}")
        return
    say(f"run.py: {error.told if isinstance(error, ConnectorError) else error}")
    if isinstance(error, Refused):
        tell_findings(error.findings)
    if isinstance(error, ConnectorError) and error.do:
        say(f"  {error.do}")
    elif isinstance(error, ConnectorError):
        say("  look at settings, credentials and the network with `run.py doctor`, then run again: nothing is lost")


def _tell_bug(error: BaseException, *, verbose: bool) -> None:
    """Type and place only: the text of an unknown error may hold what it stumbled over."""
    if verbose or os.environ.get("CONCORD_TRACEBACK"):
        sys.stderr.write("".join(traceback.format_exception(error)))
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno} in {frames[-1].name}" if frames else "?"
    kind = type(error).__name__
    said = f": {error}" if isinstance(error, ConcordError) else ""
    say(f"run.py: BUG: {kind}{said} at {place}")
    say("  This is a mistake in Concord, not in your files. Please report it to its maintainers with this line and")
    say("  the output of `run.py doctor`; `--verbose` shows the whole path. Nothing done so far is lost.")
