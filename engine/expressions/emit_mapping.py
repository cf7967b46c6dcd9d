"""A whole mapping to one Python function."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from engine.expressions.assembling import AT_ONCE, assemble
from engine.expressions.emit_frame import Frame, Rows
from engine.expressions.emit_row import emit_row
from engine.expressions.emit_source import emit_source
from engine.expressions.emitter import Emitter, Operand
from engine.expressions.read_sets import names_in
from engine.expressions.row_steps import LINE_NAMES, Library, context_link, context_now, tree_of
from engine.expressions.sharing import all_texts, hoist
from engine.model.mapping import MapContext, Mapped
from engine.spec.mapping import Row

ARGUMENTS: Final = ("source", "held", "context")


def generate(rows: tuple[Row, ...], settings: Mapping[str, Any], library: Library, file: str) -> Callable[..., Mapped]:
    """The Python function of a mapping."""
    emitter, result = build(rows, settings, library)
    line = rows[0].place.line if rows else 1
    return emitter.function(ARGUMENTS, result, file, line or 1)


def build(rows: tuple[Row, ...], settings: Mapping[str, Any], library: Library) -> tuple[Emitter, ast.expr]:
    """The statements of the function, and the expression that it returns."""
    emitter = Emitter()
    emitter.line = (rows[0].place.line if rows else 0) or 1
    targets = frozenset(row.target for row in rows)
    emitter.set("defaults", ast.Tuple([], ast.Load()))
    emitter.set("problems", ast.Tuple([], ast.Load()))
    source = Operand("source", known_map=True)
    mapped: dict[str, Operand] = {}
    names = {"source": source, "held": Operand("held"), "settings": Operand(value=settings)}
    names["mapped"] = Operand(parts=mapped, known_map=True)
    context = ast.Name("context", ast.Load())
    for name, read in _used(rows, targets).items():
        names[name] = emitter.let(emitter.call(read, context))
    frame = Frame(source, names, absent=emitter.let(ast.Tuple([], ast.Load())).local)
    whole = Rows(emitter, library, targets, emit_source)
    hoist(emitter, rows, frame, targets)
    results = []
    for count, row in enumerate(rows):
        result = emit_row(whole, row, frame if count < AT_ONCE else replace(frame, absent=""))
        results.append((row.target, result))
        mapped[row.target] = result.value
    assemble(whole, "out", results, frame)
    parts: list[ast.expr] = [ast.Name(name, ast.Load()) for name in ("out", "defaults", "problems")]
    return emitter, emitter.call(tuple.__new__, emitter.bind(Mapped), ast.Tuple(parts, ast.Load()))


def _used(rows: tuple[Row, ...], targets: frozenset[str]) -> dict[str, Callable[[MapContext], Any]]:
    """What of the context the rows read."""
    trees = (tree_of(text, LINE_NAMES, targets) for text in all_texts(rows) if text.kind != "path")
    used = frozenset[str]().union(*(names_in(tree) for tree in trees))
    return {name: read for name, read in (("link", context_link), ("now", context_now)) if name in used}
