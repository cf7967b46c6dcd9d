"""A flow in a few lines: when it runs, who takes part, what becomes of a new record, what is written, what stops it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.report.markdown import codes
from engine.report.page_words import CONFLICT, DRIFT, ENDS, OUTCOMES, PUSH, STARTS

Tree = Mapping[str, Any]


def flow_summary(mapping: Tree, rules: Tree) -> str:
    """A list of what matters first."""
    return "\n".join(
        f"- {line}" for line in (*_who(rules), *_match(rules), *_writes(mapping, rules), *_stops(rules))
    )


def _named(tree: Tree | None) -> dict[str, Any]:
    return {name: one for name, one in (tree or {}).items() if not name.startswith("x-")}


def _who(rules: Tree) -> Iterator[str]:
    starts = dict.fromkeys(STARTS[run["start"]] for run in _named(rules.get("runs")).values())
    if starts:
        yield f"Meant to run {', '.join(starts)}."
    gates = codes(_named(rules.get("select")))
    yield f"Only records that pass {gates} take part." if gates else "Every record takes part."
    if begin := codes(_named(rules.get("begin"))):
        yield f"A record without a link waits for {begin}."


def _match(rules: Tree) -> Iterator[str]:
    if shared := codes(
        dict.fromkeys(line["global"] for line in rules.get("represent", ()) if "global" in line)
    ):
        yield f"May stand for a record instead of one of its own: {shared}."
    match = rules.get("match", {})
    if found := codes(rule["id"] for rule in match.get("rules", ())):
        yield f"A record finds its match by its link, else by {found}."
    else:
        yield "Nothing is looked for: a record has the match that its link names, or none."
        return
    ends = ((name, match.get("outcome", {}).get(name)) for name in ("none", "many"))
    yield from (f"With {OUTCOMES[name]}: {ENDS.get(end, end)}." for name, end in ends if end)
    if create := codes(_named(rules.get("create"))):
        yield f"Nothing is created before {create} holds."


def _writes(mapping: Tree, rules: Tree) -> Iterator[str]:
    rows = len(_named(mapping.get("fields")))
    default = rules.get("push_policy", {}).get("default", {})
    own = codes(_named(rules.get("push_policy", {}).get("fields")))
    if rows:
        push, drift = PUSH[default.get("push", "always")], DRIFT[default.get("drift", "keep")]
        conflict = CONFLICT[default.get("conflict", "target")]
        yield f"Fills {rows} fields. A field is written {push}; {conflict}; {drift}."
    if own:
        yield f"Policies of their own: {own}."
    if back := codes(_named(mapping.get("write_back"))):
        yield f"Written back into the source: {back}."
    if actions := codes(_named(rules.get("actions"))):
        yield f"Actions after a write: {actions}."


def _stops(rules: Tree) -> Iterator[str]:
    limits = [
        f"{name} above {limit}" for name, limit in _named(rules.get("guards")).items() if name != "changes"
    ]
    if limits:
        yield f"A plan stops with {', '.join(limits)}."
