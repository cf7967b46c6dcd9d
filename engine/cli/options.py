"""Options that verbs share, packed into one value."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click

STATE = Path(".concord") / "state.db"


@dataclass(frozen=True, slots=True)
class Given:
    """What every verb may be told."""

    root: Path | None
    layers: tuple[Path, ...]
    environment: Path | None
    settings: Path | None
    secrets: Path | None
    state: Path
    form: str
    reveal: bool
    verbosity: int
    quiet: bool
    log_format: str

    @property
    def verbose(self) -> bool:
        """True when the report is to hold more detail."""
        return self.verbosity > 0

    @property
    def as_json(self) -> bool:
        """True when the report is for a program."""
        return self.form == "json"


def _folder(*names: str, **more: Any) -> Callable[..., Any]:
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option(*names, type=kind, metavar="DIR", **more)


def _file(*names: str, **more: Any) -> Callable[..., Any]:
    return click.option(*names, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", **more)


def common(*forms: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the shared options; the verb gets them as its first argument, a `Given`."""
    options = [
        _folder("--layer", "layers", multiple=True, help="A folder of YAML over the shipped one; may be repeated."),
        _file("--env", "environment", help="The environment: accounts, hosts, settings, schedules."),
        _file("--settings", help="Settings and hosts as JSON: the line that `run.py sandbox --json` prints."),
        _folder("--secrets", help="A folder with one file per secret; else environment variables."),
        click.option("--state", type=click.Path(path_type=Path), default=STATE, show_default=True, metavar="PATH",
                     envvar="CONCORD_STATE", help="The store."),
        click.option("--format", "form", type=click.Choice(["text", "json", *forms]), default="text",
                     help="Of the report."),
        click.option("--reveal", is_flag=True, help="Show personal values unmasked."),
        click.option("-v", "--verbose", "verbosity", count=True, help="More detail; -vv logs every request."),
        click.option("-q", "--quiet", is_flag=True, help="No progress, and only errors in the log."),
        click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="Of the log on stderr."),
        _folder("--root", help="Where systems/, mappings/ and rules/ lie; else the shipped ones."),
    ]  # fmt: skip
    return lambda verb: _with(options, verb)


def _with(options: Sequence[Callable[..., Any]], verb: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(verb)
    def packed(**arguments: Any) -> Any:
        given = Given(**{one.name: arguments.pop(one.name) for one in fields(Given)})
        from engine.cli.logs import begin_logging

        begin_logging(given)
        return verb(given, **arguments)

    wrapped: Callable[..., Any] = packed
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


class Group(click.Group):
    """Verbs below a verb; the first of them is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("-h", "--help")):
            args = [next(iter(self.commands)), *args] if not args or args[0].startswith("-") else args
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def write(text: str) -> None:
    """A piece of the report, on stdout."""
    click.echo(text)
