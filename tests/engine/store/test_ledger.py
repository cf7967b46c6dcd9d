"""Runs, cases, findings and answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.model.finding import Finding, Place, Severity
from engine.model.record import RecordKey
from engine.model.run import Case, Run
from engine.model.stored import Answer
from engine.store import SqliteStore


def a_case(id: str = "c1", **facts: Any) -> Case:
    evidence = facts.pop("evidence", {"candidates": ["1", "2"]})
    return Case(id, facts.pop("flow", "f"), "ambiguous", RecordKey("crm", "crm.contact", "a"), evidence, **facts)


def test_run_is_noted_and_ended(store: SqliteStore) -> None:
    run = Run("r1", "f", "sync", "2026-03-01T12:00:00Z", "digest", store="s1", name="mass")
    store.put_run(run)
    assert store.run("r1") == run

    ended = replace(run, ended_at="2026-03-01T12:01:00Z", state="done", counts={"created": 2, "rate": {"a": 1}})
    store.put_run(ended)
    assert store.run("r1") == ended
    assert store.run("r2") is None


def test_latest_runs_come_first(store: SqliteStore) -> None:
    for number in range(1, 6):
        store.put_run(Run(f"r{number}", "f" if number % 2 else "g", "sync", f"2026-03-0{number}T12:00:00Z", ""))

    assert [run.id for run in store.runs(limit=2)] == ["r5", "r4"]
    assert [run.id for run in store.runs(flow="g")] == ["r4", "r2"]


def test_new_cases_are_counted_once(store: SqliteStore) -> None:
    assert store.put_cases([a_case("c1", opened_at="t1"), a_case("c2")]) == 2
    assert store.put_cases([a_case("c1", opened_at="t2"), a_case("c3")]) == 1

    assert store.case("c1") == a_case("c1", opened_at="t1")
    assert [case.id for case in store.cases()] == ["c1", "c2", "c3"]
    assert store.case("c9") is None


def test_decision_is_kept_when_the_same_evidence_comes_again(store: SqliteStore) -> None:
    store.put_cases([a_case(opened_at="t1")])
    decided = a_case(opened_at="t1", state="accepted", decided_at="t2", decided_by="ana", choice="2")
    assert store.put_cases([decided]) == 0

    assert store.put_cases([a_case(opened_at="t3")]) == 0
    assert store.case("c1") == decided
    assert list(store.cases()) == []
    assert list(store.cases(state="accepted", flow="f")) == [decided]
    assert list(store.cases(state="", flow="g")) == []


def test_other_evidence_reopens_a_decision(store: SqliteStore) -> None:
    for state in ("accepted", "rejected", "deferred"):
        store.put_cases([a_case(state, opened_at="t1")])
        store.put_cases([a_case(state, opened_at="t1", state=state, decided_at="t2", decided_by="ana", choice="2")])
        anew = a_case(state, opened_at="t3", evidence={"candidates": ["1", "3"]})

        assert store.put_cases([anew]) == 1
        assert store.case(state) == anew
        assert store.put_cases([anew]) == 0


def test_decision_can_be_changed(store: SqliteStore) -> None:
    store.put_cases([a_case(state="accepted", choice="1")])
    store.put_cases([a_case(state="rejected")])

    assert store.case("c1") == a_case(state="rejected")


def test_cases_stream_beyond_one_page(store: SqliteStore) -> None:
    store.put_cases([a_case(f"c{n:04d}") for n in range(1100)])

    assert [case.id for case in store.cases()] == [f"c{n:04d}" for n in range(1100)]


def test_findings_come_back_in_order(store: SqliteStore) -> None:
    one = Finding("guard-creates", "too many", Place("r.yaml", 3, 5), Severity.ERROR, "raise it", "crm:a")
    two = Finding("field-unknown", "no such field", severity=Severity.NOTE)
    store.put_findings("r1", [one])
    store.put_findings("r1", [two] * 600)
    store.put_findings("r2", [two])

    assert list(store.findings("r1")) == [one, *[two] * 600]
    assert list(store.findings("r3")) == []


def test_last_answer_stands(store: SqliteStore) -> None:
    first = Answer("shop", "shop.customer", "email", "a@x.y", (), "absent", "r1", "t1")
    second = Answer("shop", "shop.customer", "email", "a@x.y", ("7", "8"), "found", "r2", "t2")
    unsure = Answer("shop", "shop.customer", "email", "b@x.y", (), "unknown", "r1", "t1")
    store.put_answers([first, unsure])
    store.put_answers([second])

    keys = ["a@x.y", "b@x.y", "c@x.y"]
    assert store.answers("shop", "shop.customer", "email", keys) == {"a@x.y": second, "b@x.y": unsure}
    assert store.answers("shop", "shop.customer", "email", keys, run="r1") == {"b@x.y": unsure}
