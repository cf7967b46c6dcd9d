"""A doubtful match through run.py: shown side by side, decided in a ledger, taken in, and given out again."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.commands import Desk

FLOW = "stripe-to-netsuite"
MAIL = "ada@one.example"
LAYER = "version: 1\nflow: stripe-to-netsuite\nmatch: {outcome: {many: review}}\n"
LEDGER = """version: 1
kind: decisions
decisions:
  - {flow: stripe-to-netsuite, record: "stripe:cus_1", kind: many-matches, decide: accept, choose: "701", by: ana}
  - {flow: stripe-to-netsuite, record: "stripe:cus_9", kind: many-matches, decide: reject}
"""


def layer(folder: Path) -> tuple[str, str]:
    (folder / "layer" / "rules").mkdir(parents=True)
    (folder / "layer" / "rules" / f"{FLOW}.yaml").write_text(LAYER)
    return "--layer", str(folder / "layer")


def test_a_doubtful_match_is_shown_decided_in_a_ledger_and_linked(desk: Desk) -> None:
    over = layer(desk.folder)
    charge = {"id": "ch_1", "customer": "cus_1", "amount": 100, "currency": "eur"}
    desk.seed("stripe", customers=[{"id": "cus_1", "name": "Ada Byron", "email": MAIL}], charges=[charge])
    for id, name in (("700", "Ada Byron"), ("701", "Lovelace Ltd")):
        company = {"id": id, "entityId": name, "companyName": name, "email": MAIL, "subsidiary": {"id": "1"}}
        desk.seed("netsuite", customer=[company])
    assert desk.process("sync", FLOW, *over).code == 4

    (case,) = desk.run("review", "list", "--format", "json").tree
    shown = desk.process("review", "show", case["id"], *over)
    assert shown.code == 0, shown.err
    compared, whole = (one for one in shown.out.splitlines() if one.startswith("email "))
    assert "email = email (text)" in compared and compared.count("agrees:") == 2
    assert whole.split()[1:] == ["the", "whole", "rule", "holds", "holds"]
    assert MAIL not in shown.out
    assert desk.run("review", "show", case["id"], *over, "--reveal").out.count(MAIL) == 3

    ledger = desk.folder / "said.yaml"
    ledger.write_text(LEDGER)
    done = desk.process("review", "apply", str(ledger), *over)
    assert done.code == 1, done.err
    assert done.out.startswith("1 decision taken, 0 stood already, 1 cannot be used\n")
    assert "said.yaml:5: stripe:cus_9" in done.out
    after = desk.run("sync", FLOW, *over, "--format", "json")
    assert (after.code, after.tree["created"], after.tree["cases"]) == (0, 0, 0)
    assert {one["id"]: one.get("externalId") for one in desk.held("netsuite", "customer")}["701"] == "cus_1"

    first, second = desk.folder / "first.yaml", desk.folder / "second.yaml"
    assert desk.process("review", "export", str(first)).code == 0
    entry = first.read_text().splitlines()[-1]
    assert re.fullmatch(
        r'  - \{flow: "stripe-to-netsuite", record: "stripe:cus_1", kind: "many-matches", decide: "accept", '
        r'choose: "701", evidence: "[0-9a-f]{16}", by: "ana", at: "[^"]+"\}', entry,
    )  # fmt: skip
    again = desk.run("review", "apply", str(first), *over, "--format", "json")
    assert (again.code, again.tree) == (0, {"made": 0, "already": 1, "unusable": []})
    assert desk.run("review", "export", str(second)).code == 0
    assert second.read_bytes() == first.read_bytes()
