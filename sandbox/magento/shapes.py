"""What a body may hold: known properties with PHP's idea of their types, camelCase as well as snake_case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.magento import refusals

_UPPER = re.compile(r"(?<!^)(?=[A-Z])")
_WHOLE = re.compile(r"[+-]?[0-9]+\Z")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


class Kind(Protocol):
    """Reads one value, or refuses it. Null is always allowed: it means that nothing is set."""

    def read(self, value: Any) -> Any: ...


class Text:
    def read(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise refusals.wrong_type(value, "string")
        return str(value)


class Whole:
    def read(self, value: Any) -> int:
        if isinstance(value, str) and _WHOLE.match(value.strip()):
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise refusals.wrong_type(value, "int")
        return value


class Number:
    def read(self, value: Any) -> float:
        if isinstance(value, str) and _NUMBER.match(value.strip()):
            return float(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise refusals.wrong_type(value, "float")
        return value


class Truth:
    def read(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        found = _TRUTHS.get(str(value).lower()) if isinstance(value, str | int) else None
        if found is None:
            raise refusals.wrong_type(value, "boolean")
        return found


class Anything:
    def read(self, value: Any) -> Any:
        return value


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    of: Kind

    def read(self, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise refusals.wrong_type(value, "array")
        return [None if one is None else self.of.read(one) for one in value]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with known properties; its class is named in refusals."""

    class_: str
    members: Mapping[str, Kind]

    def read(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise refusals.wrong_type(value, self.class_)
        found: dict[str, Any] = {}
        for given, one in value.items():
            name = snake(given)
            kind = self.members.get(name)
            if kind is None:
                raise refusals.unknown_property(name, self.class_)
            found[name] = None if one is None else kind.read(one)
        return found


def snake(name: str) -> str:
    """countryId -> country_id; what is in snake_case stays."""
    return name if name.islower() else _UPPER.sub("_", name).lower()


TEXT, WHOLE, NUMBER, TRUTH, ANYTHING = Text(), Whole(), Number(), Truth(), Anything()

_ATTRIBUTE = Shape("Magento\\Framework\\Api\\AttributeInterface", {"attribute_code": TEXT, "value": ANYTHING})
_REGION = Shape(
    "Magento\\Customer\\Api\\Data\\RegionInterface", {"region_code": TEXT, "region": TEXT, "region_id": WHOLE}
)
ADDRESS = Shape(
    "Magento\\Customer\\Api\\Data\\AddressInterface",
    {
        "id": WHOLE, "customer_id": WHOLE, "region": _REGION, "region_id": WHOLE, "country_id": TEXT,
        "street": Many(TEXT), "company": TEXT, "telephone": TEXT, "fax": TEXT, "postcode": TEXT, "city": TEXT,
        "firstname": TEXT, "lastname": TEXT, "middlename": TEXT, "prefix": TEXT, "suffix": TEXT, "vat_id": TEXT,
        "default_shipping": TRUTH, "default_billing": TRUTH, "custom_attributes": Many(_ATTRIBUTE),
        "extension_attributes": ANYTHING,
    },
)  # fmt: skip
COMPANY_ATTRIBUTES = Shape(
    "Magento\\Company\\Api\\Data\\CompanyCustomerInterface",
    {
        "customer_id": WHOLE, "company_id": WHOLE, "job_title": TEXT, "status": WHOLE, "telephone": TEXT,
        "is_default": TRUTH, "extension_attributes": ANYTHING,
    },
)  # fmt: skip
CUSTOMER = Shape(
    "Magento\\Customer\\Api\\Data\\CustomerInterface",
    {
        "id": WHOLE, "group_id": WHOLE, "default_billing": TEXT, "default_shipping": TEXT, "confirmation": TEXT,
        "created_at": TEXT, "updated_at": TEXT, "created_in": TEXT, "dob": TEXT, "email": TEXT, "firstname": TEXT,
        "lastname": TEXT, "middlename": TEXT, "prefix": TEXT, "suffix": TEXT, "gender": WHOLE, "store_id": WHOLE,
        "taxvat": TEXT, "website_id": WHOLE, "addresses": Many(ADDRESS), "disable_auto_group_change": WHOLE,
        "custom_attributes": Many(_ATTRIBUTE),
        "extension_attributes": Shape(
            "Magento\\Customer\\Api\\Data\\CustomerExtensionInterface",
            {"is_subscribed": TRUTH, "assistance_allowed": WHOLE, "company_attributes": COMPANY_ATTRIBUTES},
        ),
    },
)  # fmt: skip
COMPANY = Shape(
    "Magento\\Company\\Api\\Data\\CompanyInterface",
    {
        "id": WHOLE, "status": WHOLE, "company_name": TEXT, "legal_name": TEXT, "company_email": TEXT,
        "vat_tax_id": TEXT, "reseller_id": TEXT, "comment": TEXT, "street": Many(TEXT), "city": TEXT,
        "country_id": TEXT, "region": TEXT, "region_id": TEXT, "postcode": TEXT, "telephone": TEXT,
        "customer_group_id": WHOLE, "sales_representative_id": WHOLE, "reject_reason": TEXT, "rejected_at": TEXT,
        "super_user_id": WHOLE,
        "extension_attributes": Shape(
            "Magento\\Company\\Api\\Data\\CompanyExtensionInterface",
            {
                "quote_config": Shape(
                    "Magento\\NegotiableQuote\\Api\\Data\\CompanyQuoteConfigInterface",
                    {"company_id": TEXT, "is_quote_enabled": TRUTH},
                ),
                "applicable_payment_method": WHOLE, "available_payment_methods": TEXT,
                "use_config_settings": WHOLE, "is_purchase_order_enabled": TRUTH,
                "applicable_shipping_method": WHOLE, "available_shipping_methods": TEXT,
                "use_config_settings_shipping": WHOLE,
            },
        ),
    },
)  # fmt: skip
GROUP = Shape(
    "Magento\\Customer\\Api\\Data\\GroupInterface",
    {"id": WHOLE, "code": TEXT, "tax_class_id": WHOLE, "tax_class_name": TEXT, "extension_attributes": ANYTHING},
)
CREDIT = Shape(
    "Magento\\CompanyCredit\\Api\\Data\\CreditLimitInterface",
    {
        "id": WHOLE, "company_id": WHOLE, "credit_limit": NUMBER, "balance": NUMBER, "currency_code": TEXT,
        "exceed_limit": TRUTH, "available_limit": NUMBER, "credit_comment": TEXT, "extension_attributes": ANYTHING,
    },
)  # fmt: skip
CATALOG = Shape(
    "Magento\\SharedCatalog\\Api\\Data\\SharedCatalogInterface",
    {
        "id": WHOLE, "name": TEXT, "description": TEXT, "customer_group_id": WHOLE, "type": WHOLE,
        "created_at": TEXT, "created_by": WHOLE, "store_id": WHOLE, "tax_class_id": WHOLE,
    },
)  # fmt: skip
