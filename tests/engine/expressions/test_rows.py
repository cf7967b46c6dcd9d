"""A row's steps in their order, lists, objects, defaults and problems; generated and interpreted alike."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.expressions import ExpressionError, compile_rows, interpret_rows
from engine.model.mapping import Mapped, Problem
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
    Unmapped,
    With,
)
from tests.engine.expressions.builders import Context, Library, expr, path, row, template

SETTINGS = {"domain": "x.test", "country": "US", "methods": ["card"]}


@pytest.fixture(params=[compile_rows, interpret_rows], ids=["generated", "interpreted"])
def mapped(request: pytest.FixtureRequest) -> Any:
    """Maps a record by rows."""

    def run(*rows: Row, source: Any = None, held: Any = None, context: Context | None = None) -> Mapped:
        mapper = request.param(rows, SETTINGS, library=Library(), file="flow.yaml")
        made: Mapped = mapper(source or {}, held, context or Context())
        return made

    return run


# -- values -----------------------------------------------------------------------------------------------


def test_absent_is_left_out_and_null_is_kept(mapped: Any) -> None:
    made = mapped(row("a", "x"), row("b", "y"), row("c", "z.q"), source={"y": None, "z": {}})

    assert made == Mapped({"b": None}, (), ())


def test_value_is_made_to_fit_its_type(mapped: Any) -> None:
    assert mapped(row("a", "n"), source={"n": 5}).values == {"a": "5"}


def test_value_that_does_not_fit_is_absent_and_a_problem(mapped: Any) -> None:
    made = mapped(row("a", "l"), source={"l": [1]})

    assert made == Mapped({}, (), (Problem("a", "failed", "not a text"),))


def test_literal_and_setting_and_link_and_now(mapped: Any) -> None:
    rows = (
        row("a", Literally(False), "boolean"),
        row("b", expr("settings.methods"), "list"),
        row("c", expr("link.id")),
        row("d", expr("now | date")),
        row("e", expr("held.a or 'new'")),
    )
    made = mapped(*rows, context=Context(link={"id": "7"}))

    assert made.values == {"a": False, "b": ["card"], "c": "7", "d": "2026-01-02", "e": "new"}


def test_held_is_the_target_as_it_is(mapped: Any) -> None:
    assert mapped(row("a", expr("held.a ~ '!'")), held={"a": "old"}).values == {"a": "old!"}


def test_mapped_is_the_final_value_of_an_earlier_row(mapped: Any) -> None:
    rows = (
        row("metadata.kind", "k", apply=(Call("lower"),)),
        row("person", expr("mapped.metadata.kind == 'person'"), "boolean"),
        row("name", "n", when=expr("mapped.person")),
        row("later", expr("mapped.after"), "any"),
        row("after", "n"),
    )

    assert mapped(*rows, source={"k": "PERSON", "n": "Ada"}).values == {
        "metadata.kind": "person",
        "person": True,
        "name": "Ada",
        "after": "Ada",
    }


def test_mapped_as_a_whole_is_refused() -> None:
    mapper = compile_rows((row("a", expr("mapped"), "any"),), {}, library=Library(), file="flow.yaml")

    with pytest.raises(ExpressionError) as caught:
        mapper({}, None, Context())

    assert caught.value.hint == "write `mapped.name`"


def test_pending_passes_through_every_step_untouched(mapped: Any) -> None:
    pending = Pending("op1", "id")
    made = mapped(
        row("a", "p", apply=(Call("lower"),), table={"x": "y"}, by="name", to="s.o"),
        row("b", template("Parent {{ source.p }}")),
        source={"p": pending},
    )

    assert made.values == {"a": pending}
    assert [problem.target for problem in made.problems] == ["b"]


def test_unmapped_is_left_out(mapped: Any) -> None:
    assert mapped(row("a", Unmapped())).values == {}


def test_record_without_rows_maps_to_nothing(mapped: Any) -> None:
    assert mapped() == Mapped({}, (), ())


# -- choosing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"a": "A", "b": "B"}, {"t": "A"}),
        ({"a": "  ", "b": "B"}, {"t": "B"}),
        ({"a": None, "b": ""}, {"t": None}),
        ({"b": None}, {"t": None}),
        ({"a": []}, {"t": None}),
        ({}, {}),
        ({"a": 0, "b": "B"}, {"t": "0"}),
    ],
)
def test_first_of_takes_the_first_that_is_not_blank(mapped: Any, source: Any, expected: Any) -> None:
    assert mapped(row("t", FirstOf((path("a"), path("b")))), source=source).values == expected


def test_choose_takes_the_first_line_that_holds(mapped: Any) -> None:
    tiers = Choose((Case(expr("source.n >= 10"), Literally("gold")), Case(expr("source.n >= 5"), path("silver"))))
    rows = (row("t", tiers, default=Literally("bronze")),)

    assert mapped(*rows, source={"n": 12}) == Mapped({"t": "gold"}, (), ())
    assert mapped(*rows, source={"n": Decimal("7.5"), "silver": "S"}) == Mapped({"t": "S"}, (), ())
    assert mapped(*rows, source={"n": None}) == Mapped({"t": "bronze"}, ("t",), ())


def test_collect_takes_all_lines_that_hold(mapped: Any) -> None:
    rows = (row("t", Collect((Case(expr("true"), Literally("all")), Case(expr("source.x"), path("x")))), "list"),)

    assert mapped(*rows, source={"x": "X"}).values == {"t": ["all", "X"]}
    assert mapped(*rows, source={}).values == {"t": ["all"]}
    assert mapped(row("t", Collect((Case(expr("source.x"), path("x")),)), "list")).values == {"t": None}


# -- the order of the steps -------------------------------------------------------------------------------


def test_row_whose_condition_fails_is_not_there_at_all(mapped: Any) -> None:
    made = mapped(row("a", "x", when=expr("source.on"), default=Literally("d"), missing="hold"), source={"x": "X"})

    assert made == Mapped({}, (), ())


@pytest.mark.parametrize("blank", [ABSENT, None, "", " ", []], ids=repr)
def test_default_stands_in_for_every_blank(mapped: Any, blank: Any) -> None:
    source = {} if blank is ABSENT else {"x": blank}

    assert mapped(row("a", "x", default=Literally("d")), source=source) == Mapped({"a": "d"}, ("a",), ())


@pytest.mark.parametrize("there", [0, False], ids=repr)
def test_zero_and_false_need_no_default(mapped: Any, there: Any) -> None:
    assert mapped(row("a", "x", "any", default=Literally("d")), source={"x": there}) == Mapped({"a": there}, (), ())


def test_default_that_is_blank_itself_changes_nothing(mapped: Any) -> None:
    made = mapped(row("a", "x", default=template("{{ source.zz }}")), source={"x": None})

    assert made == Mapped({"a": None}, (), ())


def test_default_comes_before_functions_and_table(mapped: Any) -> None:
    made = mapped(row("a", "x", default=Literally("US"), apply=(Call("lower"),), table={"us": "1"}))

    assert made == Mapped({"a": "1"}, ("a",), ())


def test_winning_override_goes_before_the_source_and_through_the_type(mapped: Any) -> None:
    rows = (row("a", Literally(False), "boolean", override=Override(wins=path("metadata.a"))),)

    assert mapped(*rows, source={"metadata": {"a": "true"}}).values == {"a": True}
    assert mapped(*rows, source={"metadata": {"a": " "}}).values == {"a": False}
    assert mapped(*rows, source={"metadata": None}).values == {"a": False}


def test_filling_override_comes_after_the_default(mapped: Any) -> None:
    fills = Override(fills_in=path("metadata.a"))
    source = {"metadata": {"a": "filled"}}

    assert mapped(row("a", "x", override=fills), source=source) == Mapped({"a": "filled"}, (), ())
    made = mapped(row("a", "x", override=fills, default=Literally("d")), source=source)
    assert made == Mapped({"a": "d"}, ("a",), ())


def test_functions_run_in_order_and_pass_over_null(mapped: Any) -> None:
    rows = (
        row("a", "x", apply=(Call("lower"), Call("first", (" ",)))),
        row("b", "x", apply=(Call("forget"), Call("lower"))),
        row("c", "x", apply=(Call("vanish"), Call("lower"))),
        row("d", "zz", "any", apply=(Call("present"),)),
    )

    assert mapped(*rows, source={"x": "ADA L"}).values == {"a": "ada", "b": None, "d": False}


def test_function_that_fails_leaves_the_field_absent(mapped: Any) -> None:
    made = mapped(row("a", "x", apply=(Call("refuse"),), missing="hold"), source={"x": "X"})

    assert made.values == {}
    assert made.problems == (
        Problem("a", "failed", "no such word"),
        Problem("a", "hold", "no value; the record is held"),
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [("g", "Gold"), ("x", "Rest"), (7, "Seven"), (True, "Yes"), (None, None), ("", ""), (["g", "x"], ["Gold", "Rest"])],
)
def test_table_is_looked_up_by_text(mapped: Any, value: Any, expected: Any) -> None:
    table = {"g": "Gold", "7": "Seven", "true": "Yes", "*": "Rest"}

    assert mapped(row("a", "x", "any", table=table), source={"x": value}).values == {"a": expected}


def test_value_without_a_row_of_the_table_is_absent(mapped: Any) -> None:
    rows = (row("a", "x", "any", table={"g": "Gold"}),)

    assert mapped(*rows, source={"x": "zz"}).values == {}
    assert mapped(*rows, source={"x": "*"}).values == {}
    assert mapped(*rows, source={"x": ["g", "zz"]}).values == {"a": ["Gold"]}


def test_by_and_linked_ask_the_context(mapped: Any) -> None:
    links = {("s.c", "", "41"): Pending("op", "id"), ("s.c", "", "42"): ABSENT}
    context = Context({("s.term", "name", "Net 30"): "2", **links})
    made = mapped(
        row("terms", "t", "reference", by="name", to="s.term"),
        row("parent", "p", "reference", linked="s.c", missing="later"),
        row("other", "o", "reference", linked="s.c", missing="later"),
        row("none", "zz", "reference", linked="s.c"),
        source={"t": "Net 30", "p": "41", "o": "42"},
        context=context,
    )

    assert made.values == {"terms": "2", "parent": Pending("op", "id")}
    assert made.problems == (Problem("other", "later", "no value yet; it is filled in later"),)


def test_list_asks_for_each_of_its_values(mapped: Any) -> None:
    context = Context({("s.c", "", "1"): "a", ("s.c", "", "2"): ABSENT, ("s.c", "", "3"): UNKNOWN})
    rows = (row("l", "l", "list", linked="s.c"),)

    assert mapped(*rows, source={"l": ["1", "2", None]}, context=context).values == {"l": ["a"]}
    made = mapped(*rows, source={"l": ["1", "3"]}, context=context)
    assert (made.values, [problem.kind for problem in made.problems]) == ({}, ["unanswered"])


@pytest.mark.parametrize("kind", ["hold", "later", "refuse"])
@pytest.mark.parametrize("source", [{}, {"x": None}, {"x": ""}], ids=["absent", "null", "empty"])
def test_missing_is_said_when_there_is_no_value_in_the_end(mapped: Any, kind: Any, source: Any) -> None:
    made = mapped(row("a", "x", missing=kind), source=source)

    assert [(problem.target, problem.kind) for problem in made.problems] == [("a", kind)]


def test_text_that_is_too_long_is_kept_and_told(mapped: Any) -> None:
    made = mapped(row("a", "x", length=3), row("b", template("{{ source.x }}"), length=3), source={"x": "four"})

    assert made.values == {"a": "four", "b": "four"}
    assert [(problem.target, problem.kind) for problem in made.problems] == [("a", "too_long"), ("b", "too_long")]


def test_problem_of_a_template_names_no_value(mapped: Any) -> None:
    made = mapped(row("a", template("{{ source.l }}")), source={"l": ["secret"]})

    assert made.values == {}
    assert [(problem.kind, "secret" in problem.text) for problem in made.problems] == [("failed", False)]


# -- lists and objects ------------------------------------------------------------------------------------

LINES = (
    row("label", Literally("home")),
    row("city", "city"),
    row("country", "country", default=Literally("US")),
    row("main", expr("item.id == source.main"), "boolean", when=expr("source.main")),
)


def test_each_makes_a_line_of_every_item_that_says_something(mapped: Any) -> None:
    source = {"l": [{"city": "Rome", "country": "IT"}, {"city": None}, {"country": ""}, {"city": "Oslo"}]}
    made = mapped(row("book", Each(path("l"), LINES), "list"), source=source)

    assert made.values == {
        "book": [
            {"label": "home", "city": "Rome", "country": "IT"},
            {"label": "home", "city": "Oslo", "country": "US"},
        ]
    }
    assert made.defaults == ("book[1].country",)


@pytest.mark.parametrize(
    ("items", "expected"), [([], {"book": None}), ([{}], {"book": None}), (None, {}), ("text", {})], ids=str
)
def test_list_without_lines_is_null_and_no_list_is_absent(mapped: Any, items: Any, expected: Any) -> None:
    assert mapped(row("book", Each(path("l"), LINES), "list"), source={"l": items}).values == expected


def test_problem_in_a_line_names_it_and_goes_with_a_dropped_one(mapped: Any) -> None:
    rows = (row("zip", "zip", missing="hold"), row("city", "city"))
    made = mapped(row("book", Each(path("l"), rows), "list"), source={"l": [{}, {"city": "Rome"}]})

    assert made.values == {"book": [{"city": "Rome"}]}
    assert [(problem.target, problem.kind) for problem in made.problems] == [("book[0].zip", "hold")]


def test_list_that_is_written_out_has_its_lines_in_order(mapped: Any) -> None:
    written = path("[{kind: 'B', at: pay.at || at}, {kind: 'S', at: ship.at, to: ship.name}] | [?at]")
    rows = (
        row("label", "kind"),
        row("billing", expr("item.kind == 'B'"), "boolean"),
        row("to", "to"),
        row("city", "at.city"),
    )
    source = {"at": {"city": "Rome"}, "ship": {"at": {"city": "Oslo"}, "name": "Ada"}}

    assert mapped(row("book", Each(written, rows), "list"), source=source).values == {
        "book": [
            {"label": "B", "billing": True, "city": "Rome"},
            {"label": "S", "billing": False, "to": "Ada", "city": "Oslo"},
        ]
    }
    assert mapped(row("book", Each(written, rows), "list"), source={"at": None}).values == {"book": None}


def test_records_are_those_for_which_the_condition_holds(mapped: Any) -> None:
    context = Context(staged={"s.cur": [{"id": "1"}, {"id": "2", "off": True}, {"id": "3", "off": False}]})
    each = Each(Records("s.cur", expr("not item.off")), (row("currency", "id"),))

    assert mapped(row("cur", each, "list"), context=context).values == {"cur": [{"currency": "1"}, {"currency": "3"}]}


def test_with_builds_an_object_and_nothing_there_is_absent(mapped: Any) -> None:
    rows = (row("address", With(path("l[?m] | [0]"), (row("city", "city"), row("zip", "zip"))), "object"),)

    assert mapped(*rows, source={"l": [{"m": True, "city": "Rome"}]}).values == {"address": {"city": "Rome"}}
    assert mapped(*rows, source={"l": []}).values == {}
    assert mapped(*rows, source={"l": [{"m": True, "city": ""}]}).values == {}


def test_object_of_literals_and_defaults_alone_is_absent(mapped: Any) -> None:
    rows = (row("status", "sub"), row("source", Literally("shop")), row("c", "c", default=Literally("US")))

    assert mapped(row("consent", With(None, rows), "object"), source={}) == Mapped({}, (), ())
    assert mapped(row("consent", With(None, rows), "object"), source={"sub": True}).values == {
        "consent": {"status": "True", "source": "shop", "c": "US"}
    }


def test_object_of_nothing_but_constants_stays(mapped: Any) -> None:
    rows = (row("a", Literally("A")), row("b", expr("settings.country")))

    assert mapped(row("o", With(None, rows), "object")).values == {"o": {"a": "A", "b": "US"}}


def test_object_within_an_object_starts_where_it_stands(mapped: Any) -> None:
    inner = With(None, (row("line1", "addr1"), row("city", "city")))
    rows = (row("name", "addressee"), row("address", inner, "object"))
    made = mapped(row("shipping", With(path("a"), rows), "object"), source={"a": {"addr1": "x", "addressee": None}})

    assert made.values == {"shipping": {"name": None, "address": {"line1": "x"}}}


def test_many_fields_keep_their_order(mapped: Any) -> None:
    names = [f"f{number}" for number in range(40)]
    source = {name: name for name in names if name not in ("f3", "f20")}
    made = mapped(*(row(name, name) for name in names), source=source)

    assert list(made.values) == [name for name in names if name not in ("f3", "f20")]


def test_members_that_are_often_missing_are_read_all_the_same(mapped: Any) -> None:
    rows = tuple(row(name, f"m.{name}") for name in "abcd")

    for _ in range(300):
        assert mapped(*rows, source={"m": {"b": "B"}}).values == {"b": "B"}
