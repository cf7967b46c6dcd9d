"""Form encoding with nested names: a[b]=1, a[0][b]=1, a[]=1 become trees of dicts and strings."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from sandbox.stripe.refusals import Refusal

Tree = dict[str, "str | Tree"]

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")
_PART = re.compile(r"\[([^\[\]]*)\]")


def parse(encoded: bytes) -> Tree:
    """One tree of the whole form; lists are dicts under "0", "1", ... until a schema says otherwise."""
    tree: Tree = {}
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise Refusal(
            "Invalid request: the parameters are not valid UTF-8.", code="invalid_characters"
        ) from error
    for name, value in pairs:
        _place(tree, _parts(name), value, name)
    return tree


def _parts(name: str) -> list[str]:
    found = _NAME.match(name)
    return [found[1], *_PART.findall(found[2])] if found else [name]


def _place(tree: Tree, parts: list[str], value: str, name: str) -> None:
    for at, part in enumerate(parts[:-1]):
        part = _slot(tree, part, parts[at + 1])
        inner = tree.setdefault(part, {})
        if isinstance(inner, str):
            raise Refusal(f"Invalid request: '{name}' is given both as text and as a hash.", param=parts[0])
        tree = inner
    last = _slot(tree, parts[-1], None)
    if isinstance(tree.get(last), dict):
        raise Refusal(f"Invalid request: '{name}' is given both as text and as a hash.", param=parts[0])
    tree[last] = value


def _slot(tree: Tree, part: str, following: str | None) -> str:
    """`[]` takes the next free index, or stays in the last element while that lacks the name that follows."""
    if part:
        return part
    last = tree.get(str(len(tree) - 1))
    if following and isinstance(last, dict) and following not in last:
        return str(len(tree) - 1)
    return str(len(tree))
