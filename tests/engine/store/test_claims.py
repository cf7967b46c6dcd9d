"""Claims: who comes second for the same customer learns who came first."""

from __future__ import annotations

from engine.store import SqliteStore
from engine.store.claims import ClaimRow


def a_claim(key: str, operation: str, source: str = "", rule: str = "email") -> ClaimRow:
    return ("shop", "shop.customer", rule, key, operation, source or f"crm:{operation}")


def test_free_keys_are_reserved(store: SqliteStore) -> None:
    assert store.claim([a_claim("a@x.y", "op1"), a_claim("b@x.y", "op2")]) == {}
    assert store.claim([a_claim("a@x.y", "op3")]) == {"op3": ("op1", "crm:op1")}


def test_the_first_in_a_batch_wins(store: SqliteStore) -> None:
    met = store.claim([a_claim("a@x.y", "op2"), a_claim("a@x.y", "op1"), a_claim("a@x.y", "op3")])

    assert met == {"op1": ("op2", "crm:op2"), "op3": ("op2", "crm:op2")}


def test_an_operation_reserves_all_of_its_keys_or_none(store: SqliteStore) -> None:
    store.claim([a_claim("a@x.y", "op1")])

    assert store.claim([a_claim("b@x.y", "op2"), a_claim("a@x.y", "op2")]) == {"op2": ("op1", "crm:op1")}
    assert store.claim([a_claim("b@x.y", "op3")]) == {}


def test_none_of_a_refused_operation_stands_in_the_way_of_its_batch(store: SqliteStore) -> None:
    store.claim([a_claim("a@x.y", "op1")])

    met = store.claim([a_claim("b@x.y", "op2"), a_claim("a@x.y", "op2"), a_claim("b@x.y", "op3")])

    assert met == {"op2": ("op1", "crm:op1")}


def test_own_claims_are_met_without_harm(store: SqliteStore) -> None:
    store.claim([a_claim("a@x.y", "op1")])

    assert store.claim([a_claim("a@x.y", "op1"), a_claim("b@x.y", "op1")]) == {}
    assert store.claim([a_claim("b@x.y", "op2")]) == {"op2": ("op1", "crm:op1")}


def test_rules_and_targets_have_their_own_keys(store: SqliteStore) -> None:
    store.claim([a_claim("1", "op1")])

    assert store.claim([a_claim("1", "op2", rule="vat"), ("shop_us", "shop.customer", "email", "1", "op3", "s")]) == {}


def test_released_keys_are_free_again(store: SqliteStore) -> None:
    store.claim([a_claim("a@x.y", "op1"), a_claim("b@x.y", "op1"), a_claim("c@x.y", "op2")])
    store.release(["op1", "op9"])

    assert store.claim([a_claim("a@x.y", "op3"), a_claim("b@x.y", "op3")]) == {}
    assert store.claim([a_claim("c@x.y", "op4")]) == {"op4": ("op2", "crm:op2")}


def test_many_keys_at_once_are_claimed(store: SqliteStore) -> None:
    rows = [a_claim(f"{n}@x.y", f"op{n}") for n in range(1300)]
    store.claim(rows)

    assert len(store.claim([a_claim(f"{n}@x.y", f"new{n}") for n in range(1300)])) == 1300
