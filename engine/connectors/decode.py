"""Replies to trees, strictly: UTF-8, exact decimals, no duplicate keys, no NaN, bounded depth."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import accumulate
from typing import Any, NoReturn

DEPTH = 64
"""How deep a reply may nest."""

_BRACKETS = b"[]{}"
_OTHERS = bytes(set(range(256)) - set(_BRACKETS))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class Undecodable(Exception):
    """Why a text is no JSON of ours; holds nothing of the text."""


def decode_json(content: bytes) -> Any:
    """The tree in a JSON text; raises Undecodable."""
    _check_depth(content)
    try:
        tree = _DECODER.decode(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Undecodable("it is not UTF-8") from None
    except RecursionError:
        raise Undecodable("it nests too deeply") from None
    except json.JSONDecodeError as error:
        raise Undecodable(f"it is not JSON (at character {error.pos})") from None
    except ValueError as error:
        raise Undecodable(str(error)) from None
    return _without_marks(tree) if _may_hold_marks(content) else tree


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise ValueError("an object has the same key twice")
    return tree


def _constant(_name: str) -> NoReturn:
    raise ValueError("it holds NaN or Infinity")


def _decimal(text: str) -> Decimal:
    return Decimal(text)


def _integer(text: str) -> int:
    if len(text) > 1000:
        raise ValueError("it holds a number of over 1000 digits")
    return int(text)


def _check_depth(content: bytes) -> None:
    """Brackets inside texts count too at first, so what seems too deep is looked at without texts."""
    if _deepest(content) > DEPTH and _deepest(_without_texts(content)) > DEPTH:
        raise Undecodable(f"it nests deeper than {DEPTH}")


def _deepest(content: bytes) -> int:
    brackets = content.translate(None, _OTHERS)
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0)


def _without_texts(content: bytes) -> bytes:
    pieces = content.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
    return b"".join(pieces[::2])


def _may_hold_marks(content: bytes) -> bool:
    return b"\\u" in content and (b"\\ud" in content or b"\\uD" in content or b"\\u0000" in content)


def _without_marks(tree: Any) -> Any:
    """Without NUL and lone surrogates, which no database holds."""
    if isinstance(tree, str):
        return tree.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    if isinstance(tree, list):
        return [_without_marks(one) for one in tree]
    if isinstance(tree, dict):
        return {_without_marks(key): _without_marks(value) for key, value in tree.items()}
    return tree


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_decimal, parse_int=_integer, parse_constant=_constant
)
