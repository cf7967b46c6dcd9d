"""review export and review apply: decisions as a file to keep, to compare, and to take in in bulk."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from engine.cli.exits import DONE, FOUND, say
from engine.cli.loading import open_ruleset
from engine.cli.opening import leased, open_shop, opened_store
from engine.cli.options import Given, common, write
from engine.config.read_decisions import read_decisions
from engine.model.errors import ConfigError
from engine.pipeline.decisions import ANSWERS, Decision, Taken, apply_decisions, decisions, unusable_trees
from engine.report.decisions_file import decisions_yaml
from engine.report.wording import count_text, json_text

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("export")
@click.argument("ledger", type=_FILE, required=False, metavar="LEDGER.yaml")
@click.option("--flow", default="", metavar="FLOW", help="Only decisions in this flow.")
@common()
def export_decisions(given: Given, ledger: Path | None, flow: str) -> int:
    """Write all decisions into LEDGER.yaml, or to stdout: one to a line, sorted, without any value of a record."""
    with opened_store(given) as store:
        found = decisions(store, flow)
    trees = [{name: one for name, one in each._asdict().items() if name != "line"} for each in found]
    if given.as_json:
        write(json_text(trees, indent=2))
    elif ledger is None:
        write(decisions_yaml(trees).rstrip("\n"))
    if ledger is not None:
        ledger.write_text(decisions_yaml(trees), "utf-8", newline="\n")
        say(f"{count_text(len(found), 'decision')} in {ledger}")
    return DONE


@click.command("apply")
@click.argument("ledger", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="LEDGER.yaml")
@click.option("--by", default="", metavar="NAME", help="Who decides where the ledger does not say.")
@common()
def apply_ledger(given: Given, ledger: Path, by: str) -> int:
    """Take in the decisions of LEDGER.yaml; what stands already is left alone. Ends with 1 when some cannot be used.

    A decision counts only for the evidence that it was made on: when a case shows something else by now, look again.
    """
    rows, lines, findings = read_decisions(ledger, tuple(ANSWERS))
    if findings:
        raise ConfigError(findings)
    said = [Decision(**row, line=line) for row, line in zip(rows, lines, strict=True)]
    ruleset = open_ruleset(given)
    with open_shop(given, ruleset) as shop, leased(shop.store):
        taken = apply_decisions(shop, said, by or user())
    _tell(given, ledger, taken)
    return FOUND if taken.unusable else DONE


def _tell(given: Given, ledger: Path, taken: Taken) -> None:
    unusable = list(unusable_trees(taken.unusable))
    if given.as_json:
        write(json_text({"made": len(taken.made), "already": len(taken.known), "unusable": unusable}, indent=2))
        return
    made = count_text(len(taken.made), "decision")
    write(f"{made} taken, {len(taken.known)} stood already, {len(unusable)} cannot be used")
    for one in unusable:
        write(f"  {ledger}:{one['line']}: {one['record']} in {one['flow']} [{one['code']}] {one['reason']}")


def user() -> str:
    """The user of this machine, as far as it can be told."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
