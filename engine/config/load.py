"""The one entry: folders of YAML, an environment and settings -> a ruleset, or findings that say why not."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.config.compile_bench import Bench
from engine.config.compile_environment import Connections, as_node
from engine.config.compile_flow import Compiled, Flows
from engine.config.compile_members import EMPTY, child, words
from engine.config.compile_new_fields import with_new_fields
from engine.config.compile_ruleset import ruleset_of
from engine.config.compile_system import compile_system
from engine.config.document import Document, Node
from engine.config.interpolate import interpolate, variables_of
from engine.config.lint import lint
from engine.config.read_tree import read_tree
from engine.model.finding import Finding, Place, Severity, has_errors
from engine.spec.ruleset import Ruleset

Tree = dict[tuple[str, str], Document]
SETTINGS_PLACE = Place("--settings")
TEST_ENDING = ".test.yaml"


def load_ruleset(
    root: Path,
    layers: Sequence[Path] = (),
    environment: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    *,
    secrets: Path | None = None,
    only: Sequence[str] = (),
) -> tuple[Ruleset | None, list[Finding]]:
    """Everything under `root` with the layers laid over it, compiled and linted.

    `settings` is the line that the sandbox prints: connection or system -> {base_url, settings}. `only`: the flows
    to compile, with those that they need and those that run the other way. None when a finding stops the load.
    """
    tree, findings = read_tree((root, *layers), environment)
    tree, said = filled(tree, secrets)
    bench = Bench()
    bench.findings += [*findings, *said]
    if stops(bench.findings):
        return None, ordered(bench.findings)
    ruleset = compile_tree(tree, as_node(settings or {}, SETTINGS_PLACE), only, bench)
    found = ordered(bench.findings)
    return (None if stops(found) else replace(ruleset, findings=tuple(found))), found


def stops(findings: Iterable[Finding]) -> bool:
    """True when one of them is an error; one in a file of test cases keeps nobody from working."""
    return has_errors(one for one in findings if not one.place.file.endswith(TEST_ENDING))


def compile_tree(tree: Tree, settings: Node, only: Sequence[str], bench: Bench) -> Ruleset:
    """The ruleset of a merged tree; what is wrong with it stands on the bench."""
    named = {kind: {name: one for (its, name), one in tree.items() if its == kind} for kind in _KINDS}
    systems = {name: compile_system(one, bench) for name, one in named["system"].items()}
    objects = {full: spec for system in systems.values() for full, spec in system.objects.items()}
    objects |= with_new_fields(objects, named["system"], named["mapping"], bench)
    environment = next(iter(named["environment"].values()), None)
    said = environment.root if environment else EMPTY
    connections = Connections(systems, said, settings, bench)
    _known_keys("connection", settings, (*systems, *connections.specs, *named["mapping"]), bench, Severity.WARNING)
    _known_keys("flow", child(said, "flows"), named["mapping"], bench)
    flows = Flows(objects, connections, said, settings, bench)
    compiled: list[Compiled] = []
    for name in chosen(named["mapping"], named["rules"], only, bench):
        one = flows.one(named["mapping"][name], named["rules"][name])
        compiled += [one] if one else []
    lint(systems, objects, compiled, bench)
    return ruleset_of(systems, objects, connections.specs, compiled, tree, bench)


_KINDS = ("system", "mapping", "rules", "environment")


def _known_keys(what: str, node: Node, known: Iterable[str], bench: Bench, severity: Severity = Severity.ERROR) -> None:
    for name, one in node.items():
        if not name.startswith("x-"):
            bench.holds(what, name, known, node.keys.get(name, one.place), severity)


def filled(tree: Tree, secrets: Path | None) -> tuple[Tree, list[Finding]]:
    """The tree with `${...}` filled in. What is not set is only a warning: a plan needs no credentials."""
    variables = variables_of(os.environ, secrets)
    found: list[Finding] = []
    done: Tree = {}
    for key, document in tree.items():
        root, said = interpolate(document.root, variables)
        found += [replace(one, severity=Severity.WARNING) if one.code == "variable-missing" else one for one in said]
        done[key] = replace(document, root=root)
    return done, found


def chosen(
    mappings: Mapping[str, Document], rules: Mapping[str, Document], only: Sequence[str], bench: Bench
) -> list[str]:
    """Names of the flows to compile: every mapping goes with rules of its name."""
    for name, document in mappings.items():
        if name not in rules:
            bench.say("rules-missing", f"the flow {name} has no rules", document.root.place, f"write rules/{name}.yaml")
    for name, document in rules.items():
        if name not in mappings:
            hint = f"write mappings/{name}.yaml"
            bench.say("mapping-missing", f"the flow {name} has no mapping", document.root.place, hint)
        for node in (*child(document.root, "needs"), *child(document.root, "yields_to")):
            bench.holds("flow", str(node.value), mappings, node.place)
    flows = [name for name in mappings if name in rules]
    if not only:
        return flows
    for name in only:
        bench.holds("flow", name, flows, Place(""))
    wanted = _with_needs(only, rules)
    ends = {_ends(mappings[name])[::-1] for name in wanted if name in mappings}
    return [name for name in flows if name in wanted or _ends(mappings[name]) in ends]


def _with_needs(names: Iterable[str], rules: Mapping[str, Document]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            for key in ("needs", "yields_to") if name in rules else ():
                waiting += words(rules[name].root, key)
    return found


def _ends(document: Document) -> tuple[Any, Any]:
    return tuple(node.value if (node := document.root.get(side)) else "" for side in ("source", "target"))  # type: ignore[return-value]


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by file and line, each once."""
    return sorted(dict.fromkeys(findings), key=lambda one: (one.place, one.code))
