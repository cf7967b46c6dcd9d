"""The one error of this package: a value cannot be read, computed or written."""

from __future__ import annotations

from engine.model.errors import ConcordError

_KINDS = {str: "text", bool: "true or false", dict: "an object", list: "a list", type(None): "nothing"}


class FunctionFailed(ConcordError):
    """A function has no answer. The text says where and why and is safe to show: it holds no value."""

    def __init__(self, reason: str, path: str = "") -> None:
        self.reason = reason
        self.path = path
        super().__init__(f"{path}: {reason}" if path else reason)

    def inside(self, where: str) -> FunctionFailed:
        """The same failure, seen from one level further out."""
        joint = "." if self.path and not self.path.startswith("[") else ""
        return FunctionFailed(self.reason, f"{where}{joint}{self.path}")


def expected(what: str, value: object) -> FunctionFailed:
    """The failure of a value of the wrong type."""
    return FunctionFailed(f"expected {what}, found {_KINDS.get(type(value), 'a number')}")
