"""Payment card numbers: found anywhere in a tree, and masked. Only tokens belong in records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_RUN = re.compile(r"[0-9](?:[ \u00a0-]?[0-9]){12,}")
_MASKED = re.compile(r"[*]{9,15}[0-9]{4}")
"""What `mask` leaves of one: it still tells that a card number stood there."""
_GROUP = re.compile(r"[0-9]+")
_ISSUERS = re.compile(r"(?:4|5[1-5]|2[2-7]|3[04-9]|6[0-9]|50|5[6-9]|81|9792)")
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
FEWEST, MOST, MOST_OF_A_PHONE = 13, 19, 15


def find(text: str) -> list[tuple[int, int]]:
    """Where card numbers stand in a text: 13 to 19 digits, perhaps spaced, of an issuer, right by Luhn."""
    if len(text) < FEWEST:
        return []
    runs = (run for run in _RUN.finditer(text) if not _is_phone(run))
    return [span for run in runs for span in _in_run(text, *run.span())]


def mask(text: str) -> str:
    """The text with every card number masked but for its last four digits."""
    for start, end in reversed(find(text)):
        digits = [sign for sign in text[start:end] if sign.isdigit()]
        text = text[:start] + "*" * (len(digits) - 4) + "".join(digits[-4:]) + text[end:]
    return text


def mask_tree(tree: Any) -> Any:
    """The same tree with card numbers masked in every text, and in whole numbers that are one."""
    if isinstance(tree, str):
        return mask(tree)
    if isinstance(tree, dict):
        return {mask(name): mask_tree(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [mask_tree(value) for value in tree]
    if type(tree) is int and tree > 10**12 and find(str(tree)):
        return mask(str(tree))
    return tree


def without_cards(value: Any) -> Any:
    """The value as it may be kept: the same object where no card number stands in it."""
    if isinstance(value, str):
        return mask(value) if len(value) >= FEWEST and _RUN.search(value) else value
    return mask_tree(value) if isinstance(value, (dict, list)) and any(paths(value)) else value


def paths(tree: Any, path: str = "") -> Iterator[str]:
    """Where in a tree card numbers stand, as paths."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from paths(value, f"{path}.{name}" if path else name)
    elif isinstance(tree, list):
        for place, value in enumerate(tree):
            yield from paths(value, f"{path}[{place}]")
    elif _holds_card(tree):
        yield path


def _holds_card(leaf: Any) -> bool:
    if isinstance(leaf, str):
        return bool(find(leaf)) or (len(leaf) >= FEWEST and bool(_MASKED.search(leaf)))
    return type(leaf) is int and leaf > 10**12 and bool(find(str(leaf)))


def _is_phone(run: re.Match[str]) -> bool:
    """True for an international number: `+` and no more digits than one has."""
    before = run.string[run.start() - 1 : run.start()]
    return before == "+" and sum(map(str.isdigit, run.group())) <= MOST_OF_A_PHONE


def _in_run(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Card numbers in one run of digits: any neighbouring groups may be one."""
    groups = [found.span() for found in _GROUP.finditer(text, start, end)]
    first = 0
    while first < len(groups):
        last = _last_group(text, groups, first)
        if last is not None:
            yield groups[first][0], groups[last][1]
        first = first + 1 if last is None else last + 1


def _last_group(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    digits = ""
    for last in range(first, len(groups)):
        digits += text[slice(*groups[last])]
        if len(digits) > MOST:
            return None
        alone = first == last or _alone(text, groups[first][0], groups[last][1])
        if alone and len(digits) >= FEWEST and _is_card(digits):
            return last
    return None


def _alone(text: str, start: int, end: int) -> bool:
    """True when no letter touches it: groups inside a longer id are no card number."""
    around = text[start - 1 : start] + text[end : end + 1] if start else text[end : end + 1]
    return not any(sign.isalnum() or sign == "_" for sign in around)


def _is_card(digits: str) -> bool:
    return bool(_ISSUERS.match(digits)) and len(set(digits)) > 1 and _luhn(digits)


def _luhn(digits: str) -> bool:
    doubled = sum(_DOUBLED[int(digit)] for digit in digits[-2::-2])
    return (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0
