"""What a person decides about a case, made true: links, rejections, conflicts, outcomes that nobody knew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from engine.model.errors import UsageError
from engine.model.link import Snapshot, link_between
from engine.model.operation import Result
from engine.model.run import Case
from engine.pipeline.by_hand import Pair, Stroke, begin_run, end_run, journal, link_by_hand
from engine.pipeline.explain import explain
from engine.pipeline.workshop import Workshop, source_key, target_key
from engine.spec.ruleset import FlowSpec
from engine.stages.weigh import held_value

Answer = Literal["accepted", "rejected", "deferred"]


def resolve_case(shop: Workshop, case: Case, answer: Answer, *, choose: str = "", by: str = "", at: str = "") -> str:
    """Make a decision true and close the case, as decided now or `at`; a sentence that says what follows."""
    flow = shop.ruleset.flows.get(case.flow)
    if flow is None:
        raise UsageError(f"the case belongs to the flow {case.flow}, which is not there any more")
    if answer == "deferred":
        _close(shop, case, answer, choose, by, at)
        return "put aside; it stays in `run.py review list --status deferred`"
    begin_run(shop, flow, "review")
    try:
        said = _ANSWERS.get((case.kind, answer), _NOTHING[answer])(shop, flow, case, choose, by)
    except UsageError:
        end_run(shop, {}, "refused")
        raise
    _close(shop, case, answer, choose, by, at)
    shop.store.touch(*case.record[:2], [case.record.id], sequence=shop.store.next_sequence())
    end_run(shop, {"cases": 1})
    return said


def _close(shop: Workshop, case: Case, answer: Answer, choose: str, by: str, at: str) -> None:
    decided = replace(case, state=answer, decided_at=at or shop.now(), decided_by=by, choice=choose)
    shop.store.put_cases([decided])


# -- links ---------------------------------------------------------------------------------------------


def _link(shop: Workshop, flow: FlowSpec, case: Case, choose: str, by: str) -> str:
    candidates = [str(one) for one in case.evidence.get("candidates", ())]
    target = choose or (candidates[0] if len(candidates) == 1 else "")
    if not target:
        named = f" out of {', '.join(candidates)}" if candidates else ""
        raise UsageError(f"say which record it is{named}: --choose ID")
    share = case.kind == "taken"
    result = link_by_hand(shop, flow, [Pair(case.record.id, target)], Stroke(by=by, share=share))
    if result.refused:
        raise UsageError(result.refused[0].reason)
    return f"linked to {target}; the next sync of {flow.name} goes on from there"


def _reject(shop: Workshop, flow: FlowSpec, case: Case, choose: str, by: str) -> str:
    """None of the candidates (or not the chosen one) is the same customer."""
    named = [choose] if choose else [str(one) for one in case.evidence.get("candidates", ())]
    source = source_key(flow, case.record.id)
    for id in named:
        target = target_key(flow, id)
        facts: dict[str, Any] = {"state": "rejected", "rule": "by_hand", "made_at": shop.now(), "run": shop.run_id}
        shop.store.put_links([link_between(source, target, **facts)])
        journal(shop, flow, "unlink", source, target, {"rule": "by_hand", "by": by, "state": "rejected"})
    return f"never to be linked: {', '.join(named)}; the next sync decides without them" if named else "closed"


# -- conflicts -----------------------------------------------------------------------------------------


def _settle_conflict(shop: Workshop, flow: FlowSpec, case: Case, choose: str, by: str) -> str:
    """`source`: its values are written next time; `target`: both are taken as agreed."""
    if choose not in ("source", "target"):
        raise UsageError("say which side is right: --choose source, or --choose target")
    found = explain(shop, flow, case.record.id)
    snapshot = found.bundle.snapshot if found else None
    if found is None or snapshot is None or found.mapped is None:
        raise UsageError(f"{case.record} is not staged: run a sync first")
    base = dict(snapshot.base)
    for name in case.evidence.get("fields", ()):
        held, mapped = held_value(found.bundle.target, name), found.mapped.values.get(name)
        base[name] = [mapped, held] if choose == "target" else [None, held]
    shop.store.put_snapshots([replace(snapshot, base=base, inputs="", unfinished=True)])
    target = target_key(flow, snapshot.target_id)
    journal(shop, flow, "link", source_key(flow, case.record.id), target, {"rule": f"conflict: {choose}", "by": by})
    return f"the {choose} is right; the next sync of {flow.name} makes it so"


# -- outcomes that nobody knew -----------------------------------------------------------------------------


def _was_done(shop: Workshop, flow: FlowSpec, case: Case, choose: str, by: str) -> str:
    operation = shop.store.operation(str(case.evidence.get("operation", "")))
    if operation is None:
        raise UsageError("the operation is not in the store any more")
    if operation.kind == "create" and not choose:
        raise UsageError("say which record it made: --choose ID")
    shop.store.conclude([Result(operation.id, "done", choose, f"said by {by or 'a person'}", shop.now())])
    _look_again(shop, flow, case)
    if operation.kind != "create":
        return "taken as done"
    return _link(shop, flow, replace(case, kind="one-match"), choose, by)


def _was_not_done(shop: Workshop, flow: FlowSpec, case: Case, choose: str, by: str) -> str:
    operation = shop.store.operation(str(case.evidence.get("operation", "")))
    if operation is not None:
        shop.store.conclude([Result(operation.id, "failed", "", f"not done, says {by or 'a person'}", shop.now())])
        shop.store.release([operation.id])
        _look_again(shop, flow, case)
    return f"taken as not done; the next sync of {flow.name} decides anew"


def _look_again(shop: Workshop, flow: FlowSpec, case: Case) -> None:
    """The record has an outcome now: the next run decides it anew, under a new revision."""
    old = shop.store.snapshots(flow.name, *case.record[:2], [case.record.id]).get(case.record.id)
    shop.store.put_snapshots([replace(old or Snapshot(flow.name, case.record), unfinished=True)])


# -- anything else ---------------------------------------------------------------------------------------


def _by_the_source(shop: Workshop, flow: FlowSpec, case: Case, choose: str, by: str) -> str:
    return f"closed; what stops the record is a rule: correct the record or the rule, and sync {flow.name} again"


def _let_through(shop: Workshop, flow: FlowSpec, case: Case, choose: str, by: str) -> str:
    """The accepted case itself says so from now on: deciding asks the store for them."""
    return f"let through the gate {case.evidence.get('gate', '')}; the next sync of {flow.name} goes on from there"


def _kept_back(shop: Workshop, flow: FlowSpec, case: Case, choose: str, by: str) -> str:
    return f"kept back by the gate {case.evidence.get('gate', '')}, and not asked again"


def _closed(shop: Workshop, flow: FlowSpec, case: Case, choose: str, by: str) -> str:
    return "closed"


Resolve = Callable[[Workshop, FlowSpec, Case, str, str], str]

_NOTHING: dict[str, Resolve] = {"accepted": _by_the_source, "rejected": _closed}
_ANSWERS: dict[tuple[str, str], Resolve] = {
    ("many-matches", "accepted"): _link,
    ("many-matches", "rejected"): _reject,
    ("one-match", "accepted"): _link,
    ("one-match", "rejected"): _reject,
    ("no-match", "accepted"): _link,
    ("taken", "accepted"): _link,
    ("taken", "rejected"): _reject,
    ("review", "accepted"): _let_through,
    ("review", "rejected"): _kept_back,
    ("conflict", "accepted"): _settle_conflict,
    ("outcome-unknown", "accepted"): _was_done,
    ("outcome-unknown", "rejected"): _was_not_done,
}
"""(kind of case, answer) -> what makes it true."""
