"""A whole round of run.py: no secret of the settings and no card number shows in any output, log, plan or the store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.commands import ROOT, Desk, Done, run_py

FLOW = "stripe-to-netsuite"
BACK = "netsuite-to-stripe"
CARD = "4242424242424242"
LAYER = """version: 1
flow: stripe-to-netsuite
fields:
  comments: {from: description}
"""


@pytest.fixture
def layer(desk: Desk) -> Path:
    """The note of a customer is mapped, so that it goes all the way."""
    folder = desk.folder / "layer"
    (folder / "mappings").mkdir(parents=True)
    (folder / "mappings" / f"{FLOW}.yaml").write_text(LAYER, "utf-8")
    return folder


def secret_settings(system: str) -> list[str]:
    """Settings whose type is `secret` in the YAML of the system."""
    tree = yaml.safe_load((ROOT / "systems" / f"{system}.yaml").read_text("utf-8"))
    return [name for name, spec in tree["settings"].items() if spec["type"] == "secret"]


def needles(towns: dict[str, Any]) -> Iterator[str]:
    """What must stand nowhere: each secret whole and line by line, and the card number as it is and with spaces."""
    for system, town in towns.items():
        for name in secret_settings(system):
            lines = str(town["settings"].get(name, "")).splitlines()
            yield from (line for line in lines if len(line) > 7 and "-----" not in line)
    yield CARD
    yield " ".join(CARD[at : at + 4] for at in range(0, 16, 4))


def seed(desk: Desk) -> None:
    note = f"paid by phone with {CARD}, thanks"
    desk.seed(
        "stripe",
        customers=[
            {"id": "cus_1", "name": "Ada", "email": "ada@one.example", "description": note},
            {"id": "cus_2", "name": "Bob", "email": "bob@one.example", "metadata": {"netsuite_id": "9999"}},
            {"id": "cus_3", "name": "Cy", "email": "cy@one.example", "phone": CARD},
        ],
        charges=[{"id": f"ch_{n}", "customer": f"cus_{n}", "amount": 100, "currency": "eur"} for n in (1, 2, 3)],
    )


def a_round(desk: Desk, layer: Path) -> Iterator[Done]:
    """Every verb that has something to tell, loudly."""
    over = ("--layer", str(layer))
    loud = (*over, "-vv", "--log-format", "json")
    yield desk.process("doctor", *over)
    yield desk.process("show", "stripe", *over)
    yield desk.process("plan", FLOW, *loud)
    yield desk.process("plan", FLOW, *over, "--format", "json")
    yield desk.process("apply", *loud)
    yield desk.process("sync", FLOW, *loud, "--format", "json")
    yield desk.process("sync", BACK, *over, "-vv")
    for form in ("text", "json"):
        yield desk.run("why", "stripe:cus_1", *over, "-v", "--format", form)
        yield desk.run("why", "stripe:cus_1", *over, "--reveal", "--format", form)
        yield desk.run("show", "stripe:cus_1", *over, "--reveal", "--format", form)
        yield desk.run("history", *over, "--format", form)
        yield desk.run("review", "list", *over, "--format", form)
        yield desk.run("state", *over, "--format", form)
        yield desk.run("links", "list", *over, "--format", form)


def stored(path: Path) -> str:
    """All that the files of the store hold, as text: packed values opened as far as JSON goes."""
    with closing(sqlite3.connect(path)) as db:
        dump = "\n".join(db.iterdump())
        cells = [
            bytes(cell).decode("utf-8", "replace")
            for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for row in db.execute(f"SELECT * FROM {table}")
            for cell in row
            if isinstance(cell, bytes | bytearray)
        ]
    return "\n".join([dump, *cells])


def found_in(text: str, towns: dict[str, Any]) -> list[str]:
    return [needle[:6] + "..." for needle in needles(towns) if needle in text]


def test_no_secret_and_no_card_number_stands_in_any_output(desk: Desk, layer: Path) -> None:
    seed(desk)
    told = ""
    for number, done in enumerate(a_round(desk, layer)):
        assert done.code in (0, 1, 4), (number, done.err)
        assert found_in(done.out + done.err, desk.towns) == [], f"command {number} of the round"
        told += done.out
    assert "************4242, thanks" in told


def test_the_tests_look_for_every_secret_of_the_stand_ins(towns: dict[str, Any]) -> None:
    assert secret_settings("stripe") == ["api_key", "webhook_secret"]
    assert len(list(needles(towns))) > 20


def test_the_store_holds_no_secret_and_no_card_number(desk: Desk, layer: Path) -> None:
    seed(desk)
    assert desk.process("sync", FLOW, "--layer", str(layer)).code in (0, 1, 4)
    text = stored(desk.folder / "state" / "state.db")
    assert "ada@one.example" in text
    assert found_in(text, desk.towns) == []
    assert "************4242" in text


def test_refused_credentials_are_not_told(desk: Desk) -> None:
    wrong = json.loads(json.dumps(desk.towns))
    wrong["stripe"]["settings"]["api_key"] = "sk_test_wrongWRONGwrongWRONG"
    file = desk.folder / "wrong.json"
    file.write_text(json.dumps(wrong))
    done = run_py("sync", FLOW, "--settings", str(file), "--state", str(desk.folder / "other.db"), "-vv")
    assert done.code == 3
    assert "wrongWRONG" not in done.out + done.err
