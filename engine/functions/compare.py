"""Match comparators by name: which values of two records are the same, by whole value, never by a part."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.functions import likeness, numerals, phones, times
from engine.functions.failed import FunctionFailed
from engine.functions.texts import fold, nfc, text_of, unaccented, without_blanks
from engine.model.values import is_blank

Loose = Literal["exact", "fold_case", "folded_and_trimmed", "folded_without_blanks", "other"]

Key = Callable[[Any], str | None]

_NOT_ALNUM = re.compile(r"[^0-9A-Z]+")
_ORDER = ("exact", "fold_case", "folded_and_trimmed", "folded_without_blanks", "other")


@dataclass(frozen=True, slots=True)
class Comparator:
    """A way to compare two values of one rule. Blank has no key, so it never equals anything."""

    name: str
    key: Key
    """The index key of a value, of the first element of a list that has one; None for blank."""
    loose: Loose = "other"
    """The strictest declared equality of an access path that still finds all that this one calls equal."""
    score: Callable[[Any, Any], float] | None = None
    """Likeness from 0 to 1, where the comparator is fuzzy; a list stands for any of its elements."""
    always_scored: bool = False
    """True where one key cannot tell: the score decides, also without a declared `min`."""
    rough: Callable[[str], tuple[str, ...]] | None = None
    """Keys that like texts share, for finding candidates of a fuzzy comparator."""

    def keys(self, value: Any) -> tuple[str, ...]:
        """The index keys of a value; a list stands for any of its elements."""
        values = value if isinstance(value, list) else (value,)
        return tuple(dict.fromkeys(key for one in values if (key := self.key(one)) is not None))

    def blocks(self, value: Any) -> tuple[str, ...]:
        """Rough keys: values that score high share at least one of them. Exact comparators give their keys."""
        if self.rough is None:
            return self.keys(value)
        return tuple(dict.fromkeys(key for text in _texts(value) for key in self.rough(text)))

    def equal(self, one: Any, other: Any) -> bool:
        """True when the two share a key."""
        keys = self.keys(one)
        return bool(keys) and not set(keys).isdisjoint(self.keys(other))


def proves_absence(equality: str, comparator: Comparator) -> bool:
    """True when not finding a value by a path of this equality means that no value equal to it is there."""
    return comparator.loose != "other" and _ORDER.index(equality) >= _ORDER.index(comparator.loose)


def spellings(value: Any) -> tuple[str, ...]:
    """The ways to write a value that are worth asking for on a path that compares exactly."""
    if is_blank(value):
        return ()
    text = text_of(value)
    trimmed = text.strip()
    return tuple(dict.fromkeys(one for one in (text, trimmed, trimmed.lower(), nfc(trimmed)) if one))


def _by_text(normalise: Callable[[str], str]) -> Key:
    def key(value: Any) -> str | None:
        if isinstance(value, list):
            return next((found for one in value if (found := key(one)) is not None), None)
        if is_blank(value) or isinstance(value, dict):
            return None
        return normalise(text_of(value)) or None

    return key


def _blankless(text: str) -> str:
    return without_blanks(fold(text))


def email_key(text: str) -> str:
    """Letter case and blanks at the ends apart; a domain in its readable form."""
    text = fold(text.strip())
    local, at, domain = text.rpartition("@")
    if "xn--" not in domain:
        return text
    try:
        return local + at + domain.encode("ascii").decode("idna")
    except UnicodeError:
        return text


def _bare(text: str) -> str:
    return _NOT_ALNUM.sub("", unaccented(text).upper())


def _vat_number(text: str) -> str:
    """Letters and digits; Greece writes EL where its country code is GR."""
    bare = _bare(text)
    return "EL" + bare[2:] if bare.startswith("GR") else bare


def _number(text: str) -> str:
    try:
        number = numerals.parse(text)
    except FunctionFailed:
        return fold(text.strip())
    plain = numerals.plain(number)
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _date(text: str) -> str:
    try:
        return times.day(text.strip())
    except FunctionFailed:
        return fold(text.strip())


def _any_common(one: Any, other: Any) -> float:
    """1 where the two have an element in common by the `text` comparator."""
    return float(COMPARATORS["text"].equal(one, other))


def _by_element(score: Callable[[str, str], float]) -> Callable[[Any, Any], float]:
    """The best likeness of any two elements; 0 where either side is blank."""

    def best(one: Any, other: Any) -> float:
        pairs = ((left, right) for left in _texts(one) for right in _texts(other))
        return max((score(left, right) for left, right in pairs), default=0.0)

    return best


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text_of(one) for one in values if not is_blank(one) and not isinstance(one, (dict, list))]


COMPARATORS: Mapping[str, Comparator] = {
    one.name: one
    for one in (
        Comparator("exact", _by_text(lambda text: text), "exact"),
        Comparator("text", _by_text(_blankless), "folded_without_blanks"),
        Comparator("email", _by_text(email_key), "folded_and_trimmed"),
        Comparator("phone", _by_text(phones.key), "other", _by_element(phones.likeness), rough=phones.rough),
        Comparator(
            "name", _by_text(likeness.name_key), "other", _by_element(likeness.names), rough=likeness.rough_name
        ),
        Comparator(
            "address",
            _by_text(likeness.address_key),
            "other",
            _by_element(likeness.addresses),
            rough=likeness.rough_address,
        ),
        Comparator("vat_number", _by_text(_vat_number)),
        Comparator("postcode", _by_text(_bare)),
        Comparator("number", _by_text(_number)),
        Comparator("date", _by_text(_date)),
        Comparator("any_equal", _by_text(_blankless), "folded_without_blanks", _any_common, always_scored=True),
    )
}
