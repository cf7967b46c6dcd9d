"""Decisions about cases as a ledger: given out, and taken in again in bulk, here or in another store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.functions.canonical import digest
from engine.model.errors import UsageError
from engine.model.run import Case
from engine.model.stored import Store
from engine.pipeline.resolve_case import Answer, resolve_case
from engine.pipeline.workshop import Workshop

ANSWERS: dict[str, Answer] = {"accept": "accepted", "reject": "rejected", "defer": "deferred"}
"""What a ledger says -> the state of the case."""
_SAID: dict[str, str] = {state: word for word, state in ANSWERS.items()}


class Decision(NamedTuple):
    """What was said about one case. `evidence` is the hash of what was known then; "" = whatever is known now."""

    flow: str
    record: str
    kind: str
    decide: str
    choose: str = ""
    evidence: str = ""
    by: str = ""
    at: str = ""
    line: int = 0


class Unusable(NamedTuple):
    """A decision that was not taken, and why."""

    decision: Decision
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of decisions: made true now, true already, not usable."""

    made: tuple[Decision, ...] = ()
    known: tuple[Decision, ...] = ()
    unusable: tuple[Unusable, ...] = ()


def evidence_hash(case: Case) -> str:
    """A short fingerprint of what a case shows."""
    return digest(case.evidence)[:16]


def decisions(store: Store, flow: str = "") -> list[Decision]:
    """All decisions that stand, sorted, so that two exports differ only where decisions do."""
    decided = (one for one in store.cases(state="", flow=flow) if one.state != "open")
    return sorted(
        Decision(
            one.flow, str(one.record), one.kind, _SAID[one.state], one.choice, evidence_hash(one),
            one.decided_by, one.decided_at,
        )
        for one in decided
    )  # fmt: skip


# -- taking them in --------------------------------------------------------------------------------------


def apply_decisions(shop: Workshop, said: Iterable[Decision], by: str = "") -> Taken:
    """Make decisions true, each whole or not at all; what stands already is left alone."""
    cases = _cases(shop.store)
    made: list[Decision] = []
    known: list[Decision] = []
    unusable: list[Unusable] = []
    for one in said:
        case = _case_for(one, cases.get((one.flow, one.record, one.kind), []))
        if isinstance(case, Unusable):
            unusable.append(case)
        elif _stands(one, case):
            known.append(one)
        elif case.state not in ("open", "deferred"):
            words = f"{case.id} was {case.state} at {case.decided_at} already"
            unusable.append(Unusable(one, "decided-otherwise", words))
        else:
            refused = _refusal(shop, one, case, by)
            if refused:
                unusable.append(Unusable(one, "refused", refused))
                continue
            made.append(one)
            _put(cases, shop.store.case(case.id))
    return Taken(tuple(made), tuple(known), tuple(unusable))


Cases = dict[tuple[str, str, str], list[Case]]


def _cases(store: Store) -> Cases:
    found: Cases = {}
    for case in store.cases(state=""):
        found.setdefault(_key(case), []).append(case)
    return found


def _put(cases: Cases, case: Case | None) -> None:
    """A decided case in place of the open one: the same decision may stand twice in a ledger."""
    if case is not None:
        cases[_key(case)] = [case if one.id == case.id else one for one in cases[_key(case)]]


def _key(case: Case) -> tuple[str, str, str]:
    return case.flow, str(case.record), case.kind


def _case_for(one: Decision, cases: list[Case]) -> Case | Unusable:
    if not cases:
        return Unusable(one, "no-case", f"there is no {one.kind} case of {one.record} in {one.flow}")
    fitting = [case for case in cases if not one.evidence or evidence_hash(case) == one.evidence]
    if not fitting:
        return Unusable(one, "other-evidence", f"{cases[0].id} shows something else by now: look at it again")
    if len(fitting) > 1:
        words = f"{len(fitting)} cases could be meant ({', '.join(case.id for case in fitting)}): name the evidence"
        return Unusable(one, "several-cases", words)
    return fitting[0]


def _stands(one: Decision, case: Case) -> bool:
    return case.state == ANSWERS[one.decide] and (case.choice == one.choose or not one.choose)


def _refusal(shop: Workshop, one: Decision, case: Case, by: str) -> str:
    """Take one decision; why it cannot be, or ""."""
    try:
        resolve_case(shop, case, ANSWERS[one.decide], choose=one.choose, by=one.by or by, at=one.at)
    except UsageError as error:
        return str(error)
    return ""


def unusable_trees(unusable: Iterable[Unusable]) -> Iterator[dict[str, Any]]:
    """Rows that were not taken, as plain values."""
    for one in unusable:
        said = one.decision
        yield {"line": said.line, "flow": said.flow, "record": said.record, "kind": said.kind, "code": one.code,
               "reason": one.reason}  # fmt: skip
