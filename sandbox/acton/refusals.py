"""The vendor's five error envelopes, and the bare status that the contact store likes best."""

from __future__ import annotations

from typing import Any

JSON, PLAIN = "application/json", "text/plain"

MISSING_FILE, NO_LIST, NO_CONTACT, NO_COLUMN = 10003, 10004, 10008, 10010
NO_JOB, NO_MERGE_LIST, NO_ID, NO_MERGE_COLUMN = 10017, 10025, 10054, 10088


class Refusal(Exception):
    """An answer that is no success; without a body it is an empty text."""

    def __init__(self, status: int, body: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


def listed(code: int, message: str, status: int = 400) -> Refusal:
    """Legacy lists: errorCode as a number or, by an option, as text."""
    return Refusal(status, {"errorCode": code, "message": message})


def gateway(status: int, message: str, more: str) -> Refusal:
    """What the gateway in front says."""
    return Refusal(status, {"httpCode": str(status), "httpMessage": message, "moreInformation": more})


def login(status: int, error: str, description: str) -> Refusal:
    """The token endpoint."""
    return Refusal(status, {"error": error, "error_description": description})


def custom_object(path: str, status: int, message: str) -> Refusal:
    """Custom objects."""
    body = {"errorId": "e-1", "requestUri": path, "errorMessage": message, "errorList": [], "status": status}
    return Refusal(status, body)


def mailing(status: int, name: str, message: str) -> Refusal:
    """Transactional e-mail."""
    return Refusal(status, {"errorName": name, "message": message})


def bare(status: int) -> Refusal:
    """The contact store: a status and an empty text."""
    return Refusal(status)


def bad() -> Refusal:
    """The contact store on a body that it does not take."""
    return Refusal(400, {})


def no_list() -> Refusal:
    return listed(NO_LIST, "Invalid or missing list")


def no_contact() -> Refusal:
    return listed(NO_CONTACT, "Invalid contact")


def no_column() -> Refusal:
    return listed(NO_COLUMN, "Invalid Column Specified")


def unauthorised() -> Refusal:
    return gateway(401, "Unauthorized", "The access token is missing, unknown or expired")


def throttled(why: str) -> Refusal:
    return gateway(429, "Too Many Requests", why)


def off() -> Refusal:
    return login(403, "PUBLIC_API_FEATURE_NOT_ENABLED", "The public API is not enabled for this account")
