"""Companies, their credit, their catalogs and their users: section 10 of the sheet."""

from __future__ import annotations

import json
from typing import Any

import pytest
from magento_api import COMPANY, KIM, Api, company, customer, query

ANA = {"id": 42, "email": "ana@x.example", "firstname": "Ana", "lastname": "Ode"}


@pytest.fixture
def brick(magento: Api) -> Api:
    """A shop with a company, its administrator and somebody else."""
    magento.seed(customers=[KIM, ANA], companies=[{**COMPANY, "id": 9}])
    return magento


def attributes(magento: Api, id_: int) -> dict[str, Any]:
    found: dict[str, Any] = magento.get(f"/V1/customers/{id_}")["extension_attributes"]["company_attributes"]
    return found


def user(**more: Any) -> dict[str, Any]:
    given = {"job_title": "Buyer", "telephone": "+331", **more}
    base = {"email": "ana@x.example", "firstname": "Ana", "lastname": "Ode"}
    return customer(**base, extension_attributes={"company_attributes": given})


def balance(magento: Api) -> Any:
    return magento.get("/V1/companyCredits/company/9")["balance"]


def test_a_company_as_the_sheet_shows_it(magento: Api) -> None:
    magento.seed(customers=[KIM])
    extension = {"quote_config": {"is_quote_enabled": True}, "applicable_payment_method": 2,
                 "available_payment_methods": "companycredit,checkmo"}  # fmt: skip

    made = magento.post("/V1/company/", company(extension_attributes=extension, region="Rhône"))

    assert (made["id"], made["status"], made["sales_representative_id"]) == (1, 1, 1)
    assert made["extension_attributes"]["quote_config"] == {"company_id": "1", "is_quote_enabled": True}
    assert made["extension_attributes"]["available_payment_methods"] == "companycredit,checkmo"
    assert not {"legal_name", "reject_reason", "rejected_at"} & made.keys()
    assert magento.get("/V1/company/1") == made


def test_its_administrator_moves_in_and_others_are_attached(brick: Api) -> None:
    assert attributes(brick, 41) == {"customer_id": 41, "company_id": 9, "status": 1}
    assert attributes(brick, 42) == {"customer_id": 42, "company_id": 0}

    brick.put("/V1/customers/42", user(company_id=9, status=0))
    assert attributes(brick, 42) == {
        "customer_id": 42, "company_id": 9, "job_title": "Buyer", "status": 0, "telephone": "+331",
    }  # fmt: skip


def test_company_attributes_may_have_to_be_complete(brick: Api) -> None:
    brick.set(company_attributes_required=True)

    assert brick.send("PUT", "/V1/customers/42", user(company_id=9, telephone=None)).status_code == 400
    assert brick.send("PUT", "/V1/customers/42", user(company_id=9)).status_code == 200


def test_a_put_resets_what_it_does_not_name(brick: Api) -> None:
    brick.put("/V1/company/9", company(comment="Sage A9", vat_tax_id="FR1"))
    assert brick.get("/V1/company/9")["comment"] == "Sage A9"

    brick.put("/V1/company/9", company(vat_tax_id="FR1"))
    now = brick.get("/V1/company/9")
    assert ("comment" in now, now["vat_tax_id"]) == (False, "FR1")


def test_companies_are_searched(brick: Api) -> None:
    brick.seed(companies=[{**COMPANY, "company_name": "Stone", "super_user_id": 42}])

    found = brick.get(f"/V1/company/?{query([('company_name', 'like', 'st%')])}")
    assert [row["id"] for row in found["items"]] == [10]
    assert brick.get(f"/V1/company/?{query([('entity_id', 'gt', '9')])}")["total_count"] == 1


def test_a_deleted_company_leaves_its_users_locked(brick: Api) -> None:
    assert brick.delete("/V1/company/9") is True

    assert attributes(brick, 41) == {"customer_id": 41, "company_id": 0}
    assert brick.dump()["customers"][0]["company"]["status"] == 0
    assert brick.send("GET", "/V1/companyCredits/company/9").status_code == 404


def test_a_person_edits_a_company(brick: Api) -> None:
    brick.set(edit={"company": {"9": {"city": "Nice", "extension_attributes": {"available_payment_methods": "card"}}}})

    now = brick.get("/V1/company/9")
    assert (now["city"], now["company_name"]) == ("Nice", "Brick SARL")
    assert now["extension_attributes"]["available_payment_methods"] == "card"


# -- credit --------------------------------------------------------------------------------------------


def test_the_id_of_a_credit_is_not_the_companys(brick: Api) -> None:
    credit = brick.get("/V1/companyCredits/company/9")

    assert credit == {
        "id": 101, "company_id": 9, "balance": 0, "currency_code": "EUR", "exceed_limit": False, "available_limit": 0,
    }  # fmt: skip


def test_a_limit_is_set_and_taken_away(brick: Api) -> None:
    limit = {"id": 101, "company_id": 9, "credit_limit": 15000, "currency_code": "EUR", "exceed_limit": True,
             "balance": 7, "available_limit": 7}  # fmt: skip

    brick.put("/V1/companyCredits/101", {"creditLimit": limit})
    credit = brick.get("/V1/companyCredits/101")
    assert (credit["credit_limit"], credit["exceed_limit"], credit["balance"]) == (15000, True, 0)
    assert credit["available_limit"] == 15000

    brick.put("/V1/companyCredits/101", {"creditLimit": {"id": 101, "company_id": 9, "credit_limit": None}})
    assert "credit_limit" not in brick.get("/V1/companyCredits/101")


def test_a_balance_moves_each_time_that_it_is_told_to(brick: Api) -> None:
    move = {"value": 250, "currency": "EUR", "operationType": 4, "comment": "c", "options": {"purchase_order": ""}}

    assert brick.post("/V1/companyCredits/101/increaseBalance", move) is True
    brick.post("/V1/companyCredits/101/increaseBalance", move)
    brick.post("/V1/companyCredits/101/decreaseBalance", {**move, "value": "100.5"})

    assert balance(brick) == 399.5
    rows = brick.get(f"/V1/companyCredits/history?{query()}")["items"]
    assert [row["amount"] for row in rows] == [250, 250, -100.5]


# -- catalogs ------------------------------------------------------------------------------------------


def test_a_company_sits_in_one_catalog_and_takes_its_group(brick: Api) -> None:
    assert brick.get("/V1/sharedCatalog/1/companies") == '["9"]'

    assert brick.post("/V1/sharedCatalog/2/assignCompanies", {"companies": [{"id": 9}]}) is True
    assert json.loads(brick.get("/V1/sharedCatalog/2/companies")) == ["9"]
    assert brick.get("/V1/sharedCatalog/1/companies") == "[]"
    assert brick.get("/V1/company/9")["customer_group_id"] == 5

    brick.post("/V1/sharedCatalog/2/unassignCompanies", {"companies": [{"id": 9}]})
    assert brick.get("/V1/sharedCatalog/1/companies") == '["9"]'


def test_a_company_of_a_catalogs_group_is_in_that_catalog(brick: Api) -> None:
    brick.put("/V1/company/9", company(customer_group_id=5))

    assert brick.get("/V1/sharedCatalog/2/companies") == '["9"]'


def test_a_new_catalog_brings_a_group_of_its_own(brick: Api) -> None:
    given = {"name": "Export", "description": "", "type": 0, "store_id": 0, "tax_class_id": 3}
    id_ = brick.post("/V1/sharedCatalog", {"sharedCatalog": given})

    group = brick.get(f"/V1/sharedCatalog/{id_}")["customer_group_id"]
    assert brick.get(f"/V1/customerGroups/{group}")["code"] == "Export"
    assert brick.put(f"/V1/sharedCatalog/{id_}", {"sharedCatalog": {**given, "name": "Abroad"}}) == id_
    assert brick.delete(f"/V1/sharedCatalog/{id_}") is True


def test_users_follow_the_group_of_their_company_where_the_shop_says_so(brick: Api) -> None:
    brick.put("/V1/company/9", company(customer_group_id=5))
    assert brick.get("/V1/customers/41")["group_id"] == 4

    brick.set(group_moves_users=True)
    brick.put("/V1/company/9", company(customer_group_id=6))
    assert brick.get("/V1/customers/41")["group_id"] == 6


# -- groups, orders, stores ----------------------------------------------------------------------------


def test_groups_are_made_renamed_and_deleted_with_their_members_moved(magento: Api) -> None:
    group = magento.post("/V1/customerGroups", {"group": {"code": "VIP", "tax_class_id": 3}})
    assert group == {"id": 7, "code": "VIP", "tax_class_id": 3, "tax_class_name": "Retail Customer"}
    magento.seed(customers=[{**KIM, "group_id": 7}])

    assert magento.put("/V1/customerGroups/7", {"group": {"code": "Best", "tax_class_id": 4}})["code"] == "Best"
    assert magento.delete("/V1/customerGroups/7") is True
    assert magento.get("/V1/customers/41")["group_id"] == 1
    assert (magento.get("/V1/customerGroups/1/permissions"), magento.get("/V1/customerGroups/2/permissions")) == (
        True, False,
    )  # fmt: skip


def test_groups_and_tax_classes_are_searched_by_their_names(magento: Api) -> None:
    groups = magento.get(f"/V1/customerGroups/search?{query([('code', 'eq', 'wholesale')])}")
    classes = magento.get(f"/V1/taxClasses/search?{query([('class_type', 'eq', 'CUSTOMER')])}")

    assert [row["id"] for row in groups["items"]] == [2]
    assert [row["class_id"] for row in classes["items"]] == [3, 4]


def test_orders_know_their_customers_and_guests_have_none(magento: Api) -> None:
    magento.seed(customers=[KIM], orders=[{"customer_id": 41, "base_grand_total": 10, "state": "canceled"},
                                          {"customer_email": "g@x.io", "base_grand_total": 5.5}])  # fmt: skip

    found = magento.get(f"/V1/orders?{query(sort=[('entity_id', 'ASC')])}")["items"]
    assert [(row.get("customer_id"), row["customer_is_guest"], row["customer_email"]) for row in found] == [
        (41, 0, "kim@brick.example"), (None, 1, "g@x.io"),
    ]  # fmt: skip
    assert found[0]["increment_id"] == "000001001"


def test_the_topology_of_the_shop(magento: Api) -> None:
    assert [row["id"] for row in magento.get("/V1/store/storeViews")] == [0, 1, 2, 3]
    assert [row["id"] for row in magento.get("/V1/store/storeGroups")] == [0, 1, 2]
    assert {row["timezone"] for row in magento.get("/V1/store/storeConfigs")} == {"Europe/Paris"}
    codes = {row["attribute_code"]: row["required"] for row in magento.get("/V1/attributeMetadata/customerAddress")}
    assert (codes["telephone"], codes["erp_code"]) == (True, False)


# -- seeds and orders to the stand-in ------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        {"seed": {"people": []}},
        {"seed": {"customers": [{"email": "x"}]}},
        {"set": {"colour": "red"}},
        {"set": {"omitted": "perhaps"}},
        {"set": {"edit": {"invoice": {"1": {}}}}},
        {"set": {"edit": {"address": {"999": {}}}}},
        {"seed": {"orders": [{"total": 1}]}},
    ],
)
def test_orders_that_make_no_sense_are_refused(magento: Api, data: dict[str, Any]) -> None:
    ((do, given),) = data.items()
    url = magento.url.removesuffix("/rest/default") + "/_control"

    assert magento.session.post(url, json={"do": do, "data": given}, timeout=5).status_code == 400


def test_a_dump_is_plain_json_and_a_reset_empties_it(brick: Api) -> None:
    before = brick.dump()
    assert [row["id"] for row in before["companies"]] == [9]

    brick.order("reset")
    assert (brick.dump()["customers"], len(brick.dump()["groups"])) == ([], 7)
