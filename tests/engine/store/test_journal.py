"""The journal: operations from plan to outcome, and what they come to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.model.errors import StoreError
from engine.model.operation import Change, Operation, Result
from engine.model.record import RecordKey
from engine.model.values import ABSENT, Pending
from engine.store import SqliteStore
from engine.store.journal import subject

NOON, LATER = "2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z"


def an_operation(id: str = "op1", **facts: Any) -> Operation:
    source = facts.pop("source", RecordKey("crm", "crm.contact", "a"))
    target = facts.pop("target", RecordKey("shop", "shop.customer", ""))
    facts = {"run": "r1", "flow": "f", "kind": "create", **facts}
    return Operation(id, source=source, target=target, **facts)


def a_change(field: str = "name", before: Any = "was", after: Any = "Zoë", pattern: str = "SOURCE_MOVED") -> Change:
    return Change(field, before, after, pattern, "m.yaml:3", "r.yaml:9")


def ids(store: SqliteStore, **facts: Any) -> list[str]:
    return [one.id for one in store.operations(**facts)]


def test_operation_comes_back_whole(store: SqliteStore) -> None:
    whole = an_operation(
        changes=(a_change("limit", ABSENT, Decimal("10.5")), a_change("parent", None, Pending("op0", "id"))),
        step="write_back", revision=3, needs=("op0", "op9"), sequence=7, effect="keyed",
        settles={"base": {"parent": [Pending("op0", "id")], "name": ["Zoë"]}, "link": True},
    )  # fmt: skip
    store.put_operations([whole])

    assert store.operation("op1") == whole
    assert store.operation("op2") is None


def test_operations_stream_by_sequence(store: SqliteStore) -> None:
    store.put_operations([an_operation(f"op{n:04d}", sequence=2000 - n) for n in range(1200)])

    assert ids(store, run="r1", batch=100) == [f"op{n:04d}" for n in reversed(range(1200))]
    assert ids(store, run="r2") == []


def test_equal_sequences_stream_by_id(store: SqliteStore) -> None:
    store.put_operations([an_operation(id, sequence=1) for id in ("c", "a", "b")])

    assert ids(store, batch=1) == ["a", "b", "c"]


def test_operations_are_narrowed_by_state_and_record(store: SqliteStore) -> None:
    shop = RecordKey("shop", "shop.customer", "x")
    store.put_operations([
        an_operation("1", sequence=1), an_operation("2", sequence=2, target=shop),
        an_operation("3", sequence=3, source=shop, target=RecordKey("crm", "crm.contact", "b")),
    ])  # fmt: skip
    store.open_intents(["1"], NOON)
    store.conclude([Result("2", "done", "x", at=NOON)])

    assert ids(store, states=("open", "unknown")) == ["1"]
    assert ids(store, states=("planned", "done")) == ["2", "3"]
    assert ids(store, record=shop) == ["2", "3"]
    assert ids(store, record=shop, states=("planned",)) == ["3"]
    assert ids(store, record=RecordKey("crm", "crm.contact", "a")) == ["1", "2"]


def test_operations_may_be_concluded_while_they_stream(store: SqliteStore) -> None:
    store.put_operations([an_operation(f"{n:03d}", sequence=n) for n in range(50)])
    seen = []
    for one in store.operations(run="r1", states=("planned",), batch=7):
        seen.append(one.id)
        store.conclude([Result(one.id, "done", at=NOON)])

    assert seen == [f"{n:03d}" for n in range(50)]


def test_planned_operation_is_replaced_by_a_later_plan(store: SqliteStore) -> None:
    store.put_operations([an_operation(changes=(a_change(),))])
    later = an_operation(run="r2", changes=(a_change(after="Zo"), a_change("email")), sequence=4)
    store.put_operations([later])

    assert store.operation("op1") == later
    assert store.tally("r2")["changes:email"] == 1


@pytest.mark.parametrize("state", ["open", "unknown", "done", "failed"])
def test_operation_under_way_is_kept_as_it_is(store: SqliteStore, state: Any) -> None:
    store.put_operations([an_operation(changes=(a_change(),))])
    store.open_intents(["op1"], NOON)
    if state != "open":
        store.conclude([Result("op1", state, at=NOON)])
    store.put_operations([an_operation(run="r2")])

    kept = store.operation("op1")
    assert kept is not None
    assert (kept.run, kept.state, len(kept.changes)) == ("r1", state, 1)


def test_intent_and_outcome_are_recorded(store: SqliteStore) -> None:
    store.put_operations([an_operation()])
    store.open_intents(["op1"], NOON)
    opened = store.operation("op1")
    store.conclude([Result("op1", "failed", error="refused", at=LATER)])
    ended = store.operation("op1")

    assert opened is not None and ended is not None
    assert (opened.state, opened.opened_at, opened.attempts) == ("open", NOON, 0)
    assert (ended.state, ended.ended_at, ended.error, ended.attempts) == ("failed", LATER, "refused", 1)


def test_outcome_gives_the_written_record_its_id(store: SqliteStore) -> None:
    store.put_operations([an_operation("new"), an_operation("old", target=RecordKey("shop", "shop.customer", "7"))])
    store.conclude([Result("new", "done", "41", at=NOON), Result("old", "done", at=NOON)])

    assert [one.target.id for one in store.operations()] == ["41", "7"]


def test_intent_inside_a_transaction_is_refused(store: SqliteStore) -> None:
    store.put_operations([an_operation()])

    with store.transaction(), pytest.raises(StoreError, match="outside of a transaction"):
        store.open_intents(["op1"], NOON)


def test_intent_for_something_with_an_outcome_is_refused(store: SqliteStore) -> None:
    store.put_operations([an_operation("op1"), an_operation("op2")])
    store.conclude([Result("op2", "done", at=NOON)])

    with pytest.raises(StoreError, match="plan again"):
        store.open_intents(["op1", "op2"], NOON)
    assert ids(store, states=("open",)) == []


def test_outcome_of_an_operation_that_is_not_there_is_refused(store: SqliteStore) -> None:
    store.put_operations([an_operation()])

    with pytest.raises(StoreError, match="not in the store"):
        store.conclude([Result("op1", "done", at=NOON), Result("op2", "done", at=NOON)])
    assert ids(store, states=("planned",)) == ["op1"]


# -- revisions


def test_every_known_outcome_raises_the_revision_of_its_subject(store: SqliteStore) -> None:
    key = RecordKey("crm", "crm.contact", "a")
    text, other = subject(key, "record"), subject(key, "write_back")
    assert (text, other) == ("crm|crm.contact|a|record", "crm|crm.contact|a|write_back")

    for number, state in enumerate(("done", "failed", "stale", "deferred", "refused", "superseded"), 1):
        store.put_operations([an_operation(f"op{number}")])
        store.conclude([Result(f"op{number}", state, at=NOON)])
        assert store.revision("f", [text, other]) == {text: number, other: 0}
    assert store.revision("g", [text]) == {text: 0}


def test_unknown_outcome_leaves_the_revision_until_it_is_settled(store: SqliteStore) -> None:
    text = "crm|crm.contact|a|record"
    store.put_operations([an_operation()])
    store.open_intents(["op1"], NOON)
    store.conclude([Result("op1", "unknown", at=NOON)])
    assert store.revision("f", [text]) == {text: 0}

    store.conclude([Result("op1", "done", "7", at=NOON)])
    assert store.revision("f", [text]) == {text: 1}


def test_same_outcome_twice_counts_once(store: SqliteStore) -> None:
    text = "crm|crm.contact|a|record"
    store.put_operations([an_operation()])
    for _ in range(2):
        store.conclude([Result("op1", "done", "7", at=NOON)])

    assert store.revision("f", [text]) == {text: 1}


def test_two_outcomes_of_one_subject_in_one_call_count_both(store: SqliteStore) -> None:
    text = "crm|crm.contact|a|record"
    store.put_operations([an_operation("op1"), an_operation("op2")])
    store.conclude([Result("op1", "done", at=NOON), Result("op2", "done", at=NOON)])

    assert store.revision("f", [text]) == {text: 2}


# -- tally and pruning


def test_tally_counts_kinds_states_fields_and_what_guards_ask(store: SqliteStore) -> None:
    store.put_operations([
        an_operation("1", changes=(a_change("name"), a_change("email"))),
        an_operation("2", changes=(a_change("name"), a_change("email"))),
        an_operation("3", kind="update", changes=(
            a_change("name", "a", "", "RULES_MOVED"), a_change("city", "b", None, "RULES_MOVED"),
        )),
        an_operation("4", kind="update", changes=(a_change("name", "", None), a_change("level", 1, 0))),
        an_operation("5", kind="delete"),
        an_operation("6", kind="delete", run="r2"),
    ])  # fmt: skip
    store.conclude([Result("1", "done", at=NOON)])

    assert store.tally("r1") == {
        "create": 2, "update": 2, "delete": 1, "state:planned": 4, "state:done": 1, "reshaped": 1, "blankings": 2,
        "changes:name": 3, "changes:email": 2, "changes:city": 1, "changes:level": 1,
    }  # fmt: skip
    assert store.tally("none") == {"reshaped": 0, "blankings": 0}


def test_pruning_forgets_values_of_old_outcomes_alone(store: SqliteStore) -> None:
    store.put_operations([
        an_operation(id, changes=(a_change(),), settles={"base": {"name": ["Zoë"]}})
        for id in ("old", "new", "open", "plan")
    ])  # fmt: skip
    store.open_intents(["open"], NOON)
    store.conclude([Result("old", "done", "7", at=NOON), Result("new", "done", "8", at=LATER)])

    assert store.prune(LATER) == 1
    assert store.prune(LATER) == 0
    assert {one.id: len(one.changes) for one in store.operations()} == {"old": 0, "new": 1, "open": 1, "plan": 1}
    assert store.tally("r1")["changes:name"] == 4
    old = store.operation("old")
    assert old is not None and (old.state, old.target.id, old.settles) == ("done", "7", {})
