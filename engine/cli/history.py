"""history: the audit trail of writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import click

from engine.cli.exits import DONE
from engine.cli.loading import flow_named, open_ruleset
from engine.cli.naming import keys_named
from engine.cli.opening import opened_store
from engine.cli.options import Given, common, write
from engine.model.errors import UsageError
from engine.model.operation import Operation
from engine.model.stored import Store
from engine.report.mask import Blind
from engine.report.plan_data import operation_tree
from engine.report.plan_text import change_text, headline
from engine.report.wording import json_text
from engine.spec.ruleset import Ruleset


@click.command()
@click.argument("record", required=False, default="")
@click.option("--run", "run_id", default="", metavar="ID", help="Only this run.")
@click.option("--flow", default="", metavar="FLOW", help="Only the runs of this flow.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@common()
def history(given: Given, record: str, run_id: str, flow: str, limit: int) -> int:
    """Tell what was written: when, by which run, from what to what, and by which rule; newest first.

    RECORD is connection:id, or system.object:id.
    """
    ruleset = open_ruleset(given)
    if flow:
        flow_named(ruleset, flow)
    with opened_store(given) as store:
        found = list(islice(_found(store, ruleset, record, run_id, flow), limit))
    blind = Blind(dict(ruleset.objects), reveal=given.reveal)
    if given.as_json:
        write(json_text([operation_tree(one, ruleset.flows.get(one.flow), blind) for one in found], indent=2))
    else:
        write("\n".join(line for one in found for line in _lines(one, ruleset, blind)) or "nothing has been written")
    return DONE


def _found(store: Store, ruleset: Ruleset, record: str, run_id: str, flow: str) -> Iterator[Operation]:
    if record:
        keys = keys_named(ruleset, record)
        operations = [one for key in keys for one in store.operations(record=key)]
        yield from _newest(one for one in operations if run_id in ("", one.run) and flow in ("", one.flow))
    elif run_id:
        if store.run(run_id) is None:
            raise UsageError(f"there is no run '{run_id}': `run.py state` lists the last ones")
        yield from _newest(store.operations(run=run_id))
    else:
        for run in store.runs(flow=flow, limit=1000):
            yield from _newest(store.operations(run=run.id))


def _newest(operations: Iterable[Operation]) -> list[Operation]:
    """What has happened, newest first; what is only planned has not."""
    done = (one for one in operations if one.state not in ("planned", "superseded"))
    return sorted(done, key=lambda one: (one.ended_at or one.opened_at, one.sequence), reverse=True)


def _lines(one: Operation, ruleset: Ruleset, blind: Blind) -> Iterator[str]:
    state = one.state if not one.error else f"{one.state}: {one.error}"
    yield f"{one.ended_at or one.opened_at}  {headline(one)}: {state}  (run {one.run})"
    flow = ruleset.flows.get(one.flow)
    for change in one.changes:
        rule = f"   {change.origin}" if change.origin else ""
        yield f"    {change_text(one, change, flow, blind)}{rule}"
