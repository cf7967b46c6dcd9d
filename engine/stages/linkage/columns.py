"""A table as arrays: each column holds a number per row and every distinct value once, so that work on values is
done once per value and work on rows is arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Rows = NDArray[np.int32]
Levels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Column:
    """One field of all rows. `values[0]` is blank, so that code 0 always means that there is nothing."""

    codes: Codes
    values: Sequence[str]

    def through(self, normalise: Callable[[str], str]) -> Column:
        """The column with each value in another form; values that become the same share a code."""
        known = {"": 0}
        moved = np.fromiter(
            (known.setdefault(normalise(value) if value else "", len(known)) for value in self.values),
            np.int32,
            len(self.values),
        )
        return Column(moved[self.codes], list(known))

    def rare(self, share: float) -> NDArray[np.bool_]:
        """Which values no larger share of the rows has, by code."""
        found: NDArray[np.bool_] = np.bincount(self.codes, minlength=len(self.values)) <= share * len(self.codes)
        return found


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one file, or of two behind each other: the first `left_count` are the left file's.

    `ids` names each row for people; `linking` is true for two files, whose rows are compared across only.
    """

    ids: Sequence[str]
    columns: Mapping[str, Column]
    left_count: int
    linking: bool = False

    def __len__(self) -> int:
        return len(self.ids)


class ColumnBuilder:
    """Gathers the values of one column batch by batch, each distinct one once."""

    __slots__ = ("_codes", "_known")

    def __init__(self) -> None:
        self._known: dict[str, int] = {"": 0}
        self._codes: list[Codes] = []

    def add(self, values: Sequence[str]) -> None:
        """The values of the next rows."""
        known = self._known
        codes = [known.setdefault(value, len(known)) for value in values]
        self._codes.append(np.array(codes, np.int32))

    def built(self) -> Column:
        """The column of what was added; nothing more may be added."""
        codes = np.concatenate([np.empty(0, np.int32), *self._codes])
        values = list(self._known)
        self._known, self._codes = {}, []
        return Column(codes, values)


def column_of(values: Sequence[str]) -> Column:
    """A column of these values."""
    builder = ColumnBuilder()
    builder.add(values)
    return builder.built()
