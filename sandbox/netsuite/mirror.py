"""The SQLite copy of the account that queries run on, brought up to date before each query."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from typing import Any

from .account import Account, Record
from .sqlfunctions import register
from .tables import (
    ADDRESS_TABLES,
    DELETED,
    DUAL,
    RELATION,
    TRANSACTION_CODES,
    TRANSACTIONS,
    address_rows,
    deleted_row,
    record_row,
    relation_row,
    table_name,
    tables,
    transaction_row,
)


class Mirror:
    """All tables in memory; `refresh` moves what has changed in the account since the last query."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.tables = tables(account)
        self.database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self.database.execute("PRAGMA case_sensitive_like = ON")
        self.deletions = 0
        register(self.database, account)
        for table in self.tables.values():
            self.database.execute(table.ddl())
            self._index(table.name, set(table.columns))
        self._insert(DUAL.name, [("X",)])
        for type_, records in account.records.items():
            account.changed |= {(type_, id_) for id_ in records}

    def _index(self, table: str, columns: set[str]) -> None:
        for column in {"id", "nkey", "entity", "recordowner", "lastmodifieddate", "company"} & columns:
            self.database.execute(f'CREATE INDEX "by_{table}_{column}" ON "{table}" ("{column}")')

    def refresh(self) -> None:
        if not self.account.changed and self.deletions == len(self.account.deletions):
            return
        changed: dict[str, list[str]] = defaultdict(list)
        for type_, id_ in sorted(self.account.changed, key=lambda place: int(place[1])):
            changed[type_].append(id_)
        self.account.changed.clear()
        self.database.execute("BEGIN")
        for type_, ids in changed.items():
            self._move(type_, ids)
        fresh = self.account.deletions[self.deletions :]
        self._insert(DELETED.name, [deleted_row(self.account, deletion) for deletion in fresh])
        self.deletions = len(self.account.deletions)
        self.database.execute("COMMIT")

    def _move(self, type_: str, ids: list[str]) -> None:
        records = [found for id_ in ids if (found := self.account.get(type_, id_))]
        name = table_name(type_)
        self._delete(name, "id", ids)
        self._insert(name, [record_row(self.account, self.tables[name], record) for record in records])
        if type_ == "customer":
            self._move_customers(ids, records)
        if type_ in TRANSACTION_CODES:
            self._delete(TRANSACTIONS.name, "id", ids)
            self._insert(TRANSACTIONS.name, [transaction_row(self.account, record) for record in records])

    def _move_customers(self, ids: list[str], records: list[Record]) -> None:
        books, addresses = ADDRESS_TABLES
        for table, column in ((books, "entity"), (addresses, "recordowner"), (RELATION, "entity")):
            self._delete(table.name, column, ids)
        lines = [pair for record in records for pair in address_rows(self.account, record)]
        self._insert(books.name, [book for book, _ in lines])
        self._insert(addresses.name, [address for _, address in lines])
        self._insert(RELATION.name, [relation_row(record) for record in records])

    def _delete(self, table: str, column: str, ids: list[str]) -> None:
        self.database.executemany(f'DELETE FROM "{table}" WHERE "{column}" = ?', [(int(id_),) for id_ in ids])

    def _insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self.database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
