"""searchCriteria: groups are ANDed, filters of a group ORed; the last page comes again and again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sandbox.magento import refusals
from sandbox.magento.refusals import Refusal

Record = dict[str, Any]
Look = Callable[[Record, str], Any]
"""Takes the value of a field out of a record."""

_FILTER = re.compile(r"\[(?:filter_groups|filterGroups)\]\[(\w+)\]\[filters\]\[(\w+)\]\[(\w+)\]\Z")
_SORT = re.compile(r"\[(?:sort_orders|sortOrders)\]\[(\w+)\]\[(field|direction)\]\Z")
_PAGE = re.compile(r"\[(pageSize|page_size|currentPage|current_page)\]\Z")
_DIRECTIONS = ("ASC", "DESC")


@dataclass(slots=True)
class Filter:
    """One comparison."""

    field: str = ""
    value: str = ""
    condition_type: str = "eq"

    def plain(self) -> dict[str, str]:
        return {"field": self.field, "value": self.value, "condition_type": self.condition_type}


@dataclass(slots=True)
class Criteria:
    """What a search asks for; page_size 0 = every row."""

    groups: list[list[Filter]] = field(default_factory=list)
    sorts: list[tuple[str, str]] = field(default_factory=list)
    page_size: int = 0
    current_page: int = 1

    def plain(self) -> dict[str, Any]:
        """As the answer repeats it."""
        told: dict[str, Any] = {"filter_groups": [{"filters": [one.plain() for one in group]} for group in self.groups]}
        if self.sorts:
            told["sort_orders"] = [{"field": name, "direction": direction} for name, direction in self.sorts]
        if self.page_size:
            told |= {"page_size": self.page_size, "current_page": self.current_page}
        return told

    def only(self, name: str) -> str | None:
        """The value that a group of its own demands of a field, for an index."""
        for group in self.groups:
            if len(group) == 1 and group[0].field == name and group[0].condition_type == "eq":
                return group[0].value
        return None


def read(query: list[tuple[str, str]], prefix: str = "searchCriteria") -> Criteria:
    """The criteria of a query; it must be there, empty or not."""
    given = [(name[len(prefix) :], value) for name, value in query if name.startswith(prefix)]
    if not given:
        raise Refusal('"%fieldName" is required. Enter and try again.', {"fieldName": prefix})
    criteria = Criteria()
    groups: dict[str, dict[str, Filter]] = {}
    sorts: dict[str, dict[str, str]] = {}
    for name, value in given:
        if found := _FILTER.match(name):
            one = groups.setdefault(found[1], {}).setdefault(found[2], Filter())
            _set_filter(one, found[3], value)
        elif found := _SORT.match(name):
            sorts.setdefault(found[1], {})[found[2]] = value
        elif found := _PAGE.match(name):
            _set_page(criteria, found[1], value)
        elif name:
            inner = name.strip("[]").split("]")[0]
            raise refusals.unknown_property(inner, "Magento\\Framework\\Api\\SearchCriteriaInterface")
    criteria.groups = [list(filters.values()) for filters in groups.values()]
    criteria.sorts = [_sort(one) for one in sorts.values()]
    return criteria


def _set_filter(one: Filter, member: str, value: str) -> None:
    if member == "field":
        one.field = value
    elif member == "value":
        one.value = value
    elif member in ("condition_type", "conditionType"):
        if value not in OPERATORS:
            raise Refusal("Invalid condition type '%1'.", [value])
        one.condition_type = value
    else:
        raise refusals.unknown_property(member, "Magento\\Framework\\Api\\Filter")


def _set_page(criteria: Criteria, member: str, value: str) -> None:
    if not re.fullmatch(r"[0-9]+", value):
        raise refusals.wrong_type(value, "int")
    if member in ("pageSize", "page_size"):
        criteria.page_size = int(value)
    else:
        criteria.current_page = int(value)


def _sort(one: dict[str, str]) -> tuple[str, str]:
    direction = one.get("direction", "DESC").upper()
    if direction not in _DIRECTIONS:
        text = 'The sort order has to be specified as "ASC" for ascending order or "DESC" for descending order.'
        raise Refusal(text)
    return one.get("field", ""), direction


def search(rows: Iterable[Record], criteria: Criteria, look: Look) -> tuple[list[Record], int]:
    """The page that is asked for, and how many rows there are in all."""
    kept = [row for row in rows if _fits(row, criteria, look)]
    for name, direction in reversed(criteria.sorts):
        kept.sort(key=lambda row, name=name: _place(look(row, name)), reverse=direction == "DESC")  # type: ignore[misc]
    total = len(kept)
    if not criteria.page_size:
        return kept, total
    last = max(1, -(-total // criteria.page_size))
    start = (min(max(criteria.current_page, 1), last) - 1) * criteria.page_size
    return kept[start : start + criteria.page_size], total


def _fits(row: Record, criteria: Criteria, look: Look) -> bool:
    return all(
        any(OPERATORS[one.condition_type](look(row, one.field), one.value) for one in group)
        for group in criteria.groups
    )


def _place(value: Any) -> tuple[int, Any]:
    """Where the database sorts a value: null first, then numbers as numbers, then texts without their case."""
    if value is None:
        return 0, 0
    return (1, value) if isinstance(value, int | float) else (2, str(value).casefold())


def _order(held: Any, wanted: str) -> int | None:
    """-1, 0 or 1 as the database compares a column with a text; None where the column is null."""
    if held is None:
        return None
    if isinstance(held, int | float):
        number = _number(wanted)
        return int(held > number) - int(held < number)
    one, two = str(held).casefold(), wanted.casefold()
    return int(one > two) - int(one < two)


@lru_cache(maxsize=1000)
def _number(text: str) -> float:
    """A text as the database reads it where a number is due: its leading digits, else 0."""
    found = re.match(r"\s*[+-]?[0-9]+(\.[0-9]+)?", text)
    return float(found[0]) if found else 0.0


def _like(held: Any, pattern: str) -> bool:
    if held is None:
        return False
    parts = ["." if one == "_" else ".*" if one == "%" else re.escape(one) for one in pattern]
    return re.fullmatch("".join(parts), str(held), re.IGNORECASE | re.DOTALL) is not None


def _in(held: Any, wanted: str) -> bool:
    return any(_order(held, one) == 0 for one in wanted.split(","))


def _found_in_set(held: Any, wanted: str) -> bool:
    return held is not None and wanted in str(held).split(",")


OPERATORS: dict[str, Callable[[Any, str], bool]] = {
    "eq": lambda held, wanted: _order(held, wanted) == 0,
    "neq": lambda held, wanted: _order(held, wanted) not in (0, None),
    "gt": lambda held, wanted: _order(held, wanted) == 1,
    "gteq": lambda held, wanted: _order(held, wanted) in (0, 1),
    "lt": lambda held, wanted: _order(held, wanted) == -1,
    "lteq": lambda held, wanted: _order(held, wanted) in (-1, 0),
    "moreq": lambda held, wanted: _order(held, wanted) in (0, 1),
    "from": lambda held, wanted: _order(held, wanted) in (0, 1),
    "to": lambda held, wanted: _order(held, wanted) in (-1, 0),
    "in": _in,
    "nin": lambda held, wanted: held is not None and not _in(held, wanted),
    "finset": _found_in_set,
    "nfinset": lambda held, wanted: held is not None and not _found_in_set(held, wanted),
    "like": _like,
    "nlike": lambda held, wanted: held is not None and not _like(held, wanted),
    "null": lambda held, wanted: held is None,
    "notnull": lambda held, wanted: held is not None,
}
