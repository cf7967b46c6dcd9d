"""run.py sync is killed (kill -9) at one point after the other; a plain restart finishes the work.

After it nothing is there twice, nothing is missing, and one more run writes nothing. Set CONCORD_SWEEP=1 to die at
every single commit instead of a few.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from office import ROOT, Office, open_office

SWEEP = bool(os.environ.get("CONCORD_SWEEP"))
TO_NETSUITE, TO_STRIPE = "stripe-to-netsuite", "netsuite-to-stripe"
pytestmark = pytest.mark.slow
COMMIT = "engine.store.connection:Connection._commit"


@dataclass
class Driver:
    """The process whose children die."""

    process: subprocess.Popen[str]

    def obey(self, **order: Any) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@dataclass
class Story:
    """One store and the stand-ins over several runs."""

    office: Office
    driver: Driver
    folder: Path

    def sync(self, flow: str, **death: Any) -> dict[str, Any]:
        """One run of run.py sync; how it ended."""
        return self.driver.obey(argv=sync_of(flow, self.office, self.folder), out=str(self.folder / "out"), **death)

    def said(self) -> str:
        """What the last run wrote."""
        return (self.folder / "out").read_text()

    def finish(self, flow: str) -> None:
        """A plain restart, and one more run that finds nothing to do."""
        again = self.sync(flow)
        assert again == {"code": 0}, self.said()
        for system in ("stripe", "netsuite"):
            self.office.order(system, "forget")
        assert self.sync(flow) == {"code": 0}, self.said()
        counts = json.loads(self.said())
        assert [counts[end] for end in ("created", "updated", "linked", "failed", "unknown", "cases")] == [0] * 6
        assert self.office.writes("stripe") + self.office.writes("netsuite") == []

    def held(self, system: str, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.office.order(system, "dump")[kind]
        return found


def sync_of(flow: str, office: Office, folder: Path) -> list[str]:
    """The command line of one run."""
    where = ["--settings", str(office.settings), "--state", str(folder / "state.db"), "--root", str(ROOT)]
    return ["sync", flow, *where, "--format", "json", "--quiet"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office")) as office:
        yield office


@pytest.fixture(scope="module")
def driver(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    command = [sys.executable, str(Path(__file__).with_name("crash_driver.py"))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        driver = Driver(process)
        for flow in WORLDS:
            office.reset()
            WORLDS[flow][0](Story(office, driver, tmp_path_factory.mktemp("warm")))
            driver.obey(warm=sync_of(flow, office, tmp_path_factory.mktemp("warm")))
        yield driver
        process.terminate()


@pytest.fixture
def story(office: Office, driver: Driver, tmp_path: Path) -> Story:
    office.reset()
    return Story(office, driver, tmp_path)


# -- the worlds and what must be true of them --------------------------------------------------------------

PEOPLE = [{"id": f"cus_{n}", "name": f"Customer {n}", "email": f"c{n}@x.example"} for n in range(4)]


def seed_stripe(story: Story) -> None:
    """Three to create, one to link."""
    charges = [{"customer": one["id"], "amount": 500, "status": "succeeded"} for one in PEOPLE]
    story.office.order("stripe", "seed", data={"customers": PEOPLE, "charges": charges})
    known = {"id": "77", "companyName": "Known", "email": "c3@x.example", "comments": "VIP", "subsidiary": {"id": "1"}}
    story.office.order("netsuite", "seed", data={"customer": [known]})


def all_in_netsuite(story: Story) -> None:
    """Each customer once, and the comment of the linked one appended once."""
    found = story.held("netsuite", "customer")
    assert Counter(one["externalId"] for one in found) == {one["id"]: 1 for one in PEOPLE}
    assert next(one for one in found if one["id"] == "77")["comments"] == "VIP\nStripe: cus_3"


def seed_netsuite(story: Story) -> None:
    """Three to create in Stripe, whose ids and portal links are written back."""
    made = [
        {"id": f"{n}", "companyName": f"Company {n}", "email": f"n{n}@x.example", "subsidiary": {"id": "1"}}
        for n in (41, 42, 43)
    ]
    story.office.order("netsuite", "seed", data={"customer": made})


def all_in_stripe(story: Story) -> None:
    """Each customer once, and its id on the NetSuite side."""
    made = {one["metadata"]["netsuite_id"]: one["id"] for one in story.held("stripe", "customers")}
    assert len(story.held("stripe", "customers")) == 3
    written = {one["id"]: one["custentity_stripe_customer_id"] for one in story.held("netsuite", "customer")}
    assert written == made


WORLDS = {TO_NETSUITE: (seed_stripe, all_in_netsuite), TO_STRIPE: (seed_netsuite, all_in_stripe)}

# -- points inside the process -----------------------------------------------------------------------------

POINTS = [
    ("the intent is stored, no request went out", "engine.pipeline.apply:perform", 1, "before"),
    ("one of several requests went out", "engine.pipeline.apply:perform", 2, "before"),
    ("answers came, nothing is recorded", "engine.pipeline.apply:record", 1, "before"),
    ("outcomes are recorded, the echo is not", "engine.pipeline.apply:refresh_reverse", 1, "before"),
    ("a page was read, not stored", "engine.pipeline.extract:_put", 1, "before"),
    ("the source is read, the target is not", "engine.pipeline.sync:_mirror", 2, "before"),
    ("claims are stored, operations are not", "engine.pipeline.decide_flow:_keep", 1, "before"),
    ("all is decided, nothing is done", "engine.pipeline.sync:apply", 1, "before"),
    ("all is done, the watermark is not stored", "engine.pipeline.sync:read_back", 1, "before"),
    ("all is done and read back", "engine.pipeline.sync:read_back", 1, "after"),
]


@pytest.mark.parametrize("flow", WORLDS)
@pytest.mark.parametrize("point", POINTS, ids=lambda one: one[0])
def test_a_death_inside_the_run_leaves_nothing_double_and_nothing_out(
    story: Story, flow: str, point: tuple[str, str, int, str]
) -> None:
    seed, complete = WORLDS[flow]
    seed(story)
    _, at, call, when = point
    assert story.sync(flow, at=at, call=call, when=when) == {"killed": 9}, story.said()
    story.finish(flow)
    complete(story)


@pytest.mark.parametrize("flow", WORLDS)
@pytest.mark.parametrize("commit", range(1, 60) if SWEEP else (2, 9, 17))
@pytest.mark.parametrize("when", ["before", "after"] if SWEEP else ["after"])
def test_a_death_at_a_commit_leaves_nothing_double_and_nothing_out(
    story: Story, flow: str, commit: int, when: str
) -> None:
    seed, complete = WORLDS[flow]
    seed(story)
    assert story.sync(flow, at=COMMIT, call=commit, when=when) in ({"killed": 9}, {"code": 0}), story.said()
    story.finish(flow)
    complete(story)


# -- points at the wire --------------------------------------------------------------------------------------

WIRES = [
    (TO_NETSUITE, "netsuite", "PUT", "/record/v1/customer/eid:"),
    (TO_NETSUITE, "netsuite", "PATCH", "/record/v1/customer/77"),
    (TO_STRIPE, "stripe", "POST", "/v1/customers"),
    (TO_STRIPE, "netsuite", "PATCH", "/record/v1/customer/4"),
]


@pytest.mark.parametrize("carried_out", [False, True], ids=["before it is carried out", "after it was carried out"])
@pytest.mark.parametrize(("flow", "system", "method", "path"), WIRES, ids=lambda one: str(one).strip("/"))
def test_a_death_while_a_request_is_under_way(
    story: Story, flow: str, system: str, method: str, path: str, carried_out: bool
) -> None:
    seed, complete = WORLDS[flow]
    seed(story)
    story.office.order(system, "forget")
    fault = {"method": method, "path": path, "kind": "delay", "seconds": 900, "after": carried_out}
    story.office.order(system, "fault", fault=fault)
    child = story.sync(flow, wait=False)
    story.office.await_request(system, method, path)
    assert story.driver.obey(kill=child["pid"]) == {"killed": 9}
    story.finish(flow)
    complete(story)


@pytest.mark.parametrize(("flow", "system", "method", "path"), WIRES, ids=lambda one: str(one).strip("/"))
def test_an_answer_that_never_comes_is_looked_into(
    story: Story, flow: str, system: str, method: str, path: str
) -> None:
    seed, complete = WORLDS[flow]
    seed(story)
    story.office.order(system, "fault", fault={"method": method, "path": path, "kind": "drop_after", "times": 2})
    story.sync(flow)
    story.finish(flow)
    complete(story)
