"""Connections, settings, hosts: who is connected to which account."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.finding import Severity
from engine.model.secret import Secret

TWO_SHOPS = """
version: 1
environment: test
connections:
  shop_eu: {system: shop, settings: {account: eu, token: "${secret:SHOP_EU}"}}
  shop_us: {system: shop, settings: {account: us, token: "${secret:SHOP_US}"}}
"""


def environment(tree, text: str) -> Path:
    return tree.write("environments/test.yaml", text)


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_EU", "secret-eu")
    monkeypatch.setenv("SHOP_US", "secret-us")


def test_without_environment_each_system_is_a_connection(tree) -> None:
    found = tree.ruleset()

    assert sorted(found.connections) == ["ledger", "shop"]
    assert found.connections["shop"].missing == ("account", "token")
    assert found.connections["shop"].base_url == ""


def test_a_flow_names_one_of_several_accounts(tree) -> None:
    path = environment(tree, TWO_SHOPS + "flows: {inward: {source: shop_us}}\n")

    found = tree.ruleset(environment=path)

    assert sorted(found.connections) == ["ledger", "shop_eu", "shop_us"]
    assert found.flows["inward"].source_connection.name == "shop_us"
    assert found.connections["shop_us"].base_url == "https://us.shop.example"
    assert ("shop_us", "shop.person") in found.reads


def test_several_accounts_and_no_choice_is_unclear(tree) -> None:
    assert tree.codes(environment=environment(tree, TWO_SHOPS)) == ["connection-unclear"]


def test_a_flow_cannot_use_an_account_of_another_system(tree) -> None:
    path = environment(tree, TWO_SHOPS + "flows: {inward: {source: shop_eu, target: shop_us}}\n")

    assert tree.codes(environment=path) == ["unknown-connection"]


def test_the_only_account_of_a_system_needs_no_choice(tree) -> None:
    path = environment(tree, TWO_SHOPS.replace("  shop_us:", "  x-old:"))

    assert tree.ruleset(environment=path).flows["inward"].source_connection.name == "shop_eu"


def test_secrets_stay_secret(tree) -> None:
    path = environment(tree, TWO_SHOPS + "flows: {inward: {source: shop_eu}}\n")

    token = tree.ruleset(environment=path).connections["shop_eu"].settings["token"]

    assert isinstance(token, Secret)
    assert token.reveal() == "secret-eu"
    assert "secret-eu" not in repr(tree.ruleset(environment=path).connections)


def test_a_variable_that_is_not_set_only_warns(tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_EU")

    found, findings = tree.load(environment=environment(tree, TWO_SHOPS + "flows: {inward: {source: shop_eu}}\n"))

    assert [(one.code, one.severity) for one in findings] == [("variable-missing", Severity.WARNING)]
    assert found is not None
    assert found.connections["shop_eu"].missing == ("token",)


def test_flow_settings_runs_and_guards_come_from_the_environment(tree) -> None:
    text = (tree.root / "rules/inward.yaml").read_text()
    text += "settings: {group: {type: text, default: '1'}}\n"
    text += "runs: {hourly: {start: schedule, every: 1h}}\nguards: {creates: 5}\n"
    tree.write("rules/inward.yaml", text)
    path = environment(
        tree,
        """
        version: 1
        environment: test
        flows:
          inward: {settings: {group: "7"}, runs: {hourly: {every: 4h}}, guards: {creates: 2}}
        """,
    )

    flow = tree.ruleset(environment=path).flows["inward"]

    assert flow.settings["group"] == "7"
    assert flow.rules.runs["hourly"].every == 14_400
    assert flow.rules.guards.limits["creates"].number == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("connections: {shop: {system: shpo}}", "unknown-system"),
        ("connections: {shop: {system: shop, settings: {acount: x}}}", "unknown-setting"),
        ("flows: {inwards: {settings: {}}}", "unknown-flow"),
        ("flows: {inward: {settings: {grup: x}}}", "unknown-setting"),
        ('connections: {shop: {system: shop, base_url: "http://shop.example"}}', "host-not-https"),
        ('connections: {shop: {system: shop, base_url: "ftp://shop.example", allow_private: true}}', "host-not-https"),
    ],
)
def test_what_an_environment_gets_wrong_is_reported(tree, text: str, code: str) -> None:
    path = environment(tree, f"version: 1\nenvironment: test\n{text}\n")

    found, findings = tree.load(environment=path)

    assert found is None
    assert [one.code for one in findings] == [code]
    assert findings[0].place.line == 3


def test_plain_http_is_allowed_where_private_hosts_are(tree) -> None:
    text = 'connections: {shop: {system: shop, base_url: "http://127.0.0.1:1", allow_private: true}}'

    found = tree.ruleset(environment=environment(tree, f"version: 1\nenvironment: test\n{text}\n"))

    assert found.connections["shop"].base_url == "http://127.0.0.1:1"


def test_settings_of_a_file_may_hold_more_than_is_asked_for(tree) -> None:
    settings = {"shop": {"base_url": "http://127.0.0.1:1", "settings": {"other": "x"}}, "mars": {"settings": {}}}

    found, findings = tree.load(settings=settings)

    assert found is not None
    assert [(one.code, one.severity) for one in findings] == [
        ("unknown-connection", Severity.WARNING),
        ("unknown-setting", Severity.WARNING),
    ]


def test_settings_of_a_file_win_over_the_environment(tree) -> None:
    path = environment(tree, TWO_SHOPS + "flows: {inward: {source: shop_eu}}\n")

    found = tree.ruleset(environment=path, settings={"shop_eu": {"settings": {"account": "ours"}}})

    assert found.connections["shop_eu"].settings["account"] == "ours"
    assert found.connections["shop_us"].settings["account"] == "us"


def test_what_the_store_cannot_do_is_refused_not_ignored(tree) -> None:
    """M19 is not there yet: a key that nothing obeys would be worse than none."""
    path = environment(tree, "version: 1\nenvironment: test\nstore: {encrypt: personal}\n")

    assert tree.codes(environment=path) == ["not-supported"]
