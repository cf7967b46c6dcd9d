"""rebaseline: take both sides of every link as agreed, as they stand."""

from __future__ import annotations

import sys

import click

from engine.cli.exits import DONE
from engine.cli.loading import flow_named, open_ruleset
from engine.cli.opening import leased, open_shop
from engine.cli.options import Given, common, write
from engine.cli.ordering import need_accounts
from engine.model.errors import Refused
from engine.pipeline.rebaseline import rebaseline as rebaseline_flow
from engine.report.wording import json_text


@click.command()
@click.argument("flow")
@click.option("--offline", is_flag=True, help="On what is staged; no system is asked.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@common()
def rebaseline(given: Given, flow: str, offline: bool, yes: bool) -> int:
    """Remember what both sides of every link of FLOW say now, so that only later changes count.

    For a mapping or a setting that changed on purpose and shall not rewrite what is there. Nothing is written to
    any system; edits that were not synced yet are taken as agreed too.
    """
    ruleset = open_ruleset(given)
    spec = flow_named(ruleset, flow)
    if not offline:
        need_accounts(spec)
    _ask(spec.name, yes=yes)
    with open_shop(given, ruleset) as shop, leased(shop.store):
        counts = rebaseline_flow(shop, spec, offline=offline)
    left = f", {counts['left']:,} left as they were: one side is gone or unread" if counts["left"] else ""
    text = f"{spec.name}: {counts['rebaselined']:,} links are taken as agreed as they stand{left}"
    write(json_text({"flow": spec.name, **counts}) if given.as_json else text)
    return DONE


def _ask(flow: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused(f"rebaseline forgets what differs between the two sides of {flow}: say --yes")
    question = f"Take both sides of every link of {flow} as agreed, edits that were not synced included?"
    if not click.confirm(question, err=True):
        raise Refused("nothing was changed")
