"""Checks of one flow's rules against its mapping and its systems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.config.compile_bench import Bench
from engine.config.compile_flow import Compiled
from engine.config.compile_members import child, members, place_of
from engine.config.compile_reads import Reading, Use
from engine.config.document import Node
from engine.config.lint_rows import may_create
from engine.model.finding import Place, Severity
from engine.spec.system import ObjectSpec

PUSHES_LATER = ("always", "on_first", "on_update")


class FlowLint:
    """Checks the rules of one flow."""

    def __init__(self, compiled: Compiled, objects: Mapping[str, ObjectSpec], bench: Bench) -> None:
        self.flow, self.rules, self.node = compiled.flow, compiled.flow.rules, compiled.rules.root
        self.objects, self.bench = objects, bench
        self.rows = compiled.flow.mapping.by_target

    def all(self) -> None:
        """Every section that names rows, fields or requests."""
        self._policies()
        self._columns()
        for section in ("quality",):
            for _, one in members(self.node, section):
                self._rows_named(child(one, "fields"), allowed=("*",))
        for name, one in members(child(self.node, "guards"), "changes"):
            self._row(name, child(child(self.node, "guards"), "changes").keys.get(name, one.place))
        self._writes()
        self._runs()
        self._hazards()
        self._moves_with()
        self._actions()

    def _row(self, name: str, place: Place, code: str = "field") -> None:
        """A name that must be a row of the mapping."""
        if name in self.rows:
            return
        if name in self.flow.target.fields or name.partition(".")[0] in self.flow.target.fields:
            message = f"the mapping has no row {name!r}, so this has no effect"
            self.bench.say("row-missing", message, place, severity=Severity.NOTE)
        else:
            self.bench.unknown(code, name, self.rows, place)

    def _rows_named(self, names: Iterable[Node], allowed: tuple[str, ...] = (), code: str = "field") -> None:
        for one in names:
            if str(one.value) not in allowed:
                self._row(str(one.value), one.place, code)

    def _policies(self) -> None:
        said = child(child(self.node, "push_policy"), "fields")
        for name in said.value:
            self._row(name, said.keys.get(name, said.place))

    def _columns(self) -> None:
        for _, names in members(self.node, "columns"):
            self._rows_named(names, code="column")

    # -- requests ------------------------------------------------------------------------------------

    def _writes(self) -> None:
        target, gone = self.flow.target, self.rules.gone
        pushed = [row for row in self.rows.values() if self.rules.policy_of(row.target).push in PUSHES_LATER]
        if pushed and target.update is None and not target.read_only:
            hint = "declare operations.update, or push on_create only"
            self.bench.say("update-missing", f"{target.name} has no update request", pushed[0].place, hint)
        if gone.source == "delete" and target.delete is None:
            place = place_of(child(self.node, "gone"), "source")
            self.bench.say("delete-missing", f"{target.name} has no delete request", place, "write source: keep")
        for line in self.flow.mapping.write_back:
            self._back(line.field, line.place)

    def _back(self, name: str, place: Place) -> None:
        """A write-back needs a source that can be written."""
        source = self.flow.source
        spec = source.fields.get(name)
        if source.read_only or (spec is not None and not spec.writable):
            self.bench.say("not-writable", f"{source.name}.{name} cannot be written", place)
        elif source.update is None:
            self.bench.say("update-missing", f"{source.name} has no update request", place)

    # -- runs ----------------------------------------------------------------------------------------

    def _runs(self) -> None:
        if not may_create(self.rules.match.outcome.none, self.rules.match.rules):
            return
        required = {name for name, spec in self.flow.target.fields.items() if spec.required and spec.writable}
        for name, run in self.rules.runs.items():
            lacking = sorted(required - run.columns) if run.columns is not None and run.creates else []
            if lacking:
                message = f"the run {name} may create, but its columns lack {', '.join(lacking)}"
                place = child(self.node, "runs").keys.get(name, self.node.place)
                self.bench.warn("required-missing", message, place, "add them, or write creates: false")

    def _hazards(self) -> None:
        """Declared hazards that these rules would run into."""
        self._mail()
        hazards, limits = self.flow.target.hazards, self.rules.guards.limits
        policies = {name: self.rules.policy_of(name) for name in self.rows}
        clearing = next((one for one in policies.values() if one.empty == "clear"), None)
        if "null_means_clear" in hazards and clearing and "blankings" not in limits:
            message = "an empty source clears the field there, and nothing limits how many"
            self.bench.warn("hazard", message, clearing.place, "write guards.blankings")
        fighting = next((one for one in policies.values() if one.drift == "put_back"), None)
        if "scripts_change_values" in hazards and fighting:
            message = f"scripts of {self.flow.target.name} change what was written: putting it back never ends"
            self.bench.warn("hazard", message, fighting.place, "write drift: keep")
        self._first_email()

    def _first_email(self) -> None:
        match = self.rules.match
        for rule in match.rules:
            fields = [self.flow.target.fields.get(pair.right_path.partition("|")[0]) for pair in rule.pairs]
            by_email = any(spec is not None and spec.type == "email" for spec in fields)
            first = (rule.many or match.outcome.many) == "first" and not match.order
            if by_email and first and "no_unique_email" in self.flow.target.hazards:
                message = f"{rule.id}: several {self.flow.target.title} records may share an email"
                self.bench.warn("hazard", message, rule.place, "write match.order, or many: review")

    def _moves_with(self) -> None:
        """Fields that change each other there are mapped together or not at all."""
        for name, row in self.rows.items():
            other = row.type.moves_with
            if other and other not in self.rows:
                message = f"{name} moves {other} along with it, and the mapping says nothing of {other}"
                self.bench.warn("moves-apart", message, row.place, f"add a row {other}")

    def _mail(self) -> None:
        hazards = self.flow.target.hazards
        creates = may_create(self.rules.match.outcome.none, self.rules.match.rules)
        if "sends_mail_on_create" in hazards and creates and "creates" not in self.rules.guards.limits:
            message = f"each new {self.flow.target.title} is sent a mail, and nothing limits how many are created"
            self.bench.warn("hazard", message, self.rules.guards.place, "write guards.creates")

    # -- actions -------------------------------------------------------------------------------------

    def _actions(self) -> None:
        for action in self.rules.actions.values():
            made = self.objects.get(action.create)
            if made is None:
                continue
            if action.write_back:
                reading, use = Reading(self.objects, self.bench), Use(made)
                for name, one in action.write_back.items():
                    reading.follow(use, tuple(one.text.split(".")), one.place)
                    self._back(name, one.place)
