"""The store of one installation in one SQLite file: the parts that make it up, side by side."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from pathlib import Path

from engine.model.protocols import Clock
from engine.store.claims import Claims
from engine.store.codec import Codec
from engine.store.connection import Connection
from engine.store.due import Due
from engine.store.forgetting import Forgetting
from engine.store.journal import Journal
from engine.store.leases import Leases
from engine.store.ledger import Ledger
from engine.store.linking import Linking
from engine.store.mirrors import Mirrors
from engine.store.seal import Seal, seal_path
from engine.store.staging import Staging
from engine.store.tokens import Tokens
from engine.store.upkeep import Upkeep


class SqliteStore:
    """Implements `engine.model.stored.Store` for the thread that opened it; `renew` and `tokens` serve any thread."""

    def __init__(self, path: Path, codec: Codec, clock: Clock) -> None:
        self.path = path
        self._main = Connection(str(path))
        self._owner = threading.get_ident()
        self._side: Connection | None = None
        self._side_lock = threading.Lock()
        self.id = self._meta("store")
        self._seal = Seal(seal_path(path), self.id)
        self.behind = self._compare_with_seal()
        """True when committed work has vanished from the file: look in the systems before creating anything."""
        self._main.sealed_by(self._seal)

        self._leases = Leases(self._connection, path, clock)
        self._main.before_writing(self._leases.check)
        self.lease, self.renew = self._leases.lease, self._leases.renew
        self.tokens = Tokens(self._connection, self._leases, codec, clock)

        mirrors = Mirrors(self._main)
        staging = Staging(self._main, mirrors, codec)
        self.stage, self.known_lines, self.reindex = staging.stage, staging.known_lines, staging.reindex
        self.records, self.all_records, self.count = staging.records, staging.all_records, staging.count
        self.lookup, self.touch = staging.lookup, staging.touch
        self.mark_gone, self.unseen = staging.mark_gone, staging.unseen
        self.due = Due(self._main, mirrors).due

        linking = Linking(self._main, mirrors, codec)
        self.cursor, self.put_cursor = linking.cursor, linking.put_cursor
        self.watermark, self.put_watermark = linking.watermark, linking.put_watermark
        self.forget_progress = linking.forget_progress
        self.links_of, self.put_links, self.links = linking.links_of, linking.put_links, linking.links
        self.snapshots, self.put_snapshots = linking.snapshots, linking.put_snapshots
        self.stopped = linking.stopped
        self.assign, self.unassign, self.assignments = linking.assign, linking.unassign, linking.assignments
        self.settle_assignments = linking.settle_assignments

        claims = Claims(self._main)
        self.claim, self.release, self.supersede = claims.claim, claims.release, claims.supersede

        journal = Journal(self._main, mirrors, codec)
        self.put_operations, self.operation = journal.put_operations, journal.operation
        self.operations, self.revision = journal.operations, journal.revision
        self.open_intents, self.conclude = journal.open_intents, journal.conclude
        self.tally, self.prune = journal.tally, journal.prune

        ledger = Ledger(self._main, codec)
        self.put_run, self.run, self.runs = ledger.put_run, ledger.run, ledger.runs
        self.put_cases, self.cases, self.case = ledger.put_cases, ledger.cases, ledger.case
        self.put_findings, self.findings = ledger.put_findings, ledger.findings
        self.put_answers, self.answers = ledger.put_answers, ledger.answers

        self.forget = Forgetting(self._main, mirrors).forget
        upkeep = Upkeep(self._main, self.id, self.behind)
        self.summary, self.backup, self.check = upkeep.summary, upkeep.backup, upkeep.check

    def transaction(self) -> AbstractContextManager[None]:
        """Join several calls: all of them happen, or none. Within another one it is a part that may fail alone."""
        return self._main.transaction()

    def next_sequence(self) -> int:
        """A number higher than all before; rows that change get it, so that later readers find them."""
        with self._main.transaction():
            found = self._main.row("UPDATE counters SET value = value + 1 WHERE name = 'sequence' RETURNING value")
        return int(found[0]) if found else 0

    def reconciled(self) -> None:
        """Say that what had vanished has been looked up in the systems."""
        with self._main.transaction():
            self._main.run("DELETE FROM meta WHERE name = 'behind'")
        self.behind = False

    def close(self) -> None:
        """Close all connections and withdraw this process's presence."""
        for connection in (self._side, self._main):
            if connection is not None:
                connection.close()
        self._leases.close()
        self._seal.close()

    def _connection(self) -> Connection:
        """The owner's own connection, or the one that all other threads share."""
        if threading.get_ident() == self._owner:
            return self._main
        with self._side_lock:
            if self._side is None:
                self._side = Connection(str(self.path), any_thread=True)
                self._side.sealed_by(self._seal)
            return self._side

    def _compare_with_seal(self) -> bool:
        found = self._main.row("SELECT value FROM counters WHERE name = 'commits'")
        if found and found[0] < self._seal.highest:
            with self._main.transaction():
                self._main.run("UPDATE counters SET value = ? WHERE name = 'commits'", (self._seal.highest,))
                self._main.run("INSERT INTO meta (name, value) VALUES ('behind', '1') ON CONFLICT DO NOTHING")
        return self._meta("behind") == "1"

    def _meta(self, name: str) -> str:
        found = self._main.row("SELECT value FROM meta WHERE name = ?", (name,))
        return str(found[0]) if found else ""
