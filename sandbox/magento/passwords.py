"""Passwords: links by mail, and what comes back with them. A password itself is never kept."""

from __future__ import annotations

from typing import Any

from sandbox.magento import refusals
from sandbox.magento.call import Call
from sandbox.magento.customer_record import shown
from sandbox.magento.customer_writing import check_password
from sandbox.magento.refusals import Refusal
from sandbox.magento.shop import Record, store_by_code

TEMPLATES = {
    "email_reset": "customer_password_forgot_email_template",
    "email_reminder": "customer_password_remind_email_template",
}


def is_email_available(call: Call) -> bool:
    """True for every address: the shop tells nobody who its customers are."""
    call.argument("customerEmail")
    return True


def send_password_mail(call: Call) -> bool:
    """A mail with a link to choose a new password."""
    email, template = str(call.argument("email")), call.argument("template")
    if template not in TEMPLATES:
        raise refusals.invalid_value("template", template)
    customer = _account(call, email)
    id_ = customer["id"]
    call.shop.next_id("reset")
    token = call.shop.reset_tokens[id_] = f"reset{id_:04x}{call.shop.next_id('reset'):08x}"
    link = f"/customer/account/createPassword/?id={id_}&token={token}"
    call.shop.mail(TEMPLATES[template], customer["email"], customer_id=id_, link=link)
    return True


def reset_password(call: Call) -> bool:
    email, token = str(call.argument("email")), call.argument("resetToken")
    new = call.argument("newPassword")
    customer = _account(call, email)
    if call.shop.reset_tokens.get(customer["id"]) != token:
        raise Refusal("The password token is mismatched. Reset and try again.")
    check_password(new, customer["email"])
    del call.shop.reset_tokens[customer["id"]]
    call.shop.passwords[customer["id"]] = call.shop.passwords.get(customer["id"], 0) + 1
    return True


def resend_confirmation(call: Call) -> bool:
    customer = _account(call, str(call.argument("email")))
    if not customer["confirmation"]:
        raise Refusal("Confirmation isn't needed.")
    template = "customer_create_account_email_confirmation_template"
    call.shop.mail(template, customer["email"], customer_id=customer["id"])
    return True


def activate(call: Call) -> Record:
    customer = _account(call, call.at["email"])
    if not customer["confirmation"]:
        raise Refusal("The account is already active.")
    if call.argument("confirmationKey") != customer["confirmation"]:
        raise Refusal("The confirmation token is invalid. Verify the token and try again.")
    customer["confirmation"] = None
    return shown(call.shop, customer)


def _account(call: Call, email: str) -> Record:
    """The account of an email in a website: the named one, or that of the store view in the path."""
    website: Any = call.tree.get("websiteId")
    if website is None:
        store = store_by_code(call.store_code)
        website = store["website_id"] if store else 1
    found = call.shop.holder(email, int(website))
    if found is None:
        raise refusals.missing_entity("email", email, "websiteId", int(website))
    return found
