"""Requests that must fail, written before the stand-in; the number is the section of the fact sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from stripe_api import Api

LONG = "x" * 513
KEYS_51 = "&".join(f"metadata[k{n}]=v" for n in range(51))
TYPES_21 = "&".join(f"types[]=customer.t{n}" for n in range(21))
CLAUSES_11 = "%20".join(f"name:%22n{n}%22" for n in range(11))
EMPTY = (
    "You passed an empty string for '{0}'. We assume empty values are an attempt to unset a parameter; "
    "however '{0}' cannot be unset. You should remove '{0}' from your request or supply a non-empty value."
)
PORTAL_OFF = (
    "No configuration provided and your test mode default configuration has not been created. "
    "Provide a configuration or create your default by saving your customer portal settings in test mode "
    "at https://dashboard.stripe.com/test/settings/billing/portal."
)


@dataclass(frozen=True)
class Case:
    """One request and what of its refusal is known."""

    name: str
    method: str
    path: str
    body: str | None = None
    status: int = 400
    code: str | None = None
    param: str | None = None
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


CASES = [
    # 1 auth: bearer or basic with the key as the user name; pk_ is refused; rk_ needs the permission
    Case("no key", "GET", "/v1/customers", status=401, headers={"Authorization": ""},
         message="did not provide"),
    Case("wrong key", "GET", "/v1/customers", status=401, headers={"Authorization": "Bearer sk_test_no"},
         message="Invalid API Key provided: sk_test_no"),
    Case("live key", "GET", "/v1/customers", status=401,
         headers={"Authorization": "Bearer sk_live_1234567890"},
         message="Invalid API Key provided: sk_live_**7890"),
    Case("publishable key", "GET", "/v1/customers", status=401, code="secret_key_required",
         headers={"Authorization": "Bearer pk_test_1"}),
    Case("other auth scheme", "GET", "/v1/customers", status=401, headers={"Authorization": "Digest x"}),
    Case("restricted key without the permission", "POST", "/v1/customers", "name=A", status=403,
         headers={"Authorization": "Bearer rk_test_reader"},
         options={"restricted_keys": {"rk_test_reader": ["customer_read"]}},
         message="Having the 'rak_customer_write' permission would allow this request to continue."),
    Case("account that is not connected", "GET", "/v1/customers", status=403, code="account_invalid",
         headers={"Stripe-Account": "acct_other"}),
    # 1 version, verbs, content type
    Case("version that is none", "GET", "/v1/customers", headers={"Stripe-Version": "dahlia"},
         message="Invalid Stripe API version: dahlia"),
    Case("verb PUT", "PUT", "/v1/customers/cus_here", "name=A", status=404,
         message="Unrecognized request URL (PUT: /v1/customers/cus_here)"),
    Case("verb PATCH", "PATCH", "/v1/customers/cus_here", "name=A", status=404),
    Case("unknown path", "GET", "/v1/clients", status=404,
         message="Unrecognized request URL (GET: /v1/clients)"),
    Case("path without version", "GET", "/customers", status=404),
    Case("JSON body", "POST", "/v1/customers", '{"name": "A"}', headers={"Content-Type": "application/json"},
         message="check that your POST content type is application/x-www-form-urlencoded"),
    # 2 form rules
    Case("unknown parameter", "POST", "/v1/customers", "nmae=A", code="parameter_unknown", param="nmae",
         message="Received unknown parameter: nmae"),
    Case("two unknown parameters", "POST", "/v1/customers", "nmae=A&fone=1", code="parameter_unknown",
         message="Received unknown parameters: nmae, fone"),
    Case("unknown nested parameter", "POST", "/v1/customers", "address[zip]=1", code="parameter_unknown",
         param="address[zip]"),
    Case("unknown query parameter", "GET", "/v1/customers?name=A", code="parameter_unknown", param="name"),
    Case("query parameter on a POST", "POST", "/v1/customers?name=A", "", code="parameter_unknown",
         param="name"),
    Case("text where a hash belongs", "POST", "/v1/customers", "address=Rome", param="address",
         message="Invalid object"),
    Case("hash where text belongs", "POST", "/v1/customers", "name[first]=A", param="name",
         message="Invalid string"),
    Case("text and hash at once", "POST", "/v1/customers", "address=&address[city]=Rome"),
    Case("text where a list belongs", "POST", "/v1/customers", "preferred_locales=fr",
         param="preferred_locales",
         message="Invalid array"),
    Case("body that is not UTF-8", "POST", "/v1/customers", "name=%ff", code="invalid_characters",
         message="UTF-8"),
    Case("empty default_source", "POST", "/v1/customers/cus_here", "default_source=",
         code="parameter_invalid_empty", param="default_source", message=EMPTY.format("default_source")),
    Case("empty shipping name", "POST", "/v1/customers", "shipping[name]=&shipping[address][city]=Rome",
         code="parameter_invalid_empty", param="shipping[name]"),
    Case("empty preferred_locales", "POST", "/v1/customers", "preferred_locales=",
         code="parameter_invalid_empty",
         param="preferred_locales"),
    # 3 fields of a customer
    Case("email too long", "POST", "/v1/customers", f"email=a@{LONG}.io", param="email",
         message="must be at most 512 characters"),
    Case("name too long", "POST", "/v1/customers", "name=" + "n" * 257, param="name",
         message="Invalid string: nnnn...nnnn; must be at most 256 characters"),
    Case("phone too long", "POST", "/v1/customers", "phone=" + "1" * 21, param="phone"),
    Case("description too long", "POST", "/v1/customers", "description=" + "d" * 5001, param="description"),
    Case("email that is none", "POST", "/v1/customers", "email=cus_123", code="email_invalid", param="email",
         message="Invalid email address: cus_123"),
    Case("shipping without a name", "POST", "/v1/customers", "shipping[address][city]=Rome",
         code="parameter_missing", param="shipping[name]"),
    Case("shipping without an address", "POST", "/v1/customers", "shipping[name]=A", code="parameter_missing",
         param="shipping[address]"),
    Case("tax_exempt outside its values", "POST", "/v1/customers", "tax_exempt=yes", param="tax_exempt",
         message="Invalid tax_exempt: must be one of none, exempt, or reverse"),
    Case("balance that is no integer", "POST", "/v1/customers", "balance=1.50",
         code="parameter_invalid_integer",
         param="balance", message="Invalid integer: 1.50"),
    Case("currency is not settable", "POST", "/v1/customers", "currency=usd", code="parameter_unknown"),
    Case("created is not settable", "POST", "/v1/customers", "created=1", code="parameter_unknown"),
    Case("coupon is gone since basil", "POST", "/v1/customers", "coupon=ten", code="parameter_unknown"),
    Case("default_source on create", "POST", "/v1/customers", "default_source=card_1",
         code="parameter_unknown"),
    Case("tax_id_data on update", "POST", "/v1/customers/cus_here",
         "tax_id_data[0][type]=eu_vat&tax_id_data[0][value]=DE123456789", code="parameter_unknown"),
    Case("invoice prefix in lower case", "POST", "/v1/customers", "invoice_prefix=abc",
         param="invoice_prefix"),
    Case("invoice prefix too short", "POST", "/v1/customers", "invoice_prefix=AB", param="invoice_prefix"),
    Case("default payment method of nobody", "POST", "/v1/customers/cus_here",
         "invoice_settings[default_payment_method]=pm_loose", code="resource_missing",
         param="invoice_settings[default_payment_method]"),
    Case("five custom fields", "POST", "/v1/customers",
         "&".join(f"invoice_settings[custom_fields][{n}][name]=a" for n in range(5)),
         param="invoice_settings[custom_fields]"),
    # 3 and 4 missing and deleted customers
    Case("read of a missing customer", "GET", "/v1/customers/cus_gone", status=404, code="resource_missing",
         param="id", message="No such customer: 'cus_gone'"),
    Case("update of a missing customer", "POST", "/v1/customers/cus_gone", "name=A", status=404,
         code="resource_missing", param="id"),
    Case("update of a deleted customer", "POST", "/v1/customers/cus_dead", "name=A", status=404,
         code="resource_missing", param="id", message="No such customer: 'cus_dead'"),
    Case("second delete", "DELETE", "/v1/customers/cus_dead", status=404, code="resource_missing"),
    Case("payment methods of a deleted customer", "GET", "/v1/customers/cus_dead/payment_methods", status=404,
         code="resource_missing"),
    Case("charges of a missing customer are a parameter error", "GET", "/v1/charges?customer=cus_gone",
         code="resource_missing", param="customer", message="No such customer: 'cus_gone'"),
    # 5 metadata
    Case("51 metadata keys", "POST", "/v1/customers", KEYS_51, param="metadata"),
    Case("a 51st metadata key by update", "POST", "/v1/customers/cus_full", "metadata[one_more]=1",
         param="metadata"),
    Case("metadata key of 41 characters", "POST", "/v1/customers", f"metadata[{'k' * 41}]=1",
         message="Metadata keys can have up to 40 characters, but you passed in a key that is 41"),
    Case("metadata value of 501 characters", "POST", "/v1/customers", f"metadata[a]={'v' * 501}",
         message="Metadata values can have up to 500 characters, but you passed in a value that is 501"),
    Case("metadata that nests", "POST", "/v1/customers", "metadata[a][b]=1", param="metadata[a]"),
    Case("metadata key with brackets", "POST", "/v1/customers", "metadata[a[b]]=1", code="parameter_unknown"),
    Case("metadata that is text", "POST", "/v1/customers", "metadata=abc", param="metadata",
         message="Invalid object"),
    # 6 tax ids
    Case("tax id of unknown type", "POST", "/v1/customers/cus_here/tax_ids", "type=vat&value=1",
         param="type"),
    Case("tax id without a value", "POST", "/v1/customers/cus_here/tax_ids", "type=eu_vat",
         code="parameter_missing", param="value", message="Missing required param: value."),
    Case("tax id in a wrong form", "POST", "/v1/customers/cus_here/tax_ids", "type=eu_vat&value=12",
         code="tax_id_invalid", param="value"),
    Case("tax ids cannot be changed", "POST", "/v1/customers/cus_here/tax_ids/txi_1", "value=DE1",
         status=404),
    # 7 lists
    Case("limit 0", "GET", "/v1/customers?limit=0", param="limit"),
    Case("limit 101", "GET", "/v1/customers?limit=101", param="limit",
         message="less than or equal to 100 (it currently is '101')"),
    Case("limit that is no integer", "GET", "/v1/customers?limit=ten", code="parameter_invalid_integer",
         message="Invalid integer: ten"),
    Case("both cursors", "GET", "/v1/customers?starting_after=cus_here&ending_before=cus_full",
         code="parameters_exclusive"),
    Case("cursor nobody knows", "GET", "/v1/customers?starting_after=cus_gone", code="resource_missing",
         param="starting_after"),
    Case("created that is a date", "GET", "/v1/customers?created[gte]=2026-01-01",
         code="parameter_invalid_integer", param="created[gte]"),
    Case("created with an unknown bound", "GET", "/v1/customers?created[since]=1", code="parameter_unknown"),
    Case("expand of what cannot be expanded", "GET", "/v1/customers/cus_here?expand[]=email",
         message="This property cannot be expanded (email)"),
    Case("expand of a list without data", "GET", "/v1/customers?expand[]=tax_ids",
         message="You may want to try expanding 'data.tax_ids' instead."),
    Case("expand of nothing on a create", "POST", "/v1/customers", "name=A&expand[]=email",
         message="This property cannot be expanded (email)"),
    Case("expand of a list as such", "GET", "/v1/customers?expand[]=data", param="expand"),
    Case("expand five deep", "GET", "/v1/customers?expand[]=data.a.b.c.d", message="more than 4 levels"),
    # 8 search
    Case("search without a query", "GET", "/v1/customers/search", code="parameter_missing", param="query"),
    Case("search by an unknown field", "GET", "/v1/customers/search?query=zip:%221%22", param="query"),
    Case("search with AND and OR", "GET",
         "/v1/customers/search?query=name:'a'%20AND%20name:'b'%20or%20name:'c'",
         message="AND and OR"),
    Case("search with parentheses", "GET", "/v1/customers/search?query=(name:%22a%22)"),
    Case("search value without quotes", "GET", "/v1/customers/search?query=email:a@b.io"),
    Case("search quote left open", "GET", "/v1/customers/search?query=email:%22a"),
    Case("search operator on the wrong type", "GET", "/v1/customers/search?query=name%3E3"),
    Case("substring search in metadata", "GET", "/v1/customers/search?query=metadata[%22a%22]~%22abc%22"),
    Case("substring of two characters", "GET", "/v1/customers/search?query=name~%22ab%22"),
    Case("search of eleven clauses", "GET", f"/v1/customers/search?query={CLAUSES_11}"),
    Case("search query too long", "GET", f"/v1/customers/search?query=name:%22{'n' * 5000}%22",
         param="query"),
    Case("search with starting_after", "GET",
         "/v1/customers/search?query=name:%22a%22&starting_after=cus_here",
         code="parameter_unknown", param="starting_after"),
    Case("search page that was not handed out", "GET", "/v1/customers/search?query=name:%22a%22&page=2",
         param="page"),
    Case("search before its first version", "GET", "/v1/customers/search?query=name:%22a%22",
         headers={"Stripe-Version": "2020-03-02"}, message="2020-08-27"),
    # 9 events
    Case("type and types", "GET", "/v1/events?type=customer.created&types[]=customer.updated",
         code="parameters_exclusive"),
    Case("21 types", "GET", f"/v1/events?{TYPES_21}", param="types"),
    Case("missing event", "GET", "/v1/events/evt_gone", status=404, code="resource_missing", param="id"),
    Case("events cannot be written", "POST", "/v1/events", "type=customer.created", status=404),
    # 11 idempotency
    Case("idempotency key of 256 characters", "POST", "/v1/customers", "name=A",
         headers={"Idempotency-Key": "k" * 256}),
    # 14 payment methods
    Case("missing payment method", "GET", "/v1/payment_methods/pm_gone", status=404, code="resource_missing",
         message="No such PaymentMethod: 'pm_gone'"),
    Case("payment method of another customer", "GET", "/v1/customers/cus_here/payment_methods/pm_loose",
         status=404,
         code="resource_missing"),
    # 15 portal
    Case("portal without a customer", "POST", "/v1/billing_portal/sessions", "", code="parameter_missing",
         param="customer"),
    Case("portal for a missing customer", "POST", "/v1/billing_portal/sessions", "customer=cus_gone",
         code="resource_missing", param="customer"),
    Case("portal for a deleted customer", "POST", "/v1/billing_portal/sessions", "customer=cus_dead",
         code="resource_missing", param="customer"),
    Case("portal with a return_url that is none", "POST", "/v1/billing_portal/sessions",
         "customer=cus_here&return_url=shop", code="url_invalid", param="return_url"),
    Case("portal never saved in the dashboard", "POST", "/v1/billing_portal/sessions", "customer=cus_here",
         options={"portal": False}, message=PORTAL_OFF),
    # 16 money objects
    Case("invoice list by an unknown status", "GET", "/v1/invoices?status=late", param="status"),
    Case("charges cannot be filtered by status", "GET", "/v1/charges?status=failed",
         code="parameter_unknown"),
    Case("missing charge", "GET", "/v1/charges/ch_gone", status=404, code="resource_missing", param="id"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.name.replace(" ", "-") for case in CASES])
def test_refuses(stripe: Api, case: Case) -> None:
    full = {f"k{n}": "v" for n in range(50)}
    stripe.seed(
        customers=[
            {"id": "cus_here"},
            {"id": "cus_full", "metadata": full},
            {"id": "cus_dead", "deleted": True},
        ],
        payment_methods=[{"id": "pm_loose"}],
    )
    if case.options:
        stripe.set(**case.options)
    before = stripe.order("dump")["customers"]

    answer = stripe.send(case.method, case.path, case.body, case.headers)

    assert answer.status_code == case.status, answer.text
    error = answer.json()["error"]
    assert answer.json() == {"error": error}
    assert error["type"] == "invalid_request_error"
    assert error.get("code") == case.code
    assert case.param is None or error["param"] == case.param
    assert case.message in error["message"]
    assert None not in error.values()
    assert answer.headers["Request-Id"].startswith("req_")
    assert answer.headers["Stripe-Should-Retry"] == "false"
    assert stripe.order("dump")["customers"] == before
