"""sandbox: the stand-ins of the systems, served by this process until it is told to stop."""

from __future__ import annotations

import click


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def sandbox(arguments: tuple[str, ...]) -> int:
    """Serve the stand-ins; --json prints the line that --settings takes. See --help for more."""
    from sandbox.__main__ import main

    try:
        return main(list(arguments))
    except SystemExit as stop:  # argparse ends the process by itself
        return stop.code if isinstance(stop.code, int) else 2
