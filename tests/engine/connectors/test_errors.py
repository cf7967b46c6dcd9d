from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.connectors.credentials import hider
from engine.connectors.errors import ErrorTable, Failure, retry_after, without_personal
from engine.model.errors import (
    Conflict,
    ConnectorError,
    Duplicate,
    Missing,
    Rejected,
    Stopped,
    Throttled,
    Unauthorised,
    Unreachable,
)
from engine.model.secret import Secret
from engine.spec.system import ErrorLine
from tests.contract.toy import connection, name, system

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def failure(status: int, body: Any = None, headers: dict[str, str] | None = None, **changes: Any) -> Failure | None:
    return ErrorTable(system(**changes)).failure(status, headers or {}, body, NOW)


def told(code: str = "", message: str = "") -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


@pytest.mark.parametrize(
    ("status", "body", "kind", "line"),
    [
        (429, None, Throttled, "throttled"),
        (503, None, Unreachable, "server"),
        (401, None, Unauthorised, "key"),
        (404, told("missing"), Missing, "missing"),
        (400, told("missing"), Missing, "missing"),
        (400, told("x", "This Thing ALREADY exists."), Duplicate, "exists"),
        (409, told(), Conflict, "locked"),
        (402, told(), Stopped, "licence"),
        (400, told("other"), Rejected, "refused"),
        (418, None, Rejected, "undeclared"),
        (410, None, Missing, "undeclared"),
        (412, None, Conflict, "undeclared"),
        (599, None, Unreachable, "undeclared"),
        (302, None, Unreachable, "redirect"),
        (404, [1, 2], Rejected, "refused"),
    ],
)
def test_the_first_line_that_fits_decides(status: int, body: Any, kind: type[ConnectorError], line: str) -> None:
    found = failure(status, body)
    assert found is not None
    assert (type(found.error), found.error.line, found.error.status) == (kind, line, status)


def test_a_good_reply_is_no_failure_even_when_it_quotes_one() -> None:
    assert failure(200, told("missing", "already exists")) is None


def test_a_line_with_a_condition_may_call_a_good_reply_a_failure() -> None:
    html = ErrorLine("html", "unauthorised", when=lambda scope: "html" in scope["headers"]["content_type"])
    found = failure(200, None, {"content-type": "text/html"}, errors=(html,))
    assert found is not None
    assert isinstance(found.error, Unauthorised)


def test_a_line_that_names_a_good_status_may_do_so_too() -> None:
    line = ErrorLine("diagnose", "refused", status=(200,), when=lambda scope: scope["body"]["severity"] == "error")
    assert failure(200, {"severity": "warning"}, errors=(line,)) is None
    assert failure(200, {"severity": "error"}, errors=(line,)) is not None


def test_says_the_lines_own_words_and_what_to_do() -> None:
    found = failure(402, told("x", "secret talk"))
    assert found is not None
    assert (str(found.error), found.error.do) == ("Not licensed. (status 402, licence)", "Buy it.")


def test_a_number_is_a_code_too() -> None:
    line = ErrorLine("gone", "missing", code="10008")
    found = failure(400, {"error": {"code": 10008}}, errors=(line,))
    assert found is not None
    assert found.error.line == "gone"


def test_fills_the_parameters_of_a_message() -> None:
    body = {"error": {"message": "No %resource with %1 %fieldName"}, "parameters": {"resource": "cart", "1": "x"}}
    found = failure(400, body, error_parameters=name("parameters"))
    assert str(found and found.error) == "No cart with x %fieldName (status 400, refused)"


def test_fills_parameters_by_number() -> None:
    body = {"error": {"message": "No %1 for %2"}, "parameters": ["cart", "you"]}
    found = failure(400, body, error_parameters=name("parameters"))
    assert str(found and found.error) == "No cart for you (status 400, refused)"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("A customer ada.l+x@example.co.uk exists", "A customer *** exists"),
        ("Call +33 1 23 45 67 89 now", "Call *** now"),
        ("card 4242 4242 4242 4242!", "card ***!"),
        ("field 12 of 3", "field 12 of 3"),
        ("two\r\nlines\x00", "two lines"),
        ("x" * 500, "x" * 300),
    ],
)
def test_cuts_personal_data_out_of_a_message(text: str, safe: str) -> None:
    assert without_personal(text) == safe


def test_cuts_secrets_out_of_a_message() -> None:
    where = connection("https://toy.example", settings={"api_key": Secret("toy-key")})
    found = ErrorTable(system(), hider(where)).failure(400, {}, told("x", "Invalid key: toy-key"), NOW)
    assert str(found and found.error) == "Invalid key: *** (status 400, refused)"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
        ("99999999999999999999", 999999999),
    ],
)
def test_reads_what_the_system_asks_to_wait(header: str, seconds: float) -> None:
    assert retry_after({"retry-after": header}, NOW) == seconds
