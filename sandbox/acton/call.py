"""One admitted request on its way through a handler."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from sandbox.acton import refusals
from sandbox.acton.account import Account
from sandbox.acton.multipart import Form, parse


@dataclass(slots=True)
class Call:
    """What a handler needs to know of the request."""

    account: Account
    at: dict[str, str]  # names in the path
    query: dict[str, str]
    content_type: str
    body: bytes

    def tree(self) -> Any:
        """The JSON body of the contact store: 415 without its content type, 400 when it is none."""
        if self.content_type.partition(";")[0].strip().lower() != "application/json":
            raise refusals.bare(415)
        try:
            return json.loads(self.body)
        except ValueError:
            raise refusals.bad() from None

    def members(self) -> dict[str, Any]:
        """A JSON object."""
        tree = self.tree()
        if not isinstance(tree, dict):
            raise refusals.bad()
        return tree

    def texts(self) -> list[str]:
        """A JSON array of texts."""
        tree = self.tree()
        if not isinstance(tree, list) or not all(isinstance(one, str) for one in tree):
            raise refusals.bad()
        return tree

    def form(self) -> Form:
        """A form, multipart or not."""
        if self.content_type.startswith("multipart/form-data"):
            return parse(self.content_type, self.body)
        pairs = parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return Form(pairs, {})

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        """A whole number of the query; `bad` when it is none."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not text.lstrip("-").isdigit() or int(text) < least:
            raise refusals.bad() if self.at.get("account") else refusals.listed(refusals.NO_ID, f"Invalid {name}")
        return int(text)
