"""From stored records to answers: expansion, and what only old versions show."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from sandbox.stripe import refusals
from sandbox.stripe.account import Account
from sandbox.stripe.call import listing
from sandbox.stripe.collection import Record
from sandbox.stripe.form import Tree
from sandbox.stripe.kinds import Listing, Text
from sandbox.stripe.money import RESOURCES

BASIL = "2025-03-31"
DEEPEST = 4
_EXPAND = Listing(Text())
_LEGACY = {one.blank["object"]: one.legacy for one in RESOURCES.values()}


def take_expand(params: Tree) -> list[list[str]]:
    """Take `expand` out of the parameters: paths, split at their dots."""
    if "expand" not in params:
        return []
    paths = [path.split(".") for path in _EXPAND.read(params.pop("expand"), "expand") or []]
    for path in paths:
        if len(path) > DEEPEST:
            text = f"You cannot expand more than {DEEPEST} levels of a property. Property: {'.'.join(path)}"
            raise refusals.invalid(text, "expand")
    return paths


def render(account: Account, answer: Record, version: str, paths: list[list[str]]) -> Record:
    """The answer as this version shows it, with what was to be expanded in place."""
    if version < BASIL:
        answer = _with_legacy(account, answer)
    if not paths:
        return answer
    answer = copy.deepcopy(answer)
    for path in paths:
        _expand(account, answer, path)
    return answer


def _with_legacy(account: Account, answer: Record) -> Record:
    if isinstance(answer.get("data"), list):
        return {**answer, "data": [_with_legacy(account, row) for row in answer["data"]]}
    names = _LEGACY.get(str(answer.get("object")), ())
    held = account.legacy.get(str(answer.get("id")), {})
    extra: Record = {name: held.get(name) for name in names}
    if "paid" in extra:
        extra["paid"] = answer["status"] == "paid"
    return {**answer, **extra}


def _expand(account: Account, node: Record, path: list[str]) -> None:
    if isinstance(node.get("data"), list):
        if path[0] != "data":
            text = f"You may want to try expanding 'data.{'.'.join(path)}' instead."
            raise refusals.invalid(f"This property cannot be expanded ({path[0]}). {text}", "expand")
        for row in node["data"]:
            _expand(account, row, path[1:])
        _check_empty(node, path[1:])
        return
    for length in range(len(path), 0, -1):
        rule = EXPANDABLE.get(str(node.get("object")), {}).get(".".join(path[:length]))
        if rule is not None:
            inner = _fill(account, node, path[:length], rule)
            if inner is not None and path[length:]:
                _expand(account, inner, path[length:])
            return
    if "deleted" not in node:
        raise refusals.invalid(f"This property cannot be expanded ({'.'.join(path)}).", "expand")


def _check_empty(node: Record, path: list[str]) -> None:
    """An empty page cannot show that nothing of the kind exists, so there only the bare `data` is refused."""
    if not path:
        raise refusals.invalid("This property cannot be expanded (data).", "expand")


def _fill(account: Account, node: Record, path: list[str], rule: Rule) -> Record | None:
    holder = node
    for part in path[:-1]:
        holder = holder[part]
    current = holder.get(path[-1])
    if isinstance(current, dict):
        return current
    filled = rule(account, node, current)
    holder[path[-1]] = filled
    return filled if isinstance(filled, dict) else None


Rule = Callable[[Account, Record, Any], Any]


def _customer(account: Account, node: Record, identifier: Any) -> Any:
    if identifier in account.deleted_customers:
        return {"id": identifier, "object": "customer", "deleted": True}
    return copy.deepcopy(account.customers.get(identifier)) if identifier else None


def _from(collection: str) -> Rule:
    """Look the id up in that collection; an id that it does not hold stays an id."""

    def look_up(account: Account, node: Record, identifier: Any) -> Any:
        if identifier is None:
            return None
        return copy.deepcopy(getattr(account, collection).get(identifier)) or identifier

    return look_up


def _tax_ids(account: Account, node: Record, current: Any) -> Any:
    rows = account.tax_ids.where("customer", node["id"])[::-1]
    return listing(f"/v1/customers/{node['id']}/tax_ids", copy.deepcopy(rows))


def _none_of(name: str) -> Rule:
    return lambda account, node, current: listing(f"/v1/customers/{node['id']}/{name}", [])


EXPANDABLE: dict[str, dict[str, Rule]] = {
    "customer": {
        "default_source": _from("payment_methods"),
        "invoice_settings.default_payment_method": _from("payment_methods"),
        "sources": _none_of("sources"),
        "subscriptions": _none_of("subscriptions"),
        "tax_ids": _tax_ids,
    },
    "charge": {"customer": _customer, "payment_intent": _from("payment_intents")},
    "invoice": {"customer": _customer},
    "payment_intent": {
        "customer": _customer,
        "latest_charge": _from("charges"),
        "payment_method": _from("payment_methods"),
    },
    "payment_method": {"customer": _customer},
    "tax_id": {"customer": _customer},
}
