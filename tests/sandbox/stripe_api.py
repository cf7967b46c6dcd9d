"""A bare client for the Stripe stand-in: what it sends is what the test wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

VERSION = "2026-06-24.dahlia"


@dataclass
class Api:
    """One key at one address; `get`, `post` and `delete` expect success."""

    url: str
    key: str
    version: str = VERSION
    session: requests.Session = field(default_factory=requests.Session)

    def send(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        sent = {"Authorization": f"Bearer {self.key}", "Stripe-Version": self.version, **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        kept = {name: value for name, value in sent.items() if value}
        return self.session.request(method, self.url + path, data=body, headers=kept, timeout=10)

    def get(self, path: str) -> Any:
        return self._accepted(self.send("GET", path))

    def post(self, path: str, body: str = "", key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self._accepted(self.send("POST", path, body, headers))

    def delete(self, path: str) -> Any:
        return self._accepted(self.send("DELETE", path))

    def order(self, do: str, **fields: Any) -> Any:
        answer = self.session.post(self.url + "/_control", json={"do": do, **fields}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def seed(self, **data: Any) -> None:
        self.order("seed", data=data)

    def set(self, **options: Any) -> None:
        self.order("set", data=options)

    def ids(self, path: str) -> list[str]:
        return [str(row["id"]) for row in self.get(path)["data"]]

    @staticmethod
    def _accepted(answer: requests.Response) -> Any:
        assert answer.status_code == 200, answer.text
        return answer.json()
