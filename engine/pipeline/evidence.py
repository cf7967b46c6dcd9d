"""What a case is about, put together anew: both records, and how each match rule sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.model.run import Case
from engine.model.values import ABSENT
from engine.pipeline.explain import Explanation, candidate_view, explain
from engine.pipeline.workshop import Workshop
from engine.spec.ruleset import FlowSpec
from engine.stages.side_by_side import RuleSeen, side_by_side
from engine.stages.weigh import held_value


@dataclass(frozen=True, slots=True)
class Evidence:
    """A case with its values. `fields` of a conflict: (target field, source's value, target's value)."""

    flow: FlowSpec
    candidates: tuple[str, ...] = ()
    rules: tuple[RuleSeen, ...] = ()
    fields: tuple[tuple[str, Any, Any], ...] = ()


def evidence_of(shop: Workshop, flow: FlowSpec, case: Case, *, live: bool = False) -> Evidence | None:
    """The values behind a case; None when its record is not staged. Systems are asked only when `live`."""
    found = explain(shop, flow, case.record.id, live=live)
    if found is None:
        return None
    ids = tuple(str(one) for one in case.evidence.get("candidates", ()))
    if case.kind == "conflict":
        return Evidence(flow, fields=_fields(found, case))
    if not ids and case.kind != "no-match":
        return Evidence(flow)
    rights = {id: candidate_view(shop, found, id, live=live) for id in ids}
    link = found.bundle.link
    known = {"id": link.other(case.record).id, "rule": link.rule, "role": link.role} if link else None
    scope = {"source": found.left, "settings": flow.settings, "now": shop.now(), "link": known}
    return Evidence(flow, ids, side_by_side(flow, found.left, rights, scope))


def _fields(found: Explanation, case: Case) -> tuple[tuple[str, Any, Any], ...]:
    mapped = found.mapped.values if found.mapped else {}
    names = [str(name) for name in case.evidence.get("fields", ())]
    return tuple((name, mapped.get(name, ABSENT), held_value(found.bundle.target, name)) for name in names)
