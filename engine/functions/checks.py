"""Quality checks: what may be wrong with a value. "" means fine; else the reason, safe to show: no value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from engine.functions import addresses, cards, codes, phones
from engine.functions.failed import FunctionFailed
from engine.functions.texts import text_of
from engine.model.values import is_blank
from engine.spec.system import FieldSpec

Check = Callable[[Any, FieldSpec], str]

_RESERVED = frozenset(("invalid", "local", "localhost", "test"))

mask_cards = cards.mask_tree


def present(value: Any, _: FieldSpec) -> str:
    """Something must be there."""
    return "missing" if is_blank(value) else ""


def email(text: str, _: FieldSpec) -> str:
    """An address by its form alone: stand-ins at reserved domains such as `.invalid` are well formed."""
    from email_validator import EmailNotValidError, validate_email

    text = text.strip()
    domain = text.rpartition("@")[2]
    named = text + ".example.com" if domain.rpartition(".")[2].lower() in _RESERVED else text
    try:
        validate_email(named, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return "not an email address"
    return "" if "." in domain else "an email address without a full domain"


def phone(text: str, _: FieldSpec) -> str:
    """A number that could be dialled."""
    return "" if phones.looks_right(text) else "not a phone number"


def url(text: str, _: FieldSpec) -> str:
    """A web address with a host."""
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname
    except ValueError:
        host = None
    blank = any(sign.isspace() for sign in text.strip())
    return "not a web address" if blank or not host or parts.scheme not in ("http", "https") else ""


def country(text: str, _: FieldSpec) -> str:
    """A two-letter country code."""
    return "" if text.strip().upper() in codes.country_codes() else "not a country code"


def currency(text: str, _: FieldSpec) -> str:
    """A three-letter currency code."""
    code = text.strip()
    return "" if len(code) == 3 and codes.currency_code(code) else "not a currency code"


def length(text: str, spec: FieldSpec) -> str:
    """No longer than the field holds."""
    return f"longer than {spec.length} characters" if spec.length and len(text) > spec.length else ""


def values(text: str, spec: FieldSpec) -> str:
    """One of the values that the field knows."""
    return "" if not spec.values or text in spec.values else "not one of the field's values"


def address(value: Any, spec: FieldSpec) -> str:
    """An address, or every address of a list, has what its country wants."""
    found = value if isinstance(value, list) else [value]
    reasons = [_address(one, spec, f"[{place}] " if isinstance(value, list) else "") for place, one in enumerate(found)]
    return "; ".join(reason for reason in reasons if reason)


def no_card_number(value: Any, _: FieldSpec) -> str:
    """No full card number anywhere in the value."""
    where = list(cards.paths(value))
    return f"a card number{_at(where)}" if where else ""


def _at(where: list[str]) -> str:
    named = [path for path in where if path]
    return " in " + ", ".join(named) if named else ""


def _address(one: Any, spec: FieldSpec, where: str) -> str:
    if is_blank(one):
        return ""
    if not isinstance(one, dict):
        return f"{where}not an address"
    reasons = addresses.problems(one, spec)
    return f"{where}{', '.join(reasons)}" if reasons else ""


def _on_text(check: Callable[[str, FieldSpec], str]) -> Check:
    """The check on the text of a value, and on each element of a list; blank is fine."""

    def checked(value: Any, spec: FieldSpec) -> str:
        if isinstance(value, list):
            return next((reason for one in value if (reason := checked(one, spec))), "")
        if is_blank(value):
            return ""
        try:
            return check(text_of(value), spec)
        except FunctionFailed:
            return "not a text"

    return checked


CHECKS: Mapping[str, Check] = {
    "present": present,
    "email": _on_text(email),
    "phone": _on_text(phone),
    "url": _on_text(url),
    "country": _on_text(country),
    "currency": _on_text(currency),
    "length": _on_text(length),
    "values": _on_text(values),
    "address": address,
    "no_card_number": no_card_number,
}
