"""What Magento answers when it says no: a template that is left unfilled, and its parameters."""

from __future__ import annotations

from typing import Any

Parameters = dict[str, Any] | list[Any]


class Refusal(Exception):
    """A request that is answered with an error. `parameters`: a map for %name templates, a list for %1."""

    def __init__(self, message: str, parameters: Parameters | None = None, *, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.parameters = parameters
        self.status = status
        self.errors: list[Refusal] = []

    def body(self) -> dict[str, Any]:
        """The JSON of it; several input errors are listed under a common text."""
        body: dict[str, Any] = {"message": self.message}
        if self.errors:
            body["errors"] = [one.body() for one in self.errors]
        if self.parameters is not None:
            body["parameters"] = self.parameters
        return body


class WebPage(Exception):
    """An answer that a proxy in front of the shop gives: HTML, not JSON."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title


def all_of(errors: list[Refusal]) -> None:
    """Raise what was found: one error stands alone, several stand in a list."""
    if not errors:
        return
    if len(errors) == 1:
        raise errors[0]
    several = Refusal("One or more input exceptions have occurred.")
    several.errors = errors
    raise several


def unauthorised(resource: str) -> Refusal:
    """Neither known nor allowed: one answer for both."""
    text = "The consumer isn't authorized to access %resources."
    return Refusal(text, {"resources": resource}, status=401)


def oauth(status: int, problem: str) -> Refusal:
    return Refusal(f"oauth_problem={problem}", status=status)


def no_route() -> Refusal:
    return Refusal("Request does not match any route.", status=404)


def missing_entity(field: str, value: Any, second: str = "", second_value: Any = None) -> Refusal:
    """NoSuchEntity, by one field or by two."""
    text = "No such entity with %fieldName = %fieldValue"
    parameters = {"fieldName": field, "fieldValue": value}
    if second:
        text += ", %field2Name = %field2Value"
        parameters |= {"field2Name": second, "field2Value": second_value}
    return Refusal(text, parameters, status=404)


def required(field: str) -> Refusal:
    return Refusal("%fieldName is a required field.", {"fieldName": field})


def invalid_value(field: str, value: Any) -> Refusal:
    text = 'Invalid value of "%value" provided for the %fieldName field.'
    return Refusal(text, {"value": value, "fieldName": field})


def not_owned(field: str) -> Refusal:
    text = "The %fieldName value is invalid. Set the correct value and try again."
    return Refusal(text, {"fieldName": field})


def wrong_type(value: Any, type_: str) -> Refusal:
    text = 'The "%value" value\'s type is invalid. The "%type" type was expected. Verify and try again.'
    return Refusal(text, {"value": value if isinstance(value, str | int | float) else "array", "type": type_})


def unknown_property(name: str, class_: str) -> Refusal:
    words = "".join(word.capitalize() for word in name.split("_"))
    return Refusal(f'Property "{words}" does not have accessor method "get{words}" in class "{class_}".')


def unknown_attribute(code: str) -> Refusal:
    return Refusal('The "%1" attribute name is invalid. Reset the name and try again.', [code])


def email_taken() -> Refusal:
    return Refusal("A customer with the same email address already exists in an associated website.")


def broken(number: int) -> Refusal:
    """Anything that is no declared exception, an unknown column in a query for one."""
    text = f"Internal Error. Details are available in Magento log file. Report ID: webapi-{number:013x}"
    return Refusal(text, status=500)
