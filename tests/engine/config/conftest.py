"""A small tree of YAML in a folder: two systems, one flow, and whatever a test changes."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.config.load import load_ruleset
from engine.model.finding import Finding
from engine.spec.ruleset import Ruleset

SHOP = """
version: 1
system: shop
title: Shop
connector: http
base_url: https://{{ settings.account }}.shop.example
settings:
  account: {type: text, required: true}
  token:   {type: secret, required: true}
auth: {kind: bearer, token: token}
paging:
  pages: {kind: page, param: page, total: total}
objects:
  person:
    title: Person
    id: id
    changes: {kind: field, field: changed}
    operations:
      list:   {request: GET /people, query: {after: "{{ since }}"}, items: people, paging: pages}
      read:   {request: "GET /people/{{ id }}"}
      update: {request: "PATCH /people/{{ id }}", effect: repeatable}
    relations:
      orders: {object: order, many: true, where: {person: id}}
    fields:
      id:      {type: text, writable: false}
      name:    {type: text}
      mail:    {type: email}
      age:     {type: integer}
      number:  {type: text}
      firm:    {type: reference, to: firm}
      tags:    {type: map}
      streets: {type: list, fields: {street: {type: text}, country: {type: country}}}
      changed: {type: datetime, writable: false}
  firm:
    title: Firm
    id: id
    changes: {kind: sweep}
    operations: {list: {request: GET /firms}}
    fields:
      id:   {type: text, writable: false}
      name: {type: text}
      boss: {type: reference, to: person}
  order:
    title: Order
    id: id
    changes: {kind: sweep}
    operations: {list: {request: "GET /people/{{ person }}/orders"}}
    fields:
      id:     {type: text, writable: false}
      person: {type: reference, to: person, writable: false}
      total:  {type: money, writable: false}
"""
LEDGER = """
version: 1
system: ledger
title: Ledger
connector: http
base_url: https://ledger.example
objects:
  account:
    title: Account
    id: id
    changes: {kind: sweep}
    operations:
      list:   {request: GET /accounts}
      read:   {request: "GET /accounts/{{ id }}"}
      create: {request: POST /accounts}
      update: {request: "PATCH /accounts/{{ id }}"}
    fields:
      id:      {type: text, writable: false}
      title:   {type: text, length: 20}
      mail:    {type: email}
      number:  {type: text}
      group:   {type: reference, to: group}
      parent:  {type: reference, to: account}
      notes:   {type: map}
      lines:
        type: list
        key: [street]
        fields: {street: {type: text}, country: {type: country}}
  group:
    title: Group
    id: id
    changes: {kind: sweep}
    operations: {list: {request: GET /groups}}
    fields: {id: {type: text, writable: false}, name: {type: text}}
"""
MAPPING = """
version: 1
flow: inward
source: shop.person
target: ledger.account
fields:
  title: name
  mail: mail
"""
RULES = """
version: 1
flow: inward
match:
  rules: [{id: mail, left: mail, right: mail, compare: email}]
  outcome: {none: create, one: link, many: review, taken: hold, unknown: hold}
push_policy:
  default: {push: always, empty: keep, conflict: source, drift: keep}
"""


@dataclass(frozen=True)
class Tree:
    """A folder of YAML."""

    root: Path

    def write(self, name: str, text: str) -> Path:
        """Write a file, replacing what was there."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), "utf-8")
        return path

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text that must be there."""
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new), "utf-8")

    def load(self, *layers: Path, **more: Any) -> tuple[Ruleset | None, list[Finding]]:
        """Load it."""
        return load_ruleset(self.root, layers, **more)

    def ruleset(self, *layers: Path, **more: Any) -> Ruleset:
        """The ruleset, without a finding."""
        found, findings = self.load(*layers, **more)
        assert findings == []
        assert found is not None
        return found

    def codes(self, *layers: Path, **more: Any) -> list[str]:
        """Codes of what is wrong with it."""
        return [one.code for one in self.load(*layers, **more)[1]]

    def flow(self, name: str, source: str, target: str, fields: str, rules: str = RULES) -> None:
        """Add a flow; `fields` and `rules` are YAML."""
        head = f"version: 1\nflow: {name}\nsource: {source}\ntarget: {target}\n"
        self.write(f"mappings/{name}.yaml", f"{head}{textwrap.dedent(fields).strip()}\n")
        self.write(f"rules/{name}.yaml", rules.replace("flow: inward", f"flow: {name}"))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A shop, a ledger, and the flow `inward` between them."""
    made = Tree(tmp_path / "tree")
    made.write("systems/shop.yaml", SHOP)
    made.write("systems/ledger.yaml", LEDGER)
    made.write("mappings/inward.yaml", MAPPING)
    made.write("rules/inward.yaml", RULES)
    return made
