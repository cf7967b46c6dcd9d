"""Laws of expressions: generated code agrees with the interpreter, the interpreter with Jinja where our deltas end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import ChainableUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.expressions import (
    ExpressionFailed,
    compile_expr,
    compile_template,
    interpret_expr,
    interpret_template,
    parse_expr,
    parse_template,
)
from engine.model.values import ABSENT, Pending

NAMES = frozenset({"source", "item", "mapped"})

# -- generated and interpreted: anything goes -------------------------------------------------------------

leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["", " ", "a", "Ab", "12", "1.5", "2026-01-02"]),
    st.sampled_from([Decimal("0"), Decimal("1.50"), Decimal("-2.25"), Decimal("1E+3"), Decimal("1E+40"), 10**31]),
    st.just(Pending("op1", "id")),
)  # fmt: skip
values = st.recursive(
    leaves,
    lambda part: st.one_of(st.lists(part, max_size=3), st.dictionaries(st.sampled_from("abc"), part, max_size=3)),
    max_leaves=8,
)
scopes = st.dictionaries(st.sampled_from(sorted(NAMES)), values, max_size=3)

atoms = st.sampled_from([
    "source", "source.a", "source.b", "source.a.b", "source['c']", "source.a[0]", "source.b[-1]", "item", "item.a",
    "mapped.b", "none", "true", "false", "1", "0", "-2", "2.50", "'a'", "''", "'A b'", "[1, 'a']", "{'a': source.b}",
    "source.a[1:]", "item[:2]",
])  # fmt: skip
FILTERS = [
    "abs", "capitalize", "count", "date", "decimal", "default('x')", "default('x', true)", "first", "int", "int(0)",
    "join", "join('-')", "last", "length", "list", "lower", "map('upper')", "map(attribute='a')", "max", "min",
    "rejectattr('a')", "replace('a', 'b')", "round", "round(1)", "select('string')", "selectattr('a', 'eq', 1)",
    "sort", "sort(attribute='a')", "split", "split('a')", "string", "sum", "sum('a')", "title", "trim",
    "truncate(2)", "unique", "upper",
]  # fmt: skip
PREDICATES = [
    "defined",
    "none",
    "blank",
    "string",
    "number",
    "mapping",
    "equalto 1",
    "in [1, 'a']",
    "not defined",
    "gt 0",
]


def extend(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Larger expressions out of smaller ones."""
    return st.one_of(
        st.builds("({} {} {})".format, part, st.sampled_from(["and", "or"]), part),
        st.builds("(not {})".format, part),
        st.builds("({} {} {})".format, part, st.sampled_from(
            ["==", "!=", "<", "<=", ">", ">=", "in", "not in"]), part),
        st.builds("({} < {} <= {})".format, part, part, part),
        st.builds("(source.a {} source.b)".format, st.sampled_from(["+", "-", "*", "/", "//", "%"])),
        st.builds("(source.a {} {})".format, st.sampled_from(["+", "-", "*", "/", "//", "%"]), st.sampled_from("0123")),
        st.builds("({} ~ {})".format, part, part),
        st.builds("({} if {} else {})".format, part, part, part),
        st.builds("({} if {})".format, part, part),
        st.builds("({} | {})".format, part, st.sampled_from(FILTERS)),
        st.builds("({} is {})".format, part, st.sampled_from(PREDICATES)),
        st.builds("[{}, {}]".format, part, part),
        st.builds("source[{} | string]".format, part),
    )  # fmt: skip


expressions = st.recursive(atoms, extend, max_leaves=6).filter(lambda text: len(text) < 500)
pieces = st.one_of(
    st.sampled_from(["", "a", " b\n", "{# c #}"]),
    st.builds("{{{{ {} }}}}".format, expressions),
    st.builds("{{% if {} %}}x{{{{ {} }}}}{{% elif {} %}}y{{% else %}}z{{% endif %}}".format, *[expressions] * 3),
)
templates = st.lists(pieces, max_size=3).map("".join).filter(lambda text: len(text) < 500)


def outcome(run: Any, *args: Any) -> Any:
    """What a call gives, or how it fails."""
    try:
        found = run(*args)
    except ExpressionFailed as error:
        return error.code
    return (found, types(found))


def types(value: Any) -> Any:
    """The types of a tree, so that true is not one."""
    if isinstance(value, list):
        return [types(one) for one in value]
    return {key: types(one) for key, one in value.items()} if isinstance(value, dict) else type(value).__name__


@given(expressions, scopes)
@settings(max_examples=200, deadline=None)
def test_generated_expression_agrees_with_the_interpreter(text: str, scope: Any) -> None:
    assert outcome(compile_expr(text, NAMES), scope) == outcome(interpret_expr(text, NAMES), scope)


@given(templates, scopes)
@settings(max_examples=150, deadline=None)
def test_generated_template_agrees_with_the_interpreter(text: str, scope: Any) -> None:
    assert outcome(compile_template(text, NAMES), scope) == outcome(interpret_template(text, NAMES), scope)


@given(expressions, scopes)
@settings(max_examples=100, deadline=None)
def test_what_an_expression_does_not_read_does_not_matter(text: str, scope: Any) -> None:
    read = {steps[:2] for steps in parse_expr(text, NAMES).reads}
    kept = {
        name: {key: one for key, one in value.items() if {(name,), (name, key), (name, "[]")} & read}
        if isinstance(value, dict) and (name,) not in read
        else value
        for name, value in scope.items()
        if any(steps[0] == name for steps in read)
    }

    assert outcome(interpret_expr(text, NAMES), kept) == outcome(interpret_expr(text, NAMES), scope)


# -- Jinja itself: typed expressions over values that are there --------------------------------------------

ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=ChainableUndefined)
RECORD = {
    "n": 7, "m": -2, "s": "Some text", "t": "b", "yes": True, "no": False, "l": [3, 1, 2], "w": ["b", "A", "c"],
    "o": {"s": "in", "n": 4}, "rows": [{"k": "x", "n": 2}, {"k": "y", "n": 3}],
}  # fmt: skip

numbers = st.recursive(
    st.sampled_from(["1", "3", "-2", "source.n", "source.m", "source.o.n", "source.l[0]", "source.l | sum",
                     "source.rows | sum('n')", "source.l | max", "source.l | length", "'12' | int",
                     "source.l | first"]),
    lambda part: st.one_of(
        st.builds("(({}) {} ({}))".format, part, st.sampled_from(["+", "-", "*"]), part),
        st.builds("(({}) {} {})".format, part, st.sampled_from(["//", "%"]), st.sampled_from(["2", "-3"])),
        st.builds("(-({}))".format, part),
        st.builds("(({}) | abs)".format, part),
    ),
    max_leaves=4,
)  # fmt: skip
texts = st.recursive(
    st.sampled_from(["'a'", "''", "source.s", "source.t", "source.o.s", "source['s']", "source.w | join('-')",
                     "source.rows | map(attribute='k') | join", "source.s[1:4]", "source.w | sort | first",
                     "source.w | map('lower') | join",
                     "source.rows | selectattr('n', '>', 2) | map(attribute='k') | first",
                     "source.zz | default('d')", "source.zz.y | default('e', true)", "source.l | sort | join"]),
    lambda part: st.one_of(
        st.builds("(({}) ~ ({}))".format, part, st.one_of(part, numbers)),
        st.builds("(({}) | {})".format, part, st.sampled_from(
            ["upper", "lower", "title", "capitalize", "trim", "replace('e', 'xx')", "string", "unique | join"])),
    ),
    max_leaves=4,
)  # fmt: skip
truths = st.recursive(
    st.one_of(
        st.sampled_from(["source.yes", "source.no", "true", "source.zz", "source.zz is defined", "source.n is number",
                         "source.s is string", "'x' in source.o", "2 in source.l", "source.t in source.s"]),
        st.builds("(({}) {} ({}))".format, numbers, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), numbers),
        st.builds("(({}) {} ({}))".format, texts, st.sampled_from(["==", "!=", "<", "in", "not in"]), texts),
        st.builds("(1 < ({}) <= 9)".format, numbers),
    ),
    lambda part: st.one_of(
        st.builds("(({}) {} ({}))".format, part, st.sampled_from(["and", "or"]), part),
        st.builds("(not ({}))".format, part),
    ),
    max_leaves=3,
)  # fmt: skip
typed = st.one_of(
    numbers, texts, truths,
    st.builds("(({}) if ({}) else ({}))".format, numbers, truths, texts),
    st.builds("[({}), ({})]".format, numbers, texts),
)  # fmt: skip


@given(typed)
@settings(max_examples=250, deadline=None)
def test_interpreter_agrees_with_jinja(text: str) -> None:
    expected = ENVIRONMENT.compile_expression(text, undefined_to_none=False)(source=RECORD)
    found = interpret_expr(text, NAMES)({"source": RECORD})
    if isinstance(expected, Undefined):
        assert found is ABSENT
    else:
        assert (found, types(found)) == (expected, types(expected))


holes = st.one_of(numbers, texts).map("{{{{ {} }}}}".format)
conditions = st.builds(
    "{{% if {} %}}{}{{% elif {} %}}b{{% else %}}{}{{% endif %}}".format, truths, holes, truths, holes
)
jinja_templates = st.lists(st.one_of(holes, conditions, st.sampled_from(["x ", "\n", "{{- 1 -}} "])), max_size=4)


@given(jinja_templates.map("".join).filter(lambda text: len(text) < 500))
@settings(max_examples=100, deadline=None)
def test_template_renders_as_jinja_does(text: str) -> None:
    parse_template(text, NAMES)

    assert interpret_template(text, NAMES)({"source": RECORD}) == ENVIRONMENT.from_string(text).render(source=RECORD)
