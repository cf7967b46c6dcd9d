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
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Of the list of kinds.")
def schema(kind: str | None, layer_form: bool, form: str) -> int:
    """Print the JSON Schema of KIND, for an editor or a check of your own; without KIND, list the kinds."""
    if kind is None:
        titles = {name: schema_of(name).get("title") or schema_of(name).get("description", "") for name in KINDS}
        write(json_text(titles, indent=2) if form == "json" else "\n".join(f"{k:12} {v}" for k, v in titles.items()))
    else:
        write(json_text(schema_of(kind, layer_form), indent=1))
    return DONE
