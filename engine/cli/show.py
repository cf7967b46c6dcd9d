"""show: every effective value of a flow or a system, with the file and line that it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import click

from engine.cli.exits import DONE
from engine.cli.loading import open_ruleset
from engine.cli.options import Given, common, write
from engine.cli.show_record import show_record
from engine.config.document import Node
from engine.config.suggest import did_you_mean
from engine.model.errors import UsageError
from engine.report.tree_text import Leaf, leaves, leaves_text, leaves_tree
from engine.report.wording import json_text, table_text, value_text
from engine.spec.ruleset import FlowSpec, Ruleset

Table = tuple[Sequence[str], Sequence[Sequence[str]]]
"""Headings and rows."""


@click.command()
@click.argument("name")
@click.argument("field", required=False, default="")
@click.option("--with", "relations", multiple=True, metavar="RELATION", help="Of a record: what hangs on it, read now.")
@common()
def show(given: Given, name: str, field: str, relations: tuple[str, ...]) -> int:
    """Show NAME, which is a flow, a system, `flows` or `systems`; with FIELD, what concerns one target field.

    NAME may be a record too (connection:id or system.object:id): what is staged of it, and `--with payment_methods`
    and the like what hangs on it.
    """
    ruleset = open_ruleset(given)
    if ":" in name:
        return show_record(given, ruleset, name, relations)
    if name in _LISTS:
        _write_list(given, ruleset, name)
        return DONE
    found = list(_leaves(ruleset, name, field))
    if given.as_json:
        write(json_text(leaves_tree(found), indent=2))
        return DONE
    flow = ruleset.flows.get(name)
    if flow is not None and not field:
        write(_flow_head(flow) + "\n")
    write(leaves_text(found))
    return DONE


def _leaves(ruleset: Ruleset, name: str, field: str) -> Iterator[Leaf]:
    if name in ruleset.flows:
        mapping, rules = ruleset.origins[f"mapping/{name}"], ruleset.origins[f"rules/{name}"]
        if field:
            yield from _of_field(ruleset.flows[name], mapping, rules, field)
        else:
            yield from (*leaves(mapping), *leaves(rules))
    elif name in ruleset.systems:
        tree = ruleset.origins[f"system/{name}"]
        found = list(leaves(tree))
        yield from (leaf for leaf in found if not field or leaf.path == field or f".{field}." in f".{leaf.path}.")
    else:
        known = [*ruleset.flows, *ruleset.systems, *_LISTS]
        raise UsageError(f"there is no flow or system '{name}' ({did_you_mean(name, known)})")


def _of_field(flow: FlowSpec, mapping: Node, rules: Node, field: str) -> Iterator[Leaf]:
    """The mapping row, the push policy that holds for it, and every list of fields that names it."""
    row = mapping.at("fields", field)
    if row is None and field not in flow.mapping.by_target:
        names = sorted(flow.mapping.by_target)
        raise UsageError(f"{flow.name} maps no field '{field}' ({did_you_mean(field, names)})")
    if row is not None:
        yield from leaves(row, f"fields.{field}")
    for part in ("default", f"fields.{field}"):
        node = rules.at("push_policy", *part.split(".", 1))
        if node is not None:
            yield from leaves(node, f"push_policy.{part}")
    for leaf in leaves(rules):
        if isinstance(leaf.value, list) and field in leaf.value:
            yield leaf


def _flow_head(flow: FlowSpec) -> str:
    settings = ", ".join(f"{name}: {value_text(value)}" for name, value in flow.settings.items() if _is_plain(value))
    lines = [
        f"{flow.name}: {flow.source.name} ({flow.source_connection.name}) -> "
        f"{flow.target.name} ({flow.target_connection.name})",
        f"digest   {flow.digest}",
        f"reverse  {flow.reverse or 'none'}",
        f"settings {settings or 'none'}",
    ]
    return "\n".join(lines)


def _is_plain(value: object) -> bool:
    return not isinstance(value, (dict, list))


def _write_list(given: Given, ruleset: Ruleset, name: str) -> None:
    headings, rows = _LISTS[name](ruleset)
    if given.as_json:
        write(json_text([dict(zip(headings, row, strict=True)) for row in rows], indent=2))
    else:
        write(table_text(headings, rows))


def _flows(ruleset: Ruleset) -> Table:
    rows = [
        (flow.name, flow.source.name, flow.target.name, _named(flow.rules.runs), _named(flow.rules.needs))
        for flow in ruleset.flows.values()
    ]
    return ("flow", "source", "target", "runs", "needs"), rows


def _systems(ruleset: Ruleset) -> Table:
    rows = [
        (one.name, one.system.name, one.base_url or "-", _named(one.missing)) for one in ruleset.connections.values()
    ]
    return ("connection", "system", "base_url", "missing settings"), rows


def _named(names: Iterable[str]) -> str:
    return ", ".join(names) or "-"


_LISTS: dict[str, Callable[[Ruleset], Table]] = {"flows": _flows, "systems": _systems}
