"""What every account holds before the first customer: lists, statuses, subsidiaries, employees."""

from __future__ import annotations

from typing import Any

FURNITURE: dict[str, list[dict[str, Any]]] = {
    "currency": [
        {"id": "1", "name": "US Dollar", "symbol": "USD", "exchangeRate": 1.0},
        {"id": "2", "name": "Euro", "symbol": "EUR", "exchangeRate": 1.1},
        {"id": "3", "name": "British Pound", "symbol": "GBP", "exchangeRate": 1.3},
        {"id": "4", "name": "Deutsche Mark", "symbol": "DEM", "exchangeRate": 0.6, "isInactive": True},
    ],
    "subsidiary": [
        {"id": "1", "name": "Parent Company", "currency": {"id": "1"}},
        {"id": "2", "name": "Europe", "currency": {"id": "2"}, "parent": {"id": "1"}},
        {"id": "3", "name": "United Kingdom", "currency": {"id": "3"}, "parent": {"id": "1"}},
    ],
    "term": [
        {"id": "1", "name": "Net 15", "daysUntilNetDue": 15},
        {"id": "2", "name": "Net 30", "daysUntilNetDue": 30},
        {"id": "3", "name": "Net 60", "daysUntilNetDue": 60},
        {"id": "4", "name": "Due on receipt", "daysUntilNetDue": 0},
    ],
    "priceLevel": [
        {"id": "1", "name": "Base Price", "discountPct": 0},
        {"id": "2", "name": "Wholesale", "discountPct": -20},
        {"id": "3", "name": "Retailer", "discountPct": -10},
        {"id": "5", "name": "Online Price", "discountPct": 0},
    ],
    "customerCategory": [
        {"id": "1", "name": "Individual"},
        {"id": "2", "name": "Corporate"},
        {"id": "3", "name": "Government", "isInactive": True},
    ],
    "territory": [
        {"id": "1", "name": "Europe"},
        {"id": "2", "name": "North America"},
        {"id": "3", "name": "Rest of world"},
    ],
    "customerStatus": [
        {"id": "6", "name": "Unqualified", "stage": "LEAD", "probability": 0},
        {"id": "7", "name": "Qualified", "stage": "LEAD", "probability": 10},
        {"id": "8", "name": "In Discussion", "stage": "PROSPECT", "probability": 40},
        {"id": "10", "name": "Proposal", "stage": "PROSPECT", "probability": 50},
        {"id": "14", "name": "Closed Lost", "stage": "PROSPECT", "probability": 0},
        {"id": "13", "name": "Closed Won", "stage": "CUSTOMER", "probability": 100},
        {"id": "15", "name": "Renewal", "stage": "CUSTOMER", "probability": 100},
        {"id": "16", "name": "Lost Customer", "stage": "CUSTOMER", "probability": 0},
    ],
    "employee": [
        {
            "id": "900001",
            "entityId": "Alex Larsen",
            "firstName": "Alex",
            "lastName": "Larsen",
            "email": "alex.larsen@sales.example",
            "subsidiary": {"id": "1"},
        },
        {
            "id": "900002",
            "entityId": "Barbara Roy",
            "firstName": "Barbara",
            "lastName": "Roy",
            "email": "barbara.roy@sales.example",
            "subsidiary": {"id": "2"},
        },
        {
            "id": "900003",
            "entityId": "Chris Past",
            "firstName": "Chris",
            "lastName": "Past",
            "email": "chris.past@sales.example",
            "subsidiary": {"id": "1"},
            "isInactive": True,
        },
    ],
}

FIRST_IDS = {"entity": 501, "transaction": 2001, "address": 301, "address_key": 9001}
DEFAULT_STATUS = "13"
ADMINISTRATOR = "-5"
