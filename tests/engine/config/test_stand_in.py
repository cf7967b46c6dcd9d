"""Stand-ins: values that one direction made up are told by their partner, or by their shape when it is gone."""

from __future__ import annotations

import pytest

from engine.config.compile_mapper import StandIn
from engine.model.finding import NOWHERE
from engine.spec.mapping import Literally, Text
from engine.spec.system import FieldSpec

EMAIL = FieldSpec("email", type="email")


def stand_in(default: object) -> StandIn:
    return StandIn(EMAIL, default, {"domain": "nowhere.invalid"}, "m.yaml", ("name",))  # type: ignore[arg-type]


TEMPLATE = stand_in(Text("template", "{{ source.id }}@{{ settings.domain }}", NOWHERE))
BARE = stand_in(Text("path", "id", NOWHERE))
FIXED = stand_in(Literally("nobody@nowhere.invalid"))


@pytest.mark.parametrize(
    ("one", "value", "partner", "expected"),
    [
        (TEMPLATE, "c1@nowhere.invalid", {"id": "c1"}, True),
        (TEMPLATE, "C1@NOWHERE.invalid", {"id": "c1"}, True),
        (TEMPLATE, "c1@nowhere.invalid", None, True),
        (TEMPLATE, "c1@nowhere.invalid", {"id": "c2"}, True),
        (TEMPLATE, "ada@x.example", {"id": "c1"}, False),
        (TEMPLATE, "ada@not-nowhere.invalid", None, False),
        (TEMPLATE, "@nowhere.invalid", None, False),
        (TEMPLATE, None, {"id": "c1"}, False),
        (BARE, "anything", None, False),
        (FIXED, "nobody@nowhere.invalid", None, True),
        (FIXED, "ada@x.example", None, False),
    ],
)
def test_a_stand_in_is_told(one: StandIn, value: object, partner: object, expected: bool) -> None:
    assert one(value, partner) is expected
