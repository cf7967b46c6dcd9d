"""Systems that drop what they are not sent get the whole record: read, merge, send."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.model.errors import Missing
from tests.contract.toy import THING, request
from tests.engine.connectors.wire import opened, reply

WHOLE = replace(THING, update=request("PUT /things/{id}", send="all", wrap="thing", effect="repeatable"))
HELD = {"id": "t1", "name": "Ada", "email": "ada@x.example", "metadata": {"a": "1"}}


def test_an_update_sends_what_is_held_with_the_change_over_it() -> None:
    connector, transport = opened(reply(HELD), reply({**HELD, "name": "Eva"}))

    connector.update(WHOLE, "t1", {"name": "Eva", "metadata": {"b": "2"}})

    read, write = transport.sent
    assert (read.method, write.method) == ("GET", "PUT")
    assert json.loads(write.body or b"") == {"thing": {**HELD, "name": "Eva", "metadata": {"a": "1", "b": "2"}}}


def test_the_update_of_a_missing_record_sends_nothing() -> None:
    connector, transport = opened(reply({"error": {"code": "missing"}}, 404))

    with pytest.raises(Missing):
        connector.update(WHOLE, "t1", {"name": "Eva"})

    assert len(transport.sent) == 1


def test_without_a_read_the_change_goes_out_alone() -> None:
    connector, transport = opened(reply(HELD))

    connector.update(replace(WHOLE, read=None), "t1", {"name": "Eva"})

    assert json.loads(transport.sent[0].body or b"") == {"thing": {"name": "Eva"}}
