from __future__ import annotations

from typing import Any

import pytest

from engine.connectors.memory import Behaviour, MemoryConnector
from engine.model.errors import Rejected, Unreachable
from tests.contract.toy import THING, HandClock

ADA = {"id": "t1", "name": "Ada", "email": "ada@example.com"}


def shout(tree: dict[str, Any]) -> dict[str, Any]:
    return {name: value.upper() if isinstance(value, str) else value for name, value in tree.items()}


def test_gives_out_copies() -> None:
    connector = MemoryConnector("toy_main", {"toy.thing": [ADA]}, clock=HandClock())
    found = connector.read(THING, "t1")
    assert found is not None
    found["name"] = "changed"
    assert connector.held("toy.thing")["t1"]["name"] == "Ada"


def test_lists_only_what_moved_since() -> None:
    clock = HandClock()
    connector = MemoryConnector("toy_main", {"toy.thing": [ADA, {"id": "t2"}]}, clock=clock)
    clock.advance(60)
    connector.update(THING, "t2", {"name": "Bo"})
    pages = list(connector.pages(THING, since="2026-03-01T12:00:30Z"))
    assert [row["id"] for page in pages for row in page.records] == ["t2"]


def test_may_find_new_records_late() -> None:
    clock = HandClock()
    connector = MemoryConnector("toy_main", clock=clock, behaviour=Behaviour(lag=60))
    connector.create(THING, {"email": "ada@example.com"})
    assert connector.find(THING, "email", "ada@example.com") == []
    clock.advance(61)
    assert len(connector.find(THING, "email", "ada@example.com")) == 1


def test_may_keep_something_else_than_it_is_sent() -> None:
    connector = MemoryConnector("toy_main", clock=HandClock(), behaviour=Behaviour(store=shout))
    made = connector.create(THING, {"name": "Ada"})
    assert connector.held("toy.thing") == {made.id: {"name": "ADA", "id": made.id}}


def test_may_lose_an_answer_after_doing_the_work() -> None:
    connector = MemoryConnector("toy_main", clock=HandClock(), behaviour=Behaviour(loses_answers=frozenset({"create"})))
    with pytest.raises(Unreachable) as caught:
        connector.create(THING, {"name": "Ada"}, key="k-1")
    assert caught.value.sent
    assert len(connector.held("toy.thing")) == 1
    assert connector.create(THING, {"name": "Ada"}, key="k-1").id == "thing_1"


def test_may_refuse() -> None:
    def check(operation: str, _object: str, payload: dict[str, Any]) -> Rejected | None:
        return Rejected("no name") if operation == "create" and "name" not in payload else None

    connector = MemoryConnector("toy_main", clock=HandClock(), behaviour=Behaviour(check=check))
    with pytest.raises(Rejected):
        connector.create(THING, {})
    assert connector.held("toy.thing") == {}


def test_forgets_keys_where_a_system_has_none() -> None:
    connector = MemoryConnector("toy_main", clock=HandClock(), behaviour=Behaviour(keeps_keys=False))
    assert connector.create(THING, {}, key="k").id != connector.create(THING, {}, key="k").id


def test_lists_what_belongs_to_a_record() -> None:
    rows = [{"id": "p1", "email": "a"}, {"id": "p2", "email": "b"}]
    connector = MemoryConnector("toy_main", {"toy.thing": rows}, clock=HandClock())
    assert connector.related(THING, {"email": "b"}) == [{"id": "p2", "email": "b"}]
