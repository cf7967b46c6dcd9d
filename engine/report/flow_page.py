"""A flow's YAML as a page: each row and each rule in words, with its line, and a layer to paste that changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.config.document import Document, Node
from engine.report.flow_summary import flow_summary
from engine.report.layer_snippet import layer_snippet, short_rows
from engine.report.markdown import code, codes, joined, table
from engine.report.page_words import CONFLICT, DRIFT, EMPTY, GENERATED, GUARDS, PUSH, WRITE
from engine.report.rule_words import GONE_DEFAULTS, SECTIONS, said
from engine.report.source_words import inner_rows, row_words

HEADINGS = ("target field", "where its value comes from", "says")
POLICY = {"push": PUSH, "write": WRITE, "empty": EMPTY, "conflict": CONFLICT, "drift": DRIFT}
POLICY_DEFAULTS = {"push": "always", "empty": "keep", "conflict": "target", "drift": "keep"}


def flow_page(mapping: Document, rules: Document) -> str:
    """The whole page."""
    name = mapping.name
    head = (
        f"What becomes of a {code(mapping.root.plain()['source'])} as a {code(mapping.root.plain()['target'])}. "
        f"{GENERATED.format(files=f'{code(mapping.file)} and {code(rules.file)}')}"
    )
    paste = (
        "Every block of YAML below is a whole layer file that says what holds already. Paste it into a folder of "
        f"your own as {code(mapping.file)} or {code(rules.file)}, keep the lines that you change, and look at the "
        f"effect with `run.py plan {name} --layer FOLDER`. `$unset: [name]` takes a line away."
    )
    return (
        joined(
            f"# {name}",
            head,
            flow_summary(mapping.root.plain(), rules.root.plain()),
            paste,
            _fields(name, mapping.root),
            _write_back(name, mapping.root),
            _tables(name, mapping.root),
            *(_rule(name, rules.root, part) for part in SECTIONS),
            _policy(name, rules.root),
            _guards(name, rules.root),
        )
        + "\n"
    )


def _rule(flow: str, root: Node, part: str) -> str:
    node = root.get(part) or _NOTHING_SAID.get(part)
    if node is None or not node.value:
        return ""
    title, words = SECTIONS[part]
    return joined(f"## {title}", words(node), layer_snippet(flow, part, _pasteable(part, _whole(part, node))))


def _whole(part: str, node: Node) -> Any:
    """The section with what holds by default."""
    return (
        {**{name: one.value for name, one in GONE_DEFAULTS.items()}, **node.plain()}
        if part == "gone"
        else node.plain()
    )


def _pasteable(part: str, value: Any) -> Any:
    """Sources inside rules in their short form."""
    if part not in ("globals", "actions"):
        return value
    return {
        name: {
            key: short_rows(one) if key in _ROWS and isinstance(one, Mapping) else one
            for key, one in inner.items()
        }
        for name, inner in value.items()
    }


_ROWS = ("find", "fields", "write_back")
_NOTHING_SAID = {"gone": Node(GONE_DEFAULTS)}
"""Sections that hold although nobody wrote them."""


# -- the mapping -----------------------------------------------------------------------------------------


def _fields(flow: str, root: Node) -> str:
    node = root.get("fields")
    if node is None or not node.value:
        return "## Fields\n\nThis flow maps no field: it links, and writes nothing."
    rows = [(code(path), row_words(row.plain()), said(row)) for path, row in _rows(node, "")]
    return joined("## Fields", table(HEADINGS, rows), layer_snippet(flow, "fields", short_rows(node.plain())))


def _rows(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    for name, row in node.items():
        if name.startswith("x-"):
            continue
        yield path + name, row
        if inner_rows(row.plain() if row.is_map else {}):
            inside = row.get("fields")
            yield from _rows(inside or Node({}), f"{path}{name}{'[]' if row.get('each') else ''}.")


def _write_back(flow: str, root: Node) -> str:
    node = root.get("write_back")
    if node is None:
        return ""
    rows = [(code(name), row_words(row.plain()), said(row)) for name, row in node.items()]
    text = "After a create or a link these go from the target record into the source record."
    headings = ("source field", "taken from the target", "says")
    return joined(
        "## Written back",
        text,
        table(headings, rows),
        layer_snippet(flow, "write_back", short_rows(node.plain())),
    )


def _tables(flow: str, root: Node) -> str:
    node = root.get("tables")
    if node is None:
        return ""
    rows = [
        (code(name), code(key) if key != "*" else "everything else", code(one.value), said(one))
        for name, inner in node.items()
        for key, one in inner.items()
    ]
    text = table(("table", "value", "becomes", "says"), rows)
    return joined("## Tables", text, layer_snippet(flow, "tables", node.plain()))


# -- what is written, and what stops it ------------------------------------------------------------------


def _policy(flow: str, root: Node) -> str:
    node = root.get("push_policy") or Node({})
    default = {**POLICY_DEFAULTS, **(node.get("default") or Node({})).plain()}
    rows = [("every field", _policy_words(default), said(node.get("default") or node))]
    fields = node.get("fields") or Node({})
    rows += [
        (code(name), _policy_words({**default, **one.plain()}), said(one)) for name, one in fields.items()
    ]
    text = table(("field", "is written", "says"), rows)
    value = node.plain() if node.value else {"default": POLICY_DEFAULTS}
    return joined("## When a field is written", text, layer_snippet(flow, "push_policy", _not_final(value)))


def _policy_words(policy: Mapping[str, Any]) -> str:
    parts = [words[policy[key]] for key, words in POLICY.items() if key in policy]
    parts += [f"**final**: {policy['final']}"] if "final" in policy else []
    return "; ".join(part for part in parts if part)


def _not_final(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Without the rows that no layer may change."""
    if "fields" not in policy:
        return dict(policy)
    fields = {name: one for name, one in policy["fields"].items() if "final" not in one}
    return {**policy, "fields": fields}


def _guards(flow: str, root: Node) -> str:
    node = root.get("guards")
    if node is None:
        return ""
    limits = [(name, one) for name, one in node.items() if name in GUARDS]
    rows = [(code(name), GUARDS[name], str(one.value), said(one)) for name, one in limits]
    changes = node.get("changes") or Node({})
    rows += [
        (code(f"changes.{name}"), f"changed values of {code(name)}", str(one.value), said(one))
        for name, one in changes.items()
    ]
    text = f"A plan that goes over one of these stops; {code('--allow GUARD')} lets one run pass."
    if missing := [name for name in GUARDS if name not in node.value]:
        text += f" Without a limit: {codes(missing)}."
    headings = ("guard", "counts", "at most", "says")
    return joined("## Guards", text, table(headings, rows), layer_snippet(flow, "guards", node.plain()))
