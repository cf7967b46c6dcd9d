"""Leases: one at a time, taken over when late or left behind, and a late holder writes nothing more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from engine.model.errors import LeaseHeld
from engine.store import SqliteStore, open_store
from tests.engine.store.conftest import StillClock


@pytest.fixture
def other(store: SqliteStore, clock: StillClock) -> Iterator[SqliteStore]:
    opened = open_store(store.path, clock=clock)
    yield opened
    opened.close()


def test_lease_gives_a_rising_fence(store: SqliteStore) -> None:
    with store.lease("f", "me", 60) as first:
        pass
    with store.lease("f", "me", 60) as second, store.lease("g", "me", 60) as another:
        pass

    assert (first, second, another) == (1, 2, 1)


def test_live_lease_names_its_holder(store: SqliteStore, other: SqliteStore) -> None:
    with (
        store.lease("f", "host 7", 60),
        pytest.raises(LeaseHeld, match=r"another f works on the store: host 7, until 2026-03-01T12:01:00"),
        other.lease("f", "host 8", 60),
    ):
        pass


def test_one_store_cannot_hold_a_lease_twice(store: SqliteStore) -> None:
    with store.lease("f", "me", 60), pytest.raises(LeaseHeld), store.lease("f", "me", 60):
        pass


def test_lease_is_free_after_a_failure(store: SqliteStore, other: SqliteStore) -> None:
    with pytest.raises(RuntimeError), store.lease("f", "me", 60):
        raise RuntimeError
    with other.lease("f", "you", 60) as fence:
        assert fence == 2


def test_expired_lease_is_taken_over_and_the_late_holder_writes_nothing(
    store: SqliteStore, other: SqliteStore, clock: StillClock
) -> None:
    with store.lease("f", "slow", 60) as slow:
        clock.sleep(61)
        with other.lease("f", "quick", 60) as quick:
            assert quick > slow
            other.put_watermark("f", "all", 1, "quick")
            with pytest.raises(LeaseHeld, match="quick took it over"):
                store.put_watermark("f", "all", 2, "slow")
    assert store.watermark("f", "all") == (1, "quick")
    store.put_watermark("f", "all", 3, "later")


def test_late_holder_does_not_free_what_another_took(store: SqliteStore, other: SqliteStore, clock: StillClock) -> None:
    slow = store.lease("f", "slow", 60)
    slow.__enter__()
    clock.sleep(61)
    with other.lease("f", "quick", 60):
        slow.__exit__(None, None, None)
        with pytest.raises(LeaseHeld, match="quick"), store.lease("f", "slow", 60):
            pass


def test_expired_lease_that_nobody_took_still_holds(store: SqliteStore, clock: StillClock) -> None:
    with store.lease("f", "slow", 60):
        clock.sleep(3600)
        store.put_watermark("f", "all", 1, "d")

    assert store.watermark("f", "all") == (1, "d")


def test_heartbeat_keeps_a_lease(store: SqliteStore, other: SqliteStore, clock: StillClock) -> None:
    with store.lease("f", "steady", 60):
        for _ in range(5):
            clock.sleep(50)
            store.renew("f")
        with pytest.raises(LeaseHeld), other.lease("f", "quick", 60):
            pass


def test_heartbeat_of_a_lost_lease_says_so(store: SqliteStore, other: SqliteStore, clock: StillClock) -> None:
    with store.lease("f", "slow", 60):
        clock.sleep(61)
        with other.lease("f", "quick", 60), pytest.raises(LeaseHeld, match="took it over"):
            store.renew("f")


def test_heartbeat_beats_in_a_thread_of_its_own(store: SqliteStore, other: SqliteStore, clock: StillClock) -> None:
    with store.lease("f", "steady", 60):
        clock.sleep(50)
        thread = Thread(target=store.renew, args=("f",))
        thread.start()
        thread.join()
        clock.sleep(50)
        with pytest.raises(LeaseHeld), other.lease("f", "quick", 60):
            pass


def test_lease_of_a_killed_process_is_free_at_once(store: SqliteStore) -> None:
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(store.path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        # the process took it at the real time, which is after this clock's
        with pytest.raises(LeaseHeld, match="the other"), store.lease("f", "me", 60):
            pass
        os.kill(holder.pid, signal.SIGKILL)
    with store.lease("f", "me", 60) as fence:
        assert fence == 2


def test_nothing_is_left_beside_a_closed_store(path: Path) -> None:
    store = open_store(path, create=True)
    with store.lease("f", "me", 60):
        pass
    store.close()

    assert sorted(one.name for one in path.parent.iterdir()) == ["state.db", "state.db-seal"]


_HOLD = """
import sys, time
from engine.store import open_store
store = open_store(sys.argv[1])
with store.lease("f", "the other", 3600):
    print("held", flush=True)
    time.sleep(60)
"""
