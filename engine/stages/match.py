"""Finding the record on the other side: pins first, then the stored link, then rules in order.

Only proved absence may create: an unknown answer is never "none".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, Literal, NamedTuple

from engine.model.question import Question
from engine.model.record import Record
from engine.model.values import UNKNOWN, is_blank
from engine.spec.rules import MatchRule, Pair
from engine.spec.ruleset import FlowSpec
from engine.spec.system import Scope
from engine.stages.view import Asking, view

MOST_CANDIDATES = 2000
"""More than this many perhaps alike, and a fuzzy rule says nothing."""


class Found(NamedTuple):
    """What the rules say: the rule that decided, its verdict, and the candidates in order."""

    verdict: Literal["none", "one", "many", "unknown"]
    rule: MatchRule | None
    candidates: tuple[Record, ...] = ()
    tried: tuple[tuple[str, str], ...] = ()
    """(rule, what came of it), for people."""


def match(
    flow: FlowSpec, left: dict[str, Any], scope: Scope, rules: Sequence[MatchRule] | None = None
) -> Asking[Found]:
    """Try the rules in order; the first that has a candidate decides. A rule with a blank left side does not apply."""
    tried: list[tuple[str, str]] = []
    unsure = False
    last: MatchRule | None = None
    for rule in flow.rules.match.rules if rules is None else rules:
        keys = rule_keys(rule, left)
        if keys is None:
            tried.append((rule.id, "does not apply"))
            continue
        last = rule
        candidates = yield from _candidates(flow, rule, keys, left, scope)
        if candidates is None:
            unsure = True
            tried.append((rule.id, "unknown"))
        elif candidates:
            tried.append((rule.id, f"{len(candidates)} found"))
            verdict: Literal["one", "many"] = "one" if len(candidates) == 1 else "many"
            return Found(verdict, rule, tuple(candidates), tuple(tried))
        else:
            tried.append((rule.id, "none"))
            if rule.none:
                return Found("none", rule, (), tuple(tried))
    return Found("unknown" if unsure else "none", last, (), tuple(tried))


def rule_keys(rule: MatchRule, left: dict[str, Any]) -> tuple[str, ...] | None:
    """The left side's normalised keys, or None when one of them is blank."""
    keys = []
    for pair in rule.pairs:
        key = pair.left_key(left)
        if key is None:
            return None
        keys.append(key)
    return tuple(keys)


def _candidates(
    flow: FlowSpec, rule: MatchRule, keys: tuple[str, ...], left: dict[str, Any], scope: Scope
) -> Asking[list[Record] | None]:
    """Records for which every pair agrees and the conditions hold, in the stated order; None when unsure."""
    found = yield from _by_index(flow, rule, keys, left)
    if found is None:
        return None
    kept: list[Record] = []
    for record in found:
        right = yield from right_view(flow, record)
        if right is None:
            return None
        if _agrees(rule, keys, left, right) and counts(flow, rule, {**scope, "left": left, "right": right}):
            kept.append(record)
    return sorted(kept, key=lambda one: _order(flow, one))


def _by_index(
    flow: FlowSpec, rule: MatchRule, keys: tuple[str, ...], left: dict[str, Any]
) -> Asking[list[Record] | None]:
    connection, target = flow.target_connection.name, flow.target.name
    sharp = next(((p, k) for p, k in zip(rule.pairs, keys, strict=True) if p.score is None), None)
    if sharp is None:
        return (yield from _by_rough_index(flow, rule, left))
    pair, key = sharp
    if pair.right_path.partition("|")[0] == "id":
        question = Question("record", connection, target, "", key)
        answer = (yield [question])[question]
        return None if answer is UNKNOWN else [] if answer is None or answer.gone else [answer]
    question = Question("match", connection, target, pair.right_path, key)
    answer = (yield [question])[question]
    return None if answer is UNKNOWN else [one for one in answer if not one.gone]


def _by_rough_index(flow: FlowSpec, rule: MatchRule, left: dict[str, Any]) -> Asking[list[Record] | None]:
    """Where every comparison is fuzzy: what shares a rough key with the comparison that has the fewest such records.
    What only a read brings is in no index: it can refuse a candidate, but not find one."""
    best: list[Record] | None = None
    for pair in (one for one in rule.pairs if _is_listed(flow, one)):
        found = yield from _sharing(flow, pair, left)
        if found is not None and (best is None or len(found) < len(best)):
            best = found
    return None if best is None or len(best) > MOST_CANDIDATES else best


def _is_listed(flow: FlowSpec, pair: Pair) -> bool:
    root = "".join(takewhile(lambda letter: letter.isalnum() or letter == "_", pair.right_path))
    spec = flow.target.fields.get(root)
    return spec is None or not (spec.detail or spec.part)


def _sharing(flow: FlowSpec, pair: Pair, left: dict[str, Any]) -> Asking[list[Record] | None]:
    connection, target = flow.target_connection.name, flow.target.name
    blocks = pair.left_blocks(left) if pair.left_blocks else ()
    questions = [Question("match", connection, target, pair.right_path, key) for key in blocks]
    answers = (yield questions) if questions else {}
    if any(answers[one] is UNKNOWN for one in questions):
        return None
    return list({one.key: one for question in questions for one in answers[question] if not one.gone}.values())


def right_view(flow: FlowSpec, record: Record) -> Asking[dict[str, Any] | None]:
    """The candidate as conditions see it, its detail read where they need it; None when it cannot be learnt."""
    if not record.detail and _needs_detail(flow):
        question = Question("record", record.key.connection, record.key.object, "detail", record.key.id)
        answer = (yield [question])[question]
        if answer is UNKNOWN or answer is None:
            return None
        record = answer
    seen = yield from view(record, flow.target_reads.joins)
    return None if seen.unknown else {"id": record.key.id, **seen.tree}


def _needs_detail(flow: FlowSpec) -> bool:
    return bool(flow.match_detail)


def _agrees(rule: MatchRule, keys: tuple[str, ...], left: dict[str, Any], right: dict[str, Any]) -> bool:
    for pair, key in zip(rule.pairs, keys, strict=True):
        if pair.score is None:
            if pair.right_key(right) != key:
                return False
        elif pair.score(pair.left(left), pair.right(right)) < pair.min:
            return False
    return True


def counts(flow: FlowSpec, rule: MatchRule, scope: Scope) -> bool:
    """True when the conditions on a candidate hold; `left` and `right` are in scope."""
    only = flow.rules.match.only
    return (only is None or bool(only(scope))) and (rule.only is None or bool(rule.only(scope)))


def _order(flow: FlowSpec, record: Record) -> tuple[tuple[bool, str], ...]:
    """Blank values last; the native id breaks ties (shorter ids first, so that 9 stands before 10)."""
    values = [record.key.id if name == "id" else record.fields.get(name) for name in flow.rules.match.order]
    ranks = [(is_blank(value), _sortable(value)) for value in values]
    return (*ranks, (False, _sortable(record.key.id)))


def _sortable(value: Any) -> str:
    text = "" if is_blank(value) else str(value)
    return f"{len(text):06d}{text}" if text.isdigit() else text
