"""A bare client for the Act-On stand-in: a login, and what the test wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

UCL = "/ucl/v2/12345"
KIM = {
    "id": "l-unified-contacts:1", "email": "kim@brick.example", "firstName": "Kim", "externalId": "C-1",
    "objectType": "Contact",
}  # fmt: skip
HEADINGS = ["E-mail Address", "First Name", "Last Name"]
CUSTOMERS = {
    "id": "l-0001", "name": "ERP customers", "headings": HEADINGS,
    "records": [{"E-mail Address": "kim@brick.example", "First Name": "Kim"}],
}  # fmt: skip


@dataclass
class Api:
    """`get`, `post`, `put`, `delete` expect success; `send` takes what comes."""

    url: str
    settings: dict[str, str]
    session: requests.Session = field(default_factory=requests.Session)
    access: str = ""
    refresh: str = ""

    def token(self, **form: str) -> requests.Response:
        client = {name: self.settings[name] for name in ("client_id", "client_secret")}
        kept = {name: value for name, value in {**client, **form}.items() if value}
        return self.session.post(f"{self.url}/token", data=kept, timeout=10)

    def log_in(self) -> None:
        user = {name: self.settings[name] for name in ("username", "password")}
        self._keep(self.token(grant_type="password", **user))

    def renew(self) -> None:
        self._keep(self.token(grant_type="refresh_token", refresh_token=self.refresh))

    def _keep(self, answer: requests.Response) -> None:
        assert answer.status_code == 200, answer.text
        self.access, self.refresh = answer.json()["access_token"], answer.json()["refresh_token"]

    def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **more: Any
    ) -> requests.Response:
        """`more`: data or files instead of a JSON body."""
        sent = {"Authorization": f"Bearer {self.access}", "Accept": "application/json", **(headers or {})}
        kept = {name: value for name, value in sent.items() if value}
        content = more or ({"json": body} if body is not None else {})
        return self.session.request(method, self.url + path, headers=kept, timeout=10, **content)

    def get(self, path: str) -> Any:
        return self._good(self.send("GET", path))

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self._good(self.send("POST", path, body, **more))

    def put(self, path: str, body: Any = None, **more: Any) -> Any:
        return self._good(self.send("PUT", path, body, **more))

    def delete(self, path: str, body: Any = None) -> Any:
        return self._good(self.send("DELETE", path, body))

    def order(self, do: str, **fields: Any) -> Any:
        answer = self.session.post(f"{self.url}/_control", json={"do": do, **fields}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def seed(self, **data: Any) -> None:
        self.order("seed", data=data)

    def set(self, **options: Any) -> None:
        self.order("set", data=options)

    @staticmethod
    def _good(answer: requests.Response) -> Any:
        assert answer.status_code == 200, answer.text
        return answer.json()
