"""A record that Stripe or NetSuite refuses to show keeps nobody else back."""

from __future__ import annotations

from stripe_to_netsuite import ADA, FLOW, company, paying
from town import Town

REFUSED = {"error": {"type": "invalid_request_error", "code": "parameter_invalid", "message": "no"}}
BEA = {"id": "cus_bea", "name": "Bea", "email": "bea@x.example"}


def test_a_payment_method_that_cannot_be_read_keeps_its_customer_alone(town: Town) -> None:
    town.seed("stripe", customers=[ADA, BEA], charges=[{"customer": "cus_ada"}, {"customer": "cus_bea"}])
    town.seed("stripe", payment_methods=[{"id": "pm_1", "customer": "cus_ada"}])
    town.stripe("/v1/customers/cus_ada", **{"invoice_settings[default_payment_method]": "pm_1"})
    town.fault("stripe", method="GET", path="pm_1", times=1, kind="status", status=400, body=REFUSED)

    assert town.ends(FLOW) == {"created": 1, "unknown": 1}
    assert "pm_1 could not be read" in town.findings()["record-unread"]
    town.advance(60)
    assert town.ends(FLOW).get("created") == 1


def test_a_changed_customer_that_cannot_be_read_comes_again(town: Town) -> None:
    town.sync(FLOW)
    town.advance(600)
    paying(town, ADA, BEA)
    town.fault("stripe", method="GET", path="cus_ada$", times=1, kind="status", status=400, body=REFUSED)

    assert town.ends(FLOW) == {"created": 1}
    town.advance(600)
    assert town.ends(FLOW).get("created") == 1

    assert sorted(one["externalId"] for one in town.held("netsuite", "customer")) == ["cus_ada", "cus_bea"]


def test_a_candidate_that_cannot_be_read_creates_nobody(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="ada@x.example")])
    paying(town, ADA)
    body = {"title": "Bad Request", "status": 400, "o:errorDetails": [{"o:errorCode": "USER_ERROR", "detail": "no"}]}
    town.fault("netsuite", method="GET", path="customer/7", times=1, kind="status", status=400, body=body)

    assert town.ends(FLOW) == {"unknown": 1}
    assert len(town.held("netsuite", "customer")) == 1
    town.advance(60)
    assert town.ends(FLOW) == {"linked": 1}
