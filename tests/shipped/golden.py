"""Requests as people read them, kept in golden/<name>.txt.

A file that is not there is written, and the test fails once: read it before it is committed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

FOLDER = Path(__file__).parent / "golden"
_CHANGING = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?"), "<time>"),
    (re.compile(r"((?:created\[gte\]|updatedAfter) = )\d+"), r"\1<seconds>"),
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+"), "<signed by the client>"),
    (re.compile(r"\b(cus|bps)_[A-Za-z0-9]{14,}"), r"<\1>"),
    (re.compile(r"(/p/session/)\w+"), r"\1<short-lived>"),
    (re.compile(r"(https?://)127\.0\.0\.1:\d+"), r"\1<host>"),
)


def shown(requests: list[dict[str, Any]]) -> str:
    """One paragraph per request."""
    return "\n".join(_paragraph(one) for one in requests)


def check(name: str, requests: list[dict[str, Any]]) -> None:
    """Compare with the file of this name."""
    path, text = FOLDER / f"{name}.txt", shown(requests)
    if not path.exists():
        path.write_text(text)
        raise AssertionError(f"{path.name} was written: read it, then run again")
    assert text == path.read_text()


def _paragraph(request: dict[str, Any]) -> str:
    lines = [f"{request['method']} {request['path']}"]
    lines += [f"  ? {name} = {value}" for name, value in sorted(parse_qsl(request["query"], keep_blank_values=True))]
    lines += [f"  {line}" for line in _body(request["body"])]
    text = "\n".join(lines) + "\n"
    for pattern, stand_in in _CHANGING:
        text = pattern.sub(stand_in, text)
    return text


def _body(body: str) -> list[str]:
    if not body:
        return []
    if body.startswith("--"):
        return [line.replace(body.split("\r\n", 1)[0][2:], "<boundary>") for line in body.split("\r\n") if line]
    if body[0] in "[{":
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False).splitlines()
    return [f"{name} = {value}" for name, value in parse_qsl(body, keep_blank_values=True)]
