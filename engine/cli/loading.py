"""Loading the ruleset as the options describe it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.cli.exits import say, tell_findings
from engine.cli.options import Given
from engine.config.load import load_ruleset
from engine.config.shipped import shipped_folder
from engine.config.suggest import did_you_mean
from engine.model.errors import ConfigError, UsageError
from engine.model.finding import Finding, Severity
from engine.report.wording import count_text
from engine.spec.ruleset import FlowSpec, Ruleset


def load(given: Given) -> tuple[Ruleset | None, list[Finding]]:
    """The ruleset as the options describe it, or None, with all findings."""
    settings = read_settings(given.settings) if given.settings else None
    root = given.root or shipped_folder()
    return load_ruleset(root, given.layers, given.environment, settings, secrets=given.secrets)


def open_ruleset(given: Given) -> Ruleset:
    """The ruleset; what is wrong with it stops the verb, what is doubtful is mentioned."""
    ruleset, findings = load(given)
    if ruleset is None:
        raise ConfigError(findings)
    doubtful = [one for one in findings if one.severity is not Severity.NOTE]
    if given.verbose:
        tell_findings(doubtful)
    elif doubtful and not given.quiet:
        say(f"{count_text(len(doubtful), 'doubt')} about the configuration: see them with `run.py validate`")
    return ruleset


def read_settings(path: Path) -> dict[str, Any]:
    """Settings per connection or system, as one JSON object."""
    try:
        tree = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"--settings {path} is not JSON: give the line that `run.py sandbox --json` prints") from error
    if not isinstance(tree, dict) or not all(isinstance(one, dict) for one in tree.values()):
        raise UsageError(f'--settings {path} must look like {{"<system>": {{"base_url": ..., "settings": {{...}}}}}}')
    return tree


def flow_named(ruleset: Ruleset, name: str) -> FlowSpec:
    """A flow, or a refusal that names the nearest one."""
    if name in ruleset.flows:
        return ruleset.flows[name]
    if not ruleset.flows:
        raise UsageError("there are no flows: --root names the folder that holds systems/, mappings/ and rules/")
    hint = did_you_mean(name, ruleset.flows) or f"there are: {', '.join(ruleset.flows)}"
    raise UsageError(f"there is no flow '{name}' ({hint})")
