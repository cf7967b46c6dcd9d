"""What the operators of the expression language do, for the interpreter and for generated code alike."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from engine.expressions.errors import NUMBER_LIMIT, OUTPUT_LIMIT, ExpressionFailed
from engine.model.values import ABSENT, Pending


def member(value: Any, key: Any) -> Any:
    """Item access; whatever is not there is absent."""
    kind = type(key)
    if kind is str:
        return value[key] if type(value) is dict and key in value else ABSENT
    if kind is int and type(value) in (list, str) and -len(value) <= key < len(value):
        return value[key]
    return ABSENT


def cut(value: Any, start: int | None, stop: int | None, step: int | None) -> Any:
    """A slice of a text or a list."""
    return value[start:stop:step] if type(value) in (list, str) else ABSENT


# -- comparing --------------------------------------------------------------------------------------


def _orderable(left: Any, right: Any) -> bool:
    kinds = (type(left), type(right))
    if kinds == (str, str):
        return True
    if kinds == (int, int):
        return True
    return kinds[0] in (int, Decimal) and kinds[1] in (int, Decimal) and not (_nan(left) or _nan(right))


def _nan(value: Any) -> bool:
    return type(value) is Decimal and value.is_nan()


def equal(left: Any, right: Any) -> bool:
    """Equality of values; absent equals null."""
    return bool((None if left is ABSENT else left) == (None if right is ABSENT else right))


def unequal(left: Any, right: Any) -> bool:
    """The opposite of `equal`."""
    return not equal(left, right)


def less(left: Any, right: Any) -> bool:
    """`<` between two numbers or two texts; false for everything else."""
    return _orderable(left, right) and bool(left < right)


def at_most(left: Any, right: Any) -> bool:
    """`<=`, as `less`."""
    return _orderable(left, right) and bool(left <= right)


def more(left: Any, right: Any) -> bool:
    """`>`, as `less`."""
    return less(right, left)


def at_least(left: Any, right: Any) -> bool:
    """`>=`, as `less`."""
    return at_most(right, left)


def within(part: Any, whole: Any) -> bool:
    """`in`: element of a list, part of a text, key of a map; false for everything else."""
    if type(whole) is list:
        return (None if part is ABSENT else part) in whole
    return type(whole) in (str, dict) and type(part) is str and part in whole


def not_within(part: Any, whole: Any) -> bool:
    """The opposite of `within`."""
    return not within(part, whole)


# -- arithmetic -------------------------------------------------------------------------------------

_EXPONENTS: Final = (-200, 30)


def _numeric(value: Any) -> bool:
    kind = type(value)
    return kind is int or (kind is Decimal and value.is_finite())


def sized(value: int | Decimal) -> int | Decimal:
    """The number itself when it is of a size that a business could mean."""
    if isinstance(value, Decimal) and not _EXPONENTS[0] <= value.as_tuple().exponent <= _EXPONENTS[1]:  # type: ignore[operator]
        raise ExpressionFailed("number-too-large", "a number with an exponent beyond all use")
    if not -NUMBER_LIMIT <= value <= NUMBER_LIMIT:
        raise ExpressionFailed("number-too-large", f"a number beyond {NUMBER_LIMIT:.0e}")
    return value


def calculate(operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """Arithmetic on two numbers; absent when one of them is none."""
    if not (_numeric(left) and _numeric(right)):
        return ABSENT
    try:
        result = operation(sized(left), sized(right))
    except ArithmeticError as error:
        raise ExpressionFailed("number-too-large", "a number beyond what decimals hold") from error
    return result if result is ABSENT else sized(result)


def _divide(left: Any, right: Any) -> Any:
    if right == 0:
        return ABSENT
    if type(left) is int and type(right) is int and left % right == 0:
        return left // right
    return Decimal(left) / Decimal(right)


def _floor_divide(left: Any, right: Any) -> Any:
    if right == 0:
        return ABSENT
    if type(left) is int and type(right) is int:
        return left // right
    return (Decimal(left) / Decimal(right)).to_integral_value(ROUND_FLOOR)


def _modulo(left: Any, right: Any) -> Any:
    return ABSENT if right == 0 else left - right * _floor_divide(left, right)


def add(left: Any, right: Any) -> Any:
    """`+`."""
    return calculate(lambda a, b: a + b, left, right)


def subtract(left: Any, right: Any) -> Any:
    """`-`."""
    return calculate(lambda a, b: a - b, left, right)


def multiply(left: Any, right: Any) -> Any:
    """`*`."""
    return calculate(lambda a, b: a * b, left, right)


def divide(left: Any, right: Any) -> Any:
    """`/`: exact for integers that divide evenly, else Decimal; absent by zero."""
    return calculate(_divide, left, right)


def floor_divide(left: Any, right: Any) -> Any:
    """`//`, towards minus infinity for every kind of number."""
    return calculate(_floor_divide, left, right)


def modulo(left: Any, right: Any) -> Any:
    """`%`, with the sign of the divisor for every kind of number."""
    return calculate(_modulo, left, right)


# -- text -------------------------------------------------------------------------------------------


def text(value: Any) -> Any:
    """A value as it stands in a text; absent for null and absent."""
    kind = type(value)
    if kind is str:
        return value
    if value is None or value is ABSENT:
        return ABSENT
    if kind is bool:
        return "true" if value else "false"
    if kind is int or kind is Decimal:
        return _digits(value)
    if kind is Pending:
        raise ExpressionFailed("pending-in-text", "an id that is only about to exist cannot stand in a text yet")
    raise ExpressionFailed("list-in-text", "a list or an object cannot stand in a text; join it, or name a member")


def _digits(value: int | Decimal) -> str:
    if not _numeric(value):
        raise ExpressionFailed("number-not-finite", "an infinite or undefined number cannot stand in a text")
    return format(sized(value), "f" if type(value) is Decimal else "d")


def bounded(value: str) -> str:
    """The text itself when it is short enough."""
    if len(value) > OUTPUT_LIMIT:
        raise ExpressionFailed("template-too-long", f"the text is longer than {OUTPUT_LIMIT} characters")
    return value


def join_texts(*values: Any) -> Any:
    """`~`, and the pieces of a template: one text, absent when a piece is absent or null."""
    parts = [text(value) for value in values]
    return ABSENT if ABSENT in parts else bounded("".join(parts))


def listed(*values: Any) -> list[Any]:
    """A list literal; absent stands as null."""
    return [None if value is ABSENT else value for value in values]


COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "eq": equal,
    "ne": unequal,
    "lt": less,
    "lteq": at_most,
    "gt": more,
    "gteq": at_least,
    "in": within,
    "notin": not_within,
}

ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "add": add,
    "sub": subtract,
    "mul": multiply,
    "div": divide,
    "floordiv": floor_divide,
    "mod": modulo,
}
