"""The JMESPath functions on exact numbers.

As the `jmespath` library, but for int and Decimal (never float), and a value that a function cannot take gives null
where the library raises: a path is never an error of the run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from engine.expressions.errors import ExpressionFailed
from engine.expressions.operators import divide, sized, text
from engine.model.values import Pending, is_number

Apply = Callable[[Any], Any]
"""An expression argument (`&name`): its value for an element."""


def false(value: Any) -> bool:
    """What JMESPath holds for false: null, false, empty text, list and map; zero is true."""
    return value is None or value is False or (isinstance(value, (str, list, dict)) and not value)


def equal(left: Any, right: Any) -> bool:
    """`==`: as Python, but a boolean equals only itself."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def unequal(left: Any, right: Any) -> bool:
    """`!=`."""
    return not equal(left, right)


def less(left: Any, right: Any) -> bool | None:
    """`<` between two numbers or two texts; null for everything else."""
    if _all(is_number, (left, right)) or _all(_is_text, (left, right)):
        return bool(left < right)
    return None


def at_most(left: Any, right: Any) -> bool | None:
    """`<=`."""
    turned = less(right, left)
    return None if turned is None else not turned


def more(left: Any, right: Any) -> bool | None:
    """`>`."""
    return less(right, left)


def at_least(left: Any, right: Any) -> bool | None:
    """`>=`."""
    return at_most(right, left)


def index(value: Any, position: int) -> Any:
    """`[0]` on a list."""
    return value[position] if type(value) is list and -len(value) <= position < len(value) else None


def cut(value: Any, start: int | None, stop: int | None, step: int | None) -> Any:
    """`[1:3]` on a list."""
    return value[start:stop:step] if type(value) is list else None


def flat(value: Any) -> Any:
    """`[]`: lists within the list give their elements."""
    if type(value) is not list:
        return None
    merged: list[Any] = []
    for one in value:
        if type(one) is list:
            merged += one
        else:
            merged.append(one)
    return merged


# -- what the functions take ---------------------------------------------------------------------------


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _all(kind: Callable[[Any], bool], values: Any) -> bool:
    return all(kind(one) for one in values)


def _sortable(value: Any) -> bool:
    return type(value) is list and (_all(is_number, value) or _all(_is_text, value))


def _text_list(value: Any) -> bool:
    return type(value) is list and _all(_is_text, value)


def _number_list(value: Any) -> bool:
    return type(value) is list and _all(is_number, value)


def _of(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: type(value) in kinds


def _anything(_: Any) -> bool:
    return True


def _expression(value: Any) -> bool:
    return callable(value)


# -- the functions -------------------------------------------------------------------------------------


def _to_number(value: Any) -> Any:
    if is_number(value):
        return value
    if not isinstance(value, str):
        return None
    try:
        return int(value)
    except ValueError:
        return _decimal(value)


def _decimal(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _to_string(value: Any) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{_json(key)}:{_json(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_json(one) for one in value) + "]"
    if isinstance(value, Decimal):
        return str(text(value))
    from json import dumps

    return dumps(value, default=str)


def _contains(subject: Any, search: Any) -> bool:
    return search in subject if type(subject) is list or isinstance(search, str) else False


def _type(value: Any) -> str | None:
    for name, kind in _TYPES:
        if isinstance(value, kind):
            return name
    return "null" if value is None else None


def _whole(rounding: str) -> Callable[[Any], Any]:
    return lambda value: value if type(value) is int else int(Decimal(sized(value)).to_integral_value(rounding))


def _merge(*maps: dict[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for one in maps:
        merged.update(one)
    return merged


def _keyed(values: list[Any], apply: Apply) -> list[tuple[Any, Any]] | None:
    keys = [apply(one) for one in values]
    return list(zip(keys, values, strict=True)) if _sortable(keys) else None


def _sort_by(values: list[Any], apply: Apply) -> Any:
    keyed = _keyed(values, apply)
    return None if keyed is None else [one for _, one in sorted(keyed, key=lambda pair: pair[0])]


def _extreme_by(pick: Callable[..., Any]) -> Callable[[list[Any], Apply], Any]:
    def extreme(values: list[Any], apply: Apply) -> Any:
        keyed = _keyed(values, apply)
        return pick(keyed, key=lambda pair: pair[0])[1] if keyed else None

    return extreme


def _not_null(*values: Any) -> Any:
    return next((one for one in values if one is not None), None)


_TYPES: Final[tuple[tuple[str, Any], ...]] = (
    ("string", str),
    ("boolean", bool),
    ("array", list),
    ("object", dict),
    ("number", (int, Decimal)),
)


@dataclass(frozen=True, slots=True)
class PathFunction:
    """A function: what it calls, what each argument must be, whether the last may repeat."""

    call: Callable[..., Any]
    takes: tuple[Callable[[Any], bool], ...]
    variadic: bool = False
    expression: int = -1
    """Position of the argument that is an expression (`&name`)."""

    def __call__(self, *args: Any) -> Any:
        """The value, or null for arguments that do not fit."""
        if any(type(one) is Pending for one in args):
            return next(one for one in args if type(one) is Pending)
        for fits, one in zip(self.takes, args, strict=False):
            if not fits(one):
                return None
        try:
            return self.call(*args)
        except ArithmeticError as error:
            raise ExpressionFailed("number-too-large", "a number beyond what decimals hold") from error


def _by(call: Callable[..., Any]) -> PathFunction:
    return PathFunction(call, (_of(list), _expression), expression=1)


FUNCTIONS: Final[dict[str, PathFunction]] = {
    "abs": PathFunction(abs, (is_number,)),
    "avg": PathFunction(lambda values: divide(sum(values), len(values)) if values else None, (_number_list,)),
    "ceil": PathFunction(_whole(ROUND_CEILING), (is_number,)),
    "contains": PathFunction(_contains, (_of(list, str), _anything)),
    "ends_with": PathFunction(lambda value, end: value.endswith(end), (_is_text, _is_text)),
    "floor": PathFunction(_whole(ROUND_FLOOR), (is_number,)),
    "join": PathFunction(lambda glue, values: glue.join(values), (_is_text, _text_list)),
    "keys": PathFunction(list, (_of(dict),)),
    "length": PathFunction(len, (_of(str, list, dict),)),
    "map": PathFunction(lambda apply, values: [apply(one) for one in values], (_expression, _of(list)), expression=0),
    "max": PathFunction(lambda values: max(values, default=None), (_sortable,)),
    "max_by": _by(_extreme_by(max)),
    "merge": PathFunction(_merge, (_of(dict),), variadic=True),
    "min": PathFunction(lambda values: min(values, default=None), (_sortable,)),
    "min_by": _by(_extreme_by(min)),
    "not_null": PathFunction(_not_null, (_anything,), variadic=True),
    "reverse": PathFunction(lambda value: value[::-1], (_of(list, str),)),
    "sort": PathFunction(sorted, (_sortable,)),
    "sort_by": _by(_sort_by),
    "starts_with": PathFunction(lambda value, start: value.startswith(start), (_is_text, _is_text)),
    "sum": PathFunction(sum, (_number_list,)),
    "to_array": PathFunction(lambda value: value if type(value) is list else [value], (_anything,)),
    "to_number": PathFunction(_to_number, (_anything,)),
    "to_string": PathFunction(_to_string, (_anything,)),
    "type": PathFunction(_type, (_anything,)),
    "values": PathFunction(lambda value: list(value.values()), (_of(dict),)),
}

COMPARISONS: Final[dict[str, Callable[[Any, Any], bool | None]]] = {
    "eq": equal,
    "ne": unequal,
    "lt": less,
    "lte": at_most,
    "gt": more,
    "gte": at_least,
}
