"""The command line: verbs by name, each loaded on use, and one place that turns errors into exit codes."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from engine import __version__

VERBS: dict[str, dict[str, tuple[str, str]]] = {
    "author": {
        "init": ("init", "Begin a folder of your own: a layer, an environment, and what to do next."),
        "validate": ("validate", "Check every file; findings with file, line and column."),
        "test": ("rehearsal", "Run given / expect cases in memory: *.test.yaml."),
        "show": ("show", "Every effective value of a flow or a system, with its file and line."),
        "fields": ("fields", "The fields of an object: name, type, label, and what may be written."),
        "why": ("why", "Explain one record: its link, every field, the rule behind each."),
        "docs": ("docs", "Write a page for every system and flow, in words, out of the YAML."),
        "schema": ("schema", "Print the JSON Schema of a kind of file."),
    },
    "run": {
        "demo": ("demo", "See it work: stand-ins with messy data, synced both ways."),
        "plan": ("plan", "Show what a sync would do, like a diff; nothing is written."),
        "apply": ("apply", "Do exactly what a plan showed."),
        "sync": ("sync", "Read, decide and write: one flow, several, or all."),
        "match": ("match", "Find the same persons or firms in one or two CSV files."),
        "rebaseline": ("rebaseline", "Take both sides as they stand as agreed; nothing is written to a system."),
        "sandbox": ("sandbox", "Serve the stand-ins of the systems on this machine."),
    },
    "operate": {
        "review": ("review", "Decide the cases that wait for a person."),
        "links": ("links", "List, add, remove, import and export links."),
        "history": ("history", "What was written, when, from what to what, and why."),
        "measures": ("measures", "Count and sum what the rules name: waiting, lag, and the like."),
        "state": ("state", "How the store stands; back it up, prune it, forget a record."),
        "doctor": ("doctor", "Check settings, credentials, hosts, clocks, store and disk."),
    },
}
"""Group -> verb -> (module in this package, one line about it). The module holds a click command of the verb's name."""


class Verbs(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [verb for group in VERBS.values() for verb in group]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = next((group[cmd_name] for group in VERBS.values() if cmd_name in group), None)
        if found is None:
            return None
        command = getattr(importlib.import_module(f"engine.cli.{found[0]}"), cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for group, verbs in VERBS.items():
            with formatter.section(group.capitalize()):
                formatter.write_dl([(verb, about) for verb, (_, about) in verbs.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from engine.config.suggest import did_you_mean

            hint = did_you_mean(args[0], self.list_commands(ctx)) if args else ""
            raise click.UsageError(f"there is no verb '{args[0]}'{f' ({hint})' if hint else ''}", ctx) from error


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="concord")
def verbs() -> None:
    """Concord keeps customer records in agreement between business systems, from YAML alone.

    `run.py demo` shows it at work; `run.py VERB --help` tells more about a verb.
    """


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code. 70 a bug, 130 interrupted, 2 usage or configuration, 3 refused, 1 findings or
    failed operations, 4 done but cases wait, 0 done."""
    args = list(sys.argv[1:] if argv is None else argv)
    try:
        outcome = verbs.main(args, prog_name=_name(), standalone_mode=False)
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except SystemExit as stop:  # the library ends the process by itself when whoever read our output has left
        return 0 if isinstance(stop.__context__, BrokenPipeError) else int(stop.code or 0)
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        return _reader_left()
    except (click.Abort, KeyboardInterrupt):
        return _told(KeyboardInterrupt(), args)
    except Exception as error:  # noqa: BLE001 the one place where whatever happened becomes an exit code
        return _told(error, args)


def _told(error: BaseException, args: list[str]) -> int:
    from engine.cli.exits import tell

    return tell(error, verbose=any(one in args for one in ("--verbose", "-v", "-vv")))


def _name() -> str:
    name = os.path.basename(sys.argv[0])
    return name if name in ("run.py", "concord") else "run.py"


def _reader_left() -> int:
    """Whoever read our output has seen enough; nothing more may be written to it, not even while closing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
