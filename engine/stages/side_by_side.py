"""The comparisons of the match rules for one source record and its candidates, value beside value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from engine.model.values import ABSENT, is_blank
from engine.spec.rules import MatchRule, Pair
from engine.spec.ruleset import FlowSpec
from engine.spec.system import Scope
from engine.stages.match import counts, rule_keys

Verdict = Literal["agrees", "differs", "blank", "unread"]
Tree = Mapping[str, Any]


class Beside(NamedTuple):
    """A candidate's side of one comparison; `likeness` where the comparison is fuzzy."""

    id: str
    value: Any
    verdict: Verdict
    likeness: float | None = None


class Compared(NamedTuple):
    """One comparison of a rule: the source's value, and each candidate's."""

    rule: str
    pair: Pair
    value: Any
    beside: tuple[Beside, ...]


class RuleSeen(NamedTuple):
    """A rule with its comparisons; `holds` names the candidates for which all of it holds."""

    rule: MatchRule
    applies: bool
    compared: tuple[Compared, ...]
    holds: frozenset[str]


def side_by_side(
    flow: FlowSpec, left: dict[str, Any], rights: Mapping[str, dict[str, Any] | None], scope: Scope
) -> tuple[RuleSeen, ...]:
    """Every match rule over these candidates; one that could not be read is None."""
    return tuple(_seen(flow, rule, left, rights, scope) for rule in flow.rules.match.rules)


def _seen(
    flow: FlowSpec, rule: MatchRule, left: dict[str, Any], rights: Mapping[str, dict[str, Any] | None], scope: Scope
) -> RuleSeen:
    compared = tuple(
        Compared(rule.id, pair, pair.left(left), tuple(beside(pair, left, id, one) for id, one in rights.items()))
        for pair in rule.pairs
    )
    applies = rule_keys(rule, left) is not None
    holds = frozenset(
        id for id, right in rights.items()
        if applies and right is not None and _all_agree(compared, id)
        and counts(flow, rule, {**scope, "left": left, "right": right})
    )  # fmt: skip
    return RuleSeen(rule, applies, compared, holds)


def _all_agree(compared: Sequence[Compared], id: str) -> bool:
    return all(one.verdict == "agrees" for each in compared for one in each.beside if one.id == id)


def beside(pair: Pair, left: Tree, id: str, right: Tree | None) -> Beside:
    """How one candidate compares, by the rule's own comparator."""
    if right is None:
        return Beside(id, ABSENT, "unread")
    mine, theirs = pair.left(left), pair.right(right)
    if is_blank(mine) or is_blank(theirs) or mine is ABSENT or theirs is ABSENT:
        return Beside(id, theirs, "blank")
    if pair.score is None:
        key = pair.left_key(left)
        if key is None or pair.right_key(right) is None:
            return Beside(id, theirs, "blank")
        return Beside(id, theirs, "agrees" if pair.right_key(right) == key else "differs")
    likeness = pair.score(mine, theirs)
    return Beside(id, theirs, "agrees" if likeness >= pair.min else "differs", likeness)
