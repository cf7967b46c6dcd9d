"""X14 and X15: consumers stand for one web customer each; groups decide prices, taxes, payments and catalogs."""

from __future__ import annotations

from typing import Any

import pytest
from sagex3_to_magento import COMPANY, CONTACT, WEB, account, both, company, customer, ids, payments, running
from town import Town

__all__ = ["running"]

WEBS = [{"BPCNUM": "WEB", "BPCNAM": "Web"}, {"BPCNUM": "WEBFR", "BPCNAM": "Web France"}]


def web(id: int, **values: Any) -> dict[str, Any]:
    return {"id": id, "email": f"p{id}@x.example", "firstname": "P", "lastname": str(id), "group_id": 1, **values}


def assigned(town: Town) -> dict[str, str]:
    return {key.id: target for key, target, _ in town.store.assignments(WEB)}


def test_x14_consumers_stand_for_the_web_customer_of_their_store(town: Town) -> None:
    town.seed("sagex3", customers=WEBS)
    town.seed("magento", customers=[web(41), web(42, store_id=2)])

    assert town.ends(WEB) == {"assigned": 2}

    assert assigned(town) == {"41": "WEB", "42": "WEBFR"}
    assert town.links(WEB) == {}


def test_x14_the_web_customers_are_settings(town: Town) -> None:
    town.setting(WEB, web_customer="WEBFR")
    town.seed("sagex3", customers=WEBS)
    town.seed("magento", customers=[web(41)])
    town.sync(WEB)

    assert assigned(town) == {"41": "WEBFR"}


def test_x14_people_of_companies_have_customers_of_their_own(town: Town) -> None:
    town.seed("sagex3", customers=[*WEBS, customer()])
    both(town)

    assert town.ends(WEB) == {"skipped": 1}

    assert assigned(town) == {}


def test_x14_orders_go_to_the_web_customer(town: Town) -> None:
    town.seed("sagex3", customers=WEBS)
    town.seed("magento", customers=[web(42, store_id=2)])
    town.seed("magento", orders=[
        {"entity_id": 900, "customer_id": 42, "store_id": 2, "base_grand_total": 5},
        {"entity_id": 901, "customer_email": "guest@x.example", "store_id": 1, "base_grand_total": 5},
        {"entity_id": 902, "customer_email": "guest@x.example", "store_id": 2, "base_grand_total": 5},
    ])  # fmt: skip
    town.sync(WEB)

    assert assigned(town) == {"42": "WEBFR", "901": "WEB", "902": "WEBFR"}  # 900 goes where its customer goes


def test_x14_without_the_web_customer_nothing_is_assigned_and_nothing_is_made(town: Town) -> None:
    town.seed("magento", customers=[web(41)])
    town.sync(WEB)

    assert assigned(town) == {}
    assert town.held("sagex3", "customers") == []


@pytest.mark.parametrize(("category", "group", "tax", "catalog"), [("FR", 5, 3, 2), ("EXP", 6, 4, 1), ("LOC", 4, 3, 1)])
def test_x15_the_category_decides_group_tax_class_and_catalog(
    town: Town, category: str, group: int, tax: int, catalog: int
) -> None:
    town.seed("sagex3", customers=[customer(BCGCOD=category)])
    both(town)

    made = company(town)
    assert (made["customer_group_id"], account(town, "kim@brick.example")["group_id"]) == (group, group)
    (held,) = [one for one in town.held("magento", "groups") if one["id"] == group]
    assert held["tax_class_id"] == tax
    assert town.dump("magento")["catalog_of"][str(made["id"])] == catalog


def test_x15_another_category_moves_group_and_catalog_together(town: Town) -> None:
    town.seed("sagex3", customers=[customer()])
    both(town)
    town.set("sagex3", edit={"customers": {"C1007": {"BCGCOD": "EXP"}}})
    town.sync(COMPANY)
    town.sync(CONTACT)

    assert (company(town)["customer_group_id"], account(town, "kim@brick.example")["group_id"]) == (6, 6)
    assert town.dump("magento")["catalog_of"] == {ids(town, COMPANY)["C1007"]: 1}
    town.set("sagex3", edit={"customers": {"C1007": {"BCGCOD": "FR"}}})
    town.sync(COMPANY)
    assert town.dump("magento")["catalog_of"] == {ids(town, COMPANY)["C1007"]: 2}
    assert town.ends(COMPANY, full=True) == {"settled": 1}


def test_x15_payment_methods_are_settings(town: Town) -> None:
    town.setting(COMPANY, card_methods=["paypal"], account_methods=["companycredit"])
    town.seed("sagex3", customers=[customer()])
    town.sync(CONTACT)
    town.sync(COMPANY)
    assert payments(town) == "paypal"
    town.set("sagex3", edit={"customers": {"C1007": {"OSTAUZ": 10}}})

    town.sync(COMPANY)

    assert payments(town) == "companycredit"
