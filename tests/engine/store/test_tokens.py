"""Tokens outlive a process; one thread at a time renews one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.model.errors import LeaseHeld
from engine.model.protocols import Token
from engine.store import SqliteStore, open_store
from tests.engine.store.conftest import StillClock


def test_token_outlives_its_process(store: SqliteStore) -> None:
    assert store.tokens.load("shop") is None
    store.tokens.save("shop", Token("a1", "r1", 1772366400.25))

    again = open_store(store.path)
    assert again.tokens.load("shop") == Token("a1", "r1", 1772366400.25)
    assert again.tokens.load("crm") is None
    again.close()


def test_token_before_the_last_is_kept(store: SqliteStore) -> None:
    assert store.tokens.previous("shop") is None
    store.tokens.save("shop", Token("a1", "r1"))
    assert store.tokens.previous("shop") is None
    store.tokens.save("shop", Token("a2", "r2"))

    assert store.tokens.load("shop") == Token("a2", "r2")
    assert store.tokens.previous("shop") == Token("a1", "r1")


def test_saving_a_token_in_a_thread_does_not_need_the_main_one(store: SqliteStore) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(store.tokens.save, "shop", Token("a1")).result()

    assert store.tokens.load("shop") == Token("a1")


def test_eight_threads_renew_a_token_once(path: Path) -> None:
    store = open_store(path, create=True)
    renewals: list[str] = []

    def renew(_: int) -> str:
        with store.tokens.lock("shop"):
            held = store.tokens.load("shop")
            if held is None:
                renewals.append("once")
                held = Token("a1")
                store.tokens.save("shop", held)
            return held.access

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(renew, range(16))) == {"a1"}
    assert renewals == ["once"]
    store.close()


def test_lock_of_a_hung_renewal_is_waited_for_then_taken_over(store: SqliteStore, clock: StillClock) -> None:
    other = open_store(store.path, clock=clock)
    hung = other.tokens.lock("shop")
    hung.__enter__()
    started = clock.time

    with store.tokens.lock("shop"):
        assert 59 < (clock.time - started).total_seconds() < 62
    hung.__exit__(None, None, None)
    other.close()


def test_locks_of_two_connections_are_apart(store: SqliteStore) -> None:
    with store.tokens.lock("shop"), store.tokens.lock("crm"):
        pass


def test_token_lock_is_no_flow_lease(store: SqliteStore) -> None:
    with store.tokens.lock("f"), store.lease("f", "me", 60):
        pass
    with store.lease("f", "me", 60), pytest.raises(LeaseHeld), store.lease("f", "me", 60):
        pass
