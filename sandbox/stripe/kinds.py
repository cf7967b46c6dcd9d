"""Kinds of parameter: each reads a form value, or refuses it in the vendor's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from sandbox.stripe import refusals
from sandbox.stripe.form import Tree

_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}\Z")
_INTEGER = re.compile(r"-?[0-9]{1,18}\Z")


class Kind(Protocol):
    """Reads one parameter; None means that it was cleared with an empty text."""

    def read(self, value: str | Tree, param: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text with a length; `clears` says what an empty text does."""

    most: int = 5000
    clears: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    email: bool = False
    url: bool = False

    def read(self, value: str | Tree, param: str) -> str | None:
        if not isinstance(value, str):
            raise refusals.invalid(f"Invalid string: {value}", param)
        if not value:
            if self.clears:
                return None
            raise refusals.empty_parameter(param)
        if len(value) > self.most:
            shown = f"{value[:4]}...{value[-4:]}"
            raise refusals.invalid(f"Invalid string: {shown}; must be at most {self.most} characters", param)
        if self.email and not _EMAIL.match(value):
            raise refusals.invalid(f"Invalid email address: {value}", param, "email_invalid")
        if self.url and not _is_url(value):
            raise refusals.invalid("Not a valid URL", param, "url_invalid")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise refusals.invalid(f"Invalid {param}: {value}; must match {self.pattern}", param)
        if self.choices and value not in self.choices:
            raise refusals.invalid(f"Invalid {param}: must be one of {_listed(self.choices)}", param)
        return value


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within bounds."""

    low: int | None = None
    high: int | None = None

    def read(self, value: str | Tree, param: str) -> int:
        if not isinstance(value, str) or not _INTEGER.match(value):
            raise refusals.invalid(f"Invalid integer: {value}", param, "parameter_invalid_integer")
        number = int(value)
        if self.low is not None and number < self.low:
            raise refusals.invalid(f"This value must be greater than or equal to {self.low}.", param)
        if self.high is not None and number > self.high:
            shown = f"(it currently is '{number}')"
            raise refusals.invalid(f"This value must be less than or equal to {self.high} {shown}.", param)
        return number


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true` or `false`."""

    def read(self, value: str | Tree, param: str) -> bool:
        if value not in ("true", "false"):
            raise refusals.invalid(f"Invalid boolean: {value}", param)
        return value == "true"


@dataclass(frozen=True, slots=True)
class Group:
    """A hash with known names."""

    fields: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    clears: bool = False

    def read(self, value: str | Tree, param: str) -> dict[str, Any] | None:
        if value == "" and self.clears:
            return None
        if value == "":
            raise refusals.empty_parameter(param)
        if isinstance(value, str):
            raise refusals.invalid("Invalid object", param)
        unknown = [_inside(param, name) for name in value if name not in self.fields]
        if unknown:
            raise refusals.unknown_parameters(unknown)
        for name in self.required:
            if name not in value:
                raise refusals.missing_parameter(_inside(param, name))
        return {name: self.fields[name].read(given, _inside(param, name)) for name, given in value.items()}


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, written with indexes or with empty brackets."""

    of: Kind
    most: int = 100
    clears: bool = False

    def read(self, value: str | Tree, param: str) -> list[Any] | None:
        if value == "" and self.clears:
            return None
        if value == "":
            raise refusals.empty_parameter(param)
        if isinstance(value, str) or not all(name.isdigit() for name in value):
            raise refusals.invalid("Invalid array", param)
        if len(value) > self.most:
            raise refusals.invalid(f"Array {param} exceeded maximum {self.most} allowed elements.", param)
        return [self.of.read(value[name], f"{param}[{name}]") for name in sorted(value, key=int)]


@dataclass(frozen=True, slots=True)
class Metadata:
    """Free keys; a value of None is a key to remove, None for the whole removes all."""

    def read(self, value: str | Tree, param: str) -> dict[str, str | None] | None:
        if value == "":
            return None
        if isinstance(value, str):
            raise refusals.invalid("Invalid object", param)
        return {key: _metadata_value(key, given, param) for key, given in value.items()}


@dataclass(frozen=True, slots=True)
class Span:
    """A time, exact or between bounds: a dict of gt, gte, lt, lte or eq."""

    def read(self, value: str | Tree, param: str) -> dict[str, int] | None:
        if isinstance(value, str):
            return {"eq": Integer().read(value, param)}
        return _BOUNDS.read(value, param)


@dataclass(frozen=True, slots=True)
class NotModelled:
    """A parameter the vendor knows and the stand-in does not: better a refusal than a silent loss."""

    def read(self, value: str | Tree, param: str) -> Any:
        raise refusals.not_modelled(param)


METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH = 50, 40, 500
_BOUNDS = Group({name: Integer() for name in ("gt", "gte", "lt", "lte")})
LIST: Mapping[str, Kind] = {
    "limit": Integer(1, 100),
    "starting_after": Text(),
    "ending_before": Text(),
    "created": Span(),
}


def merge_metadata(held: dict[str, str], given: dict[str, str | None] | None) -> dict[str, str]:
    """Only the keys sent change, None removes; no map at all removes everything."""
    if given is None:
        return {}
    merged = {key: value for key, value in {**held, **given}.items() if value is not None}
    if len(merged) > METADATA_KEYS:
        raise refusals.invalid(
            f"Metadata can have up to {METADATA_KEYS} keys, you passed {len(merged)}.", "metadata"
        )
    return merged


def _metadata_value(key: str, value: str | Tree, param: str) -> str | None:
    if not isinstance(value, str):
        raise refusals.invalid(f"Invalid string: {value}", f"{param}[{key}]")
    if len(key) > METADATA_KEY_LENGTH:
        raise refusals.invalid(
            f"Metadata keys can have up to {METADATA_KEY_LENGTH} characters, but you passed in a key that is "
            f"{len(key)} characters. Invalid key: {key}",
            param,
        )
    if len(value) > METADATA_VALUE_LENGTH:
        raise refusals.invalid(
            f"Metadata values can have up to {METADATA_VALUE_LENGTH} characters, but you passed in a value "
            f"that is {len(value)} characters. Invalid value: {value}",
            f"{param}[{key}]",
        )
    return value or None


def _is_url(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _inside(param: str, name: str) -> str:
    return f"{param}[{name}]" if param else name


def _listed(choices: tuple[str, ...]) -> str:
    return f"{', '.join(choices[:-1])}, or {choices[-1]}"
