"""A bare client for the Sage X3 stand-in: basic login, pages by their links."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import requests

HOME = {"BPAADD": "A01", "BPAADDFLG": 2, "BPAADDLIG": ["3 rue Haute"], "POSCOD": "69001", "CTY": "Lyon", "CRY": "FR"}
KIM = {"CCNCRM": "K1", "CNTFNA": "Kim", "CNTLNA": "Brick", "CNTFNC": 2, "WEB": "kim@brick.example"}
BRICK = {"BPCNUM": "C1007", "BPCNAM": "Brick SARL", "addresses": [HOME], "contacts": [KIM]}


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass
class Api:
    """`get` expects success; `send` takes what comes. Paths begin below the endpoint, or with / at the host."""

    url: str
    settings: dict[str, str]
    session: requests.Session = field(default_factory=requests.Session)

    def send(self, method: str, path: str, **more: Any) -> requests.Response:
        url = path if path.startswith("http") else origin(self.url) + path if path[0] == "/" else f"{self.url}/{path}"
        auth = more.pop("auth", (self.settings["user"], self.settings["password"]))
        headers = {"Accept": "application/json", **more.pop("headers", {})}
        return self.session.request(method, url, auth=auth, headers=headers, timeout=10, allow_redirects=False, **more)

    def get(self, path: str) -> Any:
        answer = self.send("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def page(self, class_: str, **asked: Any) -> Any:
        return self.get(listing(class_, **asked))

    def keys(self, class_: str, **asked: Any) -> list[str]:
        """Keys of all pages, going on by the links alone."""
        found, link = [], listing(class_, **asked)
        while link:
            page = self.get(link)
            found += [row["$key"] for row in page["$resources"]]
            link = page.get("$links", {}).get("$next", {}).get("$url", "")
        return found

    def details(self, class_: str, key: str) -> Any:
        return self.get(record(class_, key))

    def order(self, do: str, **fields: Any) -> Any:
        answer = self.session.post(f"{origin(self.url)}/_control", json={"do": do, **fields}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def seed(self, **data: Any) -> None:
        self.order("seed", data=data)

    def set(self, **options: Any) -> None:
        self.order("set", data=options)


def listing(class_: str, **asked: Any) -> str:
    query = "".join(f"&{name}={quote(str(value))}" for name, value in asked.items())
    return f"{class_}?representation={class_}.$query{query}"


def record(class_: str, key: str) -> str:
    return f"{class_}('{quote(key)}')?representation={class_}.$details"
