"""The tests of the expression language: `is defined`, `is blank`, ..."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from engine.expressions.operators import COMPARISONS
from engine.model.values import ABSENT, is_blank, is_number


@dataclass(frozen=True, slots=True)
class PredicateSpec:
    """A test: what it calls, and how many arguments it takes."""

    call: Callable[..., bool]
    arity: int = 0


def _integer(value: Any) -> bool:
    return type(value) is int or (type(value) is Decimal and value.is_finite() and value == value.to_integral_value())


_COMPARING: Final = {
    "==": "eq",
    "eq": "eq",
    "equalto": "eq",
    "!=": "ne",
    "ne": "ne",
    "<": "lt",
    "lt": "lt",
    "lessthan": "lt",
    "<=": "lteq",
    "le": "lteq",
    ">": "gt",
    "gt": "gt",
    "greaterthan": "gt",
    ">=": "gteq",
    "ge": "gteq",
    "in": "in",
}

PREDICATES: Final[dict[str, PredicateSpec]] = {
    "blank": PredicateSpec(is_blank),
    "boolean": PredicateSpec(lambda value: type(value) is bool),
    "decimal": PredicateSpec(lambda value: type(value) is Decimal),
    "defined": PredicateSpec(lambda value: value is not ABSENT),
    "false": PredicateSpec(lambda value: value is False),
    "integer": PredicateSpec(_integer),
    "list": PredicateSpec(lambda value: type(value) is list),
    "mapping": PredicateSpec(lambda value: type(value) is dict),
    "none": PredicateSpec(lambda value: value is None),
    "number": PredicateSpec(is_number),
    "string": PredicateSpec(lambda value: type(value) is str),
    "true": PredicateSpec(lambda value: value is True),
    "truthy": PredicateSpec(bool),
    "undefined": PredicateSpec(lambda value: value is ABSENT),
    **{name: PredicateSpec(COMPARISONS[operator], 1) for name, operator in _COMPARING.items()},
}
