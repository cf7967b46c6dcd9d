"""Search of the Stripe stand-in: its language, its pages, and an index that lags."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from stripe_api import Api

PEOPLE = [
    {
        "id": "cus_1",
        "created": 100,
        "email": "Ada@x.io",
        "name": "Ada Lovelace",
        "metadata": {"netsuite_id": "107"},
    },
    {"id": "cus_2", "created": 200, "email": "bob@x.io", "name": 'Bob "B" O\'Neil', "phone": "+33123456789"},
    {
        "id": "cus_3",
        "created": 300,
        "email": None,
        "name": "Ada Byron",
        "metadata": {"a b": "x y", "tier": "Gold"},
    },
]


def found(stripe: Api, query: str) -> list[str]:
    return stripe.ids(f"/v1/customers/search?query={quote(query)}")


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ('metadata["netsuite_id"]:"107"', ["cus_1"]),
        ("metadata['netsuite_id']:'107'", ["cus_1"]),
        ('metadata["netsuite_id"]:"10"', []),
        ('metadata["tier"]:"gold"', ["cus_3"]),
        ('metadata["a b"]:"x y"', ["cus_3"]),
        ('metadata["netsuite_id"]:null', ["cus_3", "cus_2"]),
        ('-metadata["netsuite_id"]:null', ["cus_1"]),
        ('email:"ada@x.io"', ["cus_1"]),
        ('email:"x.io"', []),
        ('email~"x.io"', ["cus_2", "cus_1"]),
        ('name~"ada"', ["cus_3", "cus_1"]),
        ('-name~"ada"', ["cus_2"]),
        ('phone:"+33123456789"', ["cus_2"]),
        (r'name:"Bob \"B\" O' + "'" + 'Neil"', ["cus_2"]),
        ("created>100", ["cus_3", "cus_2"]),
        ("created>=100 created<300", ["cus_2", "cus_1"]),
        ('created:"200"', ["cus_2"]),
        ('name~"ada" AND created>150', ["cus_3"]),
        ('name~"ada" -created:300', ["cus_1"]),
        ('name:"nobody" or created:200', ["cus_2"]),
    ],
)
def test_query(stripe: Api, query: str, ids: list[str]) -> None:
    stripe.seed(customers=PEOPLE)

    assert found(stripe, query) == ids


def test_answer_has_the_shape_of_a_search_result(stripe: Api) -> None:
    answer = stripe.get("/v1/customers/search?query=created%3E1")

    assert answer == {
        "object": "search_result",
        "data": [],
        "has_more": False,
        "next_page": None,
        "url": "/v1/customers/search",
    }


def test_next_page_leads_on_and_belongs_to_its_query(stripe: Api) -> None:
    stripe.seed(customers=PEOPLE)

    first = stripe.get("/v1/customers/search?query=created%3E1&limit=2")
    second = stripe.get(f"/v1/customers/search?query=created%3E1&limit=2&page={quote(first['next_page'])}")
    other = stripe.send("GET", f"/v1/customers/search?query=created%3E2&page={quote(first['next_page'])}")

    assert [row["id"] for row in first["data"] + second["data"]] == ["cus_3", "cus_2", "cus_1"]
    assert (first["has_more"], second["has_more"], second["next_page"]) == (True, False, None)
    assert other.status_code == 400


def test_new_customer_is_found_after_the_lag(stripe: Api) -> None:
    identifier = stripe.post("/v1/customers", "metadata[netsuite_id]=7")["id"]

    assert found(stripe, 'metadata["netsuite_id"]:"7"') == []
    stripe.order("advance", seconds=59)
    assert found(stripe, 'metadata["netsuite_id"]:"7"') == []
    stripe.order("advance", seconds=1)
    assert found(stripe, 'metadata["netsuite_id"]:"7"') == [identifier]


def test_changed_customer_is_found_by_its_old_value_until_the_lag_is_over(stripe: Api) -> None:
    stripe.seed(customers=[{"id": "cus_1", "email": "old@x.io"}])
    stripe.post("/v1/customers/cus_1", "email=new@x.io")

    assert found(stripe, 'email:"old@x.io"') == ["cus_1"]
    assert stripe.get("/v1/customers/search?query=email:'old@x.io'")["data"][0]["email"] == "new@x.io"
    assert found(stripe, 'email:"new@x.io"') == []
    stripe.order("advance", seconds=60)
    assert found(stripe, 'email:"old@x.io"') == []
    assert found(stripe, 'email:"new@x.io"') == ["cus_1"]


def test_lag_can_be_set(stripe: Api) -> None:
    stripe.set(search_lag=0)
    identifier = stripe.post("/v1/customers", "name=Ada")["id"]

    assert found(stripe, 'name:"Ada"') == [identifier]


def test_deleted_customer_is_found_no_more(stripe: Api) -> None:
    stripe.seed(customers=PEOPLE)
    stripe.delete("/v1/customers/cus_1")

    assert found(stripe, 'name~"ada"') == ["cus_3"]
