"""Measures: counts and sums that the rules name, over records, findings, cases or the run itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from engine.model.finding import NOWHERE, Finding, Severity
from engine.model.record import Record
from engine.model.values import ABSENT
from engine.pipeline.workshop import Workshop
from engine.spec.rules import Measure
from engine.spec.ruleset import FlowSpec

_CHUNK = 500

Tree = dict[str, Any]


class Measured(NamedTuple):
    """A measure's value in each group; one that has no groups has the group ""."""

    name: str
    groups: Mapping[str, Any]
    above: float | None = None

    @property
    def alerts(self) -> list[str]:
        """Groups whose value is above the limit."""
        if self.above is None:
            return []
        return [group for group, value in self.groups.items() if _is_number(value) and value > self.above]


class Moment(NamedTuple):
    """What is measured: a flow, its run, and what the run came to."""

    flow: FlowSpec
    run_id: str
    facts: Tree


def measure(shop: Workshop, moment: Moment, *, records: bool) -> list[Measured]:
    """The flow's measures; those that look at every record only where `records` says so."""
    found = moment.flow.rules.measures.values()
    return [_measured(shop, moment, one) for one in found if records or one.over not in ("source", "target")]


def alerts(flow: str, measured: Iterable[Measured]) -> list[Finding]:
    """One finding for each value that is above its limit."""
    return [
        Finding(
            f"measure-{one.name}",
            f"{flow}: {one.name}{f' of {group}' if group else ''} is {one.groups[group]}, more than {one.above:g}",
            NOWHERE,
            Severity.WARNING,
        )
        for one in measured
        for group in one.alerts
    ]


def lag_seconds(since: str, now: str) -> int:
    """How old the oldest change may be that a run brought: what came just after the reading before it."""
    return int((datetime.fromisoformat(now) - datetime.fromisoformat(since)).total_seconds()) if since else 0


def _measured(shop: Workshop, moment: Moment, one: Measure) -> Measured:
    settings = {"settings": moment.flow.settings, "now": shop.now()}
    groups: dict[str, list[Tree]] = {} if one.group_by else {"": []}
    for scope in _ITEMS[one.over](shop, moment):
        if one.where is None or one.where({**settings, **scope}) is True:
            groups.setdefault(_group(scope["item"], one.group_by), []).append(scope["item"])
    return Measured(one.name, {group: _plain(one.value(items)) for group, items in sorted(groups.items())}, one.above)


def _group(item: Tree, names: tuple[str, ...]) -> str:
    return " / ".join("-" if item.get(name) is None else str(item[name]) for name in names)


def _plain(value: Any) -> Any:
    """Nothing counts as 0, for the sum or the greatest of nothing."""
    if value is None or value is ABSENT:
        return 0
    return float(value) if isinstance(value, Decimal) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# -- what can be measured ------------------------------------------------------------------------------


def _sources(shop: Workshop, moment: Moment) -> Iterator[Tree]:
    return _records(shop, "source", moment.flow.source_connection.name, moment.flow.source.name)


def _targets(shop: Workshop, moment: Moment) -> Iterator[Tree]:
    return _records(shop, "target", moment.flow.target_connection.name, moment.flow.target.name)


def _records(shop: Workshop, side: str, connection: str, object: str) -> Iterator[Tree]:
    records = (one for one in shop.store.all_records(connection, object) if not one.gone)
    while chunk := list(islice(records, _CHUNK)):
        links = shop.store.links_of(connection, object, [one.key.id for one in chunk])
        for one in chunk:
            link = next((asdict(link) for link in links.get(one.key.id, ())), None)
            yield {"item": (item := _tree(one)), side: item, "link": link}


def _tree(record: Record) -> Tree:
    return {"id": record.key.id, **record.fields}


def _findings(shop: Workshop, moment: Moment) -> Iterator[Tree]:
    for one in shop.store.findings(moment.run_id):
        item = {"code": one.code, "message": one.message, "severity": str(one.severity), "record": one.record}
        yield {"item": item}


def _cases(shop: Workshop, moment: Moment) -> Iterator[Tree]:
    for one in shop.store.cases(state="open", flow=moment.flow.name):
        yield {"item": {"id": one.id, "kind": one.kind, "record": str(one.record), "opened_at": one.opened_at}}


def _run(shop: Workshop, moment: Moment) -> Iterator[Tree]:
    yield {"item": moment.facts}


_ITEMS: dict[str, Callable[[Workshop, Moment], Iterator[Tree]]] = {
    "source": _sources,
    "target": _targets,
    "findings": _findings,
    "cases": _cases,
    "run": _run,
}
