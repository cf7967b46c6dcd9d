"""Which handler answers which request, with what kind of object, and which permission it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sandbox.stripe import customers, events, money, payment_methods, portal, tax_ids
from sandbox.stripe.call import Call
from sandbox.stripe.collection import Record

Handler = Callable[[Call], Record]


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint; its method and template are also what the endpoint rate limit counts by."""

    endpoint: str
    parts: tuple[str, ...]
    handler: Handler
    answers: str  # the kind of object, or kind[] for a list of it
    permission: str


def match(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route and the ids in the path; literal parts come first in the table."""
    parts = path.split("/")[1:]
    for route in _BY_SHAPE.get((method, len(parts)), ()):
        at = {}
        for wanted, given in zip(route.parts, parts, strict=True):
            if wanted[0] == "{" and given:
                at[wanted[1:-1]] = given
            elif wanted != given:
                break
        else:
            return route, at
    return None


def _by_shape(routes: dict[str, tuple[Handler, str, str]]) -> dict[tuple[str, int], list[Route]]:
    shapes: dict[tuple[str, int], list[Route]] = {}
    for endpoint, (handler, answers, permission) in routes.items():
        method, path = endpoint.split(" ")
        parts = tuple(path.split("/")[1:])
        shapes.setdefault((method, len(parts)), []).append(
            Route(endpoint, parts, handler, answers, permission)
        )
    return shapes


ROUTES: dict[str, tuple[Handler, str, str]] = {
    "POST /v1/customers": (customers.create, "customer", "customer_write"),
    "GET /v1/customers": (customers.browse, "customer[]", "customer_read"),
    "GET /v1/customers/search": (customers.find, "customer[]", "customer_read"),
    "GET /v1/customers/{id}": (customers.read, "customer", "customer_read"),
    "POST /v1/customers/{id}": (customers.update, "customer", "customer_write"),
    "DELETE /v1/customers/{id}": (customers.delete, "deleted", "customer_write"),
    "GET /v1/customers/{id}/payment_methods": (
        payment_methods.browse_of_customer,
        "payment_method[]",
        "payment_method_read",
    ),
    "GET /v1/customers/{id}/payment_methods/{method}": (
        payment_methods.read_of_customer,
        "payment_method",
        "payment_method_read",
    ),
    "GET /v1/customers/{id}/tax_ids": (tax_ids.browse, "tax_id[]", "customer_read"),
    "POST /v1/customers/{id}/tax_ids": (tax_ids.create, "tax_id", "customer_write"),
    "GET /v1/customers/{id}/tax_ids/{tax_id}": (tax_ids.read, "tax_id", "customer_read"),
    "DELETE /v1/customers/{id}/tax_ids/{tax_id}": (tax_ids.delete, "deleted", "customer_write"),
    "GET /v1/payment_methods": (payment_methods.browse, "payment_method[]", "payment_method_read"),
    "GET /v1/payment_methods/{id}": (payment_methods.read, "payment_method", "payment_method_read"),
    "POST /v1/payment_methods/{id}/attach": (payment_methods.give, "payment_method", "payment_method_write"),
    "POST /v1/payment_methods/{id}/detach": (payment_methods.take, "payment_method", "payment_method_write"),
    "GET /v1/charges": (partial(money.browse, money.CHARGE), "charge[]", "charge_read"),
    "GET /v1/charges/{id}": (partial(money.read, money.CHARGE), "charge", "charge_read"),
    "GET /v1/invoices": (partial(money.browse, money.INVOICE), "invoice[]", "invoice_read"),
    "GET /v1/invoices/{id}": (partial(money.read, money.INVOICE), "invoice", "invoice_read"),
    "GET /v1/payment_intents": (
        partial(money.browse, money.PAYMENT_INTENT),
        "payment_intent[]",
        "payment_intent_read",
    ),
    "GET /v1/payment_intents/{id}": (
        partial(money.read, money.PAYMENT_INTENT),
        "payment_intent",
        "payment_intent_read",
    ),
    "POST /v1/billing_portal/sessions": (portal.create, "portal_session", "customer_portal_write"),
    "GET /v1/events": (events.browse, "event[]", "event_read"),
    "GET /v1/events/{id}": (events.read, "event", "event_read"),
}
_BY_SHAPE = _by_shape(ROUTES)
