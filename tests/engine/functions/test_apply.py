"""The functions that `apply` may name."""

from __future__ import annotations

from typing import Any

import pytest

from engine.functions.apply import ARGUMENTS, FUNCTIONS, Arg, Example, Function, arguments
from engine.functions.failed import FunctionFailed
from engine.model.values import ABSENT

EXAMPLES = [(name, example) for name, function in FUNCTIONS.items() for example in function.examples]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{name}-{n}" for n, (name, _) in enumerate(EXAMPLES)])
def test_examples_hold(name: str, example: Example) -> None:
    result = FUNCTIONS[name].call(example.value, *example.args)

    assert result == example.result
    assert type(result) is type(example.result)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_has_words_examples_and_known_argument_types(name: str) -> None:
    function = FUNCTIONS[name]

    assert function.doc.endswith(".")
    assert function.examples
    assert all(arg.type in ARGUMENTS for arg in function.args)


def test_the_functions_that_the_shipped_files_use_are_there() -> None:
    assert {
        "first_word",
        "after_first_word",
        "last_word",
        "country_code",
        "e164",
        "lower",
        "mask_card",
    } <= set(FUNCTIONS)


@pytest.mark.parametrize(
    ("name", "value", "result"),
    [
        ("first_word", "  Maria  Erika ", "Maria"),
        ("first_word", "   ", None),
        ("after_first_word", "Maria  Erika Musterfrau ", "Erika Musterfrau"),
        ("after_first_word", "Sir Richard Branson", "Richard Branson"),
        ("after_first_word", "Maria ", None),
        ("last_word", "  ", None),
        ("lower", 12, "12"),
        ("title", "JEAN-LUC d'arc o’neill 3rd", "Jean-Luc D'arc O’neill 3rd"),
        ("slug", "  ***  ", None),
        ("country_code", " United States of America ", "US"),
        ("country_code", "the Republic of Korea", "KR"),
        ("country_code", "CÔTE D'IVOIRE", "CI"),
        ("country_code", "Cote d’Ivoire", "CI"),
        ("country_code", "Bolivia (Plurinational State of)", "BO"),
        ("country_code", "Russian Federation", "RU"),
        ("country_code", "Turkey", "TR"),
        ("country_code", "UK", None),
        ("country_code", "DEU", None),
        ("country_code", "Deutschland", None),
        ("country_guess", "Atlantis", None),
        ("digits", "٣ 4", "4"),
        ("unique", [{"a": 1, "b": 2}, {"b": 2, "a": 1}], [{"a": 1, "b": 2}]),
        ("strip_tags", "a < b and c > d", "a < b and c > d"),
    ],
)
def test_edges(name: str, value: Any, result: Any) -> None:
    assert FUNCTIONS[name].call(value) == result


@pytest.mark.parametrize(
    ("name", "value", "args"),
    [
        ("lower", ["a"], ()),
        ("lower", {"a": 1}, ()),
        ("join", "a", (", ",)),
        ("number", "12 apples", ()),
        ("date_only", "yesterday", ()),
        ("to_minor", "12.505", ("EUR",)),
        ("replace", "a" * 5_000, ("a", "aaa")),
        ("replace", "a", ("", "b")),
        ("pad_left", "a", (5, "ab")),
    ],
)
def test_failures_name_no_value(name: str, value: Any, args: tuple[Any, ...]) -> None:
    with pytest.raises(FunctionFailed) as failure:
        FUNCTIONS[name].call(value, *args)

    assert "apples" not in str(failure.value)


TWO = Function(lambda value, old, new: value, "Two.", (), (Arg("old", "text"), Arg("new", "text", "")))


@pytest.mark.parametrize(
    ("given", "result"),
    [
        ("a", ("a", "")),
        (["a", "b"], ("a", "b")),
        ({"new": "b", "old": 7}, ("7", "b")),
    ],
)
def test_arguments_may_be_one_value_a_list_or_a_map(given: Any, result: Any) -> None:
    assert arguments(TWO, given) == result


@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("replace", ABSENT, "the argument 'old' is missing"),
        ("replace", {"old": "a", "by": "b"}, "no argument is called 'by'"),
        ("lower", "a", "takes 0 argument(s), 1 given"),
        ("truncate", "many", "n: not a number"),
        ("truncate", -1, "n: expected a number from 0 to 10000"),
        ("truncate", 10**9, "n: expected a number from 0 to 10000"),
        ("extract", "(a", "pattern: not a pattern of RE2"),
        ("extract", "(a)\\1", "pattern: not a pattern of RE2"),
    ],
)
def test_wrong_arguments_are_refused_before_any_record(name: str, given: Any, why: str) -> None:
    with pytest.raises(FunctionFailed) as failure:
        arguments(FUNCTIONS[name], given)

    assert str(failure.value) == why


def test_a_hostile_text_cannot_hold_up_a_pattern() -> None:
    assert FUNCTIONS["extract"].call("a" * 5_000 + "!", "(a+)+$") is None


def test_a_replacement_is_text_and_no_reference_to_a_group() -> None:
    assert FUNCTIONS["replace_pattern"].call("a1b", "([0-9])", "\\1\\g<0>") == "a\\1\\g<0>b"
