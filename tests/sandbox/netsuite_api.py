"""A bare client for the NetSuite stand-in: a bearer token, and what the test wrote."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
COMPANY = {"companyName": "Acme", "subsidiary": {"id": "1"}}


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def assertion(url: str, settings: dict[str, str], **changes: Any) -> str:
    """A valid client assertion; `changes` replace claims, `kid`, `key` or `algorithm`."""
    now = int(changes.pop("now", time.time()))
    kid = changes.pop("kid", settings["certificate_id"])
    key = changes.pop("key", settings["private_key"])
    algorithm = changes.pop("algorithm", "PS256")
    claims = {
        "iss": settings["client_id"],
        "aud": f"{url}/auth/oauth2/v1/token",
        "iat": now,
        "exp": now + 3590,
        "scope": ["restlets", "rest_webservices"],
    }
    return jwt.encode(claims | changes, key, algorithm, headers={"kid": kid})


@dataclass
class Api:
    """`get`, `post`, `patch`, `put`, `delete`, `rows` expect success; `send` takes what comes."""

    url: str
    settings: dict[str, str]
    session: requests.Session = field(default_factory=requests.Session)
    token: str = ""

    def ask_token(self, signed: str, **changes: str) -> requests.Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": signed,
        }
        return self.session.post(f"{self.url}/auth/oauth2/v1/token", data=form | changes, timeout=10)

    def log_in(self, **changes: Any) -> None:
        answer = self.ask_token(assertion(self.url, self.settings, **changes))
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        data: str | None = None,
    ) -> requests.Response:
        sent = {
            "Authorization": f"Bearer {self.token}",
            "X-NetSuite-PropertyNameValidation": "Error",
            "Content-Type": "application/json",
            **({"Prefer": "transient"} if "suiteql" in path else {}),
            **(headers or {}),
        }
        kept = {name: value for name, value in sent.items() if value}
        content: dict[str, Any] = {"data": data} if data is not None else {"json": body}
        return self.session.request(method, self.url + path, headers=kept, timeout=10, **content)

    def get(self, path: str) -> Any:
        answer = self.send("GET", f"/record/v1{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, type_: str, body: dict[str, Any]) -> str:
        return self._written(self.send("POST", f"/record/v1/{type_}", body))

    def patch(self, path: str, body: dict[str, Any]) -> str:
        return self._written(self.send("PATCH", f"/record/v1{path}", body))

    def put(self, path: str, body: dict[str, Any]) -> str:
        return self._written(self.send("PUT", f"/record/v1{path}", body))

    def delete(self, path: str) -> None:
        answer = self.send("DELETE", f"/record/v1{path}")
        assert answer.status_code == 204, answer.text

    def page(self, sql: str, *params: Any, limit: int = 1000, offset: int = 0) -> Any:
        path = f"/query/v1/suiteql?limit={limit}&offset={offset}"
        answer = self.send("POST", path, {"q": sql, "params": list(params)})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, sql: str, *params: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.page(sql, *params)["items"]
        return [{name: value for name, value in item.items() if name != "links"} for item in items]

    def order(self, do: str, **fields: Any) -> Any:
        answer = self.session.post(f"{origin(self.url)}/_control", json={"do": do, **fields}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def seed(self, **data: Any) -> None:
        self.order("seed", data=data)

    def set(self, **options: Any) -> None:
        self.order("set", data=options)

    @staticmethod
    def _written(answer: requests.Response) -> str:
        """The internal id, which only the Location header tells."""
        assert answer.status_code == 204, answer.text
        assert answer.content == b""
        return answer.headers["Location"].rsplit("/", 1)[-1]


def refusal(answer: requests.Response) -> tuple[int, str, str]:
    """Status, code and text of an error body."""
    detail = answer.json()["o:errorDetails"][0]
    return answer.status_code, detail["o:errorCode"], detail["detail"]
