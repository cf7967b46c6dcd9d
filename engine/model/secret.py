"""Secrets: a type of their own, so that none can be printed, compared into a digest or stored by accident."""

from __future__ import annotations

from typing import NoReturn, final


@final
class Secret:
    """A text that only `reveal` gives out; connectors' auth alone may call it."""

    __slots__ = ("_text", "name")

    def __init__(self, text: str, name: str = "") -> None:
        self._text = text
        self.name = name

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never stored")
