"""Where the paths of a block's rows start: at a line of a list, or at an object."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.spec.mapping import Text

if TYPE_CHECKING:
    from engine.config.compile_reads import Use

_LEADING = re.compile(r"((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)((?:\[[^\]]*\])?(?:\s*\|\s*\[0\])?)\Z")


@dataclass(frozen=True, slots=True)
class Base:
    """A place in an object's records; without `use` nothing is known of what stands there."""

    use: Use | None
    prefix: tuple[str, ...] = ()


def items_of(path: Text, base: Base, lines: bool) -> Base:
    """Where rows below this path start: at its lines, or at its one value. Computed values have no place."""
    found = _LEADING.match(path.text.strip())
    if found is None or base.use is None:
        return Base(None)
    through = ("[]",) if lines or found[2] else ()
    return Base(base.use, (*base.prefix, *found[1].split("."), *through))
