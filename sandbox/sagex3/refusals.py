"""What Syracuse answers when it says no: a list of diagnoses, or a page for people."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A request that is answered with diagnoses of severity error."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        return {"$diagnoses": [diagnosis("error", self.message)]}


class LoginPage(Exception):
    """An answer for a browser: HTML with a form, or a redirect to one."""

    def __init__(self, redirect: bool = False) -> None:
        super().__init__("login page")
        self.redirect = redirect


class TokenRefusal(Exception):
    """The token endpoint's own shape."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


def diagnosis(severity: str, message: str) -> dict[str, Any]:
    return {"$severity": severity, "$message": message}


def missing(class_: str, key: str) -> Refusal:
    return Refusal(404, f"{class_}: record '{key}' not found")


def no_facet(class_: str, facet: str) -> Refusal:
    """Standard customers, addresses and contacts are classic objects: REST only reads them."""
    return Refusal(405, f"{class_}: the facet {facet} is not available for this representation")


def unknown_property(name: str) -> Refusal:
    return Refusal(500, f"unknown property: {name}")
