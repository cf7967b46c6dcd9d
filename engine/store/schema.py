"""The tables, as ordered, recorded steps. A step that was released is never edited; a later one changes it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_BEGIN = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    "INSERT INTO counters (name, value) VALUES ('sequence', 0), ('commits', 0)",
    # -- staged records
    """CREATE TABLE mirrors (
        number INTEGER PRIMARY KEY, connection TEXT NOT NULL, object TEXT NOT NULL, UNIQUE (connection, object))""",
    """CREATE TABLE records (
        mirror INTEGER NOT NULL, id TEXT NOT NULL,
        hash TEXT NOT NULL, version TEXT NOT NULL, data BLOB NOT NULL, detail BLOB, fresh INTEGER NOT NULL,
        changed INTEGER NOT NULL, seen INTEGER NOT NULL, gone INTEGER NOT NULL, line BLOB NOT NULL,
        indexed TEXT NOT NULL,
        PRIMARY KEY (mirror, id)) WITHOUT ROWID""",
    "CREATE INDEX records_changed ON records (mirror, changed)",
    "CREATE INDEX records_line ON records (mirror, line) WHERE line != x''",
    """CREATE TABLE keys (
        mirror INTEGER NOT NULL, path TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL,
        PRIMARY KEY (mirror, path, key, id)) WITHOUT ROWID""",
    """CREATE TABLE answers (
        connection TEXT NOT NULL, object TEXT NOT NULL, path TEXT NOT NULL, key TEXT NOT NULL,
        ids BLOB NOT NULL, state TEXT NOT NULL, run TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (connection, object, path, key)) WITHOUT ROWID""",
    """CREATE TABLE cursors (
        connection TEXT NOT NULL, object TEXT NOT NULL, since TEXT NOT NULL, complete_at TEXT NOT NULL,
        read_set TEXT NOT NULL, page TEXT NOT NULL, listing INTEGER NOT NULL,
        PRIMARY KEY (connection, object)) WITHOUT ROWID""",
    # -- what was dealt with
    """CREATE TABLE watermarks (
        flow TEXT NOT NULL, scope TEXT NOT NULL, sequence INTEGER NOT NULL, digest TEXT NOT NULL,
        PRIMARY KEY (flow, scope)) WITHOUT ROWID""",
    """CREATE TABLE links (
        a_mirror INTEGER NOT NULL, a_id TEXT NOT NULL, b_mirror INTEGER NOT NULL, b_id TEXT NOT NULL,
        state TEXT NOT NULL, role TEXT NOT NULL, rule TEXT NOT NULL, made_at TEXT NOT NULL, run TEXT NOT NULL,
        PRIMARY KEY (a_mirror, a_id, b_mirror, b_id)) WITHOUT ROWID""",
    "CREATE INDEX links_b ON links (b_mirror, b_id)",
    """CREATE TABLE snapshots (
        flow TEXT NOT NULL, mirror INTEGER NOT NULL, id TEXT NOT NULL,
        target_id TEXT NOT NULL, base BLOB NOT NULL, inputs TEXT NOT NULL, digest TEXT NOT NULL,
        end_state TEXT NOT NULL, reason TEXT NOT NULL, unfinished INTEGER NOT NULL, due_at TEXT NOT NULL,
        pin TEXT NOT NULL, actions BLOB NOT NULL,
        PRIMARY KEY (flow, mirror, id)) WITHOUT ROWID""",
    "CREATE INDEX snapshots_unfinished ON snapshots (flow, mirror, id) WHERE unfinished = 1",
    "CREATE INDEX snapshots_due ON snapshots (flow, mirror, due_at) WHERE due_at != ''",
    """CREATE TABLE assignments (
        flow TEXT NOT NULL, connection TEXT NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL,
        target_id TEXT NOT NULL, reason TEXT NOT NULL,
        PRIMARY KEY (flow, connection, object, id)) WITHOUT ROWID""",
    """CREATE TABLE claims (
        target_connection TEXT NOT NULL, target_object TEXT NOT NULL, rule TEXT NOT NULL, key TEXT NOT NULL,
        operation TEXT NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY (target_connection, target_object, rule, key)) WITHOUT ROWID""",
    "CREATE INDEX claims_operation ON claims (operation)",
    # -- the journal
    """CREATE TABLE operations (
        id TEXT PRIMARY KEY, run TEXT NOT NULL, flow TEXT NOT NULL, kind TEXT NOT NULL,
        source_mirror INTEGER NOT NULL, source_id TEXT NOT NULL,
        target_mirror INTEGER NOT NULL, target_id TEXT NOT NULL,
        step TEXT NOT NULL, revision INTEGER NOT NULL, subject TEXT NOT NULL, sequence INTEGER NOT NULL,
        state TEXT NOT NULL, effect TEXT NOT NULL, needs BLOB NOT NULL, changes BLOB NOT NULL, settles BLOB NOT NULL,
        fields TEXT NOT NULL, reshaped INTEGER NOT NULL, blankings INTEGER NOT NULL,
        error TEXT NOT NULL, attempts INTEGER NOT NULL, opened_at TEXT NOT NULL, ended_at TEXT NOT NULL)""",
    "CREATE INDEX operations_run ON operations (run, sequence, id)",
    "CREATE INDEX operations_source ON operations (source_mirror, source_id)",
    "CREATE INDEX operations_target ON operations (target_mirror, target_id)",
    """CREATE INDEX operations_unfinished ON operations (sequence, id)
        WHERE state IN ('planned', 'open', 'unknown')""",
    """CREATE TABLE revisions (
        flow TEXT NOT NULL, subject TEXT NOT NULL, outcomes INTEGER NOT NULL,
        PRIMARY KEY (flow, subject)) WITHOUT ROWID""",
    """CREATE TABLE runs (
        id TEXT PRIMARY KEY, flow TEXT NOT NULL, verb TEXT NOT NULL, started_at TEXT NOT NULL, digest TEXT NOT NULL,
        store TEXT NOT NULL, name TEXT NOT NULL, ended_at TEXT NOT NULL, state TEXT NOT NULL, counts BLOB NOT NULL)""",
    "CREATE INDEX runs_flow ON runs (flow, started_at)",
    """CREATE TABLE cases (
        id TEXT PRIMARY KEY, flow TEXT NOT NULL, kind TEXT NOT NULL,
        connection TEXT NOT NULL, object TEXT NOT NULL, record_id TEXT NOT NULL, evidence BLOB NOT NULL,
        state TEXT NOT NULL, opened_at TEXT NOT NULL, decided_at TEXT NOT NULL, decided_by TEXT NOT NULL,
        choice TEXT NOT NULL)""",
    "CREATE INDEX cases_state ON cases (state, flow)",
    """CREATE TABLE findings (
        run TEXT NOT NULL, number INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, severity TEXT NOT NULL,
        file TEXT NOT NULL, line INTEGER NOT NULL, position INTEGER NOT NULL, hint TEXT NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (run, number)) WITHOUT ROWID""",
    # -- between processes
    """CREATE TABLE leases (
        name TEXT PRIMARY KEY, holder TEXT NOT NULL, mark TEXT NOT NULL, fence INTEGER NOT NULL,
        until TEXT NOT NULL)""",
    """CREATE TABLE tokens (
        connection TEXT PRIMARY KEY, token BLOB NOT NULL, previous BLOB NOT NULL, saved_at TEXT NOT NULL)""",
)


_SHAPES = (
    ("records", "records", "1000000 250000 1"),
    ("records", "records_changed", "1000000 250000 100 1"),
    ("records", "records_line", "1000000 250000 1 1"),
    ("keys", "keys", "1000000 250000 125000 1 1"),
    ("answers", "answers", "100000 25000 25000 12500 1"),
    ("links", "links", "1000000 250000 1 1 1"),
    ("links", "links_b", "1000000 250000 1 1 1"),
    ("snapshots", "snapshots", "1000000 250000 250000 1"),
    ("snapshots", "snapshots_unfinished", "1000 250 250 1"),
    ("snapshots", "snapshots_due", "1000 250 250 1 1"),
    ("claims", "claims", "100000 25000 25000 12500 1"),
    ("claims", "claims_operation", "100000 1"),
    ("operations", "operations_run", "1000000 10000 1 1"),
    ("operations", "operations_source", "1000000 250000 10"),
    ("operations", "operations_target", "1000000 250000 10"),
    ("operations", "operations_unfinished", "1000 1 1"),
    ("revisions", "revisions", "1000000 250000 1"),
)
"""What each index finds for its first one, two, ... columns: measured counts would be those of an empty store."""


def begin(database: Database) -> None:
    """The first tables, and for the query planner what they will look like."""
    for statement in _BEGIN:
        database.conn.execute(statement)
    database.conn.execute("ANALYZE")
    database.conn.execute("DELETE FROM sqlite_stat1")
    database.conn.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", _SHAPES)


_SET = "concord"
STEPS = (("0001_begin", begin),)


def migrate(raw: sqlite3.Connection) -> None:
    """Take the steps that were not taken yet, as part of the caller's transaction."""
    # Loaded only when there is something to do: it takes longer to load than most commands to run.
    from sqlite_utils import Database, Migrations

    steps = Migrations(_SET)
    for name, step in STEPS:
        steps(name=name)(step)
    steps.apply(Database(raw, recursive_triggers=False))


def taken(raw: sqlite3.Connection) -> set[str]:
    """Names of the steps that this database has taken."""
    there = "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"
    if raw.execute(there).fetchone() is None:
        return set()
    found = raw.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (_SET,))
    return {name for (name,) in found}
