"""Customer portal sessions: short-lived links, made on demand and never read again."""

from __future__ import annotations

from sandbox.stripe import refusals
from sandbox.stripe.call import Call
from sandbox.stripe.collection import Record
from sandbox.stripe.kinds import Group, NotModelled, Text

NEVER_SAVED = (
    "No configuration provided and your test mode default configuration has not been created. "
    "Provide a configuration or create your default by saving your customer portal settings in test mode at "
    "https://dashboard.stripe.com/test/settings/billing/portal."
)
DEFAULT_CONFIGURATION = "bpc_sandboxDefault"
CREATE = Group(
    {
        "after_expiration": NotModelled(),
        "configuration": Text(),
        "customer": Text(),
        "customer_account": NotModelled(),
        "flow_data": NotModelled(),
        "locale": Text(10),
        "on_behalf_of": NotModelled(),
        "return_url": Text(url=True),
    },
    required=("customer",),
)


def create(call: Call) -> Record:
    values = call.read(CREATE)
    account = call.account
    customer = call.given(account.customers, values["customer"], "customer")
    if not account.options.portal:
        raise refusals.Refusal(NEVER_SAVED)
    if values.get("configuration", DEFAULT_CONFIGURATION) != DEFAULT_CONFIGURATION:
        raise refusals.missing("configuration", values["configuration"], "configuration", in_path=False)
    identifier = account.ids.make("bps")
    session = {
        "id": identifier,
        "object": "billing_portal.session",
        "configuration": DEFAULT_CONFIGURATION,
        "created": account.now,
        "customer": customer["id"],
        "customer_account": None,
        "flow": None,
        "livemode": False,
        "locale": values.get("locale"),
        "on_behalf_of": None,
        "return_url": values.get("return_url"),
        "url": "https://billing.stripe.com/p/session/test_" + identifier.removeprefix("bps_"),
    }
    account.portal_sessions.append(session)
    account.emit("billing_portal.session.created", session, call.cause)
    return session
