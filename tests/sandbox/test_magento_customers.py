"""Customers as the shop keeps them: what a write does, what a search finds, which mails go out."""

from __future__ import annotations

from typing import Any

import pytest
from magento_api import ADDRESS, KIM, Api, customer, query


def kim(**more: Any) -> dict[str, Any]:
    return customer(email="kim@brick.example", firstname="Kim", lastname="Brick", **more)


def held(magento: Api, id_: int = 41) -> dict[str, Any]:
    found: dict[str, Any] = magento.get(f"/V1/customers/{id_}")
    return found


# -- 5 the wire ------------------------------------------------------------------------------------------


def test_a_customer_as_the_sheet_shows_it(magento: Api) -> None:
    made = magento.post("/V1/customers", customer(
        email="kim@brick.example", firstname="Kim", lastname="Brick", group_id=4, taxvat="FR12345678901",
        addresses=[{**ADDRESS, "company": "Brick SARL", "default_billing": True, "default_shipping": True}],
        custom_attributes=[{"attribute_code": "erp_number", "value": "C-1007"}]))  # fmt: skip

    stamps = {name: made.pop(name) for name in ("created_at", "updated_at")}
    address = {
        "id": 1, "customer_id": 1, "region": {"region_code": None, "region": None, "region_id": 0}, "region_id": 0,
        "country_id": "FR", "street": ["3 rue Haute"], "company": "Brick SARL", "telephone": "+33400000000",
        "postcode": "69001", "city": "Lyon", "firstname": "Kim", "lastname": "Brick", "default_shipping": True,
        "default_billing": True,
    }  # fmt: skip
    assert made == {
        "id": 1, "group_id": 4, "default_billing": "1", "default_shipping": "1", "created_in": "Default Store View",
        "email": "kim@brick.example", "firstname": "Kim", "lastname": "Brick", "store_id": 1,
        "taxvat": "FR12345678901", "website_id": 1, "addresses": [address], "disable_auto_group_change": 0,
        "extension_attributes": {"is_subscribed": False, "assistance_allowed": 1,
                                 "company_attributes": {"customer_id": 1, "company_id": 0}},
        "custom_attributes": [{"attribute_code": "erp_number", "value": "C-1007"}],
    }  # fmt: skip
    assert all(len(stamp) == 19 and stamp[10] == " " for stamp in stamps.values())


def test_what_is_null_is_left_out(magento: Api) -> None:
    magento.post("/V1/customers", customer())

    assert not {"taxvat", "dob", "confirmation", "default_billing", "custom_attributes"} & held(magento, 1).keys()


def test_camel_case_goes_in_and_snake_case_comes_out(magento: Api) -> None:
    body = {"customer": {"email": "n@x.example", "firstname": "N", "lastname": "E", "websiteId": "1",
                         "addresses": [{**ADDRESS, "countryId": "DE", "defaultBilling": True,
                                        "region": {"regionCode": "BER"}}]}}  # fmt: skip
    (address,) = magento.post("/V1/customers", body)["addresses"]

    assert (address["country_id"], address["default_billing"], address["region"]["region"]) == ("DE", True, "Berlin")


def test_without_b2b_nobody_has_company_attributes(magento: Api) -> None:
    magento.set(b2b=False)

    assert magento.post("/V1/customers", customer())["extension_attributes"] == {"is_subscribed": False}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ("id,email", {"id": 41, "email": "kim@brick.example"}),
        ("addresses[city,region[region_id]]", {"addresses": [{"city": "Lyon", "region": {"region_id": 251}}]}),
        ("extension_attributes[company_attributes[company_id]]",
         {"extension_attributes": {"company_attributes": {"company_id": 0}}}),
        ("nope", {}),
    ],
)  # fmt: skip
def test_fields_trim_an_answer(magento: Api, fields: str, shown: Any) -> None:
    magento.seed(customers=[{**KIM, "addresses": [{**ADDRESS, "region": {"region": "rhône"}}]}])

    assert magento.get(f"/V1/customers/41?fields={fields}") == shown


# -- 6 traps of updates ------------------------------------------------------------------------------------


def test_addresses_that_are_not_named_stay(magento: Api) -> None:
    magento.seed(customers=[{**KIM, "addresses": [{**ADDRESS, "id": 77, "default_billing": True}]}])

    magento.put("/V1/customers/41", kim())

    assert (held(magento)["addresses"][0]["id"], held(magento)["default_billing"]) == (77, "77")


def test_addresses_that_are_named_replace_all_others(magento: Api) -> None:
    lines = [{**ADDRESS, "id": 77, "default_billing": True}, {**ADDRESS, "id": 78}]
    magento.seed(customers=[{**KIM, "addresses": lines}])

    magento.put("/V1/customers/41", kim(addresses=[{**ADDRESS, "id": 78}, {**ADDRESS, "city": "Nice"}]))
    assert [(one["id"], one["city"]) for one in held(magento)["addresses"]] == [(78, "Lyon"), (79, "Nice")]
    assert "default_billing" not in held(magento)

    magento.put("/V1/customers/41", kim(addresses=[]))
    assert held(magento)["addresses"] == []


def test_the_last_of_several_default_addresses_is_the_default(magento: Api) -> None:
    lines = [{**ADDRESS, "default_billing": True}, {**ADDRESS, "default_billing": True, "default_shipping": True}]
    made = magento.post("/V1/customers", customer(addresses=lines))

    assert (made["default_billing"], made["default_shipping"]) == ("2", "2")


def test_a_default_named_by_its_id_stands_until_an_address_says_otherwise(magento: Api) -> None:
    lines = [{**ADDRESS, "id": 77, "default_billing": True}, {**ADDRESS, "id": 78}]
    magento.seed(customers=[{**KIM, "addresses": lines}])

    kept = magento.put("/V1/customers/41", kim(default_billing="77", addresses=[{**ADDRESS, "id": 77}]))
    assert kept["default_billing"] == "77"
    lines = [{**ADDRESS, "id": 77, "default_billing": False}]
    unset = magento.put("/V1/customers/41", kim(default_billing="77", addresses=lines))
    assert "default_billing" not in unset


def test_a_put_resets_what_it_does_not_name(magento: Api) -> None:
    magento.seed(customers=[{**KIM, "taxvat": "FR1", "gender": 2, "custom_attributes": {"erp_number": "C1"},
                             "store_id": 2, "extension_attributes": {"is_subscribed": True}}])  # fmt: skip

    magento.put("/V1/customers/41", kim(store_id=None))

    now = held(magento)
    assert (now["group_id"], now["store_id"]) == (1, 1)
    assert not {"taxvat", "gender", "custom_attributes"} & now.keys()
    assert now["extension_attributes"]["is_subscribed"] is True


def test_a_newer_shop_keeps_what_a_put_does_not_name(magento: Api) -> None:
    magento.seed(customers=[{**KIM, "taxvat": "FR1", "custom_attributes": {"erp_number": "C1"}, "store_id": 2}])
    magento.set(omitted="keep")

    magento.put("/V1/customers/41", kim(store_id=None, custom_attributes=[{"attribute_code": "phone", "value": "1"}]))

    now = held(magento)
    assert (now["group_id"], now["store_id"], now["taxvat"]) == (4, 2, "FR1")
    assert now["custom_attributes"] == [{"attribute_code": "erp_number", "value": "C1"},
                                        {"attribute_code": "phone", "value": "1"}]  # fmt: skip


def test_an_address_edit_leaves_no_stamp(magento: Api) -> None:
    magento.seed(customers=[{**KIM, "created_at": "2026-01-01 00:00:00", "addresses": [{**ADDRESS, "id": 77}]}])

    magento.set(edit={"address": {"77": {"city": "Paris"}}})
    magento.put("/V1/customers/41", kim(group_id=4, addresses=[{**ADDRESS, "id": 77, "city": "Nice"}]))
    assert (held(magento)["addresses"][0]["city"], held(magento)["updated_at"]) == ("Nice", "2026-01-01 00:00:00")

    magento.set(edit={"customer": {"41": {"lastname": "Stone"}}})
    assert held(magento)["updated_at"] > "2026-01-01 00:00:00"


def test_a_create_whose_address_is_refused_leaves_nobody(magento: Api) -> None:
    assert magento.send("POST", "/V1/customers", customer(addresses=[{"city": "Lyon"}])).status_code == 400

    assert magento.dump()["customers"] == []
    assert magento.post("/V1/customers", customer())["id"] == 1


def test_an_email_is_unique_in_its_website_or_in_the_whole_shop(magento: Api) -> None:
    magento.post("/V1/customers", customer(website_id=1))
    magento.post("/V1/customers", customer(website_id=2, store_id=3))
    assert magento.send("POST", "/V1/customers", customer()).status_code == 400

    magento.set(share_accounts="global")
    again = customer(email="NEW@x.example", website_id=2, store_id=3)
    assert magento.send("POST", "/V1/customers", again).status_code == 400


def test_a_customer_without_a_website_belongs_to_the_store_view_of_the_path(magento: Api) -> None:
    body = {"customer": {"email": "n@x.example", "firstname": "N", "lastname": "E"}}
    made = magento.post("/rest/fr/V1/customers", body)

    assert (made["website_id"], made["store_id"], made["created_in"]) == (1, 2, "French")
    assert magento.send("POST", "/rest/all/V1/customers", body).status_code == 500


def test_undeclared_attributes_can_be_dropped_and_declared(magento: Api) -> None:
    lines = [{"attribute_code": "loyalty", "value": ["a", 1]}]
    magento.set(unknown_attributes="drop")
    assert "custom_attributes" not in magento.post("/V1/customers", customer(custom_attributes=lines))

    magento.seed(attributes={"customer": {"loyalty": "multiselect"}})
    magento.put("/V1/customers/1", customer(custom_attributes=lines))
    assert held(magento, 1)["custom_attributes"] == lines


# -- 6 mails -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "options", "template"),
    [
        ({}, {}, "customer_create_account_email_no_password_template"),
        ({"password": "Abcdefg1"}, {}, "customer_create_account_email_template"),
        ({}, {"confirm_emails": True}, "customer_create_account_email_confirmation_template"),
    ],
)
def test_every_new_account_gets_a_mail(magento: Api, more: Any, options: Any, template: str) -> None:
    magento.set(**options)
    magento.post("/V1/customers", {**customer(), **more})

    (mail,) = magento.dump()["mails"]
    assert (mail["template"], mail["to"]) == (template, "new@x.example")


def test_changes_and_seeds_send_no_mail(magento: Api) -> None:
    magento.seed(customers=[KIM])
    magento.put("/V1/customers/41", kim(taxvat="FR1"))

    assert magento.dump()["mails"] == []


def test_the_outbox_is_there_to_be_looked_at(magento: Api) -> None:
    magento.post("/V1/customers", customer())
    url = magento.url.removesuffix("/rest/default") + "/outbox"

    assert magento.session.get(url, timeout=5).json()[0]["to"] == "new@x.example"
    page = magento.session.get(url, headers={"Accept": "text/html"}, timeout=5).text
    assert "1 mails" in page
    assert "new@x.example" in page


def test_a_password_is_set_with_the_link_of_a_mail_and_once(magento: Api) -> None:
    magento.seed(customers=[KIM])
    asked = {"email": "kim@brick.example", "template": "email_reset", "websiteId": 1}
    assert magento.put("/V1/customers/password", asked) is True
    (mail,) = magento.dump()["mails"]
    token = mail["link"].rpartition("token=")[2]
    reset = {"email": "kim@brick.example", "resetToken": token, "newPassword": "Abcdefg1"}

    assert magento.post("/V1/customers/resetPassword", reset) is True
    assert magento.send("POST", "/V1/customers/resetPassword", reset).status_code == 400
    assert magento.dump()["passwords"] == {"41": 1}


def test_whether_an_email_is_free_is_never_told(magento: Api) -> None:
    magento.seed(customers=[KIM])

    assert magento.post("/V1/customers/isEmailAvailable", {"customerEmail": "kim@brick.example"}) is True


def test_a_person_registers_in_the_shop_and_waits_in_the_general_group(magento: Api) -> None:
    id_ = magento.order("register", data={"email": "web@x.example", "firstname": "W", "lastname": "B"})["id"]

    assert held(magento, id_)["group_id"] == 1
    assert magento.dump()["passwords"] == {str(id_): 1}
    assert magento.dump()["mails"][0]["template"] == "customer_create_account_email_template"


def test_a_confirmation_is_sent_again_and_activates(magento: Api) -> None:
    magento.set(confirm_emails=True)
    magento.post("/V1/customers", customer())
    magento.post("/V1/customers/confirm", {"email": "new@x.example", "websiteId": 1})
    key = magento.dump()["customers"][0]["confirmation"]

    magento.put("/V1/customers/new@x.example/activate", {"confirmationKey": key})

    assert "confirmation" not in held(magento, 1)
    assert len(magento.dump()["mails"]) == 2


def test_a_rehearsal_of_a_write(magento: Api) -> None:
    assert magento.put("/V1/customers/validate", customer()) == {"valid": True, "messages": []}
    assert magento.put("/V1/customers/validate", {"customer": {"email": "x@y.io"}})["valid"] is False


# -- 4 searches --------------------------------------------------------------------------------------------

PEOPLE = [
    {"email": "ann@x.example", "firstname": "Ann", "lastname": "Ash", "group_id": 1, "taxvat": "A,B",
     "created_at": "2026-01-01 00:00:01"},
    {"email": "bob@x.example", "firstname": "Bob", "lastname": "ash", "group_id": 4, "dob": "1970-01-31",
     "created_at": "2026-01-01 00:00:02"},
    {"email": "cal@y.example", "firstname": "Cal", "lastname": "Élan", "group_id": 5, "taxvat": "B",
     "created_at": "2026-01-01 00:00:03", "custom_attributes": {"erp_number": "7"},
     "addresses": [{**ADDRESS, "city": "Nice", "default_billing": True}]},
]  # fmt: skip


@pytest.mark.parametrize(
    ("groups", "ids"),
    [
        ([[("lastname", "eq", "ASH")]], [1, 2]),
        ([[("group_id", "eq", "4")]], [2]),
        ([[("group_id", "neq", "4")]], [1, 3]),
        ([[("taxvat", "neq", "A,B")]], [3]),
        ([[("group_id", "gt", "1")], [("group_id", "lt", "5")]], [2]),
        ([[("group_id", "gteq", "4"), ("email", "eq", "ann@x.example")]], [1, 2, 3]),
        ([[("group_id", "lteq", "4")], [("lastname", "eq", "ash")]], [1, 2]),
        ([[("updated_at", "gteq", "2026-01-01 00:00:02")]], [2, 3]),
        ([[("updated_at", "from", "2026-01-01 00:00:02")], [("updated_at", "to", "2026-01-01 00:00:02")]], [2]),
        ([[("group_id", "moreq", "5")]], [3]),
        ([[("email", "in", "ann@x.example,cal@y.example")]], [1, 3]),
        ([[("email", "nin", "ann@x.example,cal@y.example")]], [2]),
        ([[("taxvat", "finset", "B")]], [1, 3]),
        ([[("taxvat", "nfinset", "A")]], [3]),
        ([[("email", "like", "%@X.%")]], [1, 2]),
        ([[("email", "like", "_nn@x.example")]], [1]),
        ([[("email", "nlike", "%@x.%")]], [3]),
        ([[("taxvat", "null", "1")]], [2]),
        ([[("dob", "notnull", "1")]], [2]),
        ([[("erp_number", "eq", "7")]], [3]),
        ([[("billing_city", "eq", "nice")]], [3]),
        ([[("entity_id", "gt", "1")], [("entity_id", "lt", "3")]], [2]),
    ],
)
def test_conditions(magento: Api, groups: Any, ids: list[int]) -> None:
    magento.seed(customers=PEOPLE)

    assert magento.search(*groups, sort=[("entity_id", "ASC")]) == ids


def test_sorting_by_several_names_and_downwards_by_itself(magento: Api) -> None:
    magento.seed(customers=PEOPLE)

    assert magento.search(sort=[("lastname", "asc"), ("email", "DESC")]) == [2, 1, 3]
    found = magento.get("/V1/customers/search?searchCriteria[sortOrders][0][field]=email")
    assert [row["id"] for row in found["items"]] == [3, 2, 1]


def test_the_last_page_comes_again_and_again(magento: Api) -> None:
    magento.seed(customers=PEOPLE)

    assert [magento.search(sort=[("entity_id", "ASC")], size=2, page=page) for page in (1, 2, 3, 9)] == [
        [1, 2], [3], [3], [3],
    ]  # fmt: skip


def test_without_a_size_every_row_comes_unless_the_shop_limits_its_input(magento: Api) -> None:
    magento.seed(customers=[{**PEOPLE[0], "email": f"p{n}@x.example"} for n in range(30)])
    assert len(magento.search()) == 30

    magento.set(limit_page_size=300)
    assert len(magento.search()) == 20


def test_both_spellings_and_the_answer_that_repeats_the_question(magento: Api) -> None:
    magento.seed(customers=PEOPLE)
    at = "searchCriteria[filterGroups][0][filters][0]"
    found = magento.get(f"/V1/customers/search?{at}[field]=group_id&{at}[value]=4&{at}[conditionType]=gteq"
                        "&searchCriteria[page_size]=1&searchCriteria[current_page]=2")  # fmt: skip

    assert [row["id"] for row in found["items"]] == [3]
    assert found["total_count"] == 2
    assert found["search_criteria"] == {
        "filter_groups": [{"filters": [{"field": "group_id", "value": "4", "condition_type": "gteq"}]}],
        "page_size": 1,
        "current_page": 2,
    }


def test_a_search_may_leave_out_what_a_read_shows(magento: Api) -> None:
    magento.seed(customers=PEOPLE)
    magento.set(search_omits=["custom_attributes"])

    found = magento.get(f"/V1/customers/search?{query([('entity_id', 'eq', '3')])}")["items"]
    assert "custom_attributes" not in found[0]
    assert "custom_attributes" in held(magento, 3)


def test_a_proxy_in_front_answers_with_a_page(magento: Api) -> None:
    magento.set(per_second=1)
    magento.send("GET", "/V1/customerGroups/1")
    answer = magento.send("GET", "/V1/customerGroups/1")

    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "text/html; charset=utf-8")
