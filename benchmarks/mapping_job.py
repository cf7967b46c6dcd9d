"""The mapping job: 20 fields from a nested customer of about 1 kB, as rows, by hand, and the naive way."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.functions.apply import FUNCTIONS, Function
from engine.functions.types import coercer
from engine.model.finding import Place
from engine.spec.mapping import Call, Case, Choose, Each, FirstOf, Literally, Row, Source, Text, With
from engine.spec.system import FieldSpec

Record = dict[str, Any]

SETTINGS = {"no_email_domain": "nomail.example", "subsidiary": "3", "country": "US"}
TIERS = {"gold": "A", "silver": "B", "*": "C"}
LANGUAGES = {"de": "German", "fr": "French", "en": "English", "*": "Other"}


class Library:
    """The functions and types as they ship."""

    def function(self, name: str) -> Function:
        """A function of `apply`."""
        return FUNCTIONS[name]

    def coercer(self, field: FieldSpec) -> Callable[[Any], Any] | None:
        """What makes a value fit its field."""
        return coercer(field)


# -- the rows ---------------------------------------------------------------------------------------------


def _path(text: str) -> Text:
    return Text("path", text)


def _expr(text: str) -> Text:
    return Text("expr", text)


def _template(text: str) -> Text:
    return Text("template", text)


def _row(target: str, source: Source | str, type: str = "text", **more: Any) -> Row:
    given = _path(source) if isinstance(source, str) else source
    return Row(target, given, FieldSpec(target, type=type, length=more.pop("length", 0)), Place("job.yaml", 1), **more)


ADDRESS = (
    _row("label", "kind"),
    _row("addressee", "to"),
    _row("defaultBilling", _expr("item.kind == 'Billing'"), "boolean"),
    _row("addr1", "at.line1"),
    _row("city", "at.city"),
    _row("state", "at.state"),
    _row("zip", "at.postal_code"),
    _row("country", "at.country", default=Literally(SETTINGS["country"])),
)

ROWS = (
    _row("externalId", "id"),
    _row("entityId", FirstOf((_path("name"), _path("id"))), length=80),
    _row("isPerson", _expr("source.metadata.kind == 'person'"), "boolean"),
    _row("companyName", FirstOf((_path("name"), _path("description"), _path("id"))), when=_expr("not mapped.isPerson")),
    _row("personName", FirstOf((_path("name"), _path("description"))), when=_expr("mapped.isPerson")),
    _row("email", "email", default=_template("{{ source.id }}@{{ settings.no_email_domain }}")),
    _row("phone", FirstOf((_path("phone"), _path("shipping.phone")))),
    _row("currency", "currency", apply=(Call("upper"),)),
    _row("balance", "balance", "integer"),
    _row("delinquent", "delinquent", "boolean"),
    _row("taxExempt", _expr("source.tax_exempt == 'exempt'"), "boolean"),
    _row("priceLevel", "metadata.tier", table=TIERS),
    _row("language", "preferred_locales[0]", table=LANGUAGES),
    _row("subsidiary", Literally(SETTINGS["subsidiary"])),
    _row("comments", _template("Customer {{ source.id }}, invoices {{ source.invoice_prefix }}")),
    _row("greeting", _template("Dear {% if mapped.isPerson %}{{ source.name }}{% else %}customer{% endif %}")),
    _row("category", Choose((
        Case(_expr("source.balance < 0"), Literally("credit")),
        Case(_expr("source.delinquent"), Literally("late")),
    )), default=Literally("regular")),
    _row("paymentTerms", "invoice_settings.terms", default=Literally("Net 30")),
    _row("custom", With(_path("metadata"), (
        _row("erp", "erp_id"), _row("rep", "sales_rep"), _row("segment", "segment"),
    )), "object"),
    _row("addressBook", Each(_path(
        "[{kind: 'Billing', at: payment.billing_details.address || address},"
        " {kind: 'Shipping', at: shipping.address, to: shipping.name}] | [?at]"
    ), ADDRESS), "list"),
)  # fmt: skip


# -- by hand ----------------------------------------------------------------------------------------------


def by_hand(customer: Record) -> Record:
    """What a careful programmer would write for exactly this job; every record has all the outer keys."""
    out: Record = {}
    identifier, name, metadata, shipping = customer["id"], customer["name"], customer["metadata"], customer["shipping"]
    description = customer["description"]
    out["externalId"] = identifier
    out["entityId"] = name or identifier
    person = metadata.get("kind") == "person"
    out["isPerson"] = person
    if person:
        out["personName"] = name or description
    else:
        out["companyName"] = name or description or identifier
    out["email"] = customer["email"] or f"{identifier}@{SETTINGS['no_email_domain']}"
    out["phone"] = customer["phone"] or (shipping["phone"] if shipping else None)
    currency = customer["currency"]
    out["currency"] = currency.upper() if currency else currency
    out["balance"] = customer["balance"]
    out["delinquent"] = customer["delinquent"]
    out["taxExempt"] = customer["tax_exempt"] == "exempt"
    tier = metadata.get("tier")
    if tier is not None:
        out["priceLevel"] = TIERS.get(tier, "C")
    locales = customer["preferred_locales"]
    if locales:
        out["language"] = LANGUAGES.get(locales[0], "Other")
    out["subsidiary"] = SETTINGS["subsidiary"]
    out["comments"] = f"Customer {identifier}, invoices {customer['invoice_prefix']}"
    if not person:
        out["greeting"] = "Dear customer"
    elif name:
        out["greeting"] = f"Dear {name}"
    if customer["balance"] < 0:
        out["category"] = "credit"
    else:
        out["category"] = "late" if customer["delinquent"] else "regular"
    out["paymentTerms"] = customer["invoice_settings"].get("terms") or "Net 30"
    custom = {
        target: metadata[key]
        for target, key in (("erp", "erp_id"), ("rep", "sales_rep"), ("segment", "segment"))
        if key in metadata
    }
    if custom:
        out["custom"] = custom
    lines = []
    payment = customer["payment"]
    billing = (payment["billing_details"]["address"] if payment else None) or customer["address"]
    if billing:
        lines.append(_line("Billing", billing, None))
    if shipping and shipping["address"]:
        lines.append(_line("Shipping", shipping["address"], shipping["name"]))
    out["addressBook"] = lines or None
    return out


def _line(label: str, address: Record, addressee: str | None) -> Record:
    line = {
        "label": label, "defaultBilling": label == "Billing", "addr1": address["line1"], "city": address["city"],
        "state": address["state"], "zip": address["postal_code"], "country": address["country"] or SETTINGS["country"],
    }  # fmt: skip
    if label == "Shipping":
        line["addressee"] = addressee
    return line


# -- the naive way: a compiled jmespath or Jinja template per field ---------------------------------------


def naive() -> Callable[[Record], Record]:
    """A mapper made of the two libraries as they are; null stands for absent."""
    import jinja2
    import jmespath

    environment = jinja2.Environment(autoescape=False, undefined=jinja2.ChainableUndefined)
    search = {text: jmespath.compile(text) for text in _texts("path")}
    evaluate = {text: environment.compile_expression(text) for text in _texts("expr")}
    render = {text: environment.from_string(text) for text in _texts("template")}

    def value(source: Source, current: Any, scope: dict[str, Any]) -> Any:
        if isinstance(source, Text):
            if source.kind == "path":
                return search[source.text].search(current)
            return evaluate[source.text](scope) if source.kind == "expr" else render[source.text].render(scope)
        if isinstance(source, FirstOf):
            return next((found for one in source.sources if (found := value(one, current, scope))), None)
        if isinstance(source, Choose):
            cases = (case for case in source.cases if value(case.when, current, scope))
            return next((value(case.value, current, scope) for case in cases), None)
        if isinstance(source, Literally):
            return source.value
        if isinstance(source, With):
            return members(source.rows, value(source.path, current, scope), scope) if source.path else None
        assert isinstance(source, Each)
        items = value(source.items, current, scope) or []
        return [members(source.rows, item, {**scope, "item": item}) for item in items] or None

    def members(rows: tuple[Row, ...], current: Any, scope: dict[str, Any]) -> Record | None:
        out: Record = {}
        for row in rows:
            if row.when is not None and not value(row.when, current, {**scope, "mapped": out}):
                continue
            found = value(row.source, current, {**scope, "mapped": scope.get("mapped", out)})
            if row.default is not None and found in (None, ""):
                found = value(row.default, current, scope)
            if found is not None and row.apply:
                found = found.upper()
            if found is not None and row.table is not None:
                found = row.table.get(found, row.table["*"])
            if found is not None and not (row.target == "greeting" and found == "Dear None"):
                out[row.target] = found
        return out or None

    return lambda customer: members(ROWS, customer, {"source": customer, "settings": SETTINGS}) or {}


def _texts(kind: str) -> set[str]:
    from engine.expressions.sharing import all_texts

    return {text.text for text in all_texts(ROWS) if text.kind == kind}


# -- the records ------------------------------------------------------------------------------------------


def records(count: int, seed: int = 7) -> list[Record]:
    """Customers with gaps in the usual places, always the same for a seed."""
    dice = random.Random(seed)
    return [_customer(dice, number) for number in range(count)]


def _customer(dice: random.Random, number: int) -> Record:
    def maybe(value: Any, share: float = 0.8) -> Any:
        return value if dice.random() < share else None

    name = maybe(f"Customer Number {number}", 0.9)
    metadata = {"kind": dice.choice(["person", "company"]), "tier": "gold", "erp_id": f"E{number}", "segment": "smb"}
    metadata |= {"sales_rep": "R7", "note_1": "imported 2024-03-01 from the old shop", "note_2": "see contract 4711"}
    return {
        "id": f"cus_{number:014d}", "object": "customer", "name": name, "description": maybe("An old customer", 0.7),
        "email": maybe(f"customer.{number}@mail.example"), "phone": maybe(f"+1202555{number:04d}"),
        "balance": dice.choice([0, 0, 0, -1250, 900]), "created": 1_700_000_000 + number, "currency": maybe("usd", 0.9),
        "delinquent": dice.random() < 0.1, "tax_exempt": dice.choice(["none", "none", "exempt"]),
        "preferred_locales": dice.choice([["en"], ["de", "en"], []]), "invoice_prefix": f"P{number:07d}",
        "invoice_settings": {"footer": None, "custom_fields": None, "terms": maybe("Net 60", 0.3)},
        "discount": None, "livemode": False, "next_invoice_sequence": 4, "test_clock": None, "rate": Decimal("19.0"),
        "metadata": {key: value for key, value in metadata.items() if dice.random() < 0.8},
        "address": maybe(_address(dice, number), 0.9),
        "shipping": maybe({"name": name, "phone": maybe("+12025550000"), "address": _address(dice, number)}, 0.5),
        "payment": maybe({"billing_details": {"address": maybe(_address(dice, number), 0.5)}, "id": "pm_1"}, 0.6),
    }  # fmt: skip


def _address(dice: random.Random, number: int) -> Record:
    return {
        "line1": f"{number} Main Street", "line2": None, "city": dice.choice(["Austin", "Berlin", "Lyon"]),
        "state": dice.choice(["TX", None]), "postal_code": f"{number:05d}", "country": dice.choice(["US", "DE", None]),
    }  # fmt: skip
