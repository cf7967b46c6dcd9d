"""Each section of a flow's rules in words, with the line that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.config.document import Node
from engine.report.markdown import code, codes, joined, table
from engine.report.page_words import ENDS, GATES, GONE, GONE_SIDES, OUTCOMES, PINS, SEVERITIES, STARTS
from engine.report.source_words import row_words, source_words

Words = Callable[[Node], str]

GONE_DEFAULTS = {"source": Node("keep"), "target": Node("hold"), "merged": Node("hold")}
"""What holds where the rules say nothing."""


def said(node: Node) -> str:
    """The file and line of a value."""
    return f"{node.place.file}:{node.place.line}" if node.place.file else "default"


def _named(node: Node) -> Iterator[tuple[str, Node, Any]]:
    for name, one in node.items():
        if not name.startswith("x-"):
            yield name, one, one.plain()


# -- whether and when ------------------------------------------------------------------------------------


def _list(node: Node) -> str:
    return "\n".join(f"- {code(one.value)} ({said(one)})" for one in node)


def _settings(node: Node) -> str:
    rows = [
        (
            code(name),
            told.get("title", ""),
            told["type"],
            code(told["default"]) if "default" in told else "",
            said(one),
        )
        for name, one, told in _named(node)
    ]
    return table(("setting", "what it is", "type", "default", "says"), rows)


def _columns(node: Node) -> str:
    return table(
        ("list", "fields", "says"), [(code(name), codes(told), said(one)) for name, one, told in _named(node)]
    )


def _runs(node: Node) -> str:
    return table(
        ("run", "does", "says"), [(code(name), _run(told), said(one)) for name, one, told in _named(node)]
    )


def _run(told: Mapping[str, Any]) -> str:
    parts = [STARTS[told["start"]]]
    parts += [words.format(code(told[key])) for key, words in _RUN.items() if key in told]
    parts += ["reads everything"] if told.get("full") else []
    parts += ["also after the mapping changed"] if told.get("on_mapping_change") else []
    parts += ["creates nothing"] if told.get("creates") is False else []
    return "; ".join(parts)


_RUN = {
    "every": "every {}",
    "at": "at {}",
    "select": "only where {}",
    "columns": "writes only the columns {}",
    "except": "leaves the columns {} to another run",
}


def _gates(node: Node, otherwise: str = "skip") -> str:
    rows = [
        (
            code(name),
            code(told["when"]),
            GATES[told.get("otherwise", otherwise)],
            told.get("say", ""),
            said(one),
        )
        for name, one, told in _named(node)
    ]
    return table(("gate", "must hold", "else the record", "and a person is told", "says"), rows)


def _begin(node: Node) -> str:
    return _gates(node, "wait")


# -- which record ----------------------------------------------------------------------------------------


def _represent(node: Node) -> str:
    rows = [
        (code(told["id"]), code(told["when"]) if "when" in told else "always", _stands(told), said(one))
        for one in node
        for told in [one.plain()]
    ]
    return joined(
        "The first line that holds decides.", table(("line", "when", "stands for it", "says"), rows)
    )


def _stands(told: Mapping[str, Any]) -> str:
    return (
        f"the shared record {code(told.get('global', ''))}"
        if told["as"] == "global_record"
        else "a record of its own"
    )


def _globals(node: Node) -> str:
    rows = []
    for name, one, told in _named(node):
        found = ", ".join(f"{code(field)} is {row_words(row)}" for field, row in told.get("find", {}).items())
        made = ", ".join(f"{code(field)}: {row_words(row)}" for field, row in told.get("create", {}).items())
        rows.append((code(name), found, made or "never: it must be there", said(one)))
    return table(("shared record", "found by", "made with", "says"), rows)


def _followers(node: Node) -> str:
    rows = []
    for name, one, told in _named(node):
        routes = [
            f"{code(line['global'])}{' when ' + code(line['when']) if 'when' in line else ''}"
            for line in told.get("without", ())
        ]
        rows.append((code(name), code(told["through"]), ", else ".join(routes), said(one)))
    return table(("records", "go where this customer goes", "without a customer", "says"), rows)


def _match(node: Node) -> str:
    only = node.get("only")
    order = node.get("order")
    rules = [(str(number), *_match_rule(one)) for number, one in enumerate(node.get("rules") or (), 1)]
    outcome = node.get("outcome") or Node({})
    ends = [
        (OUTCOMES.get(name, name), ENDS.get(told, str(told)), said(one))
        for name, one, told in _named(outcome)
    ]
    return joined(
        "A stored link comes first, but for a rule whose field is the link itself. Then the rules are tried in "
        "order; one whose left side is blank does not apply, and the first that finds a candidate decides.",
        f"Candidates: only where {code(only.value)} ({said(only)})." if only else "",
        table(("", "rule", "compares", "notes", "says"), rules),
        table(("when there is", "then", "says"), ends),
        f"Order: {codes(order.plain())} ({said(order)})." if order else "",
    )


def _match_rule(one: Node) -> tuple[str, str, str, str]:
    told = one.plain()
    pairs = " and ".join(_pair(pair) for pair in told.get("all", [told]))
    return code(told["id"]), pairs, "; ".join(_match_notes(told)), said(one)


def _pair(pair: Mapping[str, Any]) -> str:
    close = f", at least {pair['min']}" if "min" in pair else ""
    return f"{code(pair['left'])} with {code(pair['right'])} ({pair.get('compare', 'exact')}{close})"


def _match_notes(told: Mapping[str, Any]) -> Iterator[str]:
    if "only" in told:
        yield f"only where {code(told['only'])}"
    if "pin" in told:
        changed, cleared = PINS[told["pin"]["changed"]], PINS[told["pin"]["cleared"]]
        yield f"the field is the link itself: changed, {changed}; cleared, {cleared}"
    for key in ("none", "one", "many"):
        if key in told:
            yield f"{OUTCOMES[key]}: {ENDS[told[key]]}"
    for key in ("apply_left", "apply_right"):
        if key in told:
            yield f"{key.removeprefix('apply_')} side through {codes(told[key])}"


def _duplicates(node: Node) -> str:
    told = node.plain()
    rules = [(str(number), *_match_rule(one)) for number, one in enumerate(node.get("rules") or (), 1)]
    end = "a person decides" if told.get("found", "review") == "review" else "they are merged"
    text = f"Looked for in the {told.get('in', 'target')}; where two are found {end} ({said(node)})."
    return joined(text, table(("", "rule", "compares", "notes", "says"), rules))


# -- what else -------------------------------------------------------------------------------------------


def _overrides(node: Node) -> str:
    told = node.plain()
    prefix = told.get("prefix", "")
    words = {"wins": "wins over the mapping for", "fills_in": "fills in a blank for"}
    lines = [
        f"- {words[name]} {codes(one.plain())} ({said(one)})"
        for name, one, _ in _named(node)
        if name in words
    ]
    return joined(
        f"A record may say for itself, in {code(told['from'])} under {code(prefix + 'FIELD')}; that",
        "\n".join(lines),
    )


def _links(node: Node) -> str:
    columns = (node.get("columns") or Node({})).plain()
    headings = ", ".join(f"{side} {code(name)}" for side, name in columns.items())
    return f"Headings of a file of links: {headings} ({said(node)})."


def _gone(node: Node) -> str:
    sides = {**GONE_DEFAULTS, **node.value}
    rows = [
        (GONE_SIDES[name], GONE[one.value], said(one)) for name, one in sides.items() if name in GONE_SIDES
    ]
    return joined("Gone is only what is proved gone.", table(("when", "then", "says"), rows))


def _quality(node: Node) -> str:
    rows = [
        (
            code(name),
            _checks(told),
            SEVERITIES.get(told.get("severity", "warn"), ""),
            told.get("say", ""),
            said(one),
        )
        for name, one, told in _named(node)
    ]
    return table(("check", "looks at", "else", "and a person is told", "says"), rows)


def _checks(told: Mapping[str, Any]) -> str:
    parts = [f"{codes(told['fields'])}"] if "fields" in told else []
    parts += [f"passes {code(told['check'])}"] if "check" in told else []
    parts += [f"holds {code(told['when'])}"] if "when" in told else []
    parts += [f"repaired by {codes(told['apply'])}"] if "apply" in told else []
    return "; ".join(parts)


def _actions(node: Node) -> str:
    rows = []
    for name, one, told in _named(node):
        made = ", ".join(
            f"{code(field)}: {source_words(row)}" for field, row in told.get("fields", {}).items()
        )
        back = ", ".join(
            f"{code(field)} from {source_words(row)}" for field, row in told.get("write_back", {}).items()
        )
        when = f" when {code(told['when'])}" if "when" in told else ""
        again = f", again after {told['renew']}" if "renew" in told else ""
        rows.append(
            (
                code(name),
                f"{', '.join(told['after'])}{when}{again}",
                f"{code(told['create'])} with {made}",
                back,
                said(one),
            )
        )
    return table(("action", "after", "makes", "writes back", "says"), rows)


def _measures(node: Node) -> str:
    rows = [
        (code(name), _measure(told), f"above {told['alert']['above']}" if "alert" in told else "", said(one))
        for name, one, told in _named(node)
    ]
    return table(("measure", "counts", "alert", "says"), rows)


def _measure(told: Mapping[str, Any]) -> str:
    where = f" where {code(told['where'])}" if "where" in told else ""
    group = f" by {codes(told['group_by'])}" if "group_by" in told else ""
    return f"{code(told['value'])} over {told['over']}{where}{group}"


SECTIONS: Mapping[str, tuple[str, Words]] = {
    "settings": ("Settings", _settings),
    "needs": ("Runs after these flows", _list),
    "yields_to": ("Leaves records to these flows", _list),
    "runs": ("Runs", _runs),
    "columns": ("Column lists", _columns),
    "select": ("Which records take part", _gates),
    "begin": ("What a record without a link waits for", _begin),
    "create": ("What must hold before a record is created", _gates),
    "represent": ("What stands for the record in the target", _represent),
    "globals": ("Shared records", _globals),
    "followers": ("Records that follow their customer", _followers),
    "match": ("How a record finds its match", _match),
    "duplicates": ("Duplicates inside one system", _duplicates),
    "record_overrides": ("What a single record may say for itself", _overrides),
    "links": ("Files of links", _links),
    "gone": ("When a record is gone", _gone),
    "quality": ("Checks on values", _quality),
    "actions": ("Actions", _actions),
    "measures": ("Measures", _measures),
}
"""Member of the rules -> title and words, in the order of the page."""
