"""What a shop is made of: logins, attributes, websites and store views."""

from __future__ import annotations

from typing import Any

from sandbox.magento import furniture, refusals
from sandbox.magento.call import Call
from sandbox.magento.refusals import Refusal
from sandbox.magento.shop import Record

Own = tuple[tuple[str, str, bool], ...]


def admin_token(call: Call) -> str:
    """A bare JSON text; where a second factor is due, only the provider's own endpoint gives one."""
    if call.shop.options.two_factor:
        text = "2FA app is required, please use provider-specific endpoints to obtain a token."
        raise Refusal(text, status=401)
    return call.access.token(str(call.argument("username")), str(call.argument("password")))


def customer_attributes(call: Call) -> list[Record]:
    return _attributes(furniture.OWN_ATTRIBUTES, call.shop.attributes["customer"])


def address_attributes(call: Call) -> list[Record]:
    return _attributes(furniture.OWN_ADDRESS_ATTRIBUTES, call.shop.attributes["address"])


def customer_attribute(call: Call) -> Record:
    code = call.at["attributeCode"]
    for one in customer_attributes(call):
        if one["attribute_code"] == code:
            return one
    raise refusals.missing_entity("entityType", "customer", "attributeCode", code)


def _attributes(own: Own, custom: dict[str, str]) -> list[Record]:
    rows = [_attribute(code, kind, must, False) for code, kind, must in own]
    return rows + [_attribute(code, kind, False, True) for code, kind in sorted(custom.items())]


def _attribute(code: str, kind: str, must: bool, made: bool) -> Record:
    label = " ".join(code.split("_")).capitalize()
    row: Record = {"frontend_input": kind, "input_filter": "", "store_label": label, "validation_rules": []}
    row |= {"multiline_count": 2 if kind == "multiline" else 1, "visible": True, "required": must}
    row |= {"data_model": "", "options": _choices(code), "frontend_class": "", "user_defined": made}
    row |= {"sort_order": 0, "frontend_label": label, "note": "", "system": not made, "backend_type": "varchar"}
    return row | {"attribute_code": code}


def _choices(code: str) -> list[Record]:
    if code == "gender":
        names = ("Male", "Female", "Not Specified")
        return [{"label": name, "value": str(at)} for at, name in enumerate(names, 1)]
    return []


def websites(call: Call) -> list[Record]:
    return [dict(row) for row in furniture.WEBSITES]


def store_views(call: Call) -> list[Record]:
    return [dict(row) for row in furniture.STORES]


def store_groups(call: Call) -> list[Record]:
    return [dict(row) for row in furniture.STORE_GROUPS]


def store_configs(call: Call) -> list[Record]:
    """Everybody's view of the store views."""
    shared: dict[str, Any] = {"locale": "en_US", "base_currency_code": "EUR", "default_display_currency_code": "EUR"}
    shared |= {"timezone": "Europe/Paris", "weight_unit": "kgs"}
    return [{"id": row["id"], "code": row["code"], "website_id": row["website_id"], **shared}
            for row in furniture.STORES if row["id"]]  # fmt: skip
