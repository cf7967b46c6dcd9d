"""why: what becomes of one record, field by field, with the rule behind each."""

from __future__ import annotations

from collections.abc import Iterator

import click

from engine.cli.exits import DONE, FOUND, say
from engine.cli.loading import flow_named, open_ruleset
from engine.cli.naming import keys_named
from engine.cli.opening import open_shop
from engine.cli.options import Given, common, write
from engine.config.suggest import did_you_mean
from engine.model.errors import UsageError
from engine.model.record import RecordKey
from engine.pipeline.explain import Explanation, explain
from engine.pipeline.workshop import Workshop
from engine.report.mask import Blind
from engine.report.why_text import WhyView, why_text, why_tree
from engine.report.wording import json_text
from engine.spec.ruleset import FlowSpec


@click.command()
@click.argument("record")
@click.argument("field", required=False, default="")
@click.option("--flow", "flow_name", default="", metavar="FLOW", help="Only this flow.")
@click.option("--live", is_flag=True, help="Read the record now; else what is staged counts.")
@common()
def why(given: Given, record: str, field: str, flow_name: str, live: bool) -> int:
    """Explain RECORD (connection:id or system.object:id), or one FIELD of it, in every flow that it takes part in.

    The decision is made anew on what is staged; no system is asked unless --live.
    """
    ruleset = open_ruleset(given)
    flows = [flow_named(ruleset, flow_name)] if flow_name else list(ruleset.flows.values())
    if record in ruleset.flows and field:
        name = f"{ruleset.flows[record].source_connection.name}:{field}"
        raise UsageError(f"a record is named by its connection: run.py why {name} --flow {record}")
    keys = keys_named(ruleset, record)
    blind = Blind(dict(ruleset.objects), reveal=given.reveal)
    with open_shop(given, ruleset) as shop:
        views = [_view(shop, one) for one in _explanations(shop, flows, keys, live=live)]
    if not views:
        hint = "" if live else "; `--live` reads it now, `run.py sync` stages everything"
        say(f"{record} is not staged{' and no system has it' if live else ''}{hint}")
        return FOUND
    shown = [view for view in views if not field or field in view.flow.mapping.by_target]
    if not shown:
        _no_such_field(field, views)
    if given.as_json:
        write(json_text([why_tree(view, blind, field) for view in shown], indent=2))
    else:
        write("\n\n".join(why_text(view, blind, field, verbose=given.verbose) for view in shown))
    return DONE


def _explanations(shop: Workshop, flows: list[FlowSpec], keys: list[RecordKey], *, live: bool) -> Iterator[Explanation]:
    for flow in flows:
        for id in _source_ids(shop, flow, keys):
            found = explain(shop, flow, id, live=live)
            if found is not None:
                yield found


def _source_ids(shop: Workshop, flow: FlowSpec, keys: list[RecordKey]) -> list[str]:
    """Ids of the flow's source records that are meant: by themselves, or by the target that they are linked to."""
    source = (flow.source_connection.name, flow.source.name)
    target = (flow.target_connection.name, flow.target.name)
    found: dict[str, None] = {}
    for key in keys:
        if key[:2] == source:
            found[key.id] = None
        elif key[:2] == target:
            for link in shop.store.links_of(*target, [key.id], source).get(key.id, []):
                found[link.other(key).id] = None
    return list(found)


def _view(shop: Workshop, one: Explanation) -> WhyView:
    key = one.bundle.record.key
    done = [op for op in shop.store.operations(record=key) if op.source == key and op.flow == one.flow.name]
    history = sorted((op for op in done if op.state != "planned"), key=lambda op: (op.ended_at, op.sequence))
    return WhyView(one.flow, one.bundle, one.verdict, one.left, one.mapped, history)


def _no_such_field(field: str, views: list[WhyView]) -> None:
    names = sorted({name for view in views for name in view.flow.mapping.by_target})
    raise UsageError(f"no mapping has a field '{field}' ({did_you_mean(field, names)})")
