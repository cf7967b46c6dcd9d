"""Opening what a verb works with: the store, the workshop, and the lease on the store."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from engine.cli.options import Given
from engine.model.errors import LeaseHeld
from engine.model.stored import Store
from engine.pipeline.workshop import Workshop
from engine.report.progress import progress_for
from engine.spec.ruleset import Ruleset
from engine.store.opening import open_store

LEASE_SECONDS = 120


@contextmanager
def open_shop(given: Given, ruleset: Ruleset, *, create: bool = False) -> Iterator[Workshop]:
    """A workshop over the store; both are closed at the end."""
    store = open_store(given.state, create=create)
    shop = Workshop(ruleset, store, tokens=store.tokens, progress=progress_for(sys.stderr, quiet=given.quiet))
    try:
        yield shop
    finally:
        shop.close()
        shop.progress.close()
        store.close()


@contextmanager
def opened_store(given: Given) -> Iterator[Store]:
    """The store alone; it must be there."""
    store = open_store(given.state)
    try:
        yield store
    finally:
        store.close()


# -- the lease -----------------------------------------------------------------------------------------


@contextmanager
def leased(store: Store) -> Iterator[None]:
    """Be the only run on the store, with a heartbeat for long work; TERM ends like Ctrl-C."""
    holder = f"{socket.gethostname()} process {os.getpid()}"
    with store.lease("run", holder, LEASE_SECONDS), _interruptible():
        stop = threading.Event()
        heart = threading.Thread(target=_beat, args=(store, stop), name="lease", daemon=True)
        heart.start()
        try:
            yield
        finally:
            stop.set()
            heart.join()


def _beat(store: Store, stop: threading.Event) -> None:
    while not stop.wait(LEASE_SECONDS / 4):
        try:
            store.renew("run")
        except LeaseHeld:
            return  # the next write of the run fails with the same words


@contextmanager
def _interruptible() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
