"""The `fields` parameter: items[id,extension_attributes[is_subscribed]],total_count trims an answer."""

from __future__ import annotations

from typing import Any

Wanted = dict[str, "Wanted"]
"""Member -> what is wanted of it; an empty map wants all of it."""


def parse(text: str) -> Wanted:
    """The tree of wanted members; brackets that do not close are closed at the end."""
    wanted: Wanted = {}
    stack = [wanted]
    name = ""
    last: Wanted = wanted
    for letter in text + ",":
        if letter not in ",[]":
            name += letter
            continue
        if name.strip():
            last = stack[-1].setdefault(name.strip(), {})
        name = ""
        if letter == "[":
            stack.append(last)
        elif letter == "]" and len(stack) > 1:
            stack.pop()
    return wanted


def trim(value: Any, wanted: Wanted) -> Any:
    """The wanted members alone, in lists line by line."""
    if not wanted:
        return value
    if isinstance(value, list):
        return [trim(one, wanted) for one in value]
    if isinstance(value, dict):
        return {name: trim(value[name], inner) for name, inner in wanted.items() if name in value}
    return value
