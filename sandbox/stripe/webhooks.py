"""Webhooks: the signature, and one delivery per event to a registered loopback URL."""

from __future__ import annotations

import hashlib
import hmac
import http.client
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import msgspec

TIMEOUT_SECONDS = 5


def sign(payload: bytes, secret: str, timestamp: float) -> str:
    """The Stripe-Signature header for these raw bytes."""
    seconds = int(timestamp)
    signed = str(seconds).encode() + b"." + payload
    return f"t={seconds},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


class Deliveries:
    """Posts events from threads of its own, so the order of arrival is not promised; each is tried once."""

    def __init__(self) -> None:
        self.done: list[dict[str, Any]] = []
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="webhook")

    def failed(self) -> set[str]:
        """Ids of the events whose receiver did not answer with a success."""
        return {row["event"] for row in self.done if not 200 <= row["status"] < 300}

    def send(self, event: dict[str, Any], url: str, secret: str, timestamp: float) -> Future[None]:
        """Hand one event over."""
        payload = msgspec.json.encode(event)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": sign(payload, secret, timestamp),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        return self._threads.submit(self._post, str(event["id"]), url, payload, headers)

    def _post(self, event_id: str, url: str, payload: bytes, headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port or 80, timeout=TIMEOUT_SECONDS
        )
        try:
            connection.request("POST", path or "/", payload, headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            connection.close()
        self.done.append({"event": event_id, "status": status})
