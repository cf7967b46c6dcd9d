"""Law of mappings: generated code and the reference interpreter give the same record, defaults and problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expressions import compile_rows, interpret_rows, reads
from engine.model.errors import ConcordError
from engine.model.values import ABSENT, UNKNOWN, Pending
from engine.spec.mapping import (
    Call,
    Case,
    Choose,
    Collect,
    Each,
    FirstOf,
    Literally,
    Override,
    Records,
    Row,
    Text,
    Unmapped,
    With,
)  # fmt: skip
from engine.spec.system import FieldSpec


@dataclass(frozen=True)
class Function:
    """A function of the fake library."""

    call: Callable[..., Any]
    takes_blank: bool = False


def _fail(_: Any) -> Any:
    raise ConcordError("no answer")


FUNCTIONS = {
    "shout": Function(lambda value: f"{value}!"),
    "vanish": Function(lambda _: ABSENT),
    "forget": Function(lambda _: None),
    "fail": Function(_fail),
    "count": Function(lambda value, step: (len(value) if isinstance(value, list) else 0) + step, takes_blank=True),
}


class Library:
    """Functions that fail, forget and count; types that refuse lists."""

    def function(self, name: str) -> Function:
        return FUNCTIONS[name]

    def coercer(self, field: FieldSpec) -> Callable[[Any], Any] | None:
        return {"text": _as_text, "boolean": _as_bool, "email": _as_text}.get(field.type)


def _as_text(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        raise ConcordError("not a text")
    return value if isinstance(value, str) else "" if value is False else str(value)


def _as_bool(value: Any) -> Any:
    if value in ("true", "false"):
        return value == "true"
    if not isinstance(value, bool):
        raise ConcordError("not a truth")
    return value


class Context:
    """Answers that depend on the value only."""

    link: ClassVar = {"id": "7"}
    now = "2026-01-02T03:04:05Z"

    def by(self, object: str, field: str, value: Any) -> Any:
        return self.linked(f"{object}.{field}", value)

    def linked(self, object: str, value: Any) -> Any:
        answers = {"a": "1", "b": UNKNOWN, "1": ABSENT, "p": Pending("op", "id")}
        return answers.get(str(value), f"{object}:{value}")

    def records(self, object: str) -> Sequence[dict[str, Any]]:
        return [{"a": "1"}, {"a": None, "b": "x"}, {}]


KEYS = "abc"
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-1, 2), st.sampled_from(["", " ", "a", "b", "p", "true", "long text"]),
    st.sampled_from([Decimal("1.50"), Pending("op", "x"), 10**40]),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda part: st.one_of(st.lists(part, max_size=3), st.dictionaries(st.sampled_from(KEYS), part, max_size=3)),
    max_leaves=8,
)
records = st.dictionaries(st.sampled_from(KEYS), trees, max_size=3)

paths = st.sampled_from(
    ["a", "b", "c", "a.b", "a.b.c", "a.c", "b.a", "b.b", "b.c", "a[0]", "a || b", "[{a: a, b: 'k'}, {a: b}] | [?a]",
     "[{a: a, c: 'l'}, {a: b.c, b: `1`}]", "length(a)", "c[?a]", "'constant'", "@", "sort_by(a, &b)"]
).map(lambda text: Text("path", text))  # fmt: skip
expressions = st.sampled_from(
    ["source.a", "source.b == 'a'", "not source.a", "mapped.t0", "mapped.t1.m", "mapped.t9", "held.a",
     "link.id", "now", "settings.s", "settings.zz", "source.a + 1", "source.c | upper", "source.a < 2", "source.a[0]",
     "mapped.t0 and mapped['t1.m']", "source.b or 'x'", "10 | int", "source.c is blank", "settings.list"]
).map(lambda text: Text("expr", text))  # fmt: skip
item_expressions = st.sampled_from(["item", "item.a", "item.b == 'k'", "item.a.b", "mapped.t0", "source.a"])
templates = st.sampled_from(
    ["{{ source.a }}", "x {{ source.b }} {{ settings.s }}", "plain", "{{ source.c | default('d') }}", "{{ now }}",
     "{% if mapped.t0 %}m{% else %}{{ source.a }}{% endif %}", "", "{{ mapped.t0 }}"]
).map(lambda text: Text("template", text))  # fmt: skip
literals = st.sampled_from(["lit", "", None, False, 3, Decimal("2.5"), ["x"], {"k": 1}]).map(Literally)


RECORDS = [Records("x.y"), Records("x.y", Text("expr", "item.a"))]


def sources(in_line: bool, depth: int) -> st.SearchStrategy[Any]:
    """Sources of every kind."""
    own = item_expressions.map(lambda text: Text("expr", text)) if in_line else expressions
    simple = st.one_of(paths, paths, expressions, own, templates, literals)
    if depth == 0:
        return simple
    inner = st.deferred(lambda: sources(in_line, depth - 1))
    case = st.builds(Case, expressions, inner)
    cases = st.lists(case, min_size=1, max_size=2).map(tuple)
    return st.one_of(
        simple,
        simple,
        st.lists(inner, min_size=1, max_size=3).map(lambda found: FirstOf(tuple(found))),
        cases.map(Choose),
        cases.map(Collect),
        st.builds(Each, st.one_of(paths, inner, st.sampled_from(RECORDS)), rows_of("mno", True, depth - 1)),
        st.builds(With, st.one_of(st.none(), paths), rows_of("mno", in_line, depth - 1)),
        st.just(Unmapped()),
    )  # fmt: skip


def rows_of(names: Sequence[str], in_line: bool, depth: int) -> st.SearchStrategy[tuple[Row, ...]]:
    """Rows for some of these targets."""
    maybe = st.one_of(st.none(), st.none(), expressions)
    spec = st.builds(
        FieldSpec, st.just("x"), type=st.sampled_from(["text", "boolean", "email", "list", "object"]),
        length=st.sampled_from([0, 0, 3]), to=st.just("x.y"),
    )  # fmt: skip
    row = st.builds(
        Row, st.just(""), sources(in_line, depth), spec, when=maybe,
        override=st.one_of(st.none(), st.none(), st.builds(Override, *[st.one_of(st.none(), paths)] * 2)),
        default=st.one_of(st.none(), st.none(), sources(in_line, 0)),
        apply=st.lists(st.sampled_from(
            [Call("shout"), Call("vanish"), Call("forget"), Call("fail"), Call("count", (2,))]), max_size=1).map(tuple),
        table=st.sampled_from([None, None, None, {"a": "A", "true": None, "*": "else"}, {"a": "A", "": "blank"}]),
        by=st.sampled_from(["", "", "", "name"]), linked=st.sampled_from(["", "", "", "x.z"]),
        missing=st.sampled_from(["leave", "leave", "hold", "later", "refuse"]),
    )  # fmt: skip
    named = st.lists(row, min_size=1, max_size=len(names))
    return named.map(lambda found: tuple(_named(one, name) for one, name in zip(found, names, strict=False)))


def _named(row: Row, name: str) -> Row:
    from dataclasses import replace

    return replace(row, target=name)


TARGETS = ["t0", "t1.m", "t2", "t3", "t4"]
SETTINGS = {"s": "setting", "list": ["a", "b"]}


def types(value: Any) -> Any:
    """The types of a tree, so that true is not one."""
    if isinstance(value, list):
        return [types(one) for one in value]
    return {key: types(one) for key, one in value.items()} if isinstance(value, dict) else type(value).__name__


@given(rows_of(TARGETS, False, 2), st.lists(records, min_size=1, max_size=4), st.one_of(st.none(), records))
@settings(max_examples=200, deadline=None)
def test_generated_mapping_agrees_with_the_interpreter(rows: Any, sources: Any, held: Any) -> None:
    generated = compile_rows(rows, SETTINGS, library=Library(), file="flow.yaml")
    interpreted = interpret_rows(rows, SETTINGS, library=Library(), file="flow.yaml")
    for source in sources:
        made, expected = generated(source, held, Context()), interpreted(source, held, Context())

        assert made == expected
        assert types(made.values) == types(expected.values)
        assert list(made.values) == list(expected.values)


@given(rows_of(TARGETS, False, 2), records)
@settings(max_examples=100, deadline=None)
def test_what_rows_do_not_read_does_not_matter(rows: Any, source: Any) -> None:
    read = {steps[0] if steps else "[]" for steps in reads(rows)}
    kept = source if "[]" in read else {key: value for key, value in source.items() if key in read}
    mapper = interpret_rows(rows, SETTINGS, library=Library(), file="flow.yaml")

    assert mapper(kept, None, Context()) == mapper(source, None, Context())
