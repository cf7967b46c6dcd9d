"""links: the stored matches; by hand one by one, or out of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from engine.cli.entity_links import show_entity
from engine.cli.exits import DONE, FOUND, say
from engine.cli.loading import flow_named, open_ruleset
from engine.cli.opening import leased, open_shop, opened_store
from engine.cli.options import Given, Group, common, write
from engine.model.errors import UsageError
from engine.model.link import Link
from engine.model.stored import Store
from engine.pipeline.by_hand import (
    Linked,
    Pair,
    Refusal,
    Stroke,
    begin_run,
    end_run,
    link_by_hand,
    source_of,
    unlink_by_hand,
)
from engine.pipeline.import_links import import_links as import_pairs
from engine.pipeline.workshop import Workshop, source_key, target_key
from engine.report.link_file import links_csv, read_links
from engine.report.sheet import sheet_text
from engine.report.wording import count_text, json_text, table_text
from engine.spec.ruleset import FlowSpec, Ruleset


@click.group(cls=Group)
def links() -> None:
    """List, add, remove, import and export links."""


# -- listing -------------------------------------------------------------------------------------------


@links.command("list")
@click.option("--flow", "flow_name", default="", metavar="FLOW", help="Only links between its ends.")
@click.option("--entity", "entity", default="", metavar="RECORD",
              help="Who is linked to it, in all systems; system.object alone: only links of that.")  # fmt: skip
@click.option("--status", "link_state", type=click.Choice(["confirmed", "broken", "rejected", "proposed", "forming"]),
              help="Only these.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@common()
def list_links(given: Given, flow_name: str, entity: str, link_state: str | None, limit: int) -> int:
    """List links: both ends, state, the rule that made them, and when."""
    ruleset = open_ruleset(given)
    if ":" in entity:
        return show_entity(given, ruleset, entity)
    flow = flow_named(ruleset, flow_name) if flow_name else None
    with opened_store(given) as store:
        found = [link for link in store.links(object=entity, state=link_state or "") if _is_of(link, flow)]
    rows = [(link.a, link.b, link.state, link.role, link.rule, link.made_at) for link in found[:limit]]
    if given.as_json:
        heads = ("a", "b", "state", "role", "rule", "made_at")
        write(json_text([dict(zip(heads, map(str, row), strict=True)) for row in rows], indent=2))
        return DONE
    write(table_text(("one", "other", "state", "role", "rule", "made at"), rows) if rows else "no links")
    if len(found) > limit:
        write(f"... and {len(found) - limit:,} more (--limit N)")
    return DONE


def _is_of(link: Link, flow: FlowSpec | None) -> bool:
    if flow is None:
        return True
    ends = {source_key(flow, "")[:2], target_key(flow, "")[:2]}
    return {link.a[:2], link.b[:2]} == ends


# -- by hand -------------------------------------------------------------------------------------------


@links.command("add")
@click.argument("flow_name", metavar="FLOW")
@click.argument("source_id")
@click.argument("target_id")
@click.option("--move", is_flag=True, help="Take the source from the record that it is linked to now.")
@click.option("--share", is_flag=True, help="Link a target that another record has already, as a second one.")
@click.option("--by", default="", metavar="NAME", help="Who says so, for the audit trail.")
@common()
def add_link(given: Given, flow_name: str, source_id: str, target_id: str, move: bool, share: bool, by: str) -> int:
    """Say that SOURCE_ID and TARGET_ID are the same customer. The next sync of FLOW goes on from there."""
    ruleset = open_ruleset(given)
    flow = flow_named(ruleset, flow_name)
    stroke = Stroke(by=by, move=move, share=share)
    result = _linked(given, ruleset, flow, [Pair(source_id.strip(), target_id.strip())], stroke)
    if result.refused:
        say(f"not linked: {result.refused[0].reason}")
        return FOUND
    word = "linked" if result.made else "linked already"
    write(json_text({"linked": len(result.made)}) if given.as_json else f"{word}: {source_id} and {target_id}")
    return DONE


@links.command("remove")
@click.argument("flow_name", metavar="FLOW")
@click.argument("source_id")
@click.argument("target_id", required=False, default="")
@click.option("--rematch", is_flag=True, help="Let the rules match it again; else this pair is never linked again.")
@click.option("--by", default="", metavar="NAME", help="Who says so, for the audit trail.")
@common()
def remove_link(given: Given, flow_name: str, source_id: str, target_id: str, rematch: bool, by: str) -> int:
    """Say that SOURCE_ID and what it is linked to are not the same customer. Nothing is deleted in any system."""
    ruleset = open_ruleset(given)
    flow = flow_named(ruleset, flow_name)
    with open_shop(given, ruleset) as shop, leased(shop.store):
        found = _links_of(shop.store, flow, source_id, target_id)
        if not found:
            raise UsageError(f"{source_id} has no such link: `run.py links list --flow {flow.name}`")
        begin_run(shop, flow, "links")
        for link in found:
            unlink_by_hand(shop, flow, link, state="broken" if rematch else "rejected", by=by)
        end_run(shop, {"unlinked": len(found)})
    write(json_text({"unlinked": len(found)}) if given.as_json else f"unlinked: {source_id}")
    if not given.as_json:
        write(
            "  the rules may match it again" if rematch else f"  never linked again, unless by `links add {flow.name}`"
        )
    return DONE


def _links_of(store: Store, flow: FlowSpec, source_id: str, target_id: str) -> list[Link]:
    source = source_key(flow, source_id)
    found = store.links_of(*source[:2], [source_id], target_key(flow, "")[:2]).get(source_id, [])
    return [link for link in found if target_id in ("", link.other(source).id)]


Linking = Callable[[Workshop, FlowSpec, Sequence[Pair], Stroke], Linked]


def _linked(
    given: Given, ruleset: Ruleset, flow: FlowSpec, pairs: list[Pair], stroke: Stroke, link: Linking = link_by_hand
) -> Linked:
    with open_shop(given, ruleset, create=True) as shop, leased(shop.store):
        begin_run(shop, flow, "links")
        result = link(shop, flow, pairs, stroke)
        end_run(shop, {"linked": len(result.made), "refused": len(result.refused)})
        return result


# -- files ---------------------------------------------------------------------------------------------


@links.command("import")
@click.argument("flow_name", metavar="FLOW")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "refused_file", type=click.Path(dir_okay=False, path_type=Path), metavar="REFUSED.csv",
              help="Where the rows that were refused go, with the reason.")  # fmt: skip
@click.option("--move", is_flag=True, help="Take sources from the records that they are linked to now.")
@click.option("--by", default="", metavar="NAME", help="Who says so, for the audit trail.")
@common()
def import_links(given: Given, flow_name: str, file: Path, refused_file: Path | None, move: bool, by: str) -> int:
    """Link the pairs of a CSV file. Its headings are those of `links.columns` in the rules of FLOW.

    Rows are refused when an id is blank or unknown, stands twice, or is linked elsewhere; the rest is linked.
    """
    ruleset = open_ruleset(given)
    flow = flow_named(ruleset, flow_name)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8: save it as CSV UTF-8") from error
    pairs = [Pair(*row) for row in read_links(text, flow.rules.links)]
    result = _linked(given, ruleset, flow, pairs, Stroke("imported", by, move=move), import_pairs)
    if refused_file is not None:
        refused_file.write_text(_refused_csv(result.refused), "utf-8", newline="")
    _tell_import(given, result)
    return FOUND if result.refused else DONE


def _refused_csv(refused: tuple[Refusal, ...]) -> str:
    rows = [(one.pair.line, one.pair.source, one.pair.target, one.code, one.reason) for one in refused]
    return sheet_text(("line", "source", "target", "code", "reason"), rows)


def _tell_import(given: Given, result: Linked) -> None:
    if given.as_json:
        refused = [{"line": one.pair.line, "source": one.pair.source, "target": one.pair.target, "code": one.code,
                    "reason": one.reason} for one in result.refused]  # fmt: skip
        tree = {"linked": len(result.made), "already": len(result.known), "refused": refused}
        write(json_text(tree, indent=2))
        return
    already = f", {len(result.known):,} were linked already" if result.known else ""
    write(f"{count_text(len(result.made), 'pair')} linked{already}, {len(result.refused):,} refused")
    for one in result.refused[:20]:
        write(f"  line {one.pair.line}: [{one.code}] {one.reason}")
    if len(result.refused) > 20:
        write(f"  ... and {len(result.refused) - 20:,} more; -o REFUSED.csv writes them all")


@links.command("export")
@click.argument("flow_name", metavar="FLOW")
@click.option("-o", "out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.csv", help="Else stdout.")
@common()
def export_links(given: Given, flow_name: str, out: Path | None) -> int:
    """Write the links of FLOW as a link file that import takes."""
    ruleset = open_ruleset(given)
    flow = flow_named(ruleset, flow_name)
    with opened_store(given) as store:
        rows = list(_pairs(store, flow))
    text = links_csv(rows, flow.rules.links)
    if out is not None:
        out.write_text(text, "utf-8", newline="")
    if given.as_json:
        write(json_text([{"source": source, "target": target} for source, target in rows], indent=2))
    else:
        write(f"{count_text(len(rows), 'link')} written to {out}" if out else "\n".join(text.splitlines()))
    return DONE


def _pairs(store: Store, flow: FlowSpec) -> Iterator[tuple[str, str]]:
    source = source_key(flow, "")
    for link in store.links(object=source.object, state="confirmed"):
        if _is_of(link, flow):
            id = source_of(link, source)
            yield id, link.other(source._replace(id=id)).id
