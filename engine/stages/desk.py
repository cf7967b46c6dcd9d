"""What every verb of deciding one record shares: the flow, the bundle, the run, and how operations are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from engine.model.bundle import Bundle, Step
from engine.model.finding import NOWHERE, Finding, Place, Severity
from engine.model.operation import Change, Effect, Kind, Operation
from engine.model.record import RecordKey
from engine.model.values import PENDING, Pending
from engine.spec.rules import RunSpec
from engine.spec.ruleset import FlowSpec
from engine.spec.system import RequestSpec


@dataclass(frozen=True, slots=True)
class Desk:
    """One record's decision under way. `steps` and `findings` are written as verbs go along."""

    flow: FlowSpec
    bundle: Bundle
    run_id: str
    now: str
    run: RunSpec | None = None
    only_actions: frozenset[str] = frozenset()
    """Actions asked for by name: done now whether due or not."""
    brief: bool = False
    """Nobody asks why: notes on single fields may be left out."""
    steps: list[Step] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def source(self) -> RecordKey:
        return self.bundle.record.key

    def scope(self, left: Mapping[str, Any]) -> dict[str, Any]:
        """Names that conditions on the source may use."""
        link = self.bundle.link
        known = {"id": link.other(self.source).id, "rule": link.rule, "role": link.role} if link else None
        return {"source": left, "settings": self.flow.settings, "now": self.now, "link": known}

    def passed(self, section: str) -> frozenset[str]:
        """Gates of a section that a person let this record through."""
        names = (name.partition(".") for name in self.bundle.accepted)
        return frozenset(name for part, _, name in names if part == section)

    def takes_part(self, target_field: str) -> bool:
        """True when this run writes the target field at all."""
        run = self.run
        return run is None or ((run.columns is None or target_field in run.columns) and target_field not in run.skip)

    def say(self, stage: str, text: str, place: Place = NOWHERE) -> None:
        """Add a line to the explanation."""
        self.steps.append(Step(stage, text, place))

    def find(
        self, code: str, message: str, place: Place = NOWHERE, severity: Severity = Severity.WARNING, hint: str = ""
    ) -> None:
        """Add a finding about this record."""
        self.findings.append(Finding(code, message, place, severity, hint, str(self.source)))

    def operation(
        self,
        kind: Kind,
        target: RecordKey,
        changes: tuple[Change, ...] = (),
        *,
        step: str = "record",
        request: RequestSpec | None = None,
        needs: tuple[str, ...] = (),
        settles: dict[str, Any] | None = None,
        source: RecordKey | None = None,
    ) -> Operation:
        """An operation with its stable id."""
        subject = source or self.source
        changes, waits = _portable(changes)
        needs = (*needs, *(one for one in waits if one not in needs))
        revision = self.bundle.revisions.get(step, 0)
        effect: Effect = request.effect if request else "repeatable"
        return Operation(
            id=operation_id(self.flow.name, subject, step, revision),
            run=self.run_id,
            flow=self.flow.name,
            kind=kind,
            source=subject,
            target=target,
            changes=changes,
            step=step,
            revision=revision,
            needs=needs,
            effect=effect,
            settles=settles or {},
        )


_SCALARS = frozenset((str, type(None), bool, int, Decimal))


def _portable(changes: tuple[Change, ...]) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes with pending values as plain trees, and the operations that they wait for."""
    waits: list[str] = []
    done = tuple(
        change
        if type(change.after) in _SCALARS or (after := _plain(change.after, waits)) is change.after
        else change._replace(after=after)
        for change in changes
    )
    return done, tuple(waits)


def _plain(value: Any, waits: list[str]) -> Any:
    """The same object when nothing in it is pending."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, Pending):
        waits.append(value.operation)
        return {PENDING: [value.operation, value.field]}
    if isinstance(value, dict):
        new = {name: _plain(one, waits) for name, one in value.items()}
        return new if any(new[name] is not one for name, one in value.items()) else value
    if isinstance(value, list):
        lines = [_plain(one, waits) for one in value]
        return lines if any(a is not b for a, b in zip(lines, value, strict=True)) else value
    return value


def operation_id(flow: str, source: RecordKey, step: str, revision: int) -> str:
    """The same after a crash, another after an outcome."""
    text = "\x1f".join((flow, *source, step, str(revision)))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
