"""Writing a part: the whole of it, the difference, or one by one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.connectors.parts import Sending, needs_part, sendings
from engine.model.errors import Rejected
from engine.spec.system import FieldSpec, ObjectSpec, PartSpec, RequestSpec


def thing(send: Any, field: FieldSpec) -> ObjectSpec:
    request = RequestSpec("PUT", lambda _: "/x", send=send)
    return ObjectSpec("toy.thing", "Thing", "id", {field.name: field}, parts={"p": PartSpec("p", None, request)})


def test_a_part_that_wants_everything_gets_what_it_holds_with_the_change_over_it() -> None:
    obj = thing("all", FieldSpec("limit", part="p"))

    assert list(sendings(obj, "p", {"limit": 5}, {"id": 1, "limit": 2})) == [
        Sending({"id": 1, "limit": 5}, {"part": {"id": 1, "limit": 2}})
    ]


@pytest.mark.parametrize(
    ("held", "new", "delta"), [(10, Decimal("12.50"), Decimal("2.50")), (None, 3, 3), (Decimal(7), 2, Decimal(-5))]
)
def test_a_difference_is_sent_alone(held: Any, new: Any, delta: Any) -> None:
    obj = thing("delta", FieldSpec("balance", part="p"))

    (sending,) = sendings(obj, "p", {"balance": new}, {"balance": held})

    assert (sending.payload, sending.scope["delta"], sending.scope["new"]) == (None, delta, new)


def test_no_difference_sends_nothing() -> None:
    obj = thing("delta", FieldSpec("balance", part="p"))

    assert list(sendings(obj, "p", {"balance": Decimal("10.0")}, {"balance": 10})) == []


def test_a_difference_of_texts_is_refused() -> None:
    obj = thing("delta", FieldSpec("balance", part="p"))

    with pytest.raises(Rejected):
        list(sendings(obj, "p", {"balance": "12"}, {"balance": 10}))


def test_members_are_sent_one_by_one() -> None:
    several, single = FieldSpec("lists", type="list", part="p"), FieldSpec("catalog", part="p")

    assert [one.scope for one in sendings(thing("members", several), "p", {"lists": ["a", "b"]}, None)] == [
        {"member": "a", "new": "a"},
        {"member": "b", "new": "b"},
    ]
    assert list(sendings(thing("members", single), "p", {"catalog": "2"}, None)) == [
        Sending(None, {"member": "2", "new": "2"})
    ]
    assert list(sendings(thing("members", single), "p", {"catalog": None}, None)) == []


def test_only_some_writes_need_to_know_the_part() -> None:
    line = lambda _: "/x"  # noqa: E731  # a rendering

    assert needs_part(PartSpec("p", None, RequestSpec("PUT", line, send="all")))
    assert needs_part(PartSpec("p", None, RequestSpec("POST", line, send="delta")))
    assert needs_part(PartSpec("p", None, RequestSpec("POST", line, params=frozenset({"part"}))))
    assert not needs_part(PartSpec("p", None, RequestSpec("POST", line, params=frozenset({"new"}))))
