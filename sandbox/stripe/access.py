"""Who may ask: a secret key everything, a restricted key what it lists, a publishable key nothing."""

from __future__ import annotations

import base64
import binascii

from sandbox.stripe import refusals
from sandbox.stripe.account import Account


def key_of(authorization: str) -> str:
    """The key from a bearer token or from the user name of basic authentication."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer" and rest.strip():
        return rest.strip()
    if scheme.lower() == "basic":
        try:
            user = base64.b64decode(rest, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            user = ""
        if user:
            return user
    raise refusals.no_key()


def admit(account: Account, secret_key: str, authorization: str) -> str:
    """The key, when it is one of this account."""
    key = key_of(authorization)
    if key.startswith("pk_"):
        raise refusals.publishable_key()
    if key != secret_key and key not in account.options.restricted_keys:
        raise refusals.wrong_key(key)
    return key


def on_behalf_of(account: Account, key: str, named: str) -> None:
    """A Stripe-Account header may only name this very account: there are no connected ones."""
    if named not in ("", account.id):
        raise refusals.no_such_account(key, named)


def permit(account: Account, key: str, permission: str) -> None:
    """A write permission includes reading."""
    listed = account.options.restricted_keys.get(key)
    if listed is None or permission in listed or permission.replace("_read", "_write") in listed:
        return
    raise refusals.lacks_permission(key, account.id, permission)
