"""Checks of all flows together: who writes what, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.config.compile_bench import Bench
from engine.config.compile_flow import Compiled
from engine.config.compile_members import child
from engine.config.compile_rows import below
from engine.config.lint_rows import UPDATES
from engine.model.finding import Place
from engine.spec.mapping import Row, Text
from engine.spec.ruleset import FlowSpec


class Writer(NamedTuple):
    """Somebody who writes a field of an object."""

    flow: str
    field: str
    place: Place
    rules: bool
    """It claims authority: it wins conflicts, or puts back what others write."""
    puts_back: bool = False
    value: tuple[str, str] = ("", "")
    """(object, path) of the value where it is a plain path: two that write the same value do no harm."""


def lint_flows(flows: Sequence[Compiled], bench: Bench) -> None:
    """Every check over several flows."""
    specs = [one.flow for one in flows]
    _yields(flows, bench)
    _two_writers(specs, bench)
    _two_authorities(specs, bench)
    _linked(specs, bench)
    _circles(specs, bench)


# -- writers -----------------------------------------------------------------------------------------------


def writers(flow: FlowSpec) -> Iterator[tuple[tuple[str, str], Writer]]:
    """(connection, object) and the writer, for everything that a flow updates."""
    for row in flow.mapping.rows:
        policy = flow.rules.policy_of(row.target)
        if policy.push in UPDATES:
            puts_back = policy.drift == "put_back"
            claims = policy.conflict == "source" or puts_back
            value = (flow.source.name, row.source.text) if isinstance(row.source, Text) else ("", "")
            at = (flow.target_connection.name, flow.target.name)
            yield at, Writer(flow.name, row.target, row.place, claims, puts_back, value)
    at = (flow.source_connection.name, flow.source.name)
    for line in flow.mapping.write_back:
        yield at, Writer(flow.name, line.field, line.place, True, True, (flow.target.name, line.path.text))
    for action in flow.rules.actions.values():
        for name, path in action.write_back.items():
            yield at, Writer(flow.name, name, path.place, True, True, (action.create, path.text))


def _yields(flows: Sequence[Compiled], bench: Bench) -> None:
    """A flow can yield only where the other one writes too."""
    targets = {one.flow.name: (one.flow.target_connection.name, one.flow.target.name) for one in flows}
    for one in flows:
        for node in child(one.rules.root, "yields_to"):
            name = str(node.value)
            if name in targets and targets[name] != targets[one.flow.name]:
                message = f"{name} writes {targets[name][1]}, not {one.flow.target.name}: there is nothing to yield"
                bench.say("yields-nowhere", message, node.place, "take it out, or name a flow into the same object")


def _two_writers(flows: Sequence[FlowSpec], bench: Bench) -> None:
    """At most one flow may be the authority for a field."""
    yielding = {(flow.name, other) for flow in flows for other in flow.rules.yields_to}
    first: dict[tuple[str, str, str], Writer] = {}
    for flow in flows:
        for at, one in writers(flow):
            key = (*at, one.field)
            other = first.setdefault(key, one)
            same_value = one.value == other.value and one.value != ("", "")
            if other is one or other.flow == one.flow or same_value:
                continue
            if (one.flow, other.flow) in yielding or (other.flow, one.flow) in yielding:
                continue
            if (one.rules and other.rules) or one.puts_back or other.puts_back:
                message = f"{at[1]}.{one.field} has two writers that both want to win: {other.flow} and {one.flow}"
                hint = f"write yields_to, or conflict: target and drift: keep (the other stands at {other.place})"
                bench.say("two-writers", message, one.place, hint)


def _two_authorities(flows: Sequence[FlowSpec], bench: Bench) -> None:
    """Two directions of one field cannot both be right."""
    by_name = {flow.name: flow for flow in flows}
    ends = {
        (flow.source_connection.name, flow.source.name, flow.target_connection.name, flow.target.name): flow
        for flow in flows
    }
    for flow in flows:
        key = (flow.target_connection.name, flow.target.name, flow.source_connection.name, flow.source.name)
        other = ends.get(key)
        if other is None or other.name not in by_name or flow.name > other.name:
            continue
        for row, back in _facing(flow, other):
            if _claims(flow, row) and _claims(other, back):
                message = f"{flow.name} and {other.name} both claim that their side is right about {row.target}"
                hint = f"write conflict: target for one of them (the other stands at {row.place})"
                bench.say("two-authorities", message, back.place, hint)


def _facing(flow: FlowSpec, other: FlowSpec) -> Iterator[tuple[Row, Row]]:
    """Rows of two directions that read each other's field."""
    for row in flow.mapping.rows:
        back = other.mapping.by_target.get(row.source.text) if isinstance(row.source, Text) else None
        if back is not None and isinstance(back.source, Text) and back.source.text == row.target:
            yield row, back


def _claims(flow: FlowSpec, row: Row) -> bool:
    policy = flow.rules.policy_of(row.target)
    return policy.push in UPDATES and (policy.conflict == "source" or policy.drift == "put_back")


# -- links -------------------------------------------------------------------------------------------------


def _linking(flows: Sequence[FlowSpec]) -> dict[tuple[str, str], list[str]]:
    """(object, object that it is linked to) -> flows that make such links, in either direction."""
    found: dict[tuple[str, str], list[str]] = {}
    for flow in flows:
        found.setdefault((flow.source.name, flow.target.name), []).append(flow.name)
        found.setdefault((flow.target.name, flow.source.name), []).append(flow.name)
    return found


def _rows(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        yield from _rows(below(row))


def _linked(flows: Sequence[FlowSpec], bench: Bench) -> None:
    made = _linking(flows)
    for flow in flows:
        for row in _rows(flow.mapping.rows):
            if row.linked and row.type.to and (row.linked, row.type.to) not in made:
                message = f"{row.target}: no flow links {row.linked} to {row.type.to}"
                hint = "write a flow between the two, or look it up with `by`"
                bench.warn("linked-nowhere", message, row.place, hint)


def _circles(flows: Sequence[FlowSpec], bench: Bench) -> None:
    """Flows that wait for each other's records need one row that comes later."""
    made = _linking(flows)
    waits: dict[str, dict[str, Row]] = {}
    for flow in flows:
        for row in _rows(flow.mapping.rows):
            if row.linked and row.missing not in ("later", "leave"):
                for other in made.get((row.linked, row.type.to), ()):
                    waits.setdefault(flow.name, {})[other] = row
    for name in sorted(waits):
        circle = _circle(name, waits, (name,))
        if circle and name == min(circle):
            row = waits[name][circle[1]]
            message = f"these flows wait for each other's records: {' -> '.join(circle)}"
            bench.say("reference-cycle", message, row.place, "write missing: later in one of the rows")


def _circle(start: str, waits: dict[str, dict[str, Row]], way: tuple[str, ...]) -> tuple[str, ...]:
    for other in waits.get(way[-1], ()):
        if other == start and len(way) > 1:
            return (*way, start)
        if other not in way:
            found = _circle(start, waits, (*way, other))
            if found:
                return found
    return ()
