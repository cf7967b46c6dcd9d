"""review: cases that wait for a person, and what the person says."""

from __future__ import annotations

from typing import Any

import click

from engine.cli.decisions import apply_ledger, export_decisions, user
from engine.cli.exits import CASES, DONE
from engine.cli.loading import open_ruleset
from engine.cli.opening import leased, open_shop, opened_store
from engine.cli.options import Given, Group, common, write
from engine.model.errors import UsageError
from engine.model.run import Case
from engine.model.stored import Store
from engine.pipeline.evidence import Evidence, evidence_of
from engine.pipeline.resolve_case import Answer, resolve_case
from engine.report.evidence_text import fields_text, fields_tree, rules_text, rules_tree
from engine.report.mask import Blind
from engine.report.wording import json_text, table_text, value_text


@click.group(cls=Group)
def review() -> None:
    """Decide the cases that wait for a person."""


@review.command("list")
@click.option("--flow", default="", metavar="FLOW", help="Only cases of this flow.")
@click.option("--status", "case_state", type=click.Choice(["open", "accepted", "rejected", "deferred", "any"]),
              default="open", show_default=True)  # fmt: skip
@common()
def list_cases(given: Given, flow: str, case_state: str) -> int:
    """List cases: which record, what about it, since when. Ends with 4 while open ones wait."""
    with opened_store(given) as store:
        found = list(store.cases(state="" if case_state == "any" else case_state, flow=flow))
    if given.as_json:
        write(json_text([_tree(one) for one in found], indent=2))
    elif not found:
        write("no case waits" if case_state == "open" else "no such case")
    else:
        rows = [(one.id, one.flow, one.kind, str(one.record), _brief(one), one.state, one.opened_at) for one in found]
        write(table_text(("case", "flow", "kind", "record", "evidence", "state", "since"), rows))
        write("\nrun.py review show CASE tells more; accept, reject or defer decide")
    return CASES if any(one.state == "open" for one in found) else DONE


@review.command("show")
@click.argument("case_id", metavar="CASE")
@click.option("--live", is_flag=True, help="Read the records now; else what is staged counts.")
@common()
def show_case(given: Given, case_id: str, live: bool) -> int:
    """Show one case with its evidence: what each match rule compares, value beside value, candidates as columns."""
    ruleset = open_ruleset(given)
    with open_shop(given, ruleset) as shop:
        case = _case(shop.store, case_id)
        flow = ruleset.flows.get(case.flow)
        seen = evidence_of(shop, flow, case, live=live) if flow else None
    blind = Blind(dict(ruleset.objects), reveal=given.reveal)
    if given.as_json:
        write(json_text({**_tree(case), **(_seen_tree(seen, blind) if seen else {})}, indent=2))
    else:
        write("\n".join([*_case_lines(case), *(_seen_lines(case, seen, blind) if seen else [])]))
    return DONE


def _seen_lines(case: Case, seen: Evidence, blind: Blind) -> list[str]:
    if seen.fields:
        return ["", fields_text(seen.flow, seen.fields, blind)]
    return ["", rules_text(seen.flow, case.record.id, seen.candidates, seen.rules, blind)] if seen.rules else []


def _seen_tree(seen: Evidence, blind: Blind) -> dict[str, Any]:
    return {
        "rules": rules_tree(seen.flow, seen.rules, blind),
        "fields": fields_tree(seen.flow, seen.fields, blind),
    }


def _case_lines(case: Case) -> list[str]:
    lines = [f"{case.id}: {case.kind} of {case.record} in {case.flow} ({case.state} since {case.opened_at})"]
    lines += [f"  {name}: {value_text(value)}" for name, value in case.evidence.items()]
    if case.decided_at:
        lines.append(f"  {case.state} by {case.decided_by or 'somebody'} at {case.decided_at} {case.choice}".rstrip())
    lines.append(f"  what the record looks like: run.py why {case.record} --flow {case.flow}")
    return lines


def _case(store: Store, id: str) -> Case:
    case = store.case(id)
    if case is None:
        raise UsageError(f"there is no case '{id}': `run.py review list` names them")
    return case


def _brief(case: Case) -> str:
    return value_text(", ".join(f"{name}: {_short(value)}" for name, value in case.evidence.items()), 60).strip('"')


def _short(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


def _tree(case: Case) -> dict[str, Any]:
    return {
        "id": case.id, "flow": case.flow, "kind": case.kind, "record": str(case.record), "evidence": case.evidence,
        "state": case.state, "opened_at": case.opened_at, "decided_at": case.decided_at,
        "decided_by": case.decided_by, "choice": case.choice,
    }  # fmt: skip


# -- decisions -----------------------------------------------------------------------------------------


def _decide(given: Given, case_id: str, answer: Answer, choose: str, by: str) -> int:
    ruleset = open_ruleset(given)
    with open_shop(given, ruleset) as shop, leased(shop.store):
        case = _case(shop.store, case_id)
        if case.state not in ("open", "deferred"):
            raise UsageError(f"{case.id} was {case.state} at {case.decided_at} already")
        said = resolve_case(shop, case, answer, choose=choose, by=by or user())
    write(json_text({"case": case_id, "state": answer, "said": said}) if given.as_json else f"{answer}: {said}")
    return DONE


_CHOOSE = click.option("--choose", default="", metavar="ID", help="The record; in a conflict `source` or `target`.")
_BY = click.option("--by", default="", metavar="NAME", help="Who decides; default: the user of this machine.")


@review.command("accept")
@click.argument("case_id", metavar="CASE")
@_CHOOSE
@_BY
@common()
def accept_case(given: Given, case_id: str, choose: str, by: str) -> int:
    """Yes: link them, let the record through the gate, let the chosen side win, or take the operation as done."""
    return _decide(given, case_id, "accepted", choose, by)


@review.command("reject")
@click.argument("case_id", metavar="CASE")
@_CHOOSE
@_BY
@common()
def reject_case(given: Given, case_id: str, choose: str, by: str) -> int:
    """No: these are not the same customer, and are never proposed again; or the operation was not done."""
    return _decide(given, case_id, "rejected", choose, by)


@review.command("defer")
@click.argument("case_id", metavar="CASE")
@_BY
@common()
def defer_case(given: Given, case_id: str, by: str) -> int:
    """Later: put the case aside."""
    return _decide(given, case_id, "deferred", "", by)


review.add_command(export_decisions)
review.add_command(apply_ledger)
