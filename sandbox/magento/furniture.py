"""What every shop has before anybody comes: websites, groups, tax classes, attributes, regions."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

WEBSITES: tuple[Row, ...] = (
    {"id": 0, "code": "admin", "name": "Admin", "default_group_id": 0},
    {"id": 1, "code": "base", "name": "Main Website", "default_group_id": 1},
    {"id": 2, "code": "second", "name": "Second Website", "default_group_id": 2},
)
STORE_GROUPS: tuple[Row, ...] = (
    {"id": 0, "website_id": 0, "root_category_id": 0, "default_store_id": 0, "name": "Default", "code": "default"},
    {"id": 1, "website_id": 1, "root_category_id": 2, "default_store_id": 1, "name": "Main", "code": "main"},
    {"id": 2, "website_id": 2, "root_category_id": 2, "default_store_id": 3, "name": "Second", "code": "second"},
)
STORES: tuple[Row, ...] = (
    {"id": 0, "code": "admin", "name": "Admin", "website_id": 0, "store_group_id": 0, "is_active": 1},
    {"id": 1, "code": "default", "name": "Default Store View", "website_id": 1, "store_group_id": 1, "is_active": 1},
    {"id": 2, "code": "fr", "name": "French", "website_id": 1, "store_group_id": 1, "is_active": 1},
    {"id": 3, "code": "second", "name": "Second Store View", "website_id": 2, "store_group_id": 2, "is_active": 1},
)
GROUPS: tuple[Row, ...] = (
    {"id": 0, "code": "NOT LOGGED IN", "tax_class_id": 3},
    {"id": 1, "code": "General", "tax_class_id": 3},
    {"id": 2, "code": "Wholesale", "tax_class_id": 3},
    {"id": 3, "code": "Retailer", "tax_class_id": 3},
    {"id": 4, "code": "B2B Standard", "tax_class_id": 3},
    {"id": 5, "code": "B2B France", "tax_class_id": 3},
    {"id": 6, "code": "B2B Export", "tax_class_id": 4},
)
LOCKED_GROUPS = (0, 1)
TAX_CLASSES: tuple[Row, ...] = (
    {"class_id": 2, "class_name": "Taxable Goods", "class_type": "PRODUCT"},
    {"class_id": 3, "class_name": "Retail Customer", "class_type": "CUSTOMER"},
    {"class_id": 4, "class_name": "Export Customer", "class_type": "CUSTOMER"},
)
CATALOGS: tuple[Row, ...] = (
    {"id": 1, "name": "Default", "description": "Default shared catalog", "customer_group_id": 1, "type": 1,
     "created_by": 1, "store_id": 0, "tax_class_id": 3},
    {"id": 2, "name": "France", "description": "Prices for France", "customer_group_id": 5, "type": 0,
     "created_by": 1, "store_id": 0, "tax_class_id": 3},
)  # fmt: skip
CUSTOMER_ATTRIBUTES = {
    "erp_number": "text",
    "erp_contact": "text",
    "netsuite_id": "text",
    "phone": "text",
    "do_not_contact": "text",
    "sms_consent": "text",
}
ADDRESS_ATTRIBUTES = {"erp_code": "text"}
OWN_ATTRIBUTES: tuple[tuple[str, str, bool], ...] = (
    ("website_id", "select", True), ("store_id", "select", False), ("created_in", "text", False),
    ("prefix", "text", False), ("firstname", "text", True), ("middlename", "text", False),
    ("lastname", "text", True), ("suffix", "text", False), ("email", "text", True), ("group_id", "select", True),
    ("dob", "date", False), ("default_billing", "text", False), ("default_shipping", "text", False),
    ("taxvat", "text", False), ("confirmation", "text", False), ("created_at", "date", False),
    ("gender", "select", False), ("disable_auto_group_change", "boolean", False),
    ("updated_at", "date", False),
)  # fmt: skip
"""Attributes that every customer has: code, frontend input, required."""
OWN_ADDRESS_ATTRIBUTES: tuple[tuple[str, str, bool], ...] = (
    ("prefix", "text", False), ("firstname", "text", True), ("middlename", "text", False), ("lastname", "text", True),
    ("suffix", "text", False), ("company", "text", False), ("street", "multiline", True), ("city", "text", True),
    ("country_id", "select", True), ("region", "text", False), ("region_id", "hidden", False),
    ("postcode", "text", False), ("telephone", "text", True), ("fax", "text", False), ("vat_id", "text", False),
)  # fmt: skip
REGIONS: dict[str, dict[str, tuple[int, str]]] = {
    "US": {"CA": (12, "California"), "IL": (23, "Illinois"), "NY": (43, "New York"), "TX": (57, "Texas")},
    "CA": {"ON": (74, "Ontario"), "QC": (76, "Quebec")},
    "DE": {"BAY": (81, "Bayern"), "BER": (82, "Berlin")},
    "FR": {"69": (251, "Rhône"), "75": (257, "Paris")},
}
"""Country -> code -> (id, name); other regions are kept as the text that they are."""
REGION_NEEDED = frozenset({"AU", "BR", "CA", "CH", "CO", "EE", "ES", "HR", "IN", "LT", "LV", "MX", "RO", "US"})
NO_POSTCODE = frozenset({"AE", "GB", "HK", "IE", "MO", "PA"})
