"""The map of a record, a line or an object: all members at once, then without those that are absent."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

from engine.expressions.emit_frame import Frame, Result, Rows
from engine.expressions.emitter import Operand, is_, is_not
from engine.model.values import ABSENT

AT_ONCE: Final = 15
"""How many members Python builds a dict of in one step; `absent` may list only those."""


def assemble(rows: Rows, into: str, results: Iterable[tuple[str, Result]], frame: Frame) -> None:
    """The map of the results that are not absent: all at once, then without those that are."""
    emitter = rows.emitter
    results = list(results)
    at_once, one_by_one = results[:AT_ONCE], results[AT_ONCE:]
    keys: list[ast.expr | None] = [ast.Constant(target) for target, _ in at_once]
    emitter.set(into, ast.Dict(keys, [emitter.load(result.value) for _, result in at_once]))
    for target, result in at_once:
        if result.gone == "maybe":
            with emitter.block() as gone:
                _drop(rows, into, ast.Constant(target))
            emitter.when(is_(emitter.load(result.value), emitter.bind(ABSENT)), gone)
    if any(result.gone == "listed" for _, result in at_once):
        name = emitter.new()
        with emitter.block() as body:
            _drop(rows, into, ast.Name(name, ast.Load()))
        emitter.loop(name, ast.Name(frame.absent, ast.Load()), body)
    for target, result in one_by_one:
        _put(rows, into, target, result.value)


def _drop(rows: Rows, into: str, key: ast.expr) -> None:
    rows.emitter.add(ast.Delete([ast.Subscript(ast.Name(into, ast.Load()), key, ast.Del())]))


def _put(rows: Rows, into: str, target: str, value: Operand) -> None:
    """into[target] = value, unless it is absent."""
    emitter = rows.emitter
    with emitter.block() as then:
        place = ast.Subscript(ast.Name(into, ast.Load()), ast.Constant(target), ast.Store())
        emitter.add(ast.Assign([place], emitter.load(value)))
    emitter.when(is_not(emitter.load(value), emitter.bind(ABSENT)), then)
