"""One contract for every kind of connector."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.connectors.connect import open_connection
from engine.connectors.files import FilesConnector
from engine.connectors.memory import Behaviour, MemoryConnector
from engine.model.errors import ConfigError, Missing
from engine.model.protocols import Connector
from tests.contract.toy import THING, HandClock, connection, system
from tests.contract.toy_server import ToyServer, serving

ROWS: list[dict[str, Any]] = [
    {"id": "t1", "name": "Ada", "email": "ada@example.com", "metadata": {"erp": "41"}},
    {"id": "t2", "name": "Zoë", "email": "zoe@example.com", "metadata": {"erp": "42"}},
    {"id": "t3", "name": "Bo", "email": "ada@example.com"},
    {"id": "t4", "name": "Cy", "email": "cy@example.com"},
    {"id": "t5/6 ?", "name": "Di", "email": "di@example.com"},
    {"id": "t7", "name": "Ed", "email": "ed@example.com"},
    {"id": "t8", "name": "Flo", "email": "flo@example.com"},
]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[ToyServer, str]]:
    toy = ToyServer()
    with serving(toy) as url:
        yield toy, url


@pytest.fixture(params=["memory", "files", "http"])
def connector(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connector]:
    opened = _open(request, tmp_path)
    yield opened
    opened.close()


def _open(request: pytest.FixtureRequest, tmp_path: Path) -> Connector:
    if request.param == "memory":
        return MemoryConnector("toy_main", {"toy.thing": ROWS}, clock=HandClock(), behaviour=Behaviour(page_size=3))
    if request.param == "files":
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
        (tmp_path / "thing.jsonl").write_text(lines, encoding="utf-8")
        return FilesConnector(connection("", settings={"path": str(tmp_path)}))
    toy, url = request.getfixturevalue("server")
    toy.__init__()
    toy.seed([dict(row) for row in ROWS])
    return _http(toy, url)


def _http(toy: ToyServer, url: str) -> Connector:
    return open_connection(connection(url, system()), clock=HandClock())


def ids(connector: Connector, **more: Any) -> list[str]:
    return [row["id"] for page in connector.pages(THING, **more) for row in page.records]


def test_lists_every_record_once(connector: Connector) -> None:
    assert sorted(ids(connector)) == ["t1", "t2", "t3", "t4", "t5/6 ?", "t7", "t8"]


def test_goes_on_at_the_cursor_of_a_page(connector: Connector) -> None:
    first = next(iter(connector.pages(THING)))
    rest = ids(connector, cursor=first.cursor) if first.cursor else []
    assert sorted([row["id"] for row in first.records] + rest) == ["t1", "t2", "t3", "t4", "t5/6 ?", "t7", "t8"]


def test_says_the_server_time(connector: Connector) -> None:
    assert next(iter(connector.pages(THING))).server_time.endswith("Z")


def test_reads_one_record(connector: Connector) -> None:
    found = connector.read(THING, "t2")
    assert found is not None
    assert (found["id"], found["name"], found["metadata"]) == ("t2", "Zoë", {"erp": "42"})


def test_reads_an_id_that_needs_encoding(connector: Connector) -> None:
    found = connector.read(THING, "t5/6 ?")
    assert found is not None
    assert found["name"] == "Di"


def test_reads_nothing_for_an_unknown_id(connector: Connector) -> None:
    assert connector.read(THING, "nobody") is None


def test_finds_all_records_with_a_value(connector: Connector) -> None:
    assert sorted(row["id"] for row in connector.find(THING, "email", "ada@example.com")) == ["t1", "t3"]


def test_finds_nothing_for_an_unknown_value(connector: Connector) -> None:
    assert connector.find(THING, "email", "x&y=z@example.com") == []


def test_finds_by_a_member_of_a_map(connector: Connector) -> None:
    assert [row["id"] for row in connector.find(THING, "metadata.erp", "42")] == ["t2"]


def test_creates_one_record_for_one_key(connector: Connector) -> None:
    once = connector.create(THING, {"name": "Gus"}, key="k-1")
    again = connector.create(THING, {"name": "Gus"}, key="k-1")
    assert once.id == again.id != ""
    assert len(ids(connector)) == 8


def test_gives_back_what_was_created(connector: Connector) -> None:
    made = connector.create(THING, {"name": "Gus", "metadata": {"erp": "9"}}, key="k-2")
    found = connector.read(THING, made.id)
    assert found is not None
    assert (found["name"], found["metadata"]) == ("Gus", {"erp": "9"})


def test_updates_what_is_sent_and_keeps_the_rest(connector: Connector) -> None:
    assert connector.update(THING, "t4", {"name": "Cyd"}).id == "t4"
    found = connector.read(THING, "t4")
    assert found is not None
    assert (found["name"], found["email"]) == ("Cyd", "cy@example.com")


def test_refuses_to_update_an_unknown_id(connector: Connector) -> None:
    with pytest.raises(Missing):
        connector.update(THING, "nobody", {"name": "x"})


def test_deletes_and_reads_nothing_afterwards(connector: Connector) -> None:
    connector.delete(THING, "t4")
    assert connector.read(THING, "t4") is None
    assert "t4" not in ids(connector)


def test_deleting_twice_is_no_error(connector: Connector) -> None:
    connector.delete(THING, "t4")
    connector.delete(THING, "t4")
    assert len(ids(connector)) == 6


def test_tells_deleted_ids_where_the_system_does(connector: Connector) -> None:
    connector.delete(THING, "t4")
    told = [id for page in connector.deleted(THING, "2026-01-01T00:00:00Z") for id in page]
    assert told == ([] if isinstance(connector, FilesConnector) else ["t4"])


def test_counts_its_requests(connector: Connector) -> None:
    before = connector.requests
    connector.create(THING, {"name": "Gus"}, key="k-3")
    assert connector.requests == before + 1


def test_finds_nothing_wrong_with_itself(connector: Connector) -> None:
    assert [one for one in connector.probe() if one.code != "clock-skew"] == []


def test_refuses_an_operation_that_is_not_declared(connector: Connector) -> None:
    bare = replace(THING, find={})
    if isinstance(connector, MemoryConnector | FilesConnector):
        assert connector.find(bare, "name", "Ada")[0]["id"] == "t1"
    else:
        with pytest.raises(ConfigError):
            connector.find(bare, "name", "Ada")
