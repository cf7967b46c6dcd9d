"""Floor 1: the two expression languages, an interpreter of both, and a code generator for mappings.

JMESPath reads (`path`), a closed Jinja dialect computes (`expr`, `template`). What every evaluator obeys:

- Dots and brackets are item access only, never attributes; a missing member is absent however deep, never an error.
- A bare path (`a.b.c`) tells absent from null; any other path that yields null is absent.
- Absent or null inside a `template` makes the whole template absent, unless `default` gives it a value.
- Arithmetic takes int and Decimal, never float; a blank or another type makes the result absent; so does `~`.
- `/` of integers that divide evenly is an integer, else a Decimal of 28 digits; `//` and `%` floor; by zero: absent.
- `< <= > >=` between anything but two numbers or two texts is false. `==` takes absent for null.
- `x in absent` is false. `and`, `or` and `if` use Python's truth; absent is false.
- A blank goes through every filter but `default` as absent; a value that a filter cannot take gives absent.
- In a text true and false are `true` and `false`, decimals have no exponent; a list or an object fails the template.
- Values are never rendered again. A text made here has at most 10,000 characters, a number at most 10**30.
- A JMESPath function of a value that it cannot take gives null; its numbers are int and Decimal.

Outside the dialect is `ExpressionError` at load; `ExpressionFailed` (too long, too large, list in a text) is the
only thing that evaluating may raise, and mapping turns it into a problem of the record.
"""

from __future__ import annotations

from engine.expressions.errors import ExpressionError, ExpressionFailed
from engine.expressions.mapping import compile_rows, interpret_rows, reads
from engine.expressions.parsed import (
    Parsed,
    compile_expr,
    compile_path,
    compile_template,
    interpret_expr,
    interpret_path,
    interpret_template,
    parse_expr,
    parse_path,
    parse_template,
)

__all__ = [
    "ExpressionError", "ExpressionFailed", "Parsed",
    "compile_expr", "compile_path", "compile_rows", "compile_template",
    "interpret_expr", "interpret_path", "interpret_rows", "interpret_template",
    "parse_expr", "parse_path", "parse_template", "reads",
]  # fmt: skip
