"""Records that replies wrap: `items` points at them in a read, a create and an update too."""

from __future__ import annotations

from typing import Any

from engine.connectors.answers import new_id_of, record_of
from engine.connectors.exchange import Answer
from engine.expressions import compile_path
from engine.spec.system import ObjectSpec, RequestSpec

GUEST = ObjectSpec("desk.guest", "Guest", "no", {})


def request(items: str) -> RequestSpec:
    return RequestSpec("GET", lambda _: "/guests", items=compile_path(items) if items else None)


def found(items: str, body: Any) -> Any:
    return record_of(request(items), body)


def test_without_items_the_reply_is_the_record() -> None:
    assert found("", {"no": 1}) == {"no": 1}
    assert found("", None) is None


def test_items_points_at_the_record_or_at_a_list_with_it() -> None:
    assert found("guest", {"guest": {"no": 1}}) == {"no": 1}
    assert found("guests", {"guests": [{"no": 1}, {"no": 2}]}) == {"no": 1}


def test_nothing_there_is_no_record() -> None:
    assert found("guest", {"other": 1}) is None
    assert found("guest", {"guest": None}) is None
    assert found("guests", {"guests": []}) is None


def test_the_new_id_is_taken_out_of_the_wrapped_record() -> None:
    assert new_id_of(GUEST, request("guest"), Answer(201, {}, {"guest": {"no": 7}})) == "7"
