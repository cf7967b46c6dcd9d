"""The states of a value: there, null, absent, unknown, or only about to exist."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, final


@final
class _Mark:
    """A named singleton that is false and survives copying and pickling as itself."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        return self.name


ABSENT: Final = _Mark("ABSENT")
"""Not fetched, or not there: it never pushes and never clears."""

UNKNOWN: Final = _Mark("UNKNOWN")
"""A question that nobody has answered yet, or that cannot be answered for certain."""

Tree = Any
"""A plain value: None, str, bool, int, Decimal, or list and dict of these. Times are ISO 8601 UTC text."""


PENDING: Final = "$pending"
"""Key of a pending value in its stored form: `{"$pending": [operation, field]}`."""


@final
class Pending:
    """A value that an operation of this plan will produce: its outcome fills it in. No dataclass on purpose: an
    encoder must stop at it instead of writing it down as a plain map."""

    __slots__ = ("field", "operation")

    def __init__(self, operation: str, field: str) -> None:
        self.operation = operation
        self.field = field

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pending) and (self.operation, self.field) == (other.operation, other.field)

    def __hash__(self) -> int:
        return hash((self.operation, self.field))

    def __repr__(self) -> str:
        return f"Pending({self.operation!r}, {self.field!r})"


def is_blank(value: object) -> bool:
    """True for absent, null, blank text and empty list or map; never for 0 or false."""
    if value is None or value is ABSENT or value is UNKNOWN:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, (list, dict)) and not value


def is_number(value: object) -> bool:
    """True for int and Decimal, not for bool."""
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)
