"""The PyPI client `pymagento`, and signatures of `requests-oauthlib`, against the stand-in: somebody else's idea."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from magento import Magento, MagentoException, make_field_value_query, make_search_query
from requests_oauthlib import OAuth1

from sandbox import serving

ADDRESS = {"firstname": "Kim", "lastname": "Brick", "street": ["3 rue Haute"], "city": "Lyon", "postcode": "69001",
           "country_id": "FR", "telephone": "+33400000000", "default_billing": True}  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[serving.Running]:
    with serving.start(["magento"], control=True) as running:
        yield running


@pytest.fixture
def client(running: serving.Running) -> Iterator[Magento]:
    running.standins["magento"].reset()
    settings, url = running.settings["magento"], running.urls["magento"]
    names = {name: settings[name] for name in ("username", "password")}
    token = requests.post(f"{url}/V1/integration/admin/token", json=names, timeout=5).json()
    with Magento(token=token, base_url=url.removesuffix("/rest/default"), scope="default") as client:
        yield client


def people(running: serving.Running, count: int, **more: Any) -> None:
    rows = [{"email": f"p{n}@x.example", "firstname": "P", "lastname": str(n), **more} for n in range(1, count + 1)]
    running.standins["magento"].seed({"customers": rows})


def test_customers_are_paged_by_number(client: Magento, running: serving.Running) -> None:
    people(running, 25)
    client.PAGE_SIZE = 10

    assert [row["id"] for row in client.get_customers()] == list(range(1, 26))
    assert len(list(client.get_customers(limit=7))) == 7


def test_its_queries_find_what_they_say(client: Magento, running: serving.Running) -> None:
    people(running, 4)
    either = make_search_query([[("email", "P1@x.example", None), ("lastname", "2", "eq")]])
    both = make_search_query([[("lastname", "1,2,3", "in")], [("email", "p3%", "like")]])

    assert [row["id"] for row in client.get_customers(query=either)] == [1, 2]
    assert [row["id"] for row in client.get_customers(query=both)] == [3]
    newest = make_search_query([], sort_orders=[("entity_id", "DESC")])
    assert [row["id"] for row in client.get_customers(query=newest, limit=1)] == [4]


def test_a_customer_is_written_and_read(client: Magento) -> None:
    body = {"email": "kim@brick.example", "firstname": "Kim", "lastname": "Brick", "website_id": 1,
            "addresses": [ADDRESS]}  # fmt: skip
    made = client.post_json_api("/V1/customers", json={"customer": body})

    customer = client.get_customer(made["id"])

    assert customer is not None
    assert (customer["email"], customer["default_billing"]) == ("kim@brick.example", str(made["addresses"][0]["id"]))
    assert client.delete_customer_address(made["addresses"][0]["id"]) is True
    assert client.get_customer(made["id"])["addresses"] == []  # type: ignore[index]  # it is there


def test_a_customer_who_is_not_there_is_none(client: Magento) -> None:
    assert client.get_customer(999, none_on_404=True) is None


def test_orders_and_lists(client: Magento, running: serving.Running) -> None:
    people(running, 1)
    order = {"customer_id": 1, "base_grand_total": 20, "increment_id": "000000042"}
    running.standins["magento"].seed({"orders": [order]})

    assert client.get_order_by_increment_id("000000042")["base_grand_total"] == 20  # type: ignore[index]  # it is there
    assert client.get_total_orders_count() == 1
    assert [row["customer_id"] for row in client.get_last_orders(3)] == [1]
    assert [row["code"] for row in client.get_customer_groups()][:2] == ["NOT LOGGED IN", "General"]
    assert [row["class_id"] for row in client.get_tax_classes()] == [2, 3, 4]
    assert [row["code"] for row in client.get_websites()] == ["admin", "base", "second"]
    assert client.get_store_configs()[0]["timezone"] == "Europe/Paris"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"email": "x", "firstname": "A", "lastname": "B"}, 'Invalid value of "x" provided for the email field.'),
        ({"email": "a@b.example", "firstname": "A", "lastname": "B", "website_id": 9}, "The website with id 9"),
        ({"email": "a@b.example", "firstname": "A", "lastname": "B", "group_id": 99}, "customer group id does not"),
    ],
)
def test_its_exceptions_can_fill_the_templates(client: Magento, body: dict[str, Any], text: str) -> None:
    with pytest.raises(MagentoException, match=text):
        client.post_json_api("/V1/customers", json={"customer": body}, throw=True)


def test_a_token_that_has_ended_is_an_error_with_its_resource(client: Magento, running: serving.Running) -> None:
    running.clock.advance(4 * 3600)

    with pytest.raises(requests.HTTPError, match=r"401 .*%resources.*Magento_Customer::customer"):
        client.get_json_api("/V1/customers/1", throw=True)


def test_signatures_of_another_library_are_good(client: Magento, running: serving.Running) -> None:
    people(running, 2)
    settings, url = running.settings["magento"], running.urls["magento"]
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    auth = OAuth1(*(settings[name] for name in names), signature_method="HMAC-SHA256")
    query = make_field_value_query("email", "p2@x.example")

    found = requests.get(f"{url}/V1/customers/search", params=query, auth=auth, timeout=5)
    assert [row["id"] for row in found.json()["items"]] == [2]
    body = {"customer": {"email": "n@x.example", "firstname": "N", "lastname": "E", "group_id": 4}}
    made = requests.post(f"{url}/V1/customers", json=body, auth=auth, timeout=5)
    assert (made.status_code, made.json()["group_id"]) == (200, 4)


@pytest.mark.parametrize("method", ["HMAC-SHA1", "PLAINTEXT"])
def test_weaker_signatures_are_refused(client: Magento, running: serving.Running, method: str) -> None:
    settings, url = running.settings["magento"], running.urls["magento"]
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    auth = OAuth1(*(settings[name] for name in names), signature_method=method)

    answer = requests.get(f"{url}/V1/customers/1", auth=auth, timeout=5)

    assert (answer.status_code, answer.json()) == (400, {"message": "oauth_problem=signature_method_rejected"})
