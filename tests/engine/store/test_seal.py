"""The seal: it notices that committed work has vanished from a file that looks sound."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.store import SqliteStore, open_store
from engine.store.seal import Seal, seal_path


def behind(path: Path) -> bool:
    store = open_store(path)
    found = store.behind
    store.close()
    return found


def test_reopened_store_is_not_behind(path: Path) -> None:
    store = open_store(path, create=True)
    store.next_sequence()
    store.close()

    assert not behind(path)


def test_restored_backup_is_behind_until_it_was_reconciled(path: Path, tmp_path: Path) -> None:
    store = open_store(path, create=True)
    store.next_sequence()
    store.backup(tmp_path / "backup.db")
    store.put_watermark("f", "all", 1, "d")
    store.close()
    shutil.copy(tmp_path / "backup.db", path)

    assert behind(path)
    again = open_store(path)
    assert again.behind
    again.next_sequence()
    again.reconciled()
    assert not again.behind
    again.close()
    assert not behind(path)


def test_lost_log_is_noticed(path: Path, tmp_path: Path) -> None:
    store = open_store(path, create=True)
    store.put_watermark("f", "all", 1, "d")
    shutil.copy(path, tmp_path / "copy")
    store.put_watermark("f", "all", 2, "d")
    crashed = tmp_path / "crashed.db"
    shutil.copy(path, crashed)
    shutil.copy(seal_path(path), seal_path(crashed))
    store.close()

    assert behind(crashed)


def test_one_flipped_bit_in_the_log_is_noticed(path: Path, tmp_path: Path) -> None:
    store = open_store(path, create=True)
    for number in range(1, 30):
        store.put_watermark("f", "all", number, "d")
    log = path.with_name("state.db-wal").read_bytes()
    crashed = tmp_path / "crashed.db"
    shutil.copy(path, crashed)
    shutil.copy(seal_path(path), seal_path(crashed))
    store.close()
    broken = bytearray(log)
    broken[len(broken) // 2] ^= 1
    crashed.with_name("crashed.db-wal").write_bytes(broken)

    opened = open_store(crashed)
    assert opened.behind
    assert opened.watermark("f", "all")[0] < 29
    opened.close()


def test_whole_log_of_a_crash_is_not_behind(path: Path, tmp_path: Path) -> None:
    store = open_store(path, create=True)
    for number in range(1, 30):
        store.put_watermark("f", "all", number, "d")
    crashed = tmp_path / "crashed.db"
    for end in ("", "-wal", "-seal"):
        shutil.copy(f"{path}{end}", f"{crashed}{end}")
    store.close()

    opened = open_store(crashed)
    assert not opened.behind
    assert opened.watermark("f", "all") == (29, "d")
    opened.close()


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe", b"another-store 00000000000000000099\n"])
def test_seal_of_something_else_is_no_witness(path: Path, content: bytes) -> None:
    open_store(path, create=True).close()
    seal_path(path).write_bytes(content)

    assert not behind(path)


def test_missing_seal_is_made_again(path: Path) -> None:
    store = open_store(path, create=True)
    store.next_sequence()
    store.close()
    seal_path(path).unlink()

    assert not behind(path)
    assert seal_path(path).exists()


def test_seal_never_falls(tmp_path: Path) -> None:
    seal = Seal(tmp_path / "s", "id")
    for number in (3, 9, 4):
        seal.keep(number)
    seal.close()

    assert Seal(tmp_path / "s", "id").highest == 9
    assert (tmp_path / "s").read_text() == "id 00000000000000000009\n"


def test_rolled_back_work_does_not_move_the_seal(store: SqliteStore) -> None:
    store.next_sequence()
    before = seal_path(store.path).read_text()
    with pytest.raises(RuntimeError), store.transaction():
        store.put_watermark("f", "all", 1, "d")
        raise RuntimeError

    assert seal_path(store.path).read_text() == before
