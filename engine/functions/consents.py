"""Consent: whether somebody may be written to, with its evidence. No withdrawal is lost to an older grant.

The value is an object everywhere: `status` (granted, soft_granted, soft_denied, denied), and where known
`at`, `source`, `wording`. A system with `codes` holds the status alone; one without holds all as JSON text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from engine.functions.canonical import decode, encode
from engine.functions.failed import FunctionFailed, expected
from engine.functions.texts import text_of
from engine.functions.times import instant, moment_of
from engine.model.values import ABSENT, is_blank

STATUSES = ("granted", "soft_granted", "soft_denied", "denied")
_EVIDENCE = ("at", "source", "wording")
_NEAR = {"soft_granted": "granted", "soft_denied": "denied", "denied": "soft_denied"}
"""The word for a status that a system has no word for. A soft grant may become a firm one; never the other way."""


def from_native(codes: Mapping[str, str]) -> Callable[[Any], Any]:
    """A function that reads a consent: by codes, or as JSON text, an object or a bare status."""
    ours = {theirs: status for status, theirs in codes.items()}

    def read(raw: Any) -> Any:
        if codes:
            raw = raw.get("id") if isinstance(raw, dict) and "id" in raw else raw
            if is_blank(raw):
                return None
            text = text_of(raw)
            return consent(ours.get(text, text))
        return consent(_from_json(raw) if isinstance(raw, str) and raw.startswith("{") else raw)

    return read


def to_native(codes: Mapping[str, str]) -> Callable[[Any], Any]:
    """The inverse. A status that the system has no word for is ABSENT: nothing is sent."""

    def write(value: Any) -> Any:
        if not codes:
            return encode(value).decode()
        status = value["status"]
        return codes.get(status, codes.get(_NEAR.get(status, ""), ABSENT))

    return write


def consent(value: Any) -> Any:
    """The consent that a status, true or false, or an object with `status` stands for."""
    if is_blank(value):
        return None
    if isinstance(value, dict):
        return _with_evidence(value)
    if isinstance(value, bool):
        return {"status": "granted" if value else "denied"}
    if not isinstance(value, str):
        raise expected("a consent", value)
    return {"status": _status(value)}


def status_of(value: Any) -> str:
    """The status alone; "" when nothing is known."""
    found = consent(value)
    return found["status"] if found else ""


def may_replace(held: Any, new: Any) -> bool:
    """False for a grant that would replace a withdrawal without being provably newer."""
    old, fresh = consent(held), consent(new)
    if not old or not fresh or "denied" not in old["status"] or "denied" in fresh["status"]:
        return True
    return bool(old.get("at") and fresh.get("at")) and moment_of(fresh["at"]) > moment_of(old["at"])


def _from_json(text: str) -> Any:
    try:
        return decode(text)
    except msgspec.DecodeError as error:
        raise FunctionFailed("not a consent: broken JSON") from error


def _with_evidence(value: dict[str, Any]) -> Any:
    inner = value.get("status")
    if is_blank(inner):
        return None
    found = consent(inner)
    for name in _EVIDENCE:
        if not is_blank(value.get(name)):
            found[name] = instant(value[name]) if name == "at" else text_of(value[name])
    return found


def _status(text: str) -> str:
    status = text.strip().casefold()
    if status not in STATUSES:
        raise FunctionFailed("not a consent: neither a status nor a declared code")
    return status
