"""Every way in which the stand-in says no, with the vendor's status, code and words."""

from __future__ import annotations

from typing import Any

HELP = "if you have any questions, we can help at https://support.stripe.com/."
DOCS = "https://stripe.com/docs/error-codes/"
DASHBOARD_LOG = "https://dashboard.stripe.com/test/logs/"
EXPECTED_RETRY = {409: "true", 500: "true"}  # 429 carries no advice; the caller has to know


class Refusal(Exception):
    """An answer that is no success; attributes that are unknown are left out of its body."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"type": kind, "code": code, "message": message, "param": param}
        self.reason = reason  # of a rate limit

    def body(self, request_id: str) -> dict[str, Any]:
        """The vendor's error body."""
        code = self.error["code"]
        links = {
            "doc_url": code and DOCS + code.replace("_", "-"),
            "request_log_url": DASHBOARD_LOG + request_id,
        }
        return {
            "error": {name: value for name, value in {**self.error, **links}.items() if value is not None}
        }

    def headers(self) -> dict[str, str]:
        """Advice about retrying and, for a rate limit, which one it was."""
        headers = {"stripe-should-retry": EXPECTED_RETRY.get(self.status, "false")}
        if self.status == 429:
            headers = {"stripe-rate-limited-reason": self.reason} if self.reason else {}
        return headers


def no_key() -> Refusal:
    return Refusal(
        "You did not provide an API key. You need to provide your API key in the Authorization header, using "
        "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
        "https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
        status=401,
    )


def wrong_key(key: str) -> Refusal:
    return Refusal(f"Invalid API Key provided: {masked(key)}", status=401)


def publishable_key() -> Refusal:
    return Refusal(
        "This API call cannot be made with a publishable API key. Please use a secret API key. You can find "
        "a list of your API keys at https://dashboard.stripe.com/account/apikeys.",
        status=401,
        code="secret_key_required",
    )


def lacks_permission(key: str, account: str, permission: str) -> Refusal:
    return Refusal(
        f"The provided key '{masked(key)}' does not have the required permissions for this endpoint on "
        f"account '{account}'. Having the 'rak_{permission}' permission would allow this request to "
        "continue.",
        status=403,
    )


def no_such_account(key: str, account: str) -> Refusal:
    return Refusal(
        f"The provided key '{masked(key)}' does not have access to account '{account}' (or that account "
        "does not exist). Application access may have been revoked.",
        status=403,
        code="account_invalid",
    )


def unknown_url(method: str, path: str) -> Refusal:
    return Refusal(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/.",
        status=404,
    )


def bad_content_type() -> Refusal:
    return Refusal(
        "Invalid request (check that your POST content type is application/x-www-form-urlencoded). "
        f"{HELP[0].upper()}{HELP[1:]}"
    )


def unknown_parameters(names: list[str]) -> Refusal:
    plural = "s" if len(names) > 1 else ""
    text = f"Received unknown parameter{plural}: {', '.join(names)}"
    return Refusal(text, code="parameter_unknown", param=names[0])


def missing_parameter(name: str) -> Refusal:
    return Refusal(f"Missing required param: {name}.", code="parameter_missing", param=name)


def empty_parameter(name: str) -> Refusal:
    return Refusal(
        f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a "
        f"parameter; however '{name}' cannot be unset. You should remove '{name}' from your request or "
        "supply a non-empty value.",
        code="parameter_invalid_empty",
        param=name,
    )


def exclusive(*names: str) -> Refusal:
    text = f"You may only specify one of these parameters: {', '.join(names)}."
    return Refusal(text, code="parameters_exclusive")


def invalid(message: str, param: str, code: str | None = None) -> Refusal:
    return Refusal(message, code=code, param=param)


def missing(noun: str, identifier: str, param: str = "id", *, in_path: bool = True) -> Refusal:
    """An id nobody knows: 404 when it stood in the path, 400 when it was a parameter."""
    text = f"No such {noun}: '{identifier}'"
    return Refusal(text, status=404 if in_path else 400, code="resource_missing", param=param)


def not_modelled(param: str) -> Refusal:
    text = f"This stand-in does not model '{param}'; see NOT_MODELLED.md."
    return Refusal(text, code="sandbox_not_modelled", param=param)


def masked(key: str) -> str:
    """As the vendor shows keys: the prefix and the last four characters."""
    head = "_".join(key.split("_")[:2]) + "_" if key.count("_") >= 2 else ""
    tail = key[len(head) :]
    hidden = "*" * min(len(tail) - 4, 2) if len(tail) > 4 else ""
    return head + hidden + tail[-4:]
