"""Records as people name them: `connection:id`, or `system.object:id`."""

from __future__ import annotations

from collections.abc import Iterable

from engine.config.suggest import did_you_mean
from engine.model.errors import UsageError
from engine.model.record import RecordKey
from engine.spec.ruleset import FlowSpec, Ruleset


def keys_named(ruleset: Ruleset, text: str) -> list[RecordKey]:
    """Every record that the text may mean: an object alone has one key per connection, a connection one per object."""
    name, colon, id = text.partition(":")
    if not colon or not id:
        raise UsageError(
            f"'{text}' names no record: write connection:id, or system.object:id{_for_example(ruleset, text)}"
        )
    ends = dict.fromkeys(_ends(ruleset.flows.values()))
    found = [RecordKey(connection, object, id) for connection, object in ends if name in (connection, object)]
    if not found:
        known = sorted({part for end in ends for part in end})
        raise UsageError(f"no flow has records of '{name}' ({did_you_mean(name, known)})")
    return found


def _for_example(ruleset: Ruleset, text: str) -> str:
    """The same with a connection before it; a flow's name alone stands for a record of its source."""
    flow = ruleset.flows.get(text)
    if flow is not None:
        return f", such as {flow.source_connection.name}:ID, with --flow {flow.name} for this flow alone"
    names = dict.fromkeys(connection for connection, _ in _ends(ruleset.flows.values()))
    return f", such as {' or '.join(f'{name}:{text}' for name in list(names)[:6])}" if text.strip(":") else ""


def _ends(flows: Iterable[FlowSpec]) -> Iterable[tuple[str, str]]:
    for flow in flows:
        yield flow.source_connection.name, flow.source.name
        yield flow.target_connection.name, flow.target.name
