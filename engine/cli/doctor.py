"""doctor: settings, credentials, hosts, clocks, store, disk, libraries; and what nobody has confirmed yet."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, NamedTuple

import click

from engine import __version__
from engine.cli.exits import DONE, FOUND
from engine.cli.loading import load
from engine.cli.options import Given, common, write
from engine.cli.ordering import is_set_up
from engine.connectors.connect import open_connection
from engine.model.errors import ConcordError
from engine.model.finding import Finding, Severity
from engine.report.wording import count_text, json_text
from engine.spec.environment import ConnectionSpec
from engine.spec.ruleset import Ruleset
from engine.spec.system import FieldSpec
from engine.store.opening import open_store

LITTLE_DISK = 500_000_000
LIBRARIES = ("click", "jinja2", "jmespath", "phonenumbers", "pycountry", "pyyaml", "requests", "sqlite-utils")


class Check(NamedTuple):
    """One thing that was looked at, how it stands, and what to do."""

    what: str
    state: Literal["ok", "warn", "fail"]
    text: str
    do: str = ""


@click.command()
@click.option("--offline", is_flag=True, help="Ask no system.")
@common()
def doctor(given: Given, offline: bool) -> int:
    """Look at everything that a run needs, without writing anything. Ends with 1 when something fails."""
    ruleset, findings = load(given)
    checks = [*_machine(), *_store(given), _configuration(findings)]
    if ruleset is not None:
        checks += [one for spec in ruleset.connections.values() for one in _connection(spec, offline=offline)]
        checks += list(_unconfirmed(ruleset))
    if given.as_json:
        write(json_text([one._asdict() for one in checks], indent=2))
    else:
        write("\n".join(_lines(checks)))
    return FOUND if any(one.state == "fail" for one in checks) else DONE


def _lines(checks: list[Check]) -> Iterator[str]:
    width = max(len(one.what) for one in checks)
    for one in checks:
        yield f"{one.state:5} {one.what.ljust(width)}  {one.text}"
        if one.do:
            yield f"{' ' * (width + 8)}{one.do}"


# -- this machine --------------------------------------------------------------------------------------


def _machine() -> Iterator[Check]:
    yield Check("concord", "ok", f"{__version__}, Python {platform.python_version()} on {platform.system()}")
    missing = [name for name in LIBRARIES if not _version(name)]
    found = ", ".join(f"{name} {_version(name)}" for name in LIBRARIES if name not in missing)
    if missing:
        yield Check("libraries", "fail", f"not installed: {', '.join(missing)}", "run `make setup`")
    else:
        yield Check("libraries", "ok", found)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _store(given: Given) -> Iterator[Check]:
    folder = next((one for one in (given.state.parent, *given.state.absolute().parents) if one.is_dir()), Path("."))
    free = shutil.disk_usage(folder).free
    state: Literal["ok", "warn"] = "ok" if free > LITTLE_DISK else "warn"
    yield Check("disk", state, f"{free / 1e9:.1f} GB free for the store", "" if state == "ok" else "free some space")
    if not given.state.exists():
        writable = os.access(folder, os.W_OK)
        text = f"none at {given.state} yet; the first run makes it" if writable else f"{folder} may not be written"
        yield Check("store", "ok" if writable else "fail", text)
        return
    try:
        store = open_store(given.state)
    except ConcordError as error:
        yield Check("store", "fail", str(error))
        return
    try:
        store.check()
        behind = "committed work has vanished (a restored backup?); the next run looks in the systems first"
        yield Check("store", "warn" if store.behind else "ok", behind if store.behind else f"{given.state} is sound")
    except ConcordError as error:
        yield Check("store", "fail", str(error))
    finally:
        store.close()


# -- configuration and systems ---------------------------------------------------------------------------


def _configuration(findings: list[Finding]) -> Check:
    errors = sum(one.severity is Severity.ERROR for one in findings)
    warnings = sum(one.severity is Severity.WARNING for one in findings)
    look = "look with `run.py validate`"
    if errors:
        return Check("configuration", "fail", count_text(errors, "error"), look)
    if warnings:
        return Check("configuration", "warn", count_text(warnings, "warning"), look)
    return Check("configuration", "ok", "no findings")


def _connection(spec: ConnectionSpec, *, offline: bool) -> Iterator[Check]:
    what = f"connection {spec.name}"
    if spec.missing or not is_set_up(spec):
        do = f"give them in an environment (--env) or with --settings: connections.{spec.name}.settings"
        asked = spec.missing or tuple(name for name, one in spec.system.settings.items() if one.type == "secret")
        if is_set_up(spec):
            yield Check(what, "fail", f"no {', '.join(asked)}", do)
        else:
            yield Check(what, "warn", f"not set up: {', '.join(asked)}", f"if you need it, {do}")
        return
    if offline:
        yield Check(what, "ok", f"settings complete; {spec.base_url or spec.system.connector} was not asked")
        return
    try:
        connector = open_connection(spec)
        try:
            findings = connector.probe()
        finally:
            connector.close()
    except ConcordError as error:
        yield Check(what, "fail", str(error), "correct the host and the settings of the connection")
        return
    yield from (_checked(what, one) for one in findings)
    if not findings:
        host = spec.base_url or spec.system.connector
        yield Check(what, "ok", f"{host} answers, credentials accepted, clock in step")


def _checked(what: str, one: Finding) -> Check:
    return Check(what, "fail" if one.severity is Severity.ERROR else "warn", f"[{one.code}] {one.message}", one.hint)


def _unconfirmed(ruleset: Ruleset) -> Iterator[Check]:
    """What the vendor's papers leave open and only an account can tell."""
    for name, obj in sorted(ruleset.objects.items()):
        open_fields = [path for field, spec in obj.fields.items() for path in _to_verify(field, spec)]
        if open_fields:
            text = f"to be confirmed on site: {', '.join(open_fields)}"
            yield Check(name, "warn", text, "compare with a record of the account, then take out verify_on_site")


def _to_verify(name: str, spec: FieldSpec) -> Iterator[str]:
    if spec.verify_on_site:
        yield name
    for member, inner in spec.fields.items():
        yield from _to_verify(f"{name}.{member}", inner)
