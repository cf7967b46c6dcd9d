"""The very requests of the flows between Magento and NetSuite, in files that people read."""

from __future__ import annotations

from typing import Any

import golden
from magento_and_netsuite import INWARD, OUTWARD, client, edit_shop, running, shopper
from town import Town

__all__ = ["running"]

OFFICE: dict[str, Any] = {"label": "Office", "defaultBilling": True, "addressBookAddress": {
    "addressee": "Kim Brick", "addr1": "1 quai Bas", "city": "Lyon", "zip": "69002",
    "country": {"id": "FR"}}}  # fmt: skip


def heard(town: Town, office: str, flow: str, **order: Any) -> list[dict[str, Any]]:
    with town.listening(office) as requests:
        town.sync(flow, **order)
    return [one for one in requests if not one["path"].endswith("/token")]


def writes(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in requests if one["method"] != "GET" and not one["path"].endswith("/suiteql")]


def test_a_customer_of_the_shop_is_created_with_one_request(town: Town) -> None:
    orders = [{"customer_id": 41, "base_grand_total": 1200.5, "created_at": "2026-02-01 10:00:00"}]
    town.seed("magento", customers=[shopper(taxvat="FR1", extension={"is_subscribed": True})], orders=orders)

    golden.check("magento-to-netsuite-create", writes(heard(town, "netsuite", INWARD)))


def test_the_new_id_goes_back_to_the_shop(town: Town) -> None:
    town.seed("magento", customers=[shopper()])

    golden.check("magento-to-netsuite-write-back", writes(heard(town, "magento", INWARD)))


def test_an_edit_is_one_small_request(town: Town) -> None:
    town.seed("magento", customers=[shopper()])
    town.sync(INWARD)
    edit_shop(town, firstname="Kimberly")

    golden.check("magento-to-netsuite-update", writes(heard(town, "netsuite", INWARD)))


def test_an_account_is_opened_with_one_request(town: Town) -> None:
    town.seed("netsuite", customer=[client(phone="+33400000000", addressBook={"items": [OFFICE]})])

    golden.check("netsuite-to-magento-create", writes(heard(town, "magento", OUTWARD)))


def test_an_edit_in_netsuite_sends_the_whole_account(town: Town) -> None:
    town.seed("netsuite", customer=[client(phone="+33400000000", addressBook={"items": [OFFICE]})])
    town.sync(OUTWARD)
    town.edit("customer", "501", lastName="Stone")

    golden.check("netsuite-to-magento-update", writes(heard(town, "magento", OUTWARD)))
