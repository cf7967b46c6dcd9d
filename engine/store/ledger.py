"""What people look at: runs, cases, findings; and the answers that systems gave to questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.model.finding import Finding, Place, Severity
from engine.model.record import RecordKey
from engine.model.run import Case, Run
from engine.model.stored import Answer
from engine.store.codec import Codec
from engine.store.connection import CHUNK, Connection, chunks, marks

_RUN = "SELECT id, flow, verb, started_at, digest, store, name, ended_at, state, counts FROM runs"
_PUT_RUN = f"""INSERT INTO runs (id, flow, verb, started_at, digest, store, name, ended_at, state, counts)
    VALUES ({marks(10)}) ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, ended_at = excluded.ended_at,
    state = excluded.state, counts = excluded.counts, verb = excluded.verb"""
_CASE_COLUMNS = """id, flow, kind, connection, object, record_id, evidence, state, opened_at, decided_at, decided_by,
    choice"""
_CASE = f"SELECT {_CASE_COLUMNS} FROM cases"
_OPEN_CASE = f"""INSERT INTO cases ({_CASE_COLUMNS}) VALUES ({marks(12)}) ON CONFLICT (id) DO NOTHING"""
_PUT_CASE = """UPDATE cases SET evidence = ?, state = ?, decided_at = ?, decided_by = ?, choice = ?
    WHERE id = ? AND (state = 'open' OR ? != 'open')"""
_REOPEN_CASE = """UPDATE cases SET evidence = ?, state = 'open', opened_at = ?, decided_at = '', decided_by = '',
    choice = '' WHERE id = ? AND state != 'open' AND evidence != ?"""
_PUT_FINDING = f"""INSERT INTO findings (run, number, code, message, severity, file, line, position, hint, record)
    VALUES ({marks(10)})"""
_PUT_ANSWER = f"""INSERT INTO answers (connection, object, path, key, ids, state, run, at) VALUES ({marks(8)})
    ON CONFLICT (connection, object, path, key) DO UPDATE SET ids = excluded.ids, state = excluded.state,
    run = excluded.run, at = excluded.at"""


class Ledger:
    """Writes and reads runs, cases, findings and answers."""

    def __init__(self, connection: Connection, codec: Codec) -> None:
        self._db = connection
        self._codec = codec

    # -- runs

    def put_run(self, run: Run) -> None:
        """Note a run, or what became of it."""
        with self._db.transaction():
            self._db.run(_PUT_RUN, (
                run.id, run.flow, run.verb, run.started_at, run.digest, run.store, run.name, run.ended_at, run.state,
                self._codec.pack(run.counts),
            ))

    def run(self, id: str) -> Run | None:
        """One run, or nothing."""
        found = self._db.row(f"{_RUN} WHERE id = ?", (id,))
        return self._run(found) if found else None

    def runs(self, *, flow: str = "", limit: int = 50) -> list[Run]:
        """The latest runs, newest first."""
        sql = f"{_RUN} WHERE ? = '' OR flow = ? ORDER BY started_at DESC, id DESC LIMIT ?"
        return [self._run(row) for row in self._db.rows(sql, (flow, flow, limit))]

    def _run(self, row: tuple[Any, ...]) -> Run:
        id, flow, verb, started_at, digest, store, name, ended_at, state, counts = row
        return Run(id, flow, verb, started_at, digest, store, name, ended_at, state, self._codec.unpack(counts))

    # -- cases

    def put_cases(self, cases: Iterable[Case]) -> int:
        """Open, reopen or decide cases; how many wait anew. The same evidence never reopens a decision, other does."""
        rows = list(cases)
        with self._db.transaction():
            new = self._db.many(_OPEN_CASE, [
                (one.id, one.flow, one.kind, *one.record, self._codec.pack(one.evidence), one.state, one.opened_at,
                 one.decided_at, one.decided_by, one.choice) for one in rows
            ])
            # Trees are packed in canonical form: equal bytes are equal evidence.
            new += self._db.many(_REOPEN_CASE, [
                (packed := self._codec.pack(one.evidence), one.opened_at, one.id, packed)
                for one in rows if one.state == "open"
            ])
            self._db.many(_PUT_CASE, [
                (self._codec.pack(one.evidence), one.state, one.decided_at, one.decided_by, one.choice, one.id,
                 one.state) for one in rows
            ])
        return new

    def cases(self, *, state: str = "open", flow: str = "") -> Iterator[Case]:
        """Cases in a state ("" = any), by id."""
        after = ""
        sql = f"{_CASE} WHERE (? = '' OR state = ?) AND (? = '' OR flow = ?) AND id > ? ORDER BY id LIMIT {CHUNK}"
        while page := self._db.rows(sql, (state, state, flow, flow, after)):
            yield from map(self._case, page)
            after = page[-1][0]

    def case(self, id: str) -> Case | None:
        """One case, or nothing."""
        found = self._db.row(f"{_CASE} WHERE id = ?", (id,))
        return self._case(found) if found else None

    def _case(self, row: tuple[Any, ...]) -> Case:
        return Case(row[0], row[1], row[2], RecordKey(*row[3:6]), self._codec.unpack(row[6]), *row[7:])

    # -- findings

    def put_findings(self, run: str, findings: Iterable[Finding]) -> None:
        """Add findings to a run."""
        with self._db.transaction():
            found = self._db.row("SELECT COALESCE(MAX(number), 0) FROM findings WHERE run = ?", (run,))
            first = int(found[0]) + 1 if found else 1
            self._db.many(_PUT_FINDING, (
                (run, number, one.code, one.message, one.severity.value, one.place.file, one.place.line,
                 one.place.column, one.hint, one.record) for number, one in enumerate(findings, first)
            ))

    def findings(self, run: str) -> Iterator[Finding]:
        """A run's findings in the order in which they came."""
        after = 0
        sql = f"""SELECT number, code, message, file, line, position, severity, hint, record FROM findings
            WHERE run = ? AND number > ? ORDER BY number LIMIT {CHUNK}"""
        while page := self._db.rows(sql, (run, after)):
            for _, code, message, file, line, column, severity, hint, record in page:
                yield Finding(code, message, Place(file, line, column), Severity(severity), hint, record)
            after = page[-1][0]

    # -- answers

    def put_answers(self, answers: Iterable[Answer]) -> None:
        """Keep what systems answered."""
        with self._db.transaction():
            self._db.many(_PUT_ANSWER, (
                (one.connection, one.object, one.path, one.key, self._codec.pack(list(one.ids)), one.state, one.run,
                 one.at) for one in answers
            ))

    def answers(
        self, connection: str, object: str, path: str, keys: Iterable[str], *, run: str = ""
    ) -> dict[str, Answer]:
        """Key -> the last answer, where there is one; with `run`, only answers of that run."""
        found: dict[str, Answer] = {}
        for part in chunks(keys):
            sql = f"""SELECT key, ids, state, run, at FROM answers WHERE connection = ? AND object = ? AND path = ?
                AND (? = '' OR run = ?) AND key IN ({marks(len(part))})"""
            for key, ids, *facts in self._db.rows(sql, (connection, object, path, run, run, *part)):
                found[key] = Answer(connection, object, path, key, tuple(self._codec.unpack(ids)), *facts)
        return found
