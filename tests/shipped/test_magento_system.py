"""systems/magento.yaml over HTTP: every operation of every object, with the real connector against the stand-in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from town import Town

from engine.config.load import load_ruleset
from engine.connectors.connect import open_connection
from engine.connectors.retry import RetryPolicy
from engine.connectors.tokens import MemoryTokens
from engine.model.errors import Duplicate, Missing, Rejected, Stopped, Throttled, Unauthorised, Unreachable
from engine.model.protocols import Connector
from engine.spec.system import ObjectSpec
from engine.stages.normalise import normaliser
from engine.stages.shape import shape

ROOT = Path(__file__).parents[2]
KIM = {
    "id": 41, "email": "kim@brick.example", "firstname": "Kim", "lastname": "Brick", "taxvat": "FR123", "group_id": 4,
    "created_at": "2026-01-31 22:15:01", "custom_attributes": {"erp_number": "C-1007", "netsuite_id": "9"},
    "addresses": [
        {"id": 77, "firstname": "Kim", "lastname": "Brick", "street": ["3 rue Haute"], "city": "Lyon", "fax": "12",
         "postcode": "69001", "country_id": "FR", "telephone": "+33400000000", "default_billing": True,
         "region": {"region_code": "69"}, "custom_attributes": [{"attribute_code": "erp_code", "value": "A1"}]},
    ],
}  # fmt: skip
BRICK = {
    "id": 9, "company_name": "Brick SARL", "company_email": "office@brick.example", "street": ["3 rue Haute"],
    "city": "Lyon", "country_id": "FR", "postcode": "69001", "telephone": "+33400000000", "customer_group_id": 4,
    "super_user_id": 41, "reseller_id": "R1",
}  # fmt: skip
OAUTH1 = """
    version: 1
    system: magento
    auth: {$unset: [request, user, password, lasts], kind: oauth1, consumer_key: consumer_key,
           consumer_secret: consumer_secret, token: access_token, token_secret: access_token_secret}
    """


class Shop:
    """The connector of the shop, and what the town has of it."""

    def __init__(self, town: Town, **policy: Any) -> None:
        self.town = town
        spec = town.ruleset.connections["magento"]
        self.tokens = MemoryTokens()
        self.connector: Connector = open_connection(
            spec, clock=town.clock, tokens=self.tokens, policy=RetryPolicy(**policy)
        )
        self.objects = {full.split(".")[1]: obj for full, obj in spec.system.objects.items()}

    def __getitem__(self, name: str) -> ObjectSpec:
        return self.objects[name]

    def ids(self, name: str, **asked: Any) -> list[str]:
        obj = self[name]
        return [str(row[obj.id]) for page in self.connector.pages(obj, **asked) for row in page.records]

    def fields(self, name: str, raw: Any) -> dict[str, Any]:
        obj = self[name]
        normal = normaliser(obj, obj.fields)(raw)
        assert normal.doubts == ()
        return normal.fields


@pytest.fixture
def shop(town: Town) -> Iterator[Shop]:
    shop = Shop(town)
    yield shop
    shop.connector.close()


def people(count: int) -> list[dict[str, Any]]:
    return [{"email": f"p{n}@x.example", "firstname": "P", "lastname": str(n)} for n in range(1, count + 1)]


# -- reading ---------------------------------------------------------------------------------------------


def test_all_customers_come_once_each(shop: Shop) -> None:
    shop.town.seed("magento", customers=people(250))
    pages = list(shop.connector.pages(shop["customer"]))

    assert [len(page.records) for page in pages] == [100, 100, 50]
    assert shop.ids("customer") == [str(n) for n in range(1, 251)]


def test_a_last_page_that_is_full_does_not_come_again(shop: Shop) -> None:
    shop.town.seed("magento", customers=people(200))

    assert len(shop.ids("customer")) == 200


def test_customers_that_change_while_they_are_listed_are_not_skipped(shop: Shop) -> None:
    shop.town.seed("magento", customers=[{**one, "created_at": "2026-01-01 00:00:00"} for one in people(150)])
    pages = shop.connector.pages(shop["customer"], since="2025-12-31T00:00:00Z")
    first = next(pages)
    shop.town.set("magento", edit={"customer": {"1": {"lastname": "Moved"}}})

    assert len(first.records) + sum(len(page.records) for page in pages) == 150


def test_a_listing_goes_on_where_it_stopped(shop: Shop) -> None:
    shop.town.seed("magento", customers=people(150))
    first = next(shop.connector.pages(shop["customer"]))

    assert shop.ids("customer", cursor=first.cursor) == [str(n) for n in range(101, 151)]


def test_customers_since_a_time(shop: Shop) -> None:
    old, new = people(2)
    shop.town.seed("magento", customers=[{**old, "created_at": "2026-01-01 10:00:00"},
                                         {**new, "created_at": "2026-01-01 10:00:05"}])  # fmt: skip

    assert shop.ids("customer", since="2026-01-01T10:00:01Z") == ["2"]
    assert shop.ids("customer", since="2026-01-01T10:00:00Z") == ["1", "2"]


def test_a_customer_is_read_whole(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM])

    fields = shop.fields("customer", shop.connector.read(shop["customer"], "41"))

    assert fields["email"] == "kim@brick.example"
    assert (fields["erp_number"], fields["netsuite_id"], fields["erp_contact"]) == ("C-1007", "9", None)
    assert (fields["company_id"], fields["group_id"], fields["is_subscribed"]) == (None, "4", {"status": "soft_denied"})
    assert (fields["created_at"], fields["active"]) == ("2026-01-31T22:15:01Z", None)
    (address,) = fields["addresses"]
    assert (address["id"], address["erp_code"], address["region"], address["street"]) == (
        "77", "A1", "Rhône", ["3 rue Haute"],
    )  # fmt: skip
    assert (address["default_billing"], address.get("default_shipping")) == (True, None)


def test_a_customer_that_is_not_there_is_none(shop: Shop) -> None:
    assert shop.connector.read(shop["customer"], "999") is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "KIM@brick.example"), ("id", "41"), ("erp_number", "c-1007"), ("taxvat", "FR123"), ("website_id", "1")],
)
def test_a_customer_is_found_by_any_attribute_in_any_case(shop: Shop, field: str, value: str) -> None:
    shop.town.seed("magento", customers=[*people(1), KIM])
    found = shop.connector.find(shop["customer"], field, value)

    assert 41 in [row["id"] for row in found]
    assert shop.connector.find(shop["customer"], field, "123456789") == []


def test_a_field_that_no_filter_knows_is_refused(shop: Shop) -> None:
    with pytest.raises(Rejected, match="company_id"):
        shop.connector.find(shop["customer"], "company_id", "9")


def test_the_orders_of_a_customer(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM], orders=[
        {"customer_id": 41, "base_grand_total": 120.5, "created_at": "2026-02-01 09:00:00"},
        {"customer_email": "guest@x.example", "base_grand_total": 7},
    ])  # fmt: skip

    (order,) = shop.connector.find(shop["order"], "customer_id", "41")

    fields = shop.fields("order", order)
    assert (fields["base_grand_total"], fields["customer_id"], fields["state"]) == (Decimal("120.5"), "41", "complete")
    assert len(shop.ids("order")) == 2
    assert shop.ids("order", since="2026-03-01T00:00:00Z") == [str(order["entity_id"] + 1)]
    assert shop.connector.read(shop["order"], str(order["entity_id"])) == order


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("customer_group", ["0", "1", "2", "3", "4", "5", "6"]),
        ("tax_class", ["2", "3", "4"]),
        ("shared_catalog", ["1", "2"]),
        ("company", []),
    ],
)
def test_short_lists_are_read_whole(shop: Shop, name: str, ids: list[str]) -> None:
    assert shop.ids(name) == ids
    for id in ids:
        assert shop.connector.read(shop[name], id) is not None


def test_the_accounts_own_catalogue(shop: Shop) -> None:
    shop.town.seed("magento", attributes={"customer": {"loyalty": "select"}})

    found = {row["attribute_code"]: row["frontend_input"] for row in shop.connector.discover(shop["customer"])}

    assert (found["loyalty"], found["taxvat"], found["erp_contact"]) == ("select", "text", "text")


# -- writing ---------------------------------------------------------------------------------------------


def test_a_customer_is_created_with_a_welcome_mail(shop: Shop) -> None:
    obj = shop["customer"]
    values = {
        "email": "ana@x.example", "firstname": "Ana", "lastname": "Ode", "website_id": "1", "store_id": "2",
        "group_id": "4", "erp_contact": "C9", "is_subscribed": {"status": "granted"}, "job_title": "Buyer",
        "addresses": [{"erp_code": "A1", "firstname": "Ana", "lastname": "Ode", "street": ["1 Rd"], "city": "Bonn",
                       "postcode": "53111", "country_id": "DE", "telephone": "+49228", "default_shipping": True}],
    }  # fmt: skip

    written = shop.connector.create(obj, shape(obj, values, creating=True))

    read = shop.fields("customer", shop.connector.read(obj, written.id))
    assert {name: read[name] for name in values if name != "addresses"} == {
        name: value for name, value in values.items() if name != "addresses"
    }
    assert read["addresses"][0]["erp_code"] == "A1"
    (mail,) = shop.town.dump("magento")["mails"]
    assert (mail["to"], "createPassword" in mail["link"]) == ("ana@x.example", True)


def test_an_update_sends_the_whole_customer(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM])
    obj = shop["customer"]

    shop.connector.update(obj, "41", shape(obj, {"lastname": "Stone", "erp_contact": "C7"}, creating=False))

    held = shop.town.one("magento", "customers")
    assert (held["lastname"], held["taxvat"], held["group_id"]) == ("Stone", "FR123", 4)
    assert held["custom"] == {"erp_number": "C-1007", "netsuite_id": "9", "erp_contact": "C7"}
    assert (held["addresses"][0]["id"], held["addresses"][0]["fax"], held["default_billing"]) == (77, "12", 77)
    assert shop.town.dump("magento")["mails"] == []


def test_lines_of_an_address_book_keep_their_ids_and_what_we_do_not_know(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM])
    obj = shop["customer"]
    (line,) = shop.fields("customer", shop.connector.read(obj, "41"))["addresses"]
    new = {"erp_code": "A2", "firstname": "K", "lastname": "B", "street": ["2 Rd"], "city": "Nice", "postcode": "06000",
           "country_id": "FR", "telephone": "-", "default_billing": True}  # fmt: skip
    lines = [{**line, "city": "Paris", "region": "Paris", "default_billing": False}, new]

    shop.connector.update(obj, "41", shape(obj, {"addresses": lines}, creating=False))

    held = shop.town.one("magento", "customers")
    first, second = held["addresses"]
    assert (first["id"], first["city"], first["fax"], first["region_code"]) == (77, "Paris", "12", "75")
    assert (second["city"], second["custom"], held["default_billing"]) == ("Nice", {"erp_code": "A2"}, second["id"])


def test_a_field_is_cleared(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM])
    obj = shop["customer"]

    shop.connector.update(obj, "41", shape(obj, {"taxvat": None, "netsuite_id": None}, creating=False))

    held = shop.town.one("magento", "customers")
    assert (held["taxvat"], held["custom"]) == (None, {"erp_number": "C-1007"})


def test_the_update_of_nobody_is_missing_and_creates_nobody(shop: Shop) -> None:
    with pytest.raises(Missing):
        shop.connector.update(shop["customer"], "999", {"lastname": "Stone"})

    assert shop.town.held("magento", "customers") == []


def test_a_customer_is_deleted_and_deleting_it_again_is_no_error(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM])

    shop.connector.delete(shop["customer"], "41")
    shop.connector.delete(shop["customer"], "41")

    assert shop.town.held("magento", "customers") == []


def test_a_company_is_created_changed_found_and_deleted(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM])
    obj = shop["company"]
    values = {
        "company_name": "Brick SARL", "company_email": "office@brick.example", "status": "active", "region": "Rhône",
        "street": ["3 rue Haute"], "city": "Lyon", "country_id": "FR", "postcode": "69001", "telephone": "+334",
        "customer_group_id": "4", "super_user_id": "41", "vat_tax_id": "FR1", "comment": "Sage A9",
        "available_payment_methods": ["companycredit", "checkmo"], "applicable_payment_method": "selected",
    }  # fmt: skip

    id = shop.connector.create(obj, shape(obj, values, creating=True)).id
    shop.connector.update(obj, id, shape(obj, {"status": "blocked", "reseller_id": "R7"}, creating=False))

    assert shop.ids("company") == [id]
    (found,) = shop.connector.find(obj, "vat_tax_id", "fr1")
    read = shop.fields("company", found)
    assert {name: read[name] for name in values} == {**values, "status": "blocked"}
    assert read["reseller_id"] == "R7"
    shop.connector.delete(obj, id)
    assert shop.ids("company") == []


def test_a_customer_becomes_the_user_of_a_company(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM, {"id": 42, "email": "a@x.example", "firstname": "A", "lastname": "O"}],
                   companies=[BRICK])  # fmt: skip
    obj = shop["customer"]
    values = {"company_id": "9", "job_title": "Buyer", "active": True, "company_telephone": "+331"}

    shop.connector.update(obj, "42", shape(obj, values, creating=False))

    read = shop.fields("customer", shop.connector.read(obj, "42"))
    assert {name: read[name] for name in values} == values


# -- parts -----------------------------------------------------------------------------------------------


def test_a_credit_limit_is_set_with_the_rest_of_the_credit_kept(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM], companies=[BRICK], credits=[{"company_id": 9, "currency_code": "USD"}])
    obj = shop["company"]

    shop.connector.update_part(obj, "credit", "9", {"credit_limit": Decimal("15000.00"), "exceed_limit": True})

    credit = shop.connector.part(obj, "credit", "9")
    assert (credit["credit_limit"], credit["exceed_limit"], credit["currency_code"]) == (15000, True, "USD")
    assert credit["id"] != 9
    shop.connector.update_part(obj, "credit", "9", {"credit_limit": None})
    assert "credit_limit" not in shop.connector.part(obj, "credit", "9")


def test_a_balance_moves_by_the_difference_and_only_when_there_is_one(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM], companies=[BRICK])
    obj = shop["company"]

    for balance in ("250", "250.00", "99.5"):
        shop.connector.update_part(obj, "credit_balance", "9", {"balance": Decimal(balance)}, key=f"op {balance}")

    dump = shop.town.dump("magento")
    assert dump["credits"][0]["balance"] == 99.5
    assert [(row["amount"], row["comment"]) for row in dump["credit_history"]] == [(250, "op 250"), (-150.5, "op 99.5")]


def test_a_balance_whose_answer_was_lost_is_not_moved_twice(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM], companies=[BRICK])
    shop.town.fault("magento", kind="drop_after", method="POST", path="increaseBalance")

    with pytest.raises(Unreachable) as caught:
        shop.connector.update_part(shop["company"], "credit_balance", "9", {"balance": 250})

    assert caught.value.sent is True
    assert shop.town.dump("magento")["credits"][0]["balance"] == 250


def test_a_company_moves_to_another_catalog(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM], companies=[BRICK])
    obj = shop["company"]

    shop.connector.update_part(obj, "catalog", "9", {"id": "2"})

    assert shop.town.dump("magento")["catalog_of"] == {"9": 2}
    group = shop.connector.read(obj, "9")["customer_group_id"]  # type: ignore[index]  # it is there
    assert shop.connector.part(obj, "catalog", "9", {"customer_group_id": group})["name"] == "France"


def test_a_password_mail_is_sent(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM])
    obj = shop["password_mail"]
    values = {"email": "kim@brick.example", "template": "email_reset", "websiteId": "1"}

    shop.connector.create(obj, shape(obj, values, creating=True))

    (mail,) = shop.town.dump("magento")["mails"]
    assert mail["template"] == "customer_password_forgot_email_template"


# -- logins, limits, errors ------------------------------------------------------------------------------


def logins(town: Town) -> int:
    return sum(one["path"].endswith("/token") for one in town.requests("magento"))


def test_one_login_serves_many_requests_until_it_ends(shop: Shop) -> None:
    town = shop.town
    town.requests("magento")
    for _ in range(3):
        shop.ids("customer_group")
    assert logins(town) == 1

    town.advance(4 * 3600)
    shop.ids("customer_group")
    assert logins(town) == 1


def test_a_revoked_login_is_renewed_once(shop: Shop) -> None:
    shop.ids("customer_group")
    shop.town.order("magento", "revoke_tokens")

    assert len(shop.ids("customer_group")) == 7


def test_a_permission_that_is_lacking_does_not_lead_to_one_login_after_the_other(shop: Shop) -> None:
    shop.ids("customer_group")
    shop.town.set("magento", forbidden=["Magento_Customer::customer"])
    shop.town.requests("magento")

    with pytest.raises(Unauthorised, match="role lacks a permission"):
        shop.ids("customer")

    assert logins(shop.town) == 1


def test_a_wrong_password_is_refused_without_a_second_try(town: Town) -> None:
    town.setting("magento", password="wrong")
    shop = Shop(town)
    town.requests("magento")

    for _ in range(2):
        with pytest.raises(Unauthorised):
            shop.ids("customer")

    assert logins(town) == 1


def test_a_registered_integration_signs_its_requests(town: Town) -> None:
    town.layer(OAUTH1)
    town.seed("magento", customers=[KIM])
    shop = Shop(town)

    assert [row["id"] for row in shop.connector.find(shop["customer"], "email", "kim@brick.example")] == [41]
    assert shop.ids("customer", since="2026-01-01T00:00:00Z") == ["41"]
    shop.connector.update(shop["customer"], "41", {"lastname": "Stone"})
    assert (town.one("magento", "customers")["lastname"], logins(town)) == ("Stone", 0)


def test_the_probe_finds_nothing_to_say(shop: Shop) -> None:
    assert shop.connector.probe() == []


def test_a_page_of_the_proxy_is_waited_out(shop: Shop) -> None:
    shop.town.fault("magento", kind="html", status=503, path="/customers/search", times=2)
    shop.town.fault("magento", kind="html", status=429, path="/customers/search")

    assert shop.ids("customer") == []


def test_a_page_of_the_proxy_that_stays_is_an_error_and_not_an_empty_shop(town: Town) -> None:
    shop = Shop(town, attempts=2)
    town.fault("magento", kind="html", status=503, path="/customers/search", times=9)
    with pytest.raises(Throttled):
        shop.ids("customer")

    town.order("magento", "reset")
    town.fault("magento", kind="html", status=200, path="/customers/search", times=9)
    with pytest.raises(Unreachable):
        shop.ids("customer")


def test_the_shops_own_limit_is_kept(shop: Shop) -> None:
    shop.town.seed("magento", customers=people(120))
    shop.town.set("magento", per_second=2)

    assert len(shop.ids("customer")) == 120


def test_an_email_that_is_taken_is_a_duplicate(shop: Shop) -> None:
    shop.town.seed("magento", customers=[KIM])
    payload = {"email": "Kim@Brick.example", "firstname": "K", "lastname": "B", "website_id": 1}

    with pytest.raises(Duplicate):
        shop.connector.create(shop["customer"], payload)


REFUSED: list[tuple[str, Callable[[Shop], Any], type[Exception], str]] = [
    ("group", lambda shop: shop.connector.update(shop["customer"], "41", {"group_id": 99}), Rejected, "group id"),
    ("required", lambda shop: shop.connector.create(shop["customer"], {"email": "a@b.example", "website_id": 1}),
     Rejected, "One or more input exceptions"),
    ("company", lambda shop: shop.connector.create(shop["company"], {"company_name": "B"}), Rejected, "input exc"),
    ("credit", lambda shop: shop.connector.update_part(shop["company"], "credit", "8", {"credit_limit": 1}), Missing,
     "credit"),
    ("mail", lambda shop: shop.connector.create(shop["password_mail"], {"email": "n@x.io", "template": "email_reset"}),
     Missing, "No such entity with email"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "text"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refusals_are_classed_and_told(
    shop: Shop, call: Callable[[Shop], Any], error: type[Exception], text: str
) -> None:
    shop.town.seed("magento", customers=[KIM])

    with pytest.raises(error, match=text):
        call(shop)


def test_the_name_of_a_template_is_filled_and_personal_values_are_not_shown(shop: Shop) -> None:
    payload = {"email": "no address", "firstname": "K", "lastname": "B", "website_id": 1}

    with pytest.raises(Rejected, match="provided for the email field"):
        shop.connector.create(shop["customer"], payload)


def test_a_shop_without_b2b_stops_with_what_to_do(shop: Shop) -> None:
    shop.town.set("magento", b2b=False)

    with pytest.raises(Stopped) as caught:
        shop.ids("company")

    assert "B2B" in caught.value.do


def test_an_account_that_was_half_made_is_told_as_such(shop: Shop) -> None:
    payload = {"email": "h@x.example", "firstname": "H", "lastname": "M", "website_id": 1, "store_id": 0}

    with pytest.raises(Rejected, match="made but not finished"):
        shop.connector.create(shop["customer"], payload)

    assert len(shop.town.held("magento", "customers")) == 1


def test_a_create_whose_answer_was_lost_is_not_sent_again(shop: Shop) -> None:
    shop.town.fault("magento", kind="drop_after", method="POST", path="/V1/customers$")
    payload = {"email": "l@x.example", "firstname": "L", "lastname": "O", "website_id": 1}

    with pytest.raises(Unreachable) as caught:
        shop.connector.create(shop["customer"], payload)

    assert caught.value.sent is True
    assert [row["email"] for row in shop.town.held("magento", "customers")] == ["l@x.example"]
    assert len(shop.connector.find(shop["customer"], "email", "l@x.example")) == 1


def test_it_compiles_without_a_finding() -> None:
    found, findings = load_ruleset(ROOT, settings=json.loads("{}"))

    assert findings == []
    assert found is not None
    assert {"magento.customer", "magento.company", "mail.message"} <= found.objects.keys()
