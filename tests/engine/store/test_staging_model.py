"""Random histories of staging against a model in plain dicts, with reopening in between."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engine.model.stored import Staged
from engine.store import open_store

CRM = ("crm", "crm.contact")
IDS = st.sampled_from(["1", "2", "3", "é"])
KEYS = st.lists(st.tuples(st.sampled_from(["email", "vat"]), st.sampled_from("abc")), max_size=2, unique=True)


@dataclass(frozen=True)
class Known:
    """What the model holds of one record."""

    hash: str
    version: str = ""
    keys: frozenset[tuple[str, str]] = frozenset()
    detail: dict[str, Any] | None = None
    fresh: bool = False
    changed: int = 0
    seen: int = 0
    gone: bool = False
    line: bytes = b""


ROWS = st.builds(
    lambda id, hash, version, keys, detail, line: Staged(id, {"h": hash}, hash, version, tuple(keys), detail, line),
    IDS, st.sampled_from(["h1", "h2"]), st.sampled_from(["", "v1", "v2"]), KEYS,
    st.sampled_from([None, None, {"d": 1}, {"d": 2}]), st.sampled_from([b"", b"L1", b"L2"]),
)  # fmt: skip


@dataclass
class Model:
    """The rules of staging in their plainest form."""

    records: dict[str, Known] = field(default_factory=dict)

    def stage(self, row: Staged, sequence: int, listing: int) -> bool:
        old = self.records.get(row.id)
        same = old is not None and not old.gone and old.hash == row.hash
        was = old or Known(row.hash)
        version_moved = bool(row.version) and row.version != was.version
        fresh = row.detail is not None or (same and was.fresh and not version_moved)
        went_stale = same and row.detail is None and was.detail is not None and version_moved
        detail_moved = row.detail is not None and was.fresh and row.detail != was.detail
        changed = not same or went_stale or detail_moved
        self.records[row.id] = Known(
            row.hash, row.version or was.version, frozenset(row.keys), row.detail or was.detail, fresh,
            sequence if changed else was.changed, max(was.seen, listing), False,
            row.line or (was.line if same else b""),
        )  # fmt: skip
        return changed


class Histories(RuleBasedStateMachine):
    """Every step is done to the store and to the model."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = open_store(self.folder / "state.db", create=True)
        self.model = Model()
        self.listing = 0

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        self.listing = 1

    @rule(rows=st.lists(ROWS, min_size=1, max_size=4, unique_by=lambda row: row.id), listed=st.booleans())
    def stage(self, rows: list[Staged], listed: bool) -> None:
        sequence, listing = self.store.next_sequence(), self.listing if listed else 0
        count = self.store.stage(*CRM, rows, sequence=sequence, listing=listing)
        changed = [row.id for row in rows if self.model.stage(row, sequence, listing)]
        assert sorted(count.changed) == sorted(changed)
        assert count.unchanged == len(rows) - len(changed)

    @rule(lines=st.lists(st.sampled_from([b"L1", b"L2", b"L3"]), unique=True), listed=st.booleans())
    def see_lines(self, lines: list[bytes], listed: bool) -> None:
        known = self.store.known_lines(*CRM, lines, listing=self.listing if listed else 0)
        hit = {id for id, one in self.model.records.items() if not one.gone and one.line in lines and one.line}
        assert known == {self.model.records[id].line for id in hit}
        for id in hit if listed else ():
            self.model.records[id] = replace(self.model.records[id], seen=self.listing)

    @rule(id=IDS)
    def touch(self, id: str) -> None:
        sequence = self.store.next_sequence()
        self.store.touch(*CRM, [id], sequence=sequence)
        if id in self.model.records:
            self.model.records[id] = replace(self.model.records[id], changed=sequence)

    @rule(id=IDS)
    def lose(self, id: str) -> None:
        sequence, known = self.store.next_sequence(), self.model.records.get(id)
        there = known is not None and not known.gone
        assert self.store.mark_gone(*CRM, [id], sequence=sequence) == int(there)
        if known and there:
            self.model.records[id] = replace(known, gone=True, changed=sequence, line=b"", keys=frozenset())

    @rule()
    def end_listing(self) -> None:
        missing = sorted(i for i, one in self.model.records.items() if not one.gone and one.seen < self.listing)
        assert self.store.unseen(*CRM, self.listing) == missing
        self.listing += 1

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = open_store(self.folder / "state.db")
        self.listing += 1  # which known lines a listing brought is not kept over a restart: it begins anew

    @invariant()
    def store_agrees_with_model(self) -> None:
        records = self.store.records(*CRM, ["1", "2", "3", "é"])
        assert {id: (one.hash, one.changed, one.gone, one.detail) for id, one in records.items()} == {
            id: (one.hash, one.changed, one.gone, one.fresh) for id, one in self.model.records.items()
        }
        for id, one in self.model.records.items():
            assert records[id].fields.get("d") == (one.detail["d"] if one.fresh and one.detail else None)
        for path in ("email", "vat"):
            expected = {
                key: ids for key in "abc"
                if (ids := sorted(id for id, one in self.model.records.items() if (path, key) in one.keys))
            }  # fmt: skip
            assert self.store.lookup(*CRM, path, "abc") == expected


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
