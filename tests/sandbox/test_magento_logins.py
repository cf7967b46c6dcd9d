"""Tokens that end and OAuth 1.0a signatures: sections 2 and 13 of the sheet."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests
from magento_api import Api, query
from requests.structures import CaseInsensitiveDict

from sandbox.serving import Running
from sandbox.signing import base_string, encode, signature


def signed(api: Api, method: str, path: str, pairs: list[tuple[str, str]], **changes: str) -> dict[str, str]:
    """An Authorization header; `changes` replace oauth members, `secret` the consumer's secret, "" removes one."""
    settings = api.settings
    secret = changes.pop("secret", settings["consumer_secret"])
    oauth = {
        "oauth_consumer_key": settings["consumer_key"],
        "oauth_token": settings["access_token"],
        "oauth_nonce": str(time.perf_counter_ns()),
        "oauth_timestamp": str(int(time.time())),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_version": "1.0",
        **{f"oauth_{name}": value for name, value in changes.items()},
    }
    oauth = {name: value for name, value in oauth.items() if value}
    base = base_string(method, api.url + path, pairs, oauth)
    oauth.setdefault("oauth_signature", signature(base, secret, settings["access_token_secret"]))
    return {"Authorization": "OAuth " + ", ".join(f'{name}="{encode(value)}"' for name, value in oauth.items())}


def search(api: Api, **changes: str) -> requests.Response:
    pairs = [("searchCriteria[filter_groups][0][filters][0][field]", "email"),
             ("searchCriteria[filter_groups][0][filters][0][value]", "a b+c@x.example")]  # fmt: skip
    headers = signed(api, "GET", "/V1/customers/search", pairs, **changes)
    return requests.get(f"{api.url}/V1/customers/search", params=pairs, headers=headers, timeout=5)


def test_a_token_is_a_bare_text_and_lasts_four_hours(magento: Api) -> None:
    assert len(magento.token) == 32

    magento.order("advance", seconds=4 * 3600 - 60)
    assert magento.send("GET", "/V1/customerGroups/1").status_code == 200
    magento.order("advance", seconds=61)
    assert magento.send("GET", "/V1/customerGroups/1").status_code == 401


def test_tokens_can_be_revoked(magento: Api) -> None:
    magento.order("revoke_tokens")

    assert magento.send("GET", "/V1/customerGroups/1").status_code == 401


def test_the_integrations_token_is_no_bearer_unless_the_shop_says_so(magento: Api) -> None:
    headers = {"Authorization": f"Bearer {magento.settings['access_token']}"}
    assert magento.send("GET", "/V1/customerGroups/1", headers=headers).status_code == 401

    magento.set(integration_as_bearer=True)
    assert magento.send("GET", "/V1/customerGroups/1", headers=headers).status_code == 200


def test_a_signature_covers_the_query(magento: Api) -> None:
    assert search(magento).status_code == 200

    headers = signed(magento, "GET", "/V1/customers/search", [("searchCriteria", "")])
    answer = requests.get(f"{magento.url}/V1/customers/search?{query(size=1)}", headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["message"]) == (401, "oauth_problem=signature_invalid")


@pytest.mark.parametrize(
    ("changes", "status", "problem"),
    [
        ({"version": "2.0"}, 400, "version_rejected"),
        ({"nonce": ""}, 400, "parameter_absent&oauth_parameters_absent=oauth_nonce"),
        ({"timestamp": "1000000000"}, 400, "timestamp_refused"),
        ({"timestamp": "soon"}, 400, "timestamp_refused"),
        ({"signature_method": "HMAC-SHA1"}, 400, "signature_method_rejected"),
        ({"consumer_key": "x"}, 401, "consumer_key_rejected"),
        ({"token": "x"}, 401, "token_rejected"),
        ({"secret": "x"}, 401, "signature_invalid"),
        ({"signature": "x"}, 401, "signature_invalid"),
    ],
)
def test_a_signature_that_is_wrong(magento: Api, changes: Any, status: int, problem: str) -> None:
    answer = search(magento, **changes)

    assert (answer.status_code, answer.json()["message"]) == (status, f"oauth_problem={problem}")


def test_a_nonce_is_good_once(magento: Api) -> None:
    assert search(magento, nonce="only-once").status_code == 200
    assert search(magento, nonce="only-once").json()["message"] == "oauth_problem=nonce_used"


def test_a_header_that_cannot_be_read(magento: Api) -> None:
    answer = magento.send("GET", "/V1/customerGroups/1", headers={"Authorization": "OAuth nonsense"})

    assert (answer.status_code, answer.json()["message"]) == (400, "oauth_problem=parameter_rejected")


def test_the_same_seed_gives_the_same_logins(magento_running: Running) -> None:
    from sandbox.magento import create

    one, two, other = (create(magento_running.clock, seed).settings for seed in (1, 1, 2))

    assert one == two
    assert one["password"] != other["password"]


def test_an_answer_says_that_it_is_json(magento: Api) -> None:
    headers: CaseInsensitiveDict[str] = magento.send("GET", "/V1/customerGroups/1").headers
    assert headers["content-type"] == "application/json; charset=utf-8"
