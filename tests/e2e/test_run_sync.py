"""run.py plan, apply and sync as a process, over HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.commands import ENVIRONMENT, ROOT, Desk

CONTRACT = [
    "read", "settled", "created", "updated", "linked", "assigned", "held", "skipped", "failed", "stale", "unknown",
    "cases", "requests", "seconds",
]  # fmt: skip
ENDS = ["settled", "created", "updated", "linked", "assigned", "held", "skipped", "failed", "stale", "unknown"]
FLOW = "stripe-to-netsuite"


def buyers(desk: Desk, *numbers: int) -> None:
    """Customers who have paid."""
    customers = [{"id": f"cus_{n}", "name": f"Buyer {n}", "email": f"buyer{n}@mail.example"} for n in numbers]
    charges = [{"id": f"ch_{n}", "customer": f"cus_{n}", "amount": 100, "currency": "eur"} for n in numbers]
    desk.seed("stripe", customers=customers, charges=charges)


def test_sync_needs_no_more_than_settings_and_prints_the_counts_of_the_contract(desk: Desk) -> None:
    buyers(desk, 1, 2)
    desk.seed("stripe", customers=[{"id": "cus_3", "name": "Has not paid"}])
    done = desk.process("sync", FLOW, "--format", "json")
    assert done.code == 0, done.err
    assert list(done.tree)[:3] == ["flow", "run", "state"]
    assert list(done.tree)[3 : 3 + len(CONTRACT)] == CONTRACT
    counts = {name: done.tree[name] for name in ENDS if done.tree[name]}
    assert counts == {"created": 2, "held": 1}
    assert done.tree["read"] == sum(done.tree[name] for name in ENDS) == 3
    assert sorted(one["companyName"] for one in desk.held("netsuite", "customer")) == ["Buyer 1", "Buyer 2"]
    assert os.stat(desk.folder / "state" / "state.db").st_mode & 0o077 == 0


def test_a_plan_writes_nothing_and_the_plan_after_a_sync_is_empty(desk: Desk) -> None:
    buyers(desk, 1)
    planned = desk.run("plan", FLOW, "--exit-code")
    assert (planned.code, desk.held("netsuite", "customer")) == (10, [])
    assert "  + create netsuite.customer for stripe:cus_1" in planned.out.splitlines()
    assert "buyer1@mail.example" not in planned.out
    assert desk.run("sync", FLOW).code == 0
    again = desk.run("plan", FLOW, "--exit-code", "--format", "json")
    assert (again.code, again.tree["operations"]) == (0, [])


def test_apply_does_exactly_the_plan_and_leaves_what_came_later(desk: Desk) -> None:
    buyers(desk, 1)
    plan = desk.run("plan", FLOW, "--format", "json").tree["plan"]
    buyers(desk, 2)
    applied = desk.run("apply", plan, "--format", "json")
    assert applied.code == 0, applied.err
    assert (applied.tree["created"], applied.tree["held"], applied.tree["not_as_planned"]) == (1, 1, [])
    assert [one["companyName"] for one in desk.held("netsuite", "customer")] == ["Buyer 1"]
    assert desk.run("sync", FLOW, "--format", "json").tree["created"] == 1
    assert len(desk.held("netsuite", "customer")) == 2
    assert desk.run("apply", plan).code == 3


def test_an_operation_whose_record_has_moved_is_told_and_not_done(desk: Desk) -> None:
    buyers(desk, 1, 2)
    plan = desk.run("plan", FLOW, "--format", "json").tree["plan"]
    desk.order("stripe", "reset")
    buyers(desk, 1)
    desk.seed("stripe", customers=[{"id": "cus_2", "name": "Renamed", "email": "buyer2@mail.example"}],
              charges=[{"id": "ch_2", "customer": "cus_2", "amount": 100, "currency": "eur"}])  # fmt: skip
    applied = desk.run("apply", plan, "--format", "json")
    assert applied.code == 1
    assert applied.tree["not_as_planned"] == ["+ create netsuite.customer for stripe:cus_2"]
    assert [one["companyName"] for one in desk.held("netsuite", "customer")] == ["Buyer 1"]


def test_a_plan_made_with_other_rules_is_refused(desk: Desk) -> None:
    buyers(desk, 1)
    plan = desk.run("plan", FLOW, "--format", "json").tree["plan"]
    layer = desk.folder / "layer" / "mappings"
    layer.mkdir(parents=True)
    (layer / f"{FLOW}.yaml").write_text(f"version: 1\nflow: {FLOW}\nfields: {{phone: {{value: '0'}}}}\n")
    refused = desk.run("apply", plan, "--layer", str(layer.parent))
    assert refused.code == 3
    assert "are not those of the plan" in refused.err
    assert desk.held("netsuite", "customer") == []


def test_a_guard_refuses_and_can_be_lifted(desk: Desk) -> None:
    buyers(desk, 1, 2)
    layer = desk.folder / "layer" / "rules"
    layer.mkdir(parents=True)
    (layer / f"{FLOW}.yaml").write_text(f"version: 1\nflow: {FLOW}\nguards: {{creates: 1}}\n")
    options = ("--layer", str(layer.parent))
    assert desk.run("plan", FLOW, *options).code == 3
    refused = desk.run("sync", FLOW, "--format", "json", *options)
    assert (refused.code, refused.tree["state"], refused.tree["refused"][0]["code"]) == (3, "refused", "guard-creates")
    assert desk.held("netsuite", "customer") == []
    assert desk.run("sync", FLOW, "--allow", "creates", *options).code == 0
    assert len(desk.held("netsuite", "customer")) == 2


def test_a_failed_record_ends_with_1_and_the_rest_goes_on(desk: Desk) -> None:
    buyers(desk, 1)
    desk.seed("stripe", customers=[{"id": "cus_9", "name": "Pinned", "metadata": {"netsuite_id": "99999"}}])
    done = desk.run("sync", FLOW)
    assert done.code == 1
    assert "error stripe:cus_9: [no-match]" in done.out
    assert len(desk.held("netsuite", "customer")) == 1


def test_all_flows_print_a_list_and_refused_credentials_end_with_3(desk: Desk) -> None:
    buyers(desk, 1)
    done = desk.run("sync", "--all", "--format", "json")
    assert done.code == 0, done.err
    assert [one["flow"] for one in done.tree] == ["netsuite-to-stripe", FLOW]
    desk.towns = json.loads(json.dumps(desk.towns))
    desk.towns["stripe"]["settings"]["api_key"] = "sk_test_wrong"
    (desk.folder / "town.json").write_text(json.dumps(desk.towns))
    refused = desk.run("sync", FLOW)
    assert refused.code == 3
    assert "sk_test_wrong" not in refused.out + refused.err
    assert "Traceback" not in refused.err


def test_a_flow_whose_accounts_are_not_set_up_is_refused_before_anything_is_sent(desk: Desk) -> None:
    (desk.folder / "town.json").write_text("{}")
    refused = desk.run("plan", FLOW)
    assert refused.code == 2
    assert "connection stripe of stripe-to-netsuite has no api_key" in refused.err
    assert desk.run("sync", "--all").code == 2


def test_an_unreachable_system_ends_with_1_and_says_what_to_do(desk: Desk) -> None:
    desk.towns = json.loads(json.dumps(desk.towns))
    desk.towns["stripe"]["base_url"] = "http://127.0.0.1:9"
    (desk.folder / "town.json").write_text(json.dumps(desk.towns))
    layer = desk.folder / "layer"
    done = desk.run("doctor", "--format", "json")
    assert done.code == 1
    states = {one["what"]: one["state"] for one in done.tree}
    assert (states["connection stripe"], states["connection netsuite"]) == ("fail", "ok")
    assert not layer.exists()


@pytest.mark.slow
def test_one_run_at_a_time_and_an_interrupted_one_goes_on_later(desk: Desk) -> None:
    buyers(desk, *range(1, 40))
    desk.order("netsuite", "set", data={"latency_ms": 100})
    command = [sys.executable, str(ROOT / "run.py"), "sync", FLOW, *desk.options]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    _wait_for(desk.folder / "state" / "state.db", desk)
    second = desk.run("sync", FLOW)
    assert second.code == 3
    assert "another run works on the store" in second.err
    child.send_signal(signal.SIGTERM)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "Traceback" not in said
    desk.order("netsuite", "set", data={"latency_ms": 0})
    assert desk.run("sync", FLOW).code == 0
    assert len(desk.held("netsuite", "customer")) == 39


def _wait_for(path: Path, desk: Desk) -> None:
    """Until the run has begun to write."""
    for _ in range(300):
        if path.exists() and desk.held("netsuite", "customer"):
            return
        time.sleep(0.05)
    raise AssertionError("the run did not begin")
