"""systems/mail.yaml over HTTP: the real connector against the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from town import Town

from engine.connectors.connect import open_connection
from engine.connectors.retry import RetryPolicy
from engine.connectors.tokens import MemoryTokens
from engine.model.errors import Conflict, Rejected, Throttled, Unauthorised
from engine.model.protocols import Connector
from engine.stages.shape import shape

HELLO = {"to": "kim@brick.example", "subject": "Hello", "text": "Dear Kim, 12,50 €"}


@pytest.fixture
def mail(town: Town) -> Iterator[Connector]:
    connector = opened(town)
    yield connector
    connector.close()


def opened(town: Town, **policy: Any) -> Connector:
    spec = town.ruleset.connections["mail"]
    return open_connection(spec, clock=town.clock, tokens=MemoryTokens(), policy=RetryPolicy(**policy))


def sent(town: Town, connector: Connector, key: str = "", **change: Any) -> str:
    obj = town.ruleset.objects["mail.message"]
    return connector.create(obj, shape(obj, {**HELLO, **change}, creating=True), key=key).id


def test_a_mail_goes_out_from_the_sender_of_the_settings(town: Town, mail: Connector) -> None:
    town.setting("mail", **{"from": "office@acme.example"})
    id = sent(town, opened(town))

    (message,) = town.held("mail", "messages")
    assert (message["id"], message["from"], message["text"]) == (id, "office@acme.example", HELLO["text"])
    assert mail.read(town.ruleset.objects["mail.message"], id) == message
    assert mail.read(town.ruleset.objects["mail.message"], "msg_9") is None


def test_a_mail_whose_answer_was_lost_is_sent_again_and_arrives_once(town: Town, mail: Connector) -> None:
    town.fault("mail", kind="drop_after", method="POST")

    assert sent(town, mail, key="op1") == "msg_000001"
    assert len(town.held("mail", "messages")) == 1


def test_a_busy_service_is_waited_for_and_a_broken_one_tried_again(town: Town, mail: Connector) -> None:
    town.fault("mail", kind="status", status=429)
    town.fault("mail", kind="status", status=500)

    assert sent(town, mail, key="op1") == "msg_000001"


def test_a_service_that_stays_busy_is_an_error(town: Town) -> None:
    town.fault("mail", kind="status", status=503, times=9)

    with pytest.raises(Throttled):
        sent(town, opened(town, attempts=2))


def test_refusals_are_classed(town: Town, mail: Connector) -> None:
    town.set("mail", suppressed=["gone@x.example"])

    with pytest.raises(Rejected, match="suppression list"):
        sent(town, mail, to="gone@x.example")
    sent(town, mail, key="op1")
    with pytest.raises(Conflict):
        sent(town, mail, key="op1", text="Other")
    town.set("mail", senders=["other@x.example"])
    with pytest.raises(Rejected, match="does not know this sender"):
        sent(town, mail)


def test_a_wrong_token_is_refused(town: Town) -> None:
    town.setting("mail", token="wrong")

    with pytest.raises(Unauthorised, match="refused the token"):
        sent(town, opened(town))
