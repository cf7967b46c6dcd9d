"""The stand-ins' framework: orders, faults, clock and the process, shown on a tiny stand-in."""

from __future__ import annotations

import importlib.machinery
import json
import sys
import time
import types
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox import serving
from sandbox.standin import Receive, Scope, Send


class Probe:
    """Counts its requests and answers each with a fixed object."""

    name = "probe"

    def __init__(self) -> None:
        self.settings = {"key": "k"}
        self.hits: list[str] = []
        self.things: list[Any] = []
        self.options: dict[str, Any] = {}

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytes((await receive()).get("body", b"")).decode()
        self.hits.append(f"{scope['method']} {scope['path']} {body}")
        answer = json.dumps({"id": "p_1", "said": body}).encode()
        headers = [(b"content-type", b"application/json"), (b"location", b"http://probe/things/p_1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    def seed(self, data: dict[str, Any]) -> None:
        self.things.extend(data["things"])

    def configure(self, data: dict[str, Any]) -> None:
        if set(data) - {"colour"}:
            raise ValueError("unknown option")
        self.options.update(data)

    def reset(self) -> None:
        self.things.clear()
        self.options.clear()
        self.hits.clear()

    def dump(self) -> dict[str, Any]:
        return {"things": self.things, "options": self.options}


@pytest.fixture(scope="module")
def served() -> Iterator[serving.Running]:
    module = types.ModuleType("probe_standin")
    module.__spec__ = importlib.machinery.ModuleSpec("probe_standin", None)
    module.create = lambda clock, seed: Probe()  # type: ignore[attr-defined]  # a module made on the spot
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "probe_standin", module)
        patch.setattr(serving, "SYSTEMS", {"probe": "probe_standin", "absent": "sandbox.not_written_yet"})
        with serving.start(control=True) as running:
            yield running


@pytest.fixture
def running(served: serving.Running) -> serving.Running:
    order(served.urls["probe"], do="reset")
    return served


@pytest.fixture
def url(running: serving.Running) -> str:
    return running.urls["probe"]


def order(url: str, **fields: Any) -> Any:
    answer = requests.post(url + "/_control", json=fields, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(url: str, **fields: Any) -> str:
    answer = requests.post(url + "/_control", json=fields, timeout=5)
    assert answer.status_code == 400
    return str(answer.json()["error"])


def fault(url: str, **fields: Any) -> None:
    order(url, do="fault", fault=fields)


def ask(url: str, body: str = "") -> requests.Response:
    return requests.post(url + "/things", data=body, timeout=5)


def test_line_names_every_stand_in_that_is_there(running: serving.Running, url: str) -> None:
    assert json.loads(running.line()) == {"probe": {"base_url": url, "settings": {"key": "k"}}}


def test_start_refuses_a_system_without_a_stand_in(running: serving.Running) -> None:
    with pytest.raises(ValueError, match="no stand-in for absent; there are: probe"):
        serving.start(["absent"])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org"])
def test_start_refuses_to_listen_beyond_loopback(host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        serving.start([], host=host)


def test_seed_dump_and_reset(url: str) -> None:
    order(url, do="seed", data={"things": [1, 2]})
    order(url, do="set", data={"colour": "red"})

    assert order(url, do="dump") == {"things": [1, 2], "options": {"colour": "red"}}

    order(url, do="reset")
    assert order(url, do="dump") == {"things": [], "options": {}}


def test_clock_advances_and_survives_reset(running: serving.Running, url: str) -> None:
    now = order(url, do="advance", seconds=3600)["now"]
    order(url, do="reset")

    assert 3599 < now - time.time() <= 3600
    assert running.clock.now() >= now


def test_requests_are_listed_without_the_orders(url: str) -> None:
    ask(url)
    requests.get(url + "/things/1?page=2", timeout=5)

    assert order(url, do="requests") == [
        {"method": "POST", "path": "/things", "status": 200},
        {"method": "GET", "path": "/things/1", "status": 200},
    ]
    order(url, do="forget")
    assert order(url, do="requests") == []


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"do": "dance"}, "unknown order 'dance'"),
        ({"do": "advance", "seconds": -1}, "only moves forward"),
        ({"do": "advance"}, "seconds"),
        ({"do": "set", "data": {"size": 1}}, "unknown option"),
        ({"do": "fault", "fault": {"kind": "meteor"}}, "unknown kind of fault 'meteor'"),
        ({"do": "fault", "fault": {"kind": "delay", "colour": 1}}, "colour"),
        ({"do": "fault", "fault": {"kind": "delay", "path": "("}}, "unterminated"),
        ({"do": "fault", "fault": {"kind": "delay", "times": 0}}, "times is at least 1"),
    ],
)
def test_order_that_makes_no_sense_is_refused(url: str, fields: dict[str, Any], reason: str) -> None:
    assert reason in refused(url, **fields)


def test_orders_come_by_post(url: str) -> None:
    assert requests.get(url + "/_control", timeout=5).status_code == 400


def test_no_orders_without_control(running: serving.Running) -> None:
    with serving.start(["probe"]) as plain:
        answer = requests.post(plain.urls["probe"] + "/_control", json={"do": "reset"}, timeout=5)

    assert answer.json()["id"] == "p_1"


def test_status_fault_skips_then_answers_for_so_many_times(url: str) -> None:
    fault(url, kind="status", status=503, body={"error": "busy"}, headers={"Retry-After": "2"}, skip=1, times=2)

    answers = [ask(url) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert answers[1].json() == {"error": "busy"}
    assert answers[1].headers["Retry-After"] == "2"


def test_fault_waits_for_its_method_and_path(url: str) -> None:
    fault(url, kind="status", status=500, method="GET", path="^/things/7$")

    assert ask(url).status_code == 200
    assert [row["kind"] for row in order(url, do="faults")] == ["status"]
    assert requests.get(url + "/things/7", timeout=5).status_code == 500
    assert order(url, do="faults") == []


def test_dropped_before_the_app_runs(running: serving.Running, url: str) -> None:
    fault(url, kind="drop_before")

    with pytest.raises(requests.ConnectionError):
        ask(url, "lost")

    assert running.standins["probe"].hits == []  # type: ignore[attr-defined]  # the Probe above
    assert order(url, do="requests") == [{"method": "POST", "path": "/things", "status": 0}]


def test_dropped_after_the_app_ran(running: serving.Running, url: str) -> None:
    fault(url, kind="drop_after")

    with pytest.raises(requests.ConnectionError):
        ask(url, "done")

    assert running.standins["probe"].hits == ["POST /things done"]  # type: ignore[attr-defined]  # the Probe above
    assert ask(url).status_code == 200


def test_status_fault_after_the_app_ran(running: serving.Running, url: str) -> None:
    fault(url, kind="status", status=502, after=True)

    assert ask(url, "done").status_code == 502
    assert running.standins["probe"].hits == ["POST /things done"]  # type: ignore[attr-defined]  # the Probe above


def test_html_instead_of_an_answer(url: str) -> None:
    fault(url, kind="html", status=200)

    answer = ask(url)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_bad_json_says_it_is_json(url: str) -> None:
    fault(url, kind="bad_json")

    answer = ask(url)

    assert answer.headers["Content-Type"] == "application/json"
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_truncated_answer_breaks_off(url: str) -> None:
    fault(url, kind="truncated")

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(url)


def test_wrong_id_in_body_and_location(url: str) -> None:
    fault(url, kind="wrong_id")

    answer = ask(url)

    assert answer.json()["id"] == "wrong_id_0"
    assert answer.headers["Location"] == "http://probe/things/wrong_id_0"


def test_delay_and_latency_take_their_time(url: str) -> None:
    fault(url, kind="delay", seconds=0.05)
    order(url, do="set", data={"latency_ms": 30})

    assert ask(url).elapsed.total_seconds() >= 0.08
    assert 0.03 <= ask(url).elapsed.total_seconds()


def test_connection_serves_on_after_a_fault(url: str) -> None:
    fault(url, kind="status", status=500)
    with requests.Session() as session:
        statuses = [session.post(url + "/things", data="x" * 100_000, timeout=5).status_code for _ in range(2)]

    assert statuses == [500, 200]
