"""docs: the pages of all systems and flows, made out of the YAML so that they cannot drift."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from engine.cli.exits import DONE, FOUND
from engine.cli.options import Given, common, write
from engine.config.read_tree import Tree, read_tree
from engine.config.shipped import shipped_folder
from engine.model.errors import ConfigError
from engine.model.finding import has_errors
from engine.report.flow_page import flow_page
from engine.report.page_words import GENERATED
from engine.report.system_page import system_page
from engine.report.wording import count_text, json_text

FOLDERS = ("systems", "flows")
_MARK = GENERATED.partition(" from ")[0]


@click.command()
@click.option("-o", "--out", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs"),
              show_default=True, metavar="DIR", help="Where systems/ and flows/ go.")  # fmt: skip
@click.option("--check", is_flag=True, help="Write nothing; end with 1 where the pages are not what the YAML says.")
@common()
def docs(given: Given, folder: Path, check: bool) -> int:
    """Write a page for every system and every flow: what it does in words, line by line, and how to change it.

    With --layer the pages say what holds with the layers laid over the shipped YAML.
    """
    changed = list(_changed(folder, dict(pages(_tree(given)))))
    if not check:
        for path, text in changed:
            _put(path, text)
    names = [str(path) for path, _ in changed]
    if given.as_json:
        write(json_text({"changed": names}, indent=2))
    else:
        said = "differ from the YAML" if check else "written"
        write("\n".join([*(f"  {name}" for name in names), f"{count_text(len(names), 'page')} {said}"]))
    return FOUND if check and changed else DONE


def _tree(given: Given) -> Tree:
    root = given.root or shipped_folder()
    tree, findings = read_tree((root, *given.layers), given.environment, root=root)
    if has_errors(findings):
        raise ConfigError(findings)
    return tree


def pages(tree: Tree) -> Iterator[tuple[str, str]]:
    """Path below the folder of pages, and text, of each page."""
    for (kind, name), document in sorted(tree.items()):
        if kind == "system":
            yield f"systems/{name}.md", system_page(document)
        elif kind == "mapping" and ("rules", name) in tree:
            yield f"flows/{name}.md", flow_page(document, tree["rules", name])


def _changed(folder: Path, made: dict[str, str]) -> Iterator[tuple[Path, str]]:
    """Pages that are not yet as they should be; one that nothing makes any more is empty."""
    for name, text in made.items():
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            yield path, text
    for path in sorted(one for kind in FOLDERS for one in (folder / kind).glob("*.md")):
        if str(path.relative_to(folder)) not in made and _MARK in path.read_text("utf-8"):
            yield path, ""


def _put(path: Path, text: str) -> None:
    if not text:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
