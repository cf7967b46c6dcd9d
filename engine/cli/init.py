"""init: a folder of one's own, with commented YAML that changes nothing until a line is taken out of its comment."""

from __future__ import annotations

import os
from pathlib import Path

import click

from engine.cli.exits import DONE
from engine.cli.loading import open_ruleset
from engine.cli.options import Given, common, write
from engine.config.shipped import shipped_folder
from engine.model.errors import Refused
from engine.report.wording import json_text
from engine.spec.environment import ConnectionSpec
from engine.spec.ruleset import FlowSpec, Ruleset
from engine.spec.system import SystemSpec


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--flow", "names", multiple=True, metavar="FLOW", help="Only for these flows; else for all.")
@common()
def init(given: Given, folder: Path, names: tuple[str, ...]) -> int:
    """Make FOLDER: a layer over the shipped YAML, an environment, and a page that says what to do next.

    What stands in FOLDER already is never overwritten.
    """
    ruleset = open_ruleset(given)
    flows = [flow for flow in ruleset.flows.values() if not names or flow.name in names]
    schemas = os.path.relpath((given.root or shipped_folder()).resolve() / "schemas", folder.resolve() / "mappings")
    files = dict(_files(ruleset, flows, Path(schemas)))
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise Refused(f"{folder / there[0]} is there already: name another folder, or take it away")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    _tell(given, folder, list(files))
    return DONE


def _tell(given: Given, folder: Path, names: list[str]) -> None:
    if given.as_json:
        write(json_text({"folder": str(folder), "files": names}, indent=2))
        return
    write("\n".join(f"  {folder / name}" for name in names))
    write(f"\nNothing is changed yet. Read {folder / 'README.md'}, take a line out of its comment, then:")
    write(f"  run.py validate {folder}")


def _files(ruleset: Ruleset, flows: list[FlowSpec], schemas: Path) -> list[tuple[str, str]]:
    ends = {end.name for flow in flows for end in (flow.source_connection, flow.target_connection)}
    used = [one for one in ruleset.connections.values() if one.name in ends]
    found = [("README.md", _readme(flows)), ("environments/staging.yaml", _environment(used, schemas))]
    for flow in flows:
        found.append((f"mappings/{flow.name}.yaml", _mapping(flow, schemas)))
        found.append((f"rules/{flow.name}.yaml", _rules(flow, schemas)))
    return found


def _modeline(schemas: Path, kind: str) -> str:
    return f"# yaml-language-server: $schema={(schemas / kind).as_posix()}.schema.json\nversion: 1\n"


def _mapping(flow: FlowSpec, schemas: Path) -> str:
    """Every field of the flow as a comment, so that one sees what can be said."""
    rows = "".join(
        f"#   {row.target}: ...   # now: {row.place}\n" for row in flow.mapping.rows if "." not in row.target
    )
    return (
        f"{_modeline(schemas, 'layer/mapping')}flow: {flow.name}\n\n"
        f"# What each field of {flow.target.name} is made of. Take `fields:` and a line out of their comments and\n"
        "# write a source in place of the dots; `$unset: [name]` takes a row away. `run.py show` prints what holds.\n"
        f"# fields:\n{rows}"
    )


def _rules(flow: FlowSpec, schemas: Path) -> str:
    guards = ", ".join(f"{name}: {limit}" for name, limit in _limits(flow).items())
    declared = flow.rules.settings.items()
    settings = "".join(f"#   {name}: {{default: ...}}   # {spec.title or spec.type}\n" for name, spec in declared)
    return (
        f"{_modeline(schemas, 'layer/rules')}flow: {flow.name}\n\n"
        "# Whether, when and for whom something is written. Only what you say here changes.\n"
        f"{'# settings:' if settings else ''}\n{settings}"
        f"# push_policy:\n#   fields:\n#     {_first_field(flow)}: {{push: always, conflict: source}}\n"
        f"# guards: {{{guards}}}\n"
    )


def _limits(flow: FlowSpec) -> dict[str, str]:
    return {name: str(one) for name, one in flow.rules.guards.limits.items()}


def _first_field(flow: FlowSpec) -> str:
    return next(iter(flow.fields), "name")


def _environment(connections: list[ConnectionSpec], schemas: Path) -> str:
    parts = [_modeline(schemas, "environment"), "environment: staging\n\n"]
    parts.append("# One account of a system each. Secrets come from environment variables or files (--secrets DIR).\n")
    parts.append("connections:\n")
    parts += [_connection(one.name, one.system) for one in connections]
    return "".join(parts)


def _connection(name: str, system: SystemSpec) -> str:
    given = "" if any(spec.required for spec in system.settings.values()) else "# "
    lines = [f"  {name}:\n", f"    system: {system.name}\n", f"    {given}settings:\n"]
    for setting, spec in system.settings.items():
        kind = "secret" if spec.type == "secret" else "env"
        value = f'"${{{kind}:{system.name.upper()}_{setting.upper()}}}"'
        comment = f"   # {spec.title}" if spec.title else ""
        lines.append(f"    {'  ' if spec.required else '#   '}{setting}: {value}{comment}\n")
    return "".join(lines)


def _readme(flows: list[FlowSpec]) -> str:
    first = flows[0].name if flows else "FLOW"
    return f"""# Our layer

Whatever stands here is laid over the shipped YAML; everything else stays as it is.

| file | says |
| --- | --- |
| `mappings/<flow>.yaml` | what each target field is made of |
| `rules/<flow>.yaml` | who takes part, how records match, when something is written, what brakes a plan |
| `environments/staging.yaml` | accounts, hosts, settings, schedules |

1. `run.py show {first} --layer .` prints every value that holds, with its file and line.
2. Change a line, then `run.py validate . --env environments/staging.yaml`.
3. `run.py doctor --layer . --env environments/staging.yaml` tries the accounts.
4. `run.py plan {first} --layer . --env environments/staging.yaml` shows what would be written.
5. `run.py apply` does exactly that; `run.py sync {first}` does it from then on.
"""
