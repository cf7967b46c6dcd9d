"""Which objects can be mirrored whole."""

from __future__ import annotations

import pytest

from engine.pipeline.needs import can_be_listed
from engine.spec.system import ObjectSpec, RequestSpec


def listed(*params: str) -> ObjectSpec:
    request = RequestSpec("GET", lambda _: "/things", params=frozenset(params))
    return ObjectSpec("toy.thing", "Thing", "id", {}, list=request)


@pytest.mark.parametrize("params", [(), ("since", "after"), ("collection",), ("table", "columns"), ("object", "types")])
def test_a_listing_that_needs_only_what_the_engine_knows_can_be_read_whole(params: tuple[str, ...]) -> None:
    assert can_be_listed(listed(*params))


def test_a_listing_that_needs_another_record_cannot() -> None:
    assert not can_be_listed(listed("since", "owner"))
    assert not can_be_listed(ObjectSpec("toy.thing", "Thing", "id", {}))
