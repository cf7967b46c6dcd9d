"""A whole mapping: compiled to one Python function on first use, and what it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.expressions.row_steps import Library
    from engine.model.mapping import MapContext, Mapped, Mapper
    from engine.spec.mapping import Row


def interpret_rows(rows: tuple[Row, ...], settings: Mapping[str, Any], *, library: Library, file: str) -> Mapper:
    """The same mapper, interpreted: the reference."""
    from engine.expressions.rows import Interpretation

    del file

    def mapper(source: dict[str, Any], held: dict[str, Any] | None, context: MapContext) -> Mapped:
        return Interpretation(rows, settings, library, context).run(source, held)

    return mapper


def reads(rows: tuple[Row, ...]) -> frozenset[tuple[str, ...]]:
    """What the rows read, from the source record on; other reads start with their name.

    Those are `held`, `link`, `now`, `records:<object>`, `by:<object>.<field>`, `linked:<object>`. The step `[]`
    goes through a list, if it is one; the path () is the whole record.
    """
    from engine.expressions.row_reads import RowReads

    return RowReads(rows).all()


def compile_rows(rows: tuple[Row, ...], settings: Mapping[str, Any], *, library: Library, file: str) -> Mapper:
    """A mapper whose function is generated when it is first called."""
    made: Callable[..., Mapped] | None = None

    def mapper(source: dict[str, Any], held: dict[str, Any] | None, context: MapContext) -> Mapped:
        nonlocal made
        if made is None:
            made = _made(rows, settings, library, file)
        return made(source, held, context)

    return mapper


def _made(rows: tuple[Row, ...], settings: Mapping[str, Any], library: Library, file: str) -> Callable[..., Mapped]:
    from engine.expressions.emit_mapping import generate

    try:
        return generate(rows, settings, library, file)
    except (SyntaxError, RecursionError, MemoryError):
        # Python's own limits on one function: nesting that nobody should write, but may.
        return interpret_rows(rows, settings, library=library, file=file)
