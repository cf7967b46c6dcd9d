"""Checks of match rules: pins, proofs of absence, outcomes."""

from __future__ import annotations

from collections.abc import Mapping

from engine.config.compile_bench import Bench
from engine.config.compile_flow import Compiled
from engine.config.compile_match import path_of
from engine.functions.compare import COMPARATORS, proves_absence
from engine.spec.rules import MatchRule, Pair
from engine.spec.system import ObjectSpec, RequestSpec

ANY = "*"


class MatchLint:
    """Checks how one flow matches."""

    def __init__(self, compiled: Compiled, objects: Mapping[str, ObjectSpec], bench: Bench) -> None:
        self.flow, self.objects, self.bench = compiled.flow, objects, bench
        self.target = compiled.flow.target

    def all(self) -> None:
        """Every rule, and the outcome."""
        match = self.flow.rules.match
        for rule in match.rules:
            self._pin(rule)
            self._sides(rule)
            if (rule.none or match.outcome.none) == "create":
                self._absence(rule)
        self._outcome()

    def _outcome(self) -> None:
        outcome = self.flow.rules.match.outcome
        verbs = {outcome.none, *(rule.none for rule in self.flow.rules.match.rules)}
        shared = self.flow.rules.globals
        if outcome.global_:
            self.bench.holds("global", outcome.global_, shared, outcome.place)
        elif "global" in verbs and len(shared) != 1:
            hint = f"write outcome.global: {next(iter(shared), 'NAME')}"
            self.bench.say(
                "unknown-global", "the outcome `global` does not say which shared record", outcome.place, hint
            )

    def _pin(self, rule: MatchRule) -> None:
        if rule.pin is None:
            return
        pair = rule.pairs[0]
        if len(rule.pairs) > 1 or path_of(pair.right).text not in ("id", self.target.id):
            message = f"{rule.id} is a pin: its right side must be the target's id"
            self.bench.say("pin-right", message, path_of(pair.right).place, "write right: id")
        if pair.compare != "exact":
            self.bench.say(
                "pin-compare", f"{rule.id} is a pin: an id is compared exactly", rule.place, "compare: exact"
            )
        if rule.none == "create":
            message = f"{rule.id}: a pin that finds nothing would create another record than the one it names"
            self.bench.warn("pin-creates", message, rule.place, "write none: fail")

    def _sides(self, rule: MatchRule) -> None:
        for pair in rule.pairs:
            for steps in path_of(pair.right).reads:
                if self._leads_away(steps):
                    message = f"{rule.id}: the right side leads to another record by {steps[0]}"
                    hint = "compare a field of the target itself, or write it into `only`"
                    self.bench.say("right-through-join", message, path_of(pair.right).place, hint)
            if (
                pair.score is None
                and COMPARATORS[pair.compare].score is not None
                and pair.compare in ("name", "address")
            ):
                message = f"{rule.id}: without `min`, {pair.compare} compares whole normalised values only"
                self.bench.warn("min-missing", message, rule.place, "write min: 0.9")

    def _leads_away(self, steps: tuple[str, ...]) -> bool:
        spec = self.target.fields.get(steps[0])
        if spec is None:
            return steps[0] in self.target.relations
        return spec.type == "reference" and len(steps) > 1 and steps[1:] != ("id",)

    # -- absence -------------------------------------------------------------------------------------

    def _absence(self, rule: MatchRule) -> None:
        """Only proved absence creates: one pair must be able to prove it."""
        if rule.pin is not None or any(self._proves(pair) for pair in rule.pairs):
            return
        lagging = [one for pair in rule.pairs for one in self._paths(pair) if one.lag]
        why = "its only access path lags behind" if lagging else "no access path is as loose as its comparison"
        message = f"{rule.id} can never prove that there is no such {self.target.title}, so it never creates: {why}"
        hint = "declare a complete operations.list or a matching operations.find, or write none: hold"
        self.bench.say("absence-unprovable", message, rule.place, hint)

    def _proves(self, pair: Pair) -> bool:
        fields = {steps[0] for steps in path_of(pair.right).reads if steps}
        if self._complete(self.target.list) and not any(self._is_detail(name) for name in fields):
            return True
        comparator = COMPARATORS[pair.compare]
        return any(not one.lag and proves_absence(one.equality, comparator) for one in self._paths(pair))

    def _is_detail(self, name: str) -> bool:
        spec = self.target.fields.get(name)
        return spec is not None and (spec.detail or bool(spec.part))

    def _complete(self, listing: RequestSpec | None) -> bool:
        """A listing that needs nothing of a related record holds everything."""
        return listing is not None and not listing.params & set(self.target.fields)

    def _paths(self, pair: Pair) -> list[RequestSpec]:
        """Access paths for the right side: a bare field, a member of a map, or any field."""
        text = path_of(pair.right).text
        owner, dot, _ = text.partition(".")
        names = (text, f"{owner}.{ANY}", ANY) if dot else (text, ANY)
        if text in ("id", self.target.id) and self.target.read is not None:
            return [RequestSpec("GET", self.target.read.path, equality="exact")]
        return [self.target.find[name] for name in names if name in self.target.find]
