"""state: how the store stands, and what one does to keep it well."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from engine.cli.exits import DONE
from engine.cli.loading import open_ruleset
from engine.cli.naming import keys_named
from engine.cli.opening import leased, opened_store
from engine.cli.options import Given, Group, common, write
from engine.model.errors import Refused
from engine.model.link import Link
from engine.model.record import RecordKey
from engine.model.stored import Store
from engine.report.wording import count_text, json_text, table_text
from engine.spec.ruleset import FlowSpec, Ruleset


@click.group(cls=Group)
def state() -> None:
    """How the store stands; back it up, prune it."""


@state.command("show")
@common()
def show_state(given: Given) -> int:
    """Rows, sizes, how far each object has been read, how far each flow has decided, and the last runs."""
    ruleset = open_ruleset(given)
    with opened_store(given) as store:
        tree = _tree(store, ruleset)
    write(json_text(tree, indent=2) if given.as_json else _text(tree))
    return DONE


def _tree(store: Store, ruleset: Ruleset) -> dict[str, Any]:
    summary = store.summary()
    cursors = [(at, store.cursor(*at), store.count(*at)) for at in sorted(ruleset.reads)]
    return {
        "store": {"path": summary.path, "id": summary.id, "schema": summary.schema, "size": summary.size,
                  "log_size": summary.log_size, "behind": summary.behind, "rows": summary.rows},
        "read": [
            {"connection": at[0], "object": at[1], "records": number, "since": cursor.since,
             "complete_at": cursor.complete_at}
            for at, cursor, number in cursors
        ],
        "flows": [_flow(store, flow) for flow in ruleset.flows.values()],
        "runs": [
            {"run": one.id, "verb": one.verb, "state": one.state, "started_at": one.started_at,
             "read": one.counts.get("read", "")}
            for one in store.runs(limit=10)
        ],
    }  # fmt: skip


def _flow(store: Store, flow: FlowSpec) -> dict[str, Any]:
    """How far a flow has decided, and how many records stand still until something moves."""
    still = store.stopped(flow.name, flow.source_connection.name, flow.source.name)
    ends = {end: still.get(end, 0) for end in ("waiting", "held", "skipped")}
    return {"flow": flow.name, "decided_to": store.watermark(flow.name, "")[0], **ends}


def _text(tree: dict[str, Any]) -> str:
    store = tree["store"]
    parts = [
        f"store {store['path']} ({store['size'] / 1e6:.1f} MB, log {store['log_size'] / 1e6:.1f} MB, id {store['id']})",
        *(["  BEHIND: committed work has vanished; the next run looks in the systems before it creates anything"]
          if store["behind"] else []),
        "  " + ", ".join(f"{number:,} {name}" for name, number in store["rows"].items() if number),
    ]  # fmt: skip
    for title in ("read", "flows", "runs"):
        rows = [list(row.values()) for row in tree[title]]
        if rows:
            parts += ["", table_text([name.replace("_", " ") for name in tree[title][0]], rows)]
    return "\n".join(parts)


@state.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@common()
def backup_state(given: Given, file: Path) -> int:
    """Copy the store to FILE while it is in use. The copy appears only when it is whole."""
    with opened_store(given) as store:
        store.backup(file)
    write(json_text({"backup": str(file)}) if given.as_json else f"the store is copied to {file}")
    return DONE


@state.command("prune")
@click.option("--days", type=click.IntRange(1), required=True, help="Keep what ended within so many days.")
@common()
def prune_state(given: Given, days: int) -> int:
    """Forget what old operations wrote and replaced. That they happened stays known, and so do links and bases."""
    before = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with opened_store(given) as store, leased(store):
        number = store.prune(before)
    text = f"the contents of {count_text(number, 'operation')} that ended before {before} are forgotten"
    write(json_text({"pruned": number, "before": before}) if given.as_json else text)
    return DONE


@state.command("forget")
@click.argument("record")
@click.option("--with-linked", is_flag=True, help="The records that it is linked to as well.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common()
def forget_record(given: Given, record: str, with_linked: bool, yes: bool) -> int:
    """Take what RECORD (connection:id) said out of the store for good: a person has asked to be forgotten.

    Nothing is deleted in any system; what a system still holds is read again. That writes were made, when and by which
    rule stays known, their values do not. Backups that exist keep theirs.
    """
    ruleset = open_ruleset(given)
    keys = keys_named(ruleset, record)
    with opened_store(given) as store, leased(store):
        found = [key for key in keys if key.id in store.records(key.connection, key.object, [key.id])] or keys[:1]
        linked = [link.other(key) for key in found for link in _links_of(store, key)]
        chosen = [*found, *linked] if with_linked else found
        _ask([str(key) for key in chosen], yes=yes)
        counts = {str(key): store.forget(key) for key in dict.fromkeys(chosen)}
    if given.as_json:
        write(json_text(counts, indent=2))
        return DONE
    for name, tables in counts.items():
        said = ", ".join(f"{number} {table}" for table, number in tables.items())
        write(f"{name}: {said or 'nothing was known of it'}")
    if linked and not with_linked:
        write(f"it was linked to {', '.join(map(str, linked))}, which are still known: --with-linked forgets them too")
    return DONE


def _links_of(store: Store, key: RecordKey) -> list[Link]:
    return store.links_of(key.connection, key.object, [key.id]).get(key.id, [])


def _ask(names: list[str], *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused(f"what is forgotten cannot be brought back: say --yes to forget {', '.join(names)}")
    if not click.confirm(f"Forget {', '.join(names)} for good?", err=True):
        raise Refused("nothing was forgotten")
