"""From stored records to answers: expansion, and what only old versions show."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
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


def check_expand(answers: str, paths: list[list[str]]) -> None:
    """Refuse what this kind of answer cannot expand, before anything is done."""
    for path in paths:
        kind, rest = answers, path
        if kind.endswith("[]"):
            if rest[0] != "data" or not rest[1:]:
                text = f"You may want to try expanding 'data.{'.'.join(path)}' instead."
                raise refusals.invalid(f"This property cannot be expanded ({rest[0]}). {text}", "expand")
            kind, rest = kind.removesuffix("[]"), rest[1:]
        while rest:
            name = _longest(kind, rest)
            if name is None:
                raise refusals.invalid(f"This property cannot be expanded ({'.'.join(rest)}).", "expand")
            kind, rest = EXPANDABLE[kind][name].kind, rest[name.count(".") + 1 :]


def _longest(kind: str, path: list[str]) -> str | None:
    """The longest beginning of the path that this kind can expand."""
    names = (".".join(path[:length]) for length in range(len(path), 0, -1))
    return next((name for name in names if name in EXPANDABLE.get(kind, {})), None)


def _expand(account: Account, node: Record, path: list[str]) -> None:
    """Fill in one checked path; what is null or deleted ends it."""
    if isinstance(node.get("data"), list):
        for row in node["data"]:
            _expand(account, row, path[1:])
        return
    name = _longest(str(node["object"]), path)
    if name is None or "deleted" in node:
        return
    *outer, last = name.split(".")
    holder = node
    for part in outer:
        holder = holder[part]
    if not isinstance(holder.get(last), dict):
        holder[last] = EXPANDABLE[str(node["object"])][name].look_up(account, node, holder.get(last))
    rest = path[len(outer) + 1 :]
    if rest and isinstance(holder[last], dict):
        _expand(account, holder[last], rest)


LookUp = Callable[[Account, Record, Any], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """How one property is expanded, and what kind of object it then shows."""

    kind: str
    look_up: LookUp


def _customer(account: Account, node: Record, identifier: Any) -> Any:
    if identifier in account.deleted_customers:
        return {"id": identifier, "object": "customer", "deleted": True}
    return copy.deepcopy(account.customers.get(identifier)) if identifier else None


def _from(collection: str) -> LookUp:
    """Look the id up in that collection; an id that it does not hold stays an id."""

    def look_up(account: Account, node: Record, identifier: Any) -> Any:
        if identifier is None:
            return None
        return copy.deepcopy(getattr(account, collection).get(identifier)) or identifier

    return look_up


def _tax_ids(account: Account, node: Record, current: Any) -> Any:
    rows = account.tax_ids.where("customer", node["id"])[::-1]
    return listing(f"/v1/customers/{node['id']}/tax_ids", copy.deepcopy(rows))


def _none_of(name: str) -> LookUp:
    return lambda account, node, current: listing(f"/v1/customers/{node['id']}/{name}", [])


_TO_CUSTOMER = Rule("customer", _customer)
_TO_METHOD = Rule("payment_method", _from("payment_methods"))
EXPANDABLE: dict[str, dict[str, Rule]] = {
    "customer": {
        "default_source": _TO_METHOD,
        "invoice_settings.default_payment_method": _TO_METHOD,
        "sources": Rule("card[]", _none_of("sources")),
        "subscriptions": Rule("subscription[]", _none_of("subscriptions")),
        "tax_ids": Rule("tax_id[]", _tax_ids),
    },
    "charge": {
        "customer": _TO_CUSTOMER,
        "payment_intent": Rule("payment_intent", _from("payment_intents")),
    },
    "invoice": {"customer": _TO_CUSTOMER},
    "payment_intent": {
        "customer": _TO_CUSTOMER,
        "latest_charge": Rule("charge", _from("charges")),
        "payment_method": _TO_METHOD,
    },
    "payment_method": {"customer": _TO_CUSTOMER},
    "tax_id": {"customer": _TO_CUSTOMER},
}
