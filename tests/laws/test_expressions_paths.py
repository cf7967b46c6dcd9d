"""Laws of paths: the interpreter agrees with the jmespath library, generated code with the interpreter."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import jmespath
from hypothesis import given, settings
from hypothesis import strategies as st
from jmespath.exceptions import JMESPathError, JMESPathTypeError

from engine.expressions import ExpressionFailed, compile_path, interpret_path, parse_path
from engine.expressions.paths import Path
from engine.model.values import ABSENT

KEYS = ["a", "b", "c", "d"]

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["", "a", "b", "ab", "12", "1.5", " "])
)
exact = st.one_of(scalars, st.sampled_from([Decimal("0"), Decimal("1.5"), Decimal("-2.25"), Decimal("1E+3")]))


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Nested lists and maps with few keys, so that paths find something."""
    inner = st.recursive(
        leaves,
        lambda part: st.one_of(st.lists(part, max_size=3), st.dictionaries(st.sampled_from(KEYS), part, max_size=4)),
        max_leaves=12,
    )
    return st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)


names = st.sampled_from(KEYS)
literals = st.sampled_from(
    ["`1`", "`0`", "`null`", "`true`", "`false`", "'a'", "''", "`[1, 2]`", '`{"a": 1}`', "`1.5`"]
)


def extend(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Larger paths out of smaller ones."""
    return st.one_of(
        st.builds("{} | {}".format, names, part),
        st.builds("{}.{}".format, part, names),
        st.builds("{}[{}]".format, names, st.integers(-2, 2)),
        st.builds("{}[]".format, part),
        st.builds("{}[*].{}".format, names, names),
        st.builds("{}.*".format, names),
        st.builds("{}[{}:{}]".format, names, st.sampled_from(["", "1", "-2"]), st.sampled_from(["", "2"])),
        st.builds("{}[?{}]".format, names, part),
        st.builds("{}[?{}].{}".format, names, part, names),
        st.builds("({}) | {}".format, part, part),
        st.builds("({} || {})".format, part, part),
        st.builds("({} && {})".format, part, part),
        st.builds("!({})".format, part),
        st.builds("({}) {} ({})".format, part, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), part),
        st.builds("[{}, {}]".format, part, part),
        st.builds("{{x: {}, a: {}}}".format, part, part),
        st.builds("[{{a: {}, b: 'k'}}, {{a: {}, b: 'l'}}] | [?a]".format, part, part),
        st.builds("{}({})".format, st.sampled_from(
            ["length", "sum", "avg", "min", "max", "abs", "ceil", "floor", "sort", "reverse", "keys", "values", "type",
             "to_array", "to_number", "to_string", "not_null"]), part),
        st.builds("{}({}, {})".format, st.sampled_from(
            ["contains", "starts_with", "ends_with", "not_null"]), part, part),
        st.builds("join('-', {})".format, part),
        st.builds("{}({}, &{})".format, st.sampled_from(["sort_by", "max_by", "min_by"]), names, names),
        st.builds("map(&{}, {})".format, part, part),
    )  # fmt: skip


def is_path(text: str) -> bool:
    """What the library reads."""
    try:
        jmespath.compile(text)
    except JMESPathError:
        return False
    return True


paths = st.recursive(st.one_of(names, literals, st.just("@")), extend, max_leaves=6).filter(is_path)


def outcome(run: Any, *args: Any) -> Any:
    """What a call gives, or how it fails."""
    try:
        found = run(*args)
    except ExpressionFailed as error:
        return error.code
    return (found, types(found))


def types(value: Any) -> Any:
    """The types of a tree, so that true is not one and 1.0 is not 1."""
    if isinstance(value, list):
        return [types(one) for one in value]
    return {key: types(one) for key, one in value.items()} if isinstance(value, dict) else type(value).__name__


@given(paths, trees(exact))
@settings(max_examples=150, deadline=None)
def test_generated_path_agrees_with_the_interpreter(text: str, tree: Any) -> None:
    assert outcome(compile_path(text), tree) == outcome(interpret_path(text), tree)


def plain(value: Any) -> Any:
    """Our exact numbers as the library computes them."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return float(value) if isinstance(value, Decimal) else value


@given(paths, trees(scalars))
@settings(max_examples=150, deadline=None)
def test_interpreter_agrees_with_the_library(text: str, tree: Any) -> None:
    try:
        expected = jmespath.search(text, tree)
    except (JMESPathTypeError, TypeError, AttributeError):
        return  # where the library raises, we yield null
    parsed = parse_path(text).tree
    found = interpret_path(text)(tree)
    if isinstance(parsed, Path) and parsed.steps and found is None:
        assert expected is None
        return
    assert plain(None if found is ABSENT else found) == expected


@given(paths, trees(exact))
@settings(max_examples=100, deadline=None)
def test_what_a_path_does_not_read_does_not_matter(text: str, tree: Any) -> None:
    read = {steps[0] if steps else "[]" for steps in parse_path(text).reads}
    if "[]" in read:
        read = set(KEYS)
    kept = {key: value for key, value in tree.items() if key in read}

    assert outcome(interpret_path(text), kept) == outcome(interpret_path(text), tree)
