"""What NetSuite answers when it says no: status, error code and the o:errorDetails body."""

from __future__ import annotations

from typing import Any

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
    429: "Bad Request",  # the vendor's own wording for the concurrency limit
    500: "Internal Server Error",
}
RFC = "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html"
PREFIX = "Error while accessing a resource. "
AUDIT_TRAIL = (
    "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
    "Setup > Users/Roles > User Management > View Login Audit Trail."
)


class Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        path: str | None = None,
        parameter: str | None = None,
        header: str | None = None,
        headers: dict[str, str] | None = None,
        title: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.places = {"o:errorPath": path, "o:errorQueryParam": parameter, "o:errorHeader": header}
        self.headers = headers or {}
        self.title = title or TITLES[status]

    def body(self) -> dict[str, Any]:
        places = {name: place for name, place in self.places.items() if place is not None}
        return {
            "type": RFC,
            "title": self.title,
            "status": self.status,
            "o:errorDetails": [{"detail": self.detail, **places, "o:errorCode": self.code}],
        }


def user_error(text: str, path: str | None = None) -> Refusal:
    """A business rule that was broken; NetSuite files permissions here as well."""
    return Refusal(400, "USER_ERROR", PREFIX + text, path=path)


def bad_value(path: str) -> Refusal:
    """A value of the wrong JSON type or shape."""
    text = f"Invalid value for the resource or sub-resource field '{path}'. Provide a valid value."
    return Refusal(400, "INVALID_CONTENT", text, path=path)


def bad_reference(value: object, path: str) -> Refusal:
    """A well-formed value that names nothing, or breaks the field's own format."""
    field = path.rsplit(".", 1)[-1]
    text = f"You have entered an Invalid Field Value {value} for the following field: {field}"
    return Refusal(400, "INVALID_CONTENT", PREFIX + text, path=path)


def missing_values(labels: list[str]) -> Refusal:
    return user_error(f"Please enter value(s) for: {', '.join(labels)}")


def nonexistent() -> Refusal:
    return Refusal(404, "NONEXISTENT_ID", "Record does not exist.")


def bad_parameter(text: str, parameter: str) -> Refusal:
    return Refusal(400, "INVALID_PARAMETER", text, parameter=parameter)


def bad_request(text: str) -> Refusal:
    return Refusal(400, "INVALID_REQUEST", f"The request could not be understood by the server: {text}")


def busy() -> Refusal:
    text = "Concurrent request limit exceeded. Request blocked."
    return Refusal(429, "CONCURRENCY_LIMIT_EXCEEDED", text)


def invalid_login(bearer_realm: str | None = None) -> Refusal:
    """Nothing but INVALID_LOGIN ever leaves the server; the reason stays in the Login Audit Trail."""
    headers = {}
    if bearer_realm is not None:
        reason = 'error="invalid_token", error_description="Invalid login attempt."'
        headers = {"www-authenticate": f'Bearer realm="{bearer_realm}", {reason}'}
    return Refusal(401, "INVALID_LOGIN", AUDIT_TRAIL, headers=headers)
