"""schema: the book of every key of a kind of file."""

from __future__ import annotations

import click

from engine.cli.exits import DONE
from engine.cli.options import write
from engine.config.schema import schema_of
from engine.report.wording import json_text

KINDS = ("system", "mapping", "rules", "environment", "test", "matching")


@click.command()
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option("--layer-form", is_flag=True, help="The form for files of a layer, which need not be whole.")
def schema(kind: str | None, layer_form: bool) -> int:
    """Print the JSON Schema of KIND, for an editor or a check of your own; without KIND, list the kinds."""
    if kind is None:
        for name in KINDS:
            write(f"{name:12} {schema_of(name).get('title') or schema_of(name).get('description', '')}")
    else:
        write(json_text(schema_of(kind, layer_form), indent=1))
    return DONE
