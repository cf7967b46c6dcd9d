"""A file of match rules with the weights that were learnt: the same text, and a section `weights` at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.spec.matching import Weights

_SECTION = re.compile(r"(?m)^(?:# learnt by .*\n)?weights:.*\n(?:(?:[ \t].*|#.*)?\n)*")


def with_weights(text: str, weights: Weights) -> str:
    """The text of the rules with this section in place of the one that it has."""
    body = _SECTION.sub("", text if text.endswith("\n") else f"{text}\n").rstrip("\n")
    return f"{body}\n\n" + "\n".join(_lines(weights)) + "\n"


def _lines(weights: Weights) -> Iterator[str]:
    yield "# learnt by run.py match --learn: edit as you like; without this section they are learnt anew each time"
    yield "weights:"
    yield f"  shares: {{{_pairs(weights.shares)}}}"
    yield "  chances:"
    for name, levels in weights.chances.items():
        if not levels:
            continue  # nothing was there to learn from: a comparison without chances weighs nothing
        yield f"    {name}:"
        for level, kinds in levels.items():
            yield f"      {level}: {{{_pairs(kinds)}}}"


def _pairs(numbers: Mapping[str, float]) -> str:
    return ", ".join(f"{name}: {_plain(number)}" for name, number in numbers.items())


def _plain(number: float) -> str:
    """Decimal digits: the rules' YAML has no exponents."""
    return f"{number:.12f}".rstrip("0").rstrip(".") or "0"
