"""The functions that `apply` may name, with their arguments and examples.

Values are never blank here unless `takes_blank`. No answer is None; a wrong kind of value is FunctionFailed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.functions import cards, codes, lists, numerals, texts, times, wording
from engine.functions.failed import FunctionFailed
from engine.model.values import ABSENT

REQUIRED = ABSENT
"""The default of an argument that must be given."""


class Arg(NamedTuple):
    """One argument: name, type (text, integer, pattern), and its default; REQUIRED when it must be given."""

    name: str
    type: str
    default: Any = REQUIRED


class Example(NamedTuple):
    """What a value becomes, with these arguments."""

    value: Any
    result: Any
    args: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A named function: `call(value, *args)`."""

    call: Callable[..., Any]
    doc: str
    examples: tuple[Example, ...]
    args: tuple[Arg, ...] = ()
    takes_blank: bool = False


def arguments(function: Function, given: Any = ABSENT) -> tuple[Any, ...]:
    """The arguments as `call` takes them, from what YAML gives: nothing, a value, a list or a map."""
    named = _named(function, given)
    unknown = named.keys() - {arg.name for arg in function.args}
    if unknown:
        raise FunctionFailed(f"no argument is called '{min(unknown)}'")
    return tuple(_argument(arg, named.get(arg.name, arg.default)) for arg in function.args)


def _named(function: Function, given: Any) -> dict[str, Any]:
    if given is ABSENT:
        return {}
    if isinstance(given, dict):
        return given
    values = given if isinstance(given, list) else [given]
    if len(values) > len(function.args):
        raise FunctionFailed(f"takes {len(function.args)} argument(s), {len(values)} given")
    return {arg.name: value for arg, value in zip(function.args, values, strict=False)}


def _argument(arg: Arg, value: Any) -> Any:
    if value is REQUIRED:
        raise FunctionFailed(f"the argument '{arg.name}' is missing")
    try:
        return ARGUMENTS[arg.type](value)
    except FunctionFailed as failure:
        raise failure.inside(arg.name) from failure


def _count(value: Any) -> int:
    count = numerals.integer_of(value)
    if not 0 <= count <= wording.LONGEST:
        raise FunctionFailed(f"expected a number from 0 to {wording.LONGEST}")
    return count


def _function(call: Callable[..., Any], doc: str, *examples: tuple[Any, ...], args: tuple[Arg, ...] = ()) -> Function:
    return Function(call, doc, tuple(Example(one[0], one[1], tuple(one[2:])) for one in examples), args)


ARGUMENTS: Mapping[str, Callable[[Any], Any]] = {
    "text": texts.text_of,
    "integer": _count,
    "pattern": wording.checked_pattern,
}

FUNCTIONS: Mapping[str, Function] = {
    # words
    "first_word": _function(
        wording.first_word,
        "What stands before the first space; the whole where there is none.",
        ("Maria Erika Musterfrau", "Maria"),
        ("Acme", "Acme"),
    ),
    "after_first_word": _function(
        wording.after_first_word,
        "What stands after the first space; nothing where there is none.",
        ("Maria Erika Musterfrau", "Erika Musterfrau"),
        ("Acme", None),
    ),
    "last_word": _function(
        wording.last_word,
        "What stands after the last space; the whole where there is none.",
        ("reference C000123", "C000123"),
        ("Acme", "Acme"),
    ),
    "before_last_word": _function(
        wording.before_last_word,
        "What stands before the last space; nothing where there is none.",
        ("Maria Erika Musterfrau", "Maria Erika"),
        ("Acme", None),
    ),
    # letters
    "lower": _function(wording.lower, "Small letters.", ("Jane@Example.COM", "jane@example.com")),
    "upper": _function(wording.upper, "Capitals.", ("de", "DE")),
    "title": _function(
        wording.title,
        "Every word with a capital, the rest small.",
        ("ANNE-MARIE o'neill", "Anne-Marie O'neill"),
    ),
    "unaccent": _function(wording.unaccent, "Letters without their marks.", ("Zoë Müller", "Zoe Muller")),
    "nfc": _function(wording.nfc, "Composed characters, so that equal letters are equal.", ("Zoe\u0308", "Zoë")),
    # blanks and length
    "trim": _function(wording.trim, "No blanks at the ends.", ("  Jane ", "Jane"), ("   ", None)),
    "collapse_spaces": _function(
        wording.collapse_spaces,
        "Every run of blanks as one space.",
        (" 1  Main\nStreet ", "1 Main Street"),
    ),
    "truncate": _function(
        wording.truncate,
        "The first `n` characters.",
        ("Musterfrau", "Muster", 6),
        ("Acme", "Acme", 6),
        args=(Arg("n", "integer"),),
    ),
    "pad_left": _function(
        wording.pad_left,
        "Filled up on the left to `n` characters.",
        ("42", "00042", 5, "0"),
        (42, "00042", 5, "0"),
        args=(Arg("n", "integer"), Arg("char", "text", "0")),
    ),
    "prefix": _function(
        wording.prefix, "With a text before it.", ("41", "shop_41", "shop_"), args=(Arg("text", "text"),)
    ),
    "suffix": _function(wording.suffix, "With a text after it.", ("41", "41-eu", "-eu"), args=(Arg("text", "text"),)),
    # parts
    "replace": _function(
        wording.replace,
        "Every `old` by `new`.",
        ("a:b:c", "a_b_c", ":", "_"),
        args=(Arg("old", "text"), Arg("new", "text", "")),
    ),
    "replace_pattern": _function(
        wording.replace_pattern,
        "Every match of an RE2 pattern by `new`.",
        ("No. 12 / 7", "12 7", "[^0-9]+", " "),
        args=(Arg("pattern", "pattern"), Arg("new", "text", "")),
    ),
    "extract": _function(
        wording.extract,
        "The first match of an RE2 pattern, or of its first group.",
        ("order C-0042 of May", "0042", "C-([0-9]+)"),
        ("nothing", None, "C-([0-9]+)"),
        args=(Arg("pattern", "pattern"),),
    ),
    "line": _function(
        wording.line,
        "The n-th line, counted from 1.",
        ("1 Main Street\nFloor 2", "Floor 2", 2),
        ("1 Main Street", None, 2),
        args=(Arg("n", "integer"),),
    ),
    "digits": _function(wording.digits, "The digits alone.", ("DE 123-45", "12345"), ("none", None)),
    "domain": _function(
        wording.domain, "What stands after the @.", ("jane@example.com", "example.com"), ("jane", None)
    ),
    "strip_tags": _function(
        wording.strip_tags, "Text without HTML.", ("<p>Fish &amp; <b>chips</b></p>", "Fish & chips")
    ),
    "slug": _function(wording.slug, "Letters, digits, _ and - only.", ("Müller & Co. 7", "Muller_Co_7"), ("&", None)),
    # lists
    "split": _function(
        lists.split,
        "The parts between separators, trimmed, blank ones dropped.",
        ("a, b,,c", ["a", "b", "c"], ","),
        args=(Arg("sep", "text", ","),),
    ),
    "join": _function(
        lists.join,
        "The elements as one text; blank ones dropped.",
        (["a", None, "b"], "a, b", ", "),
        ([None], None, ", "),
        args=(Arg("sep", "text", ", "),),
    ),
    "unique": _function(
        lists.unique, "Every element once, in the order of first sight.", (["b", "a", "b"], ["b", "a"])
    ),
    "compact": _function(lists.compact, "Without blank elements.", (["a", "", None, 0], ["a", 0])),
    "first": _function(lists.first, "The first element that is not blank.", (["", "a", "b"], "a"), ([""], None)),
    "last": _function(lists.last, "The last element that is not blank.", (["a", "b", ""], "b")),
    # phones, countries, currencies, cards
    "e164": _function(
        wording.e164,
        "A phone number in E.164 form; as it is where that cannot be known or would lose its extension.",
        ("+49 (89) 123456", "+4989123456", ""),
        ("(555) 229-3326", "+15552293326", "US"),
        ("(555) 229-3326", "(555) 229-3326", ""),
        ("+1 555 229 3326 ext. 5", "+1 555 229 3326 ext. 5", ""),
        args=(Arg("default_country", "text", ""),),
    ),
    "country_code": _function(
        wording.on_text(codes.country_code),
        "The two-letter code of an ISO 3166 code or full name in any case; nothing for anything else.",
        ("fr", "FR"),
        ("Germany", "DE"),
        ("federal republic of germany", "DE"),
        ("Korea, Republic of", "KR"),
        ("Atlantis", None),
        ("ZZ", None),
    ),
    "country_guess": _function(
        wording.on_text(codes.country_guess),
        "As country_code, and three-letter codes, UK, EL and subdivisions too.",
        ("UK", "GB"),
        ("DEU", "DE"),
        ("GB-SCT", "GB"),
    ),
    "country_name": _function(
        wording.on_text(codes.country_name), "The name of a country code.", ("DE", "Germany"), ("ZZ", None)
    ),
    "currency_code": _function(
        wording.on_text(codes.currency_code),
        "The three-letter code of an ISO 4217 code or name.",
        ("eur", "EUR"),
        ("US Dollar", "USD"),
        ("shells", None),
    ),
    "mask_card": _function(
        cards.mask_tree,
        "Card numbers masked but for the last four digits, anywhere in the value.",
        ("paid with 4242 4242 4242 4242", "paid with ************4242"),
        ("order 4242", "order 4242"),
    ),
    # numbers and times
    "number": _function(
        wording.number, "The number that a text says.", ("12.50", numerals.parse("12.50")), ("0042", 42)
    ),
    "round": _function(
        wording.round_to,
        "Rounded to `places` digits after the point, halves away from zero.",
        (numerals.parse("2.345"), numerals.parse("2.35"), 2),
        args=(Arg("places", "integer", 0),),
    ),
    "from_minor": _function(
        wording.from_minor,
        "Cents as the amount of a currency.",
        (1250, numerals.parse("12.50"), "EUR"),
        (1250, 1250, "JPY"),
        args=(Arg("currency", "text"),),
    ),
    "to_minor": _function(
        wording.to_minor,
        "The amount of a currency in cents.",
        (numerals.parse("12.50"), 1250, "EUR"),
        args=(Arg("currency", "text"),),
    ),
    "date_only": _function(times.day, "The day of a time, in UTC.", ("2026-03-04T23:59:00Z", "2026-03-04")),
}
