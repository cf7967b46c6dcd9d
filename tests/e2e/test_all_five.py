"""All shipped flows over five offices at work: they come to rest, lose nobody's edit and write nothing beyond policy.

CONCORD_TEST_CUSTOMERS and CONCORD_TEST_ROUNDS make the town and its life larger, CONCORD_TEST_SEED another one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from engine.connectors.tokens import MemoryTokens
from sandbox import serving
from tests.e2e.five_offices import FLOWS, SYSTEMS, Life
from tests.shipped.town import Town, TownClock

CUSTOMERS = int(os.environ.get("CONCORD_TEST_CUSTOMERS", "60"))
ROUNDS = int(os.environ.get("CONCORD_TEST_ROUNDS", "8"))
SEED = int(os.environ.get("CONCORD_TEST_SEED", "5"))
DAY = 86_400
FIRST_LOAD = frozenset({"creates"})
ALLOWED = {
    "stripe": r"POST /v1/customers(/[^/]+)?|POST /v1/billing_portal/sessions",
    "netsuite": r"(POST|PUT|PATCH) \S+/record/v1/(customer|contact)(/[^/]+)?",
    "acton": r"(POST|PUT|DELETE) \S*/(ucl|contact|segment|schema)\S*|PUT /api/1/list/optout",
    "sagex3": r"nothing",
    "magento": r"(POST|PUT) \S+/V1/(customers|company|companyCredits|sharedCatalog)\S*",
    "mail": r"POST /api/messages",
}
"""What a system may be asked to write."""
UPDATES = {
    ("netsuite", r"PATCH \S+/customer/\d+"): {
        "externalId", "comments", "custentity_stripe_customer_id", "custentity_stripe_portal_url", "companyName",
        "firstName", "lastName", "email", "phone", "parent", "vatRegNumber", "addressBook", "globalSubscriptionStatus",
        "custentity_magento_id", "custentity_email_consent", "custentity_sms_consent", "custentity_do_not_contact",
        "custentity_order_count", "custentity_lifetime_value", "custentity_returns", "custentity_average_order",
        "custentity_first_order", "custentity_last_order", "custentity_revenue_tier",
    },
    ("netsuite", r"PATCH \S+/contact/\d+"): {
        "firstName", "lastName", "title", "email", "phone", "mobilePhone", "custentity_acton_score",
        "globalSubscriptionStatus",
    },
    ("stripe", r"POST /v1/customers/[^/]+"): {
        "email", "name", "phone", "description", "address", "shipping", "metadata",
    },
}  # fmt: skip
"""Fields that an update may hold: the others belong to the system."""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    root = tmp_path / "shipped"
    shutil.copytree(Path(__file__).parents[2] / "systems", root / "systems")
    for folder in ("mappings", "rules"):
        (root / folder).mkdir()
        for flow in FLOWS:
            shutil.copy(Path(__file__).parents[2] / folder / f"{flow}.yaml", root / folder)
    with serving.start(SYSTEMS, control=True) as running:
        town = Town(running, root, tmp_path, TownClock(running), MemoryTokens())
        town.set("stripe", rate_limits=False)
        town.set("acton", rate_limits=False)
        yield town
        town.session.close()
        town.store.close()


class Watch:
    """Every write that the stand-ins got from the flows."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.beyond: list[str] = []
        self.lines: list[str] = []
        """Writes seen at the last look."""
        for system in SYSTEMS:
            town.order(system, "set", data={"record_bodies": True})

    def forget(self) -> None:
        """What people did so far is none of the flows' doing."""
        for system in SYSTEMS:
            self.town.order(system, "forget")

    def look(self) -> int:
        """How many writes came since the last look; those beyond policy are kept."""
        self.lines = []
        for system in SYSTEMS:
            for one in self.town.requests(system):
                line = f"{one['method']} {one['path']}"
                if one["method"] == "GET" or line.endswith(("/suiteql", "/token")) or "/graphql" in line:
                    continue
                self.lines.append(f"{system}: {line} {one['body'][:200]}")
                if not re.fullmatch(ALLOWED[system], line) or (fields := _beyond(system, line, one["body"])):
                    self.beyond.append(f"{system}: {line} {fields if re.fullmatch(ALLOWED[system], line) else ''}")
        return len(self.lines)


def _beyond(system: str, line: str, body: str) -> set[str]:
    for (where, pattern), fields in UPDATES.items():
        if where == system and re.fullmatch(pattern, line):
            form = {name.partition("[")[0] for name, _ in parse_qsl(body)}
            return (set(json.loads(body)) if body.startswith("{") else form) - fields
    return set()


def one_pass(town: Town, allowed: frozenset[str] = frozenset()) -> None:
    """Every flow once, in the order of `needs`; no guard stops it."""
    for flow in FLOWS:
        report = town.sync(flow, allowed=allowed)
        assert report.refused == [], (flow, report.refused)
        wrong = town.store.operations(run=report.run.id, states=("failed", "unknown"))  # a broken link is told
        assert [(flow, str(one.target), one.error) for one in wrong] == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_five_offices_come_to_rest_and_lose_nobodys_edit(town: Town) -> None:
    life, watch = Life(town, SEED, CUSTOMERS), Watch(town)
    life.settle()
    for _ in range(3):
        one_pass(town, FIRST_LOAD)
    for _ in range(ROUNDS):
        watch.look()
        life.round(max(6, min(CUSTOMERS // 10, 40)))
        watch.forget()
        one_pass(town)

    writes = []
    for wait in (DAY + 1, DAY + 1, 60, 60):  # the daily readings see what left no stamp; links to the portal last a day
        town.advance(wait)
        one_pass(town)
        writes.append(watch.look())

    assert watch.lines == [], f"they play ping-pong: {writes}"
    assert {flow: [str(one) for one in town.plan(flow)] for flow in FLOWS} == {flow: [] for flow in FLOWS}
    assert list(town.store.operations(states=("open", "unknown", "failed"))) == []
    assert watch.beyond == []
    assert lost(town, life) == []
    assert differing(town) == []
    assert not_carried(town, life) == []
    assert [one["externalId"] for one in town.held("acton", "contact") if one.get("externalId") in life.left] == []
    linked = {flow: len(pairs(town, flow)) for flow in FLOWS}
    print(f"{life.done} edits, {len(life.left)} left; links: {linked}; writes at the end: {writes}")
    assert [flow for flow, count in linked.items() if not count] == ["magento-to-sagex3"]  # it assigns


# -- what must hold in the end -------------------------------------------------------------------------


def lost(town: Town, life: Life) -> list[str]:
    """Edits that are neither there nor in the journal with what replaced them."""
    replaced = {
        (op.target.connection, op.target.id, change.field, str(change.before))
        for op in town.store.operations(states=("done",))
        for change in op.changes
    }
    deleted = {op.target[::2] for op in town.store.operations(states=("done",)) if op.kind == "delete"}
    offices = {edit[:2]: town.held(*edit[:2]) for edit in life.last}
    gone = []
    for (system, kind, id, field), value in life.last.items():
        held = next((one for one in offices[system, kind] if id in _keys(one)), {})
        told = (system, id) in deleted or (system, id, field, str(value)) in replaced
        if str(held.get(field)) != str(value) and not told:
            gone.append(f"{system} {kind} {id} {field}: {value!r} was written, {held.get(field)!r} is there")
    return gone


def pairs(town: Town, flow: str) -> dict[str, str]:
    """Source id -> target id of the links between the two objects of a flow."""
    ends = (town.flow(flow).source.name, town.flow(flow).target.name)
    found: dict[str, str] = {}
    for link in town.store.links(state="confirmed"):
        ids = {link.a.object: link.a.id, link.b.object: link.b.id}
        if set(ids) == set(ends):
            found[ids[ends[0]]] = ids[ends[1]]
    return found


def _keys(one: dict[str, Any]) -> set[str]:
    return {str(one.get(name)) for name in ("id", "BPCNUM", "CNTNUM")}


def differing(town: Town) -> list[str]:
    """Linked records that say different things in fields that one side alone decides."""
    found = []
    sage = {one["BPCNUM"]: one for one in town.held("sagex3", "customers")}
    persons = {one["CNTNUM"]: one for one in town.held("sagex3", "persons")}
    companies = {str(one["id"]): one for one in town.held("magento", "companies")}
    accounts = {str(one["id"]): one for one in town.held("magento", "customers")}
    credits = {str(one["company_id"]): one for one in town.held("magento", "credits")}
    owed: dict[str, float] = {}
    for one in town.held("sagex3", "movements"):
        owed[one["BPCNUM"]] = owed.get(one["BPCNUM"], 0) + one["amount"]
    for ours, theirs in pairs(town, "sagex3-to-magento-company").items():
        said = sage[ours]["BPCNAM"], float(sage[ours]["OSTAUZ"]), -owed.get(ours, 0)
        limit, balance = (float(credits[theirs][name] or 0) for name in ("credit_limit", "balance"))
        shown = companies[theirs]["company_name"], limit, balance
        found += [] if said == shown else [f"{ours}: {said} and {shown}"]
    for ours, theirs in pairs(town, "sagex3-to-magento-contact").items():
        said, shown = persons[ours.split("~")[2]]["CNTLNA"], accounts[theirs]["lastname"]
        found += [] if said == shown else [f"{ours}: {said} and {shown}"]
    return found


def not_carried(town: Town, life: Life) -> list[str]:
    """Last words that the partner does not say: of two people who speak about the same field the later one counts."""
    order = {edit: number for number, edit in enumerate(life.last)}
    found = []
    for flow, ours, theirs, fields in CARRIED:
        here = {str(one["id"]): one for one in town.held(*ours)}
        there = {str(one["id"]): one for one in town.held(*theirs)}
        for id, partner in pairs(town, flow).items():
            for field, other in fields.items():
                mine, his = (*ours, id, field), (*theirs, partner, other)
                if mine in order and order[mine] > order.get(his, -1) and id in here and partner in there:
                    said, shown = here[id].get(field), there[partner].get(other)
                    found += [] if said == shown else [f"{flow} {id} {field}: {said!r}, but {partner} says {shown!r}"]
    return found


CARRIED = (
    ("netsuite-to-stripe", ("netsuite", "customer"), ("stripe", "customers"), {"phone": "phone", "email": "email"}),
    ("netsuite-to-acton", ("netsuite", "contact"), ("acton", "contact"),
     {"title": "title", "lastName": "lastName", "phone": "businessPhone"}),
    ("acton-to-netsuite", ("acton", "contact"), ("netsuite", "contact"),
     {"title": "title", "lastName": "lastName", "businessPhone": "phone"}),
)  # fmt: skip
"""What goes from one system to another whenever it changes."""
