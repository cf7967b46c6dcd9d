"""A town of offices: the stand-ins over real HTTP, the shipped YAML with a test's layers, one store, one clock."""

from __future__ import annotations

import json
import textwrap
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from engine.config.load import load_ruleset
from engine.connectors.tokens import MemoryTokens
from engine.model.operation import Operation
from engine.pipeline.decide_flow import Task
from engine.pipeline.sync import Order, Report, run_flow
from engine.pipeline.workshop import Workshop
from engine.spec.ruleset import FlowSpec, Ruleset
from engine.store.opening import open_store
from sandbox.serving import Running

ENDS = ("created", "linked", "updated", "settled", "skipped", "held", "waiting", "failed", "assigned", "unknown")
_TURN = threading.Lock()
_RULESETS: dict[tuple[str, tuple[str, ...]], Ruleset] = {}
"""Compiled once for all tests of the same layers and settings."""


class TownClock:
    """The stand-ins' own clock, so that everybody agrees on the time; sleeping moves it at once."""

    def __init__(self, running: Running) -> None:
        self.running = running

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.running.clock.now(), UTC)

    def monotonic(self) -> float:
        return self.running.clock.now()

    def sleep(self, seconds: float) -> None:
        with _TURN:
            self.running.clock.advance(max(seconds, 0.0))


@dataclass
class Town:
    """What a test does and sees. Every office is called by its system's name."""

    running: Running
    root: Path
    """The shipped systems, mappings and rules alone."""
    folder: Path
    clock: TownClock
    tokens: MemoryTokens
    session: requests.Session = field(default_factory=requests.Session)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Settings by system or flow, on top of those that the stand-ins ask for."""
    last: Report | None = None
    _ruleset: Ruleset | None = None
    _store: Any = None

    # -- the offices

    def order(self, system: str, do: str, **fields: Any) -> Any:
        """One order to a stand-in's control box."""
        place = urlsplit(self.running.urls[system])
        url = f"{place.scheme}://{place.netloc}/_control"
        answer = self.session.post(url, json={"do": do, **fields}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def reset(self) -> None:
        """Empty offices with their furniture; limits off where a test would wait for them."""
        for system in self.running.urls:
            self.order(system, "reset")
        self.order("stripe", "set", data={"rate_limits": False})

    def seed(self, system: str, **data: Any) -> None:
        """Records that are there, told in the vendor's own shape."""
        self.order(system, "seed", data=data)

    def set(self, system: str, **options: Any) -> None:
        """Switches of a stand-in."""
        self.order(system, "set", data=options)

    def fault(self, system: str, **fault: Any) -> None:
        """The next request that fits goes wrong."""
        self.order(system, "fault", fault=fault)

    def no_faults(self) -> None:
        """What was still to go wrong does not."""
        for system in self.running.urls:
            self.order(system, "mend")

    def dump(self, system: str) -> dict[str, Any]:
        """Everything that an office holds."""
        found: dict[str, Any] = self.order(system, "dump")
        return found

    def held(self, system: str, kind: str) -> list[dict[str, Any]]:
        """Records of one kind, oldest first: ("stripe", "customers"), ("netsuite", "customer")."""
        found: list[dict[str, Any]] = self.dump(system)[kind]
        return found

    def one(self, system: str, kind: str) -> dict[str, Any]:
        """The only record of a kind."""
        (found,) = self.held(system, kind)
        return found

    def record(self, system: str, kind: str, id: str) -> dict[str, Any]:
        """The record with an id."""
        (found,) = [one for one in self.held(system, kind) if one["id"] == id]
        return found

    def requests(self, system: str) -> list[dict[str, Any]]:
        """Requests since the last look, with status; their query and body where `listening`."""
        found: list[dict[str, Any]] = self.order(system, "requests")
        self.order(system, "forget")
        return found

    def writes(self, system: str) -> list[str]:
        """Requests since the last look that change something: "PUT /services/rest/record/v1/customer/eid:x"."""
        return [f"{one['method']} {one['path']}" for one in self.requests(system) if _changes(one)]

    @contextmanager
    def listening(self, system: str) -> Iterator[list[dict[str, Any]]]:
        """Requests of the block with query and body."""
        self.order(system, "set", data={"record_bodies": True})
        self.order(system, "forget")
        heard: list[dict[str, Any]] = []
        try:
            yield heard
        finally:
            heard += self.requests(system)
            self.order(system, "set", data={"record_bodies": False})

    def advance(self, seconds: float) -> None:
        """Time passes for everybody."""
        self.clock.sleep(seconds)

    # -- people at their screens

    def edit(self, kind: str, id: str, **values: Any) -> None:
        """Somebody changes a NetSuite record by hand, a second later."""
        self.advance(1)
        self.set("netsuite", edit={kind: {id: values}})

    def stripe(self, path: str, **form: str) -> dict[str, Any]:
        """Somebody changes something in Stripe, a second later: `stripe("/v1/customers/cus_1", name="A")`."""
        self.advance(1)
        key = self.running.settings["stripe"]["api_key"]
        headers = {"Authorization": f"Bearer {key}", "Stripe-Version": "2026-06-24.dahlia"}
        answer = self.session.post(self.running.urls["stripe"] + path, data=form, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    # -- the integrator's YAML

    def layer(self, text: str) -> None:
        """Lay one more partial file over the shipped ones; the next run uses it."""
        tree = textwrap.dedent(text)
        heads = dict(line.split(":", 1) for line in tree.splitlines() if ":" in line and line[0] not in " #-")
        kind = "rules"
        if "flow" not in heads:
            kind = "systems"
        elif "fields" in heads or "write_back" in heads:
            kind = "mappings"
        name = (heads.get("flow") or heads["system"]).strip()
        folder = self.folder / f"layer{len(list(self.folder.glob('layer*')))}" / kind
        folder.mkdir(parents=True)
        (folder / f"{name}.yaml").write_text(tree)
        self._ruleset = None

    def setting(self, owner: str, **values: Any) -> None:
        """Settings of a system or a flow."""
        self.settings[owner] = {**self.settings.get(owner, {}), **values}
        self._ruleset = None

    @property
    def ruleset(self) -> Ruleset:
        if self._ruleset is None:
            line: dict[str, Any] = json.loads(self.running.line())
            for owner, values in self.settings.items():
                line.setdefault(owner, {}).setdefault("settings", {}).update(values)
            layers = sorted(self.folder.glob("layer*"), key=lambda one: int(one.name[5:]))
            texts = tuple(path.read_text() for folder in layers for path in folder.rglob("*.yaml"))
            known = (json.dumps(line), texts)
            if known not in _RULESETS:
                found, findings = load_ruleset(self.root, layers, settings=line)
                assert found is not None, "\n".join(map(str, findings))
                _RULESETS[known] = found
            self._ruleset = _RULESETS[known]
        return self._ruleset

    def flow(self, name: str) -> FlowSpec:
        return self.ruleset.flows[name]

    # -- running

    @property
    def store(self) -> Any:
        if self._store is None:
            self._store = open_store(self.folder / "state.db", create=True)
        return self._store

    @contextmanager
    def shop(self) -> Iterator[Workshop]:
        """A workshop of one run."""
        shop = Workshop(self.ruleset, self.store, clock=self.clock, tokens=self.tokens)
        try:
            yield shop
        finally:
            shop.close()

    def sync(self, flow: str, **order: Any) -> Report:
        """One run of a flow, a second after whatever happened before. `run`: a run that the rules name."""
        self.advance(1)
        spec = self.flow(flow)
        keys = {"ids", "actions"} & set(order)
        task: dict[str, Any] = {name: order.pop(name) for name in keys}
        if name := order.pop("run", None):
            task["run"] = spec.rules.runs[name]
        with self.shop() as shop:
            self.last = run_flow(shop, Order(Task(spec, **task), **order))
        return self.last

    def plan(self, flow: str, **order: Any) -> list[Operation]:
        """The operations that a run would do now."""
        report = self.sync(flow, verb="plan", **order)
        return list(self.store.operations(run=report.run.id))

    def ends(self, flow: str, **order: Any) -> dict[str, int]:
        """How many records came to which end in a run, without the zeros."""
        counts = self.sync(flow, **order).counts
        return {name: counts[name] for name in ENDS if counts.get(name)}

    def findings(self) -> dict[str, str]:
        """Code -> message of the last run's findings; of several with one code the last."""
        assert self.last is not None
        found = [*self.store.findings(self.last.run.id), *self.last.refused]
        return {one.code: one.message for one in found}

    def links(self, flow: str) -> dict[str, str]:
        """Source id -> target id of the links that hold."""
        side = self.flow(flow).source_connection.name
        ends = {link.a if link.a.connection == side else link.b: link for link in self.store.links(state="confirmed")}
        return {end.id: link.other(end).id for end, link in ends.items()}


def _changes(request: Mapping[str, Any]) -> bool:
    asks = ("/suiteql", "/token")
    return request["method"] != "GET" and not str(request["path"]).endswith(asks)
