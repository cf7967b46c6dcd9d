"""Numbers for (connection, object): every row of a mirror begins with one, so it is kept short."""

from __future__ import annotations

from engine.store.connection import Connection

Of = tuple[str, str]
"""A connection and an object."""


class Mirrors:
    """The mirrors that the store knows, each under a number that never changes."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._numbers: dict[Of, int] = {}
        self._names: dict[int, Of] = {}
        connection.after_undoing(self._forget)

    def number(self, connection: str, object: str) -> int:
        """The number of a mirror; 0 when nothing was ever stored of it."""
        found = self._numbers.get((connection, object))
        return found if found is not None else self._read((connection, object))

    def numbered(self, connection: str, object: str) -> int:
        """The number of a mirror, given now if it has none. Part of the caller's transaction."""
        found = self._numbers.get((connection, object)) or self.number(connection, object)
        if found:
            return found
        with self._db.transaction():
            sql = "INSERT INTO mirrors (connection, object) VALUES (?, ?) ON CONFLICT DO NOTHING"
            self._db.run(sql, (connection, object))
        return self._read((connection, object))

    def names(self, number: int) -> Of:
        """Connection and object of a number."""
        found = self._names.get(number)
        if found is None:
            row = self._db.rows("SELECT connection, object FROM mirrors WHERE number = ?", (number,))[0]
            found = (row[0], row[1])
            self._remember(found, number)
        return found

    def of_object(self, object: str) -> list[int]:
        """Numbers of all connections' mirrors of an object."""
        return [number for (number,) in self._db.rows("SELECT number FROM mirrors WHERE object = ?", (object,))]

    def _read(self, names: Of) -> int:
        found = self._db.row("SELECT number FROM mirrors WHERE connection = ? AND object = ?", names)
        if found is None:
            return 0
        self._remember(names, found[0])
        return int(found[0])

    def _remember(self, names: Of, number: int) -> None:
        self._numbers[names] = number
        self._names[number] = names

    def _forget(self) -> None:
        # What was rolled back may have held a number that another mirror gets next.
        self._numbers.clear()
        self._names.clear()
