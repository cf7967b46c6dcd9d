"""Which handler answers which address, and the permission that it takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.magento import catalogs, companies, credits, customers, groups, orders, passwords, settings
from sandbox.magento.call import Call

ANONYMOUS = "anonymous"
CUSTOMERS = "Magento_Customer::customer"
MANAGE = "Magento_Customer::manage"
GROUPS = "Magento_Customer::group"
ORDERS = "Magento_Sales::actions_view"
TAXES = "Magento_Tax::manage_tax"
STORES = "Magento_Backend::store"
COMPANIES = "Magento_Company::index"
MANAGE_COMPANIES = "Magento_Company::manage"
CREDIT = "Magento_CompanyCredit::manage"
CATALOGS = "Magento_SharedCatalog::manage"


@dataclass(frozen=True, slots=True)
class Route:
    """One address; `b2b`: only with the extension."""

    handler: Callable[[Call], Any]
    resource: str
    b2b: bool = False


def match(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a path and what stands in its places, still encoded."""
    for pattern, route in _PATTERNS.get(method, ()):
        found = pattern.fullmatch(path)
        if found:
            return route, found.groupdict()
    return None


def _b2b(handler: Callable[[Call], Any], resource: str) -> Route:
    return Route(handler, resource, b2b=True)


ROUTES: dict[str, Route] = {
    "POST /V1/integration/admin/token": Route(settings.admin_token, ANONYMOUS),
    "GET /V1/customers/search": Route(customers.search, CUSTOMERS),
    "POST /V1/customers/isEmailAvailable": Route(passwords.is_email_available, ANONYMOUS),
    "POST /V1/customers/resetPassword": Route(passwords.reset_password, ANONYMOUS),
    "POST /V1/customers/confirm": Route(passwords.resend_confirmation, ANONYMOUS),
    "PUT /V1/customers/password": Route(passwords.send_password_mail, ANONYMOUS),
    "PUT /V1/customers/validate": Route(customers.validate, ANONYMOUS),
    "POST /V1/customers": Route(customers.create, ANONYMOUS),
    "GET /V1/customers/addresses/{addressId}": Route(customers.read_address, CUSTOMERS),
    "DELETE /V1/addresses/{addressId}": Route(customers.delete_address, MANAGE),
    "PUT /V1/customers/{email}/activate": Route(passwords.activate, MANAGE),
    "GET /V1/customers/{customerId}/billingAddress": Route(customers.billing_address, CUSTOMERS),
    "GET /V1/customers/{customerId}/shippingAddress": Route(customers.shipping_address, CUSTOMERS),
    "GET /V1/customers/{customerId}": Route(customers.read, CUSTOMERS),
    "PUT /V1/customers/{customerId}": Route(customers.update, MANAGE),
    "DELETE /V1/customers/{customerId}": Route(customers.delete, MANAGE),
    "GET /V1/attributeMetadata/customer": Route(settings.customer_attributes, ANONYMOUS),
    "GET /V1/attributeMetadata/customerAddress": Route(settings.address_attributes, ANONYMOUS),
    "GET /V1/attributeMetadata/customer/attribute/{attributeCode}": Route(settings.customer_attribute, ANONYMOUS),
    "GET /V1/customerGroups/search": Route(groups.search, GROUPS),
    "GET /V1/customerGroups/default": Route(groups.default, GROUPS),
    "GET /V1/customerGroups/default/{storeId}": Route(groups.default, GROUPS),
    "GET /V1/customerGroups/{id}/permissions": Route(groups.permissions, GROUPS),
    "GET /V1/customerGroups/{id}": Route(groups.read, GROUPS),
    "POST /V1/customerGroups": Route(groups.create, GROUPS),
    "PUT /V1/customerGroups/{id}": Route(groups.update, GROUPS),
    "DELETE /V1/customerGroups/{id}": Route(groups.delete, GROUPS),
    "GET /V1/taxClasses/search": Route(groups.search_tax_classes, TAXES),
    "GET /V1/taxClasses/{taxClassId}": Route(groups.read_tax_class, TAXES),
    "GET /V1/store/websites": Route(settings.websites, STORES),
    "GET /V1/store/storeViews": Route(settings.store_views, STORES),
    "GET /V1/store/storeGroups": Route(settings.store_groups, STORES),
    "GET /V1/store/storeConfigs": Route(settings.store_configs, STORES),
    "GET /V1/orders": Route(orders.search, ORDERS),
    "GET /V1/orders/{id}": Route(orders.read, ORDERS),
    "GET /V1/company/": _b2b(companies.search, COMPANIES),
    "POST /V1/company/": _b2b(companies.create, MANAGE_COMPANIES),
    "GET /V1/company/{companyId}": _b2b(companies.read, COMPANIES),
    "PUT /V1/company/{companyId}": _b2b(companies.update, MANAGE_COMPANIES),
    "DELETE /V1/company/{companyId}": _b2b(companies.delete, MANAGE_COMPANIES),
    "GET /V1/companyCredits/": _b2b(credits.search, CREDIT),
    "GET /V1/companyCredits/history": _b2b(credits.history, CREDIT),
    "GET /V1/companyCredits/company/{companyId}": _b2b(credits.of_company, CREDIT),
    "GET /V1/companyCredits/{creditId}": _b2b(credits.read, CREDIT),
    "PUT /V1/companyCredits/{id}": _b2b(credits.update, CREDIT),
    "POST /V1/companyCredits/{creditId}/increaseBalance": _b2b(credits.increase, CREDIT),
    "POST /V1/companyCredits/{creditId}/decreaseBalance": _b2b(credits.decrease, CREDIT),
    "GET /V1/sharedCatalog/": _b2b(catalogs.search, CATALOGS),
    "POST /V1/sharedCatalog": _b2b(catalogs.create, CATALOGS),
    "GET /V1/sharedCatalog/{sharedCatalogId}": _b2b(catalogs.read, CATALOGS),
    "PUT /V1/sharedCatalog/{id}": _b2b(catalogs.update, CATALOGS),
    "DELETE /V1/sharedCatalog/{sharedCatalogId}": _b2b(catalogs.delete, CATALOGS),
    "GET /V1/sharedCatalog/{sharedCatalogId}/companies": _b2b(catalogs.companies_of, CATALOGS),
    "POST /V1/sharedCatalog/{sharedCatalogId}/assignCompanies": _b2b(catalogs.assign, CATALOGS),
    "POST /V1/sharedCatalog/{sharedCatalogId}/unassignCompanies": _b2b(catalogs.unassign, CATALOGS),
}


def _pattern(path: str) -> re.Pattern[str]:
    """A trailing slash is optional both ways; a place holds one segment."""
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path.rstrip("/")) + "/?")


def _by_method() -> dict[str, list[tuple[re.Pattern[str], Route]]]:
    found: dict[str, list[tuple[re.Pattern[str], Route]]] = {}
    for line, route in ROUTES.items():
        method, _, path = line.partition(" ")
        found.setdefault(method, []).append((_pattern(path), route))
    return found


_PATTERNS = _by_method()
