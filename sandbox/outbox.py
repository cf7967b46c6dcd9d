"""Mails that a stand-in sent, for tests and people to look at: GET /outbox."""

from __future__ import annotations

import html
import json
from typing import Any

from sandbox.standin import Send

PATH = "/outbox"
Mail = dict[str, Any]


class Outbox:
    """Mails in the order in which they were sent."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def put(self, mail: Mail) -> None:
        """Send a mail: it goes no further than this list."""
        self.mails.append(mail)


async def show(mails: list[Mail], accept: str, send: Send) -> None:
    """A page for a browser, JSON for everything else."""
    if "text/html" in accept:
        content_type, body = b"text/html; charset=utf-8", _page(mails)
    else:
        content_type, body = b"application/json", json.dumps(mails, ensure_ascii=False, indent=1)
    headers = [(b"content-type", content_type), (b"content-length", str(len(body.encode())).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


def _page(mails: list[Mail]) -> str:
    rows = "".join(f"<tr><td>{n}</td><td><pre>{_lines(one)}</pre></td></tr>" for n, one in enumerate(mails, 1))
    head = "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Outbox</title>"
    return f"{head}<h1>{len(mails)} mails</h1><table>{rows}</table></html>"


def _lines(mail: Mail) -> str:
    return html.escape("\n".join(f"{name}: {value}" for name, value in mail.items()))
