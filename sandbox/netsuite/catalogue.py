"""The record types: their fields, lengths, references, and the column each one has in SuiteQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .choices import LANGUAGES, SUBSCRIPTION


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a record as the REST record service knows it."""

    name: str
    kind: str = "text"
    length: int | None = None
    to: str | None = None
    choices: Mapping[str, str] | None = None
    read_only: bool = False
    column: str | None = None
    """SuiteQL column; None = the name in lower case, "" = not there."""
    label: str = ""

    @property
    def title(self) -> str:
        return self.label or self.name[0].upper() + self.name[1:]

    @property
    def sql_column(self) -> str:
        return self.name.lower() if self.column is None else self.column


@dataclass(frozen=True, slots=True)
class RecordType:
    """A kind of record; `group` is the space its ids and external ids are unique in."""

    name: str
    group: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    writable: bool = True
    title: str = ""


def _by_name(fields: Iterable[Field]) -> dict[str, Field]:
    return {item.name: item for item in fields}


def _texts(names: str, length: int) -> list[Field]:
    return [Field(name, length=length) for name in names.split()]


def _phones(names: str) -> list[Field]:
    return [Field(name, "phone", 21) for name in names.split()]


def _computed(name: str, column: str | None = None) -> Field:
    return Field(name, "number", read_only=True, column=column)


STAMPS = [
    Field("id", "text", read_only=True),
    Field("externalId", length=255, label="External ID"),
    Field("lastModifiedDate", "datetime", read_only=True, label="Last Modified"),
]
PERSON = [
    *_texts("firstName middleName lastName", 32),
    Field("salutation", length=30),
    Field("title", length=100, label="Job Title"),
    Field("email", "email", 254),
    Field("comments", length=4000),
    Field("isInactive", "boolean", label="Inactive"),
    Field("dateCreated", "datetime", read_only=True),
]

CUSTOMER = _by_name(
    [
        *STAMPS,
        *PERSON,
        *_phones("phone altPhone mobilePhone homePhone fax"),
        Field("middleName", length=32, column=""),
        Field("title", length=100, label="Job Title"),
        Field("entityId", length=83, label="Customer ID"),
        Field("entityNumber", "integer", read_only=True),
        Field("autoName", "boolean", column=""),
        Field("isPerson", "boolean", label="Individual"),
        Field("companyName", length=83, label="Company Name"),
        Field("altName", length=83, label="Name"),
        Field("altEmail", "email", 254),
        Field("accountNumber", length=99),
        Field("subsidiary", "ref", to="subsidiary", column="", label="Primary Subsidiary"),
        Field("currency", "ref", to="currency", label="Primary Currency"),
        Field("entityStatus", "ref", to="customerStatus", label="Status"),
        Field("searchStage", read_only=True, label="Stage"),
        Field("parent", "ref", to="customer"),
        Field("topLevelParent", "ref", to="customer", read_only=True, column=""),
        Field("salesRep", "ref", to="employee", label="Sales Rep"),
        Field("territory", "ref", to="territory"),
        Field("category", "ref", to="customerCategory"),
        Field("priceLevel", "ref", to="priceLevel"),
        Field("terms", "ref", to="term"),
        Field("creditLimit", "number"),
        Field("creditHoldOverride", "enum", choices={"AUTO": "Auto", "ON": "On", "OFF": "Off"}),
        _computed("balance", "balancesearch"),
        _computed("overdueBalance", "overduebalancesearch"),
        _computed("unbilledOrders", "unbilledorderssearch"),
        _computed("depositBalance", ""),
        _computed("daysOverdue", ""),
        Field("emailPreference", "enum", choices={"DEFAULT": "Default", "HTML": "HTML", "PDF": "PDF"}),
        Field("globalSubscriptionStatus", "enum", choices=SUBSCRIPTION),
        Field("unsubscribe", "boolean", column=""),
        Field("language", "enum", choices=LANGUAGES),
        Field("vatRegNumber", length=20, column="", label="Tax Reg. Number"),
        Field("resaleNumber", length=20, column=""),
        Field("url", "url", 100, label="Web Address"),
        Field("startDate", "date"),
        Field("endDate", "date"),
        Field("defaultAddress", read_only=True, column=""),
        Field("defaultShippingAddress", read_only=True, column=""),
        Field("addressBook", "address_book", column=""),
        Field("currencyList", "currency_list", column=""),
    ]
)
CONTACT = _by_name(
    [
        *STAMPS,
        *PERSON,
        *_phones("phone officePhone mobilePhone homePhone fax"),
        Field("entityId", length=83, label="Contact"),
        Field("altEmail", "email", 254),
        Field("company", "ref", to="customer"),
        Field("subsidiary", "ref", to="subsidiary"),
        Field("isPrivate", "boolean"),
        Field("globalSubscriptionStatus", "enum", choices=SUBSCRIPTION),
        Field("addressBook", "address_book", column=""),
    ]
)
EMPLOYEE = _by_name(
    [
        *STAMPS,
        *PERSON,
        *_phones("phone mobilePhone"),
        Field("entityId", length=83, label="Employee ID"),
        Field("subsidiary", "ref", to="subsidiary"),
    ]
)
TRANSACTION = _by_name(
    [
        *STAMPS,
        Field("tranId", length=45, label="Transaction Number"),
        Field("entity", "ref", to="customer"),
        Field("title", length=240),
        Field("total", "number"),
        Field("probability", "number"),
        Field("tranDate", "date"),
        Field("createdDate", "datetime", read_only=True),
    ]
)


def _list_type(name: str, *more: Field) -> RecordType:
    fields = [*STAMPS, Field("name", length=83), Field("isInactive", "boolean"), *more]
    return RecordType(name, name, _by_name(fields), writable=False, title=name[0].upper() + name[1:])


TYPES: dict[str, RecordType] = {
    "currency": _list_type("currency", Field("symbol", length=3), Field("exchangeRate", "number")),
    "subsidiary": _list_type(
        "subsidiary", Field("currency", "ref", to="currency"), Field("parent", "ref", to="subsidiary")
    ),
    "term": _list_type("term", Field("daysUntilNetDue", "integer")),
    "priceLevel": _list_type("priceLevel", Field("discountPct", "number")),
    "customerCategory": _list_type("customerCategory"),
    "territory": _list_type("territory"),
    "customerStatus": _list_type("customerStatus", Field("stage", length=10), Field("probability", "number")),
    "employee": RecordType("employee", "entity", EMPLOYEE, writable=False, title="Employee"),
    "vendor": RecordType("vendor", "entity", EMPLOYEE, writable=False, title="Vendor"),
    "customer": RecordType("customer", "entity", CUSTOMER, title="Customer"),
    "contact": RecordType("contact", "entity", CONTACT, title="Contact"),
    "opportunity": RecordType("opportunity", "transaction", TRANSACTION, title="Opportunity"),
    "invoice": RecordType("invoice", "transaction", TRANSACTION, writable=False, title="Invoice"),
}

# Custom fields that the shipped flows expect; others are declared with the option custom_fields.
CUSTOM_FIELDS: dict[str, dict[str, str]] = {
    "customer": {
        "custentity_stripe_customer_id": "text",
        "custentity_stripe_portal_url": "url",
        "custentity_magento_id": "text",
        "custentity_customer_number": "text",
        "custentity_lifetime_value": "number",
        "custentity_order_count": "integer",
        "custentity_average_order": "number",
        "custentity_first_order": "datetime",
        "custentity_last_order": "datetime",
        "custentity_returns": "number",
        "custentity_revenue_tier": "text",
        "custentity_sms_consent": "text",
        "custentity_email_consent": "text",
        "custentity_do_not_contact": "text",
    },
    "contact": {"custentity_acton_score": "integer"},
}


def custom_field(name: str, kind: str) -> Field:
    """`text`, `url`, `integer`, `boolean` ...; `ref:employee` points at a record type."""
    base, _, target = kind.partition(":")
    length = {"text": 300, "longtext": 4000, "url": 999, "email": 254, "phone": 21}.get(base)
    label = name.split("_", 1)[-1].replace("_", " ").capitalize()
    return Field(name, "text" if base == "longtext" else base, length, to=target or None, label=label)
