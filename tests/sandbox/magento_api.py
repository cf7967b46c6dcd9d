"""A bare client for the Magento stand-in: an admin token, and what the test wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

ADDRESS = {
    "firstname": "Kim", "lastname": "Brick", "street": ["3 rue Haute"], "city": "Lyon", "postcode": "69001",
    "country_id": "FR", "telephone": "+33400000000",
}  # fmt: skip
KIM = {"id": 41, "email": "kim@brick.example", "firstname": "Kim", "lastname": "Brick", "group_id": 4}
COMPANY = {
    "company_name": "Brick SARL", "company_email": "office@brick.example", "street": ["3 rue Haute"], "city": "Lyon",
    "country_id": "FR", "postcode": "69001", "telephone": "+33400000000", "customer_group_id": 4, "super_user_id": 41,
}  # fmt: skip
Filter = tuple[str, str, str]


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def query(*groups: list[Filter], sort: list[tuple[str, str]] | None = None, size: int = 0, page: int = 0) -> str:
    """A search: each list is a group of (field, condition, value)."""
    pairs: dict[str, Any] = {"searchCriteria": ""}
    for g, group in enumerate(groups):
        for f, (name, condition, value) in enumerate(group):
            at = f"searchCriteria[filter_groups][{g}][filters][{f}]"
            pairs |= {f"{at}[field]": name, f"{at}[condition_type]": condition, f"{at}[value]": value}
    for s, (name, direction) in enumerate(sort or []):
        at = f"searchCriteria[sortOrders][{s}]"
        pairs |= {f"{at}[field]": name, f"{at}[direction]": direction}
    if size:
        pairs["searchCriteria[pageSize]"] = size
    if page:
        pairs["searchCriteria[currentPage]"] = page
    return urlencode(pairs)


@dataclass
class Api:
    """`get`, `post`, `put`, `delete` expect success; `send` takes what comes."""

    url: str
    settings: dict[str, str]
    session: requests.Session = field(default_factory=requests.Session)
    token: str = ""

    def log_in(self) -> None:
        names = {name: self.settings[name] for name in ("username", "password")}
        answer = self.session.post(f"{self.url}/V1/integration/admin/token", json=names, timeout=10)
        assert answer.status_code == 200, answer.text
        self.token = answer.json()

    def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, data: str | None = None
    ) -> requests.Response:
        """`path` begins with /V1, or with /rest for another store view."""
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **(headers or {})}
        kept = {name: value for name, value in sent.items() if value}
        url = (self.url if path.startswith("/V1") else origin(self.url)) + path
        content: dict[str, Any] = {"data": data} if data is not None else {"json": body}
        return self.session.request(method, url, headers=kept, timeout=10, **content)

    def get(self, path: str) -> Any:
        return self._good(self.send("GET", path))

    def post(self, path: str, body: Any) -> Any:
        return self._good(self.send("POST", path, body))

    def put(self, path: str, body: Any) -> Any:
        return self._good(self.send("PUT", path, body))

    def delete(self, path: str) -> Any:
        return self._good(self.send("DELETE", path))

    def search(self, *groups: list[Filter], **asked: Any) -> list[int]:
        """Ids of the customers that fit."""
        found = self.get(f"/V1/customers/search?{query(*groups, **asked)}")
        return [row["id"] for row in found["items"]]

    def order(self, do: str, **fields: Any) -> Any:
        answer = self.session.post(f"{origin(self.url)}/_control", json={"do": do, **fields}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def seed(self, **data: Any) -> None:
        self.order("seed", data=data)

    def set(self, **options: Any) -> None:
        self.order("set", data=options)

    def dump(self) -> Any:
        return self.order("dump")

    @staticmethod
    def _good(answer: requests.Response) -> Any:
        assert answer.status_code == 200, answer.text
        return answer.json()


def customer(**more: Any) -> dict[str, Any]:
    """A body that would be taken."""
    base = {"email": "new@x.example", "firstname": "N", "lastname": "E", "website_id": 1, "store_id": 1}
    return {"customer": {**base, **more}}


def company(**more: Any) -> dict[str, Any]:
    return {"company": {**COMPANY, **more}}
