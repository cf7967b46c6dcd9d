"""The PyPI client `netsuite` (OAuth 1.0a, async) against the stand-in: somebody else's idea of the API."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import pytest

from sandbox import serving

with warnings.catch_warnings(record=True):  # its Authlib talks about the next httpx on import
    from netsuite import Config, NetSuiteRestApi, TokenAuth
    from netsuite.exceptions import NetsuiteAPIRequestError

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # how the client calls httpx
T = TypeVar("T")
ACME = {"companyName": "Acme", "subsidiary": {"id": "1"}, "email": "ada@x.example"}


class Local(NetSuiteRestApi):
    """The client, sent to the stand-in instead of suitetalk.api.netsuite.com."""

    base = ""

    def _make_url(self, subpath: str) -> str:
        return self.base + subpath


@pytest.fixture(scope="module")
def running() -> Iterator[serving.Running]:
    with serving.start(["netsuite"], control=True) as running:
        yield running


@pytest.fixture
def client(running: serving.Running) -> Local:
    running.standins["netsuite"].reset()
    settings = running.settings["netsuite"]
    names = ("consumer_key", "consumer_secret", "token_id", "token_secret")
    auth = TokenAuth(**{name: settings[name] for name in names})
    client = Local(Config(account=settings["account_id"], auth=auth))
    client.base = running.urls["netsuite"]
    return client


def run(call: Callable[[], Awaitable[T]]) -> T:
    async def inside() -> T:
        return await call()

    return asyncio.run(inside())


def location(client: Local, method: str, path: str, body: dict[str, Any]) -> str:
    answer = run(lambda: client.request(method, path, json=body))
    assert answer.status_code == 204, answer.text
    return str(answer.headers["Location"]).rsplit("/", 1)[-1]


def test_a_record_is_written_read_changed_and_deleted(client: Local) -> None:
    id_ = location(client, "POST", "/record/v1/customer", ACME)

    assert run(lambda: client.get(f"/record/v1/customer/{id_}"))["companyName"] == "Acme"
    assert run(lambda: client.patch(f"/record/v1/customer/{id_}", json={"email": None})) is None
    assert "email" not in run(lambda: client.get(f"/record/v1/customer/{id_}", params={"expandSubResources": "true"}))
    assert run(lambda: client.delete(f"/record/v1/customer/{id_}")) is None


def test_a_put_by_external_id_is_repeatable(client: Local) -> None:
    first = location(client, "PUT", "/record/v1/customer/eid:stripe_1", ACME)
    second = location(client, "PUT", "/record/v1/customer/eid:stripe_1", ACME)

    assert first == second


def test_suiteql_pages(client: Local) -> None:
    for name in "ABC":
        location(client, "POST", "/record/v1/customer", {**ACME, "companyName": name})

    page = run(lambda: client.suiteql("SELECT id, companyname FROM customer ORDER BY id", limit=2, offset=2))

    assert [row["companyname"] for row in page["items"]] == ["C"]
    assert (page["hasMore"], page["totalResults"]) == (False, 3)


def test_suiteql_parameters(client: Local) -> None:
    location(client, "POST", "/record/v1/customer", ACME)
    query = "SELECT companyname FROM customer WHERE LOWER(email) = LOWER(?)"

    page = run(lambda: client.suiteql(query, json={"params": ["ADA@x.example"]}))

    assert page["items"] == [{"links": [], "companyname": "Acme"}]


def test_the_schema_of_a_record(client: Local) -> None:
    schema = run(lambda: client.jsonschema("customer"))

    assert schema["properties"]["companyName"]["type"] == "string"


def test_the_description_of_several_records(client: Local) -> None:
    described = run(lambda: client.openapi(["customer", "contact"]))

    assert described["openapi"].startswith("3.0")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/record/v1/customer/999", 404, "NONEXISTENT_ID"),
        ("/record/v1/customer?limit=1001", 400, "INVALID_PARAMETER"),
    ],
)
def test_errors_carry_the_vendors_code(client: Local, path: str, status: int, code: str) -> None:
    with pytest.raises(NetsuiteAPIRequestError) as caught:
        run(lambda: client.get(path))

    assert caught.value.status_code == status
    assert json.loads(caught.value.response_text)["o:errorDetails"][0]["o:errorCode"] == code


def test_the_clients_strict_names_are_obeyed(client: Local) -> None:
    with pytest.raises(NetsuiteAPIRequestError) as caught:
        run(lambda: client.post("/record/v1/customer", json={**ACME, "companyname": "B"}))

    assert caught.value.status_code == 400


def test_a_wrong_secret_is_an_invalid_login(client: Local, running: serving.Running) -> None:
    client._config.auth.token_secret = "wrong"

    with pytest.raises(NetsuiteAPIRequestError) as caught:
        run(lambda: client.get("/record/v1/term/1"))

    assert (caught.value.status_code, "INVALID_LOGIN" in caught.value.response_text) == (401, True)


def test_more_at_once_than_the_account_allows(client: Local, running: serving.Running) -> None:
    """Ten at once is the client's own default, and more than a standard account's five."""
    running.standins["netsuite"].configure({"work_ms": 300})

    async def ten() -> list[Any]:
        calls = [client.request("GET", "/record/v1/term/1") for _ in range(10)]
        return [answer.status_code for answer in await asyncio.gather(*calls)]

    assert sorted(asyncio.run(ten())) == [200] * 5 + [429] * 5
