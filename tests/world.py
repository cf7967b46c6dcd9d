"""A small world for tests: two systems in memory, flows between them in YAML, a store, and a clock that is set."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.config.load import load_ruleset
from engine.connectors.memory import MemoryConnector
from engine.model.operation import Operation
from engine.pipeline.decide_flow import Task
from engine.pipeline.sync import Order, Report, run_flow
from engine.pipeline.workshop import Workshop
from engine.spec.ruleset import Ruleset
from engine.store.opening import open_store

SHOP = """
version: 1
system: shop
title: Shop
connector: memory
objects:
  person:
    title: Person
    id: id
    changes: {kind: field, field: changed, overlap: 1m}
    operations:
      list:   {request: GET /people}
      read:   {request: "GET /people/{{ id }}"}
      create: {request: POST /people, effect: keyed}
      update: {request: "PATCH /people/{{ id }}", effect: repeatable}
      delete: {request: "DELETE /people/{{ id }}"}
      find: {"*": {request: GET /people, equality: folded_and_trimmed}}
    relations:
      orders: {object: order, many: true, where: {person: id}}
    fields:
      id:      {type: text, writable: false}
      name:    {type: text}
      mail:    {type: email}
      phone:   {type: text}
      note:    {type: text}
      partner: {type: text}
      tags:    {type: map}
      changed: {type: datetime, writable: false}
  order:
    title: Order
    id: id
    changes: {kind: field, field: changed, overlap: 1m}
    operations:
      list: {request: GET /orders}
      read: {request: "GET /orders/{{ id }}"}
    fields:
      id:      {type: text, writable: false}
      person:  {type: reference, to: person, writable: false}
      changed: {type: datetime, writable: false}
"""

LEDGER = """
version: 1
system: ledger
title: Ledger
connector: memory
objects:
  account:
    title: Account
    id: id
    changes: {kind: field, field: changed, overlap: 1m}
    operations:
      list:   {request: GET /accounts}
      read:   {request: "GET /accounts/{{ id }}"}
      create: {request: POST /accounts, effect: keyed}
      update: {request: "PATCH /accounts/{{ id }}", effect: repeatable}
      delete: {request: "DELETE /accounts/{{ id }}"}
      find: {"*": {request: GET /accounts, equality: folded_and_trimmed}}
    fields:
      id:      {type: text, writable: false}
      name:    {type: text}
      email:   {type: email}
      phone:   {type: text}
      comment: {type: text}
      shop_id: {type: text}
      changed: {type: datetime, writable: false}
"""

MAPPING = """
version: 1
flow: shop-to-ledger
source: shop.person
target: ledger.account
fields: {name: name, email: mail, phone: phone, shop_id: id}
"""

RULES = """
version: 1
flow: shop-to-ledger
match:
  rules:
    - {id: mail, left: mail, right: email, compare: email}
  outcome: {none: create, one: link, many: first, taken: link_also, unknown: hold}
push_policy:
  default: {push: always, empty: keep, conflict: source, drift: keep}
guards: {creates: 10000, updates: 10000, reshaped: 0, blankings: 0, deletes: 0}
"""

BACK_MAPPING = """
version: 1
flow: ledger-to-shop
source: ledger.account
target: shop.person
fields: {name: name, mail: email, phone: phone}
"""

BACK_RULES = """
version: 1
flow: ledger-to-shop
match:
  rules:
    - {id: mail, left: email, right: mail, compare: email}
  outcome: {none: create, one: link, many: first, taken: link_also, unknown: hold}
push_policy:
  default: {push: always, empty: keep, conflict: target, drift: keep}
guards: {creates: 10000, updates: 10000, reshaped: 0, blankings: 0, deletes: 0}
"""


class SetClock:
    """A clock that moves only when told, a millisecond at each look."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class World:
    """Open systems, the ruleset, and one store across runs."""

    folder: Path
    ruleset: Ruleset
    store: Any
    clock: SetClock = field(default_factory=SetClock)
    systems: dict[str, MemoryConnector] = field(default_factory=dict)
    last: Workshop | None = None

    def system(self, name: str, **behaviour: Any) -> MemoryConnector:
        """A system by its connection's name; behaviour may be changed at any time."""
        if name not in self.systems:
            self.systems[name] = MemoryConnector(name, clock=self.clock)
        if behaviour:
            self.systems[name].behaviour = replace(self.systems[name].behaviour, **behaviour)
        return self.systems[name]

    def put(self, object_name: str, *rows: Mapping[str, Any]) -> None:
        """Records made or edited by a person of that system now."""
        self.clock.advance(1)
        connector = self.system(object_name.partition(".")[0])
        held = connector.held(object_name)
        stamp = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        connector.seed(object_name, [{**held.get(str(row["id"]), {}), "changed": stamp, **row} for row in rows])

    def held(self, object_name: str) -> dict[str, dict[str, Any]]:
        return self.system(object_name.partition(".")[0]).held(object_name)

    def run(self, flow: str = "shop-to-ledger", **order: Any) -> Report:
        """One run of a flow."""
        self.clock.advance(1)
        task_keys = {"run", "ids", "actions"}
        task = Task(self.ruleset.flows[flow], **{name: order.pop(name) for name in task_keys & set(order)})
        shop = Workshop(self.ruleset, self.store, clock=self.clock, open=lambda spec, **_: self.system(spec.name))
        self.last = shop
        return run_flow(shop, Order(task, **order))

    def plan(self, flow: str = "shop-to-ledger", **order: Any) -> list[Operation]:
        """Operations of a plan."""
        report = self.run(flow, verb="plan", **order)
        return list(self.store.operations(run=report.run.id))

    def findings(self) -> list[str]:
        """Codes of the last run's findings."""
        return [one.code for one in self.store.findings(self.last.run_id)] if self.last else []

    def writes(self, name: str) -> int:
        """Requests that a system has had so far."""
        return self.system(name).requests


def build(
    folder: Path, *flows: str, systems: Iterable[str] = (SHOP, LEDGER), rules: str = RULES, mapping: str = MAPPING
) -> World:
    """A world with the usual flow, changed as the test wants; further documents are added by their kind."""
    for text in (*systems, mapping, rules, *flows):
        write(folder, text)
    return open_world(folder)


def write(folder: Path, text: str) -> Path:
    """Put one YAML document where its kind and name want it."""
    lines = dict(
        line.split(":", 1) for line in textwrap.dedent(text).splitlines() if ":" in line and line[0] not in " #-"
    )
    if "system" in lines and "flow" not in lines:
        kind, name = "systems", lines["system"].strip()
    else:
        kind, name = ("mappings" if "source" in lines or "fields" in lines else "rules"), lines["flow"].strip()
    path = folder / kind / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text))
    return path


def open_world(folder: Path, layers: Iterable[Path] = ()) -> World:
    """The world of a folder of YAML; the store survives a second opening."""
    ruleset, findings = load_ruleset(folder, tuple(layers))
    assert ruleset is not None, "\n".join(map(str, findings))
    return World(folder, ruleset, open_store(folder / "state.db", create=True))
