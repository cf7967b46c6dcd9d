"""Entities: records tied by links across systems, and the others that they belong to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.cli.main import main
from engine.config.load import load_ruleset
from engine.model.link import link_between
from engine.model.record import RecordKey
from engine.model.stored import Staged
from engine.pipeline.entities import entities_above, entity_of
from engine.spec.ruleset import Ruleset
from engine.store.opening import open_store
from tests.world import LEDGER, MAPPING, RULES, SHOP, write

FIRM = "      firm:    {type: reference, to: person}\n      name:    {type: text, personal: true}"
NAMED = SHOP.replace("    id: id", "    id: id\n    label: [name]", 1)
WITH_FIRMS = NAMED.replace("      name:    {type: text}", FIRM, 1)

ANN, ANNS_ACCOUNT = RecordKey("shop", "shop.person", "ann"), RecordKey("ledger", "ledger.account", "a1")
OLD_ANN = RecordKey("shop", "shop.person", "ann-1999")
FIRM_LTD, FIRMS_ACCOUNT = RecordKey("shop", "shop.person", "ltd"), RecordKey("ledger", "ledger.account", "a9")
BOB = RecordKey("shop", "shop.person", "bob")


@pytest.fixture
def ruleset(tmp_path: Path) -> Ruleset:
    for text in (WITH_FIRMS, LEDGER, MAPPING, RULES):
        write(tmp_path, text)
    found, findings = load_ruleset(tmp_path)
    assert found is not None, findings
    return found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Any]:
    store = open_store(tmp_path / "state.db", create=True)
    people = {"ann": {"name": "Ann Lee", "firm": {"id": "ltd"}}, "bob": {"name": "Bob", "firm": {"id": "nowhere"}}}
    people |= {"ltd": {"name": "Lee Ltd"}, "ann-1999": {"name": "Ann", "firm": "ltd"}}
    store.stage("shop", "shop.person", [Staged(id, one, id) for id, one in people.items()], sequence=1)
    store.put_links([
        link_between(ANN, ANNS_ACCOUNT, rule="mail", made_at="2026-03-01T12:00:00Z"),
        link_between(OLD_ANN, ANNS_ACCOUNT, rule="mail", role="secondary"),
        link_between(FIRM_LTD, FIRMS_ACCOUNT, rule="created"),
        link_between(BOB, ANNS_ACCOUNT, rule="name", state="proposed"),
        link_between(BOB, FIRMS_ACCOUNT, rule="name", state="rejected"),
    ])  # fmt: skip
    yield store
    store.close()


def keys(entity: Any) -> list[RecordKey]:
    return [one.key for one in entity.members]


def test_an_entity_is_everybody_whom_links_tie(ruleset: Ruleset, store: Any) -> None:
    assert keys(entity_of(store, ruleset, ANN)) == [ANN, ANNS_ACCOUNT, OLD_ANN]
    assert keys(entity_of(store, ruleset, ANNS_ACCOUNT)) == [ANNS_ACCOUNT, ANN, OLD_ANN]
    assert keys(entity_of(store, ruleset, OLD_ANN)) == [OLD_ANN, ANNS_ACCOUNT, ANN]


def test_proposed_and_rejected_links_tie_nobody(ruleset: Ruleset, store: Any) -> None:
    assert keys(entity_of(store, ruleset, BOB)) == [BOB]


def test_a_reference_joins_no_entities_and_is_told(ruleset: Ruleset, store: Any) -> None:
    ann = entity_of(store, ruleset, ANN)
    ((ways, firm),) = entities_above(store, ruleset, ann)

    assert FIRM_LTD not in keys(ann)
    assert [(way.child, way.field) for way in ways] == [(ANN, "firm"), (OLD_ANN, "firm")]
    assert keys(firm) == [FIRM_LTD, FIRMS_ACCOUNT]


def test_what_nobody_has_read_is_no_entity(ruleset: Ruleset, store: Any) -> None:
    assert entities_above(store, ruleset, entity_of(store, ruleset, BOB)) == []


def test_links_shows_the_entity_of_a_record_with_names_masked(
    tmp_path: Path, ruleset: Ruleset, store: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--root", str(tmp_path), "--state", str(tmp_path / "state.db"))

    assert main(["links", "--entity", "shop:ann", *options]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "RECORD         WHAT            WHO           BY    ROLE       SINCE",
        "shop:ann       shop.person     A*** L***",
        "ledger:a1      ledger.account  (not staged)  mail  primary    2026-03-01T12:00:00Z",
        "shop:ann-1999  shop.person     A***          mail  secondary",
        "",
        "belongs to, an entity of its own (shop:ann says so in firm, shop:ann-1999 says so in firm):",
        "RECORD     WHAT            WHO           BY       ROLE     SINCE",
        "shop:ltd   shop.person     L*** L***",
        "ledger:a9  ledger.account  (not staged)  created  primary",
    ]
    assert main(["links", "list", "--entity", "shop:nobody", *options]) == 1
    assert "neither linked nor staged" in capsys.readouterr().err


def test_links_shows_the_entity_as_json(
    tmp_path: Path, ruleset: Ruleset, store: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--root", str(tmp_path), "--state", str(tmp_path / "state.db"), "--format", "json", "--reveal")
    assert main(["links", "--entity", "ledger.account:a9", *options]) == 0
    heads = ("record", "what", "who", "by", "role", "since")
    rows = [
        ("ledger:a9", "ledger.account", "(not staged)", "", "", ""),
        ("shop:ltd", "shop.person", "Lee Ltd", "created", "primary", ""),
    ]
    assert json.loads(capsys.readouterr().out) == [
        {"entity": [dict(zip(heads, row, strict=True)) for row in rows], "belongs_to": []}
    ]
