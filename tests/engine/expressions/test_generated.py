"""What generated code is made of: no attributes, no builtins, only calls of what the compiler bound."""

from __future__ import annotations

import ast
import subprocess
import sys
import traceback
from types import FunctionType
from typing import Any

import pytest

from engine.expressions import compile_expr, compile_path, compile_rows
from engine.expressions.emit_mapping import build, generate
from engine.model.finding import Place
from engine.spec.mapping import Call, Case, Choose, Each, Literally, Row
from engine.spec.system import FieldSpec
from tests.engine.expressions.builders import Context, Function, Library, expr, path, row, template

HOSTILE = "x'); import os; ('"
ROWS = (
    row(HOSTILE, Literally(HOSTILE)),
    row("a", path(f'"{HOSTILE}".b'), default=template(HOSTILE)),
    row("b", expr("source.a | lower ~ source[\"x'\"]"), apply=(Call("first", (HOSTILE,)),), table={HOSTILE: "1"}),
    row("c", template("{% if source.a %}{{ source.b }} '''{% endif %}")),
    row("d", Each(path("sort_by(l, &a)[?b == 'x'] | [*].{a: a}"), (row("b", expr("item.b + 1")),)), "list"),
)  # fmt: skip


def test_tree_holds_no_attribute_and_calls_only_what_is_bound() -> None:
    emitter, result = build(ROWS, {}, Library())
    emitter.add(ast.Return(result))
    nodes = list(ast.walk(emitter.tree(["source", "held", "context"], 1)))

    assert not [node for node in nodes if isinstance(node, (ast.Attribute, ast.Import, ast.ImportFrom, ast.Lambda))]
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    assert all(isinstance(func, ast.Name) and func.id in emitter.bound for func in called)


def test_function_has_no_builtins() -> None:
    made = generate(ROWS, {}, Library(), "flow.yaml")

    assert isinstance(made, FunctionType)
    assert made.__globals__["__builtins__"] == {}


def test_names_in_the_code_are_ours_alone() -> None:
    made: Any = generate(ROWS, {}, Library(), "flow.yaml")
    ours = {"source", "held", "context", "out", "defaults", "problems", "error"}

    names = {*made.__code__.co_names, *made.__code__.co_varnames}
    assert {name for name in names if name not in ours and name[0] not in "vgn"} == set()


def test_hostile_text_is_only_text() -> None:
    mapper = compile_rows(ROWS, {}, library=Library(), file="flow.yaml")

    made = mapper({HOSTILE: {"b": "B"}, "a": "A", "b": "b", "l": []}, None, Context())
    assert made.values == {HOSTILE: HOSTILE, "a": "B", "c": "b '''", "d": None}


def test_traceback_points_at_the_line_of_the_yaml() -> None:
    def bug(_: Any) -> Any:
        raise ZeroDivisionError

    rows = (
        Row("a", path("x"), FieldSpec("a"), Place("mappings/flow.yaml", 12)),
        Row("b", path("x"), FieldSpec("b"), Place("mappings/flow.yaml", 17), apply=(Call("bug"),)),
    )
    mapper = compile_rows(rows, {}, library=Library({"bug": Function(bug)}), file="mappings/flow.yaml")

    with pytest.raises(ZeroDivisionError) as caught:
        mapper({"x": "X"}, None, Context())
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert ("mappings/flow.yaml", 17) in places


def test_function_is_made_on_the_first_record() -> None:
    mapper = compile_rows((row("a", "a[[["),), {}, library=Library(), file="flow.yaml")

    with pytest.raises(Exception, match="not a JMESPath"):
        mapper({}, None, Context())


def test_member_that_rows_share_is_read_once() -> None:
    emitter, result = build((row("a", "m.x"), row("b", "m.y"), row("c", expr("source.m.x"))), {}, Library())
    emitter.add(ast.Return(result))
    code = ast.unparse(emitter.tree(["source", "held", "context"], 1))

    assert (code.count("source['m']"), code.count("['x']")) == (1, 1)


def test_expressions_and_paths_are_generated_functions() -> None:
    for made in (compile_path("a.b[0]"), compile_expr("source.a == 'x'", frozenset({"source"}))):
        assert isinstance(made, FunctionType)
        assert made.__globals__["__builtins__"] == {}


def test_mapping_too_large_for_one_python_function_is_interpreted() -> None:
    many = Choose(tuple(Case(expr(f"source.f{number}"), Literally(f"line {number}")) for number in range(1200)))
    mapper = compile_rows((row("a", many),), {}, library=Library(), file="flow.yaml")

    assert mapper({"f1199": True}, None, Context()).values == {"a": "line 1199"}


def test_import_brings_neither_library() -> None:
    code = "import sys, engine.expressions; print({'jinja2', 'jmespath', 'engine.spec.mapping'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
