"""Records made whole, and writes taken apart, around a connector that knows single requests only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine.connectors.complete import Complete, completed
from engine.connectors.memory import MemoryConnector
from engine.model.errors import ConnectorError, Stopped, Unreachable
from engine.model.protocols import NO_SCOPE, Written
from engine.spec.system import DiscoverSpec, FieldSpec, ObjectSpec, PartSpec, RequestSpec


def request(**values: Any) -> RequestSpec:
    return RequestSpec("GET", lambda _: "/x", **values)


THING = ObjectSpec(
    "toy.thing",
    "Thing",
    "id",
    {
        one.name: one
        for one in (
            FieldSpec("id"),
            FieldSpec("email"),
            FieldSpec("limit", part="credit"),
            FieldSpec("out", part="outs"),
            FieldSpec("number", label="ERP number", at=("custom", "ERP number"), custom=True),
            FieldSpec("colour", label="Colour", at=("custom", "Colour"), custom=True, new=True),
        )
    },
    parts={
        "credit": PartSpec("credit", request(), request(params=frozenset({"email"}))),
        "outs": PartSpec("outs", request(key="email", equality="fold_case"), request(send="members")),
    },
    discover=DiscoverSpec(request(), field_id="at", label="name"),
    custom_fields={"style": "keyed_by_id", "at": "custom", "create": request(), "types": {"text": "TEXT"}},
)


class Toy(MemoryConnector):
    """Single requests, written down."""

    def __init__(self, catalogue: list[dict[str, Any]], outs: list[dict[str, Any]], trouble: Any = None) -> None:
        super().__init__("toy")
        self.catalogue, self.outs, self.trouble = catalogue, outs, trouble
        self.done: list[tuple[Any, ...]] = []

    def part(self, obj: ObjectSpec, name: str, id: str, scope: Mapping[str, Any] = NO_SCOPE) -> Any:
        self.done.append(("part", name, id))
        return self.outs if name == "outs" else {"limit": 5}

    def discover(self, obj: ObjectSpec) -> list[dict[str, Any]]:
        return self.catalogue

    def send(self, obj: ObjectSpec, request: RequestSpec, payload: Any, *, scope: Mapping[str, Any]) -> Written:
        self.done.append(("make", scope["label"], scope["type"]))
        self.catalogue.append({"at": 60 + len(self.catalogue), "name": scope["label"]})
        return Written("")

    def update_part(
        self, obj: ObjectSpec, name: str, id: str, payload: dict[str, Any], *, key: str = "", scope: Any = NO_SCOPE
    ) -> Written:
        self.done.append(("write", name, id, payload, dict(scope)))
        if self.trouble is not None:
            raise self.trouble
        if name == "outs":
            self.outs.append({"email": scope["email"], **payload})
        return Written(id)


def toy(**values: Any) -> tuple[Toy, Complete]:
    catalogue = values.pop("catalogue", [{"at": 50, "name": "erp  Number"}, {"at": 51, "name": "Colour"}])
    inner = Toy(catalogue, values.pop("outs", []), **values)
    return inner, Complete(inner, {"toy.thing": frozenset({"credit", "outs"})})


def test_a_connector_whose_records_are_whole_stays_as_it_is() -> None:
    plain = ObjectSpec("toy.plain", "Plain", "id", {"id": FieldSpec("id")})
    inner = MemoryConnector("toy")

    assert completed(inner, {"toy.plain": plain}, {"toy.plain": frozenset({"id"})}) is inner


def test_a_record_comes_with_its_parts_and_its_labels() -> None:
    inner, whole = toy(outs=[{"email": "KIM@x.example", "out": True}, {"email": "", "out": True}])
    inner.seed("toy.thing", [{"id": "1", "email": "kim@x.example", "custom": {"50": "C-1"}}])

    assert whole.read(THING, "1") == {
        "id": "1",
        "email": "kim@x.example",
        "custom": {"50": "C-1", "ERP number": "C-1"},
        "part credit": {"limit": 5},
        "part outs": {"email": "KIM@x.example", "out": True},
    }


def test_parts_that_are_listed_are_listed_once_for_all_records() -> None:
    inner, whole = toy()
    inner.seed("toy.thing", [{"id": str(n), "email": f"p{n}@x.example"} for n in range(5)])

    found = [row for page in whole.pages(THING) for row in page.records]
    assert [one["part outs"] for one in found] == [None] * 5
    assert inner.done == [("part", "outs", "")]


def test_a_write_is_taken_apart_and_parts_know_the_record_they_belong_to() -> None:
    inner, whole = toy()
    inner.seed("toy.thing", [{"id": "1", "email": "kim@x.example"}])
    whole.update(THING, "1", {"part credit": {"limit": 9}})

    assert inner.done == [("write", "credit", "1", {"limit": 9}, {"email": "kim@x.example"})]


def test_a_part_that_was_written_is_known_without_listing_all_again() -> None:
    inner, whole = toy()
    for n in range(3):
        whole.create(THING, {"email": f"p{n}@x.example", "part outs": {"out": True}})

    seen = [row["part outs"] for page in whole.pages(THING) for row in page.records]
    assert [one and one["out"] for one in seen] == [True, True, True]
    assert [one for one in inner.done if one[0] == "part"] == [("part", "outs", "")]


def test_labels_go_out_as_the_accounts_numbers() -> None:
    inner, whole = toy()
    written = whole.create(THING, {"email": "a@x.example", "custom": {"ERP number": "C-1"}})

    held = inner.read(THING, written.id)
    assert held is not None and held["custom"] == {"50": "C-1"}


def test_a_new_field_is_made_before_the_first_write_and_once() -> None:
    inner, whole = toy(catalogue=[{"at": 50, "name": "ERP number"}])
    for _ in range(2):
        whole.create(THING, {"email": "a@x.example"})

    assert [one for one in inner.done if one[0] == "make"] == [("make", "Colour", "TEXT")]


@pytest.mark.parametrize(
    ("catalogue", "says"),
    [
        ([{"at": 51, "name": "Colour"}], "has no field 'ERP number'"),
        ([{"at": n, "name": name} for n, name in enumerate(("ERP number", "erp number", "Colour"))], "several fields"),
    ],
)
def test_a_label_of_no_field_or_of_several_stops(catalogue: list[dict[str, Any]], says: str) -> None:
    _, whole = toy(catalogue=catalogue)

    with pytest.raises(Stopped, match=says):
        whole.create(THING, {"custom": {"ERP number": "C-1"}})


@pytest.mark.parametrize("trouble", [Unreachable("gone"), ConnectorError("no")])
def test_a_record_that_was_half_made_does_not_pass_for_unknown(trouble: ConnectorError) -> None:
    _, whole = toy(trouble=trouble)

    with pytest.raises(type(trouble), match="the record was made, but not all of it") as caught:
        whole.create(THING, {"email": "a@x.example", "part credit": {"limit": 9}})
    assert getattr(caught.value, "sent", False) is False
