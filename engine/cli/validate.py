"""validate: every finding of every file, for people and for CI."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from engine.cli.exits import DONE, FOUND, USAGE
from engine.cli.loading import load
from engine.cli.options import Given, common, write
from engine.config.compile_matching import matching_findings
from engine.config.shipped import shipped_folder
from engine.model.errors import UsageError
from engine.model.finding import Finding, has_errors
from engine.report.findings_data import FORMATS
from engine.report.findings_text import findings_text

_SHELVES = ("systems", "mappings", "rules", "tests", "environments")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@common("github", "sarif", "junit")
def validate(given: Given, paths: tuple[Path, ...], strict: bool) -> int:
    """Check the shipped files, the layers and the environment; with PATHS, a layer of yours, or single files.

    Ends with 2 when a finding is an error, 1 when there are warnings and --strict, else 0.
    """
    layers, files = _laid(given, paths)
    ruleset, findings = load(replace(given, layers=layers, environment=given.environment or _environment(paths)))
    findings = [*findings, *matching_findings((given.root or shipped_folder(), *layers))]
    failed = ruleset is None or has_errors(findings)
    folders = (given.root or shipped_folder(), *(layer.parent for layer in layers), Path())
    shown = [one for one in findings if not files or _is_in(one, files, folders) or _is_error(one)]
    write(_rendered(given, shown, layers))
    return USAGE if failed else FOUND if strict and shown else DONE


def _is_in(one: Finding, files: set[Path], folders: tuple[Path, ...]) -> bool:
    return any((folder / one.place.file).resolve() in files for folder in folders)


def _environment(paths: tuple[Path, ...]) -> Path | None:
    """A file of `environments/` is looked at as what it is."""
    return next((path for path in paths if path.is_file() and path.parent.name == "environments"), None)


def _is_error(one: Finding) -> bool:
    return has_errors([one])


def _rendered(given: Given, findings: list[Finding], layers: tuple[Path, ...]) -> str:
    if given.form != "text":
        return FORMATS[given.form](findings)
    return findings_text(findings, (given.root or shipped_folder(), *layers, Path()))


def _laid(given: Given, paths: tuple[Path, ...]) -> tuple[tuple[Path, ...], set[Path]]:
    """The layers that the paths add, and the single files to look at."""
    known = {path.resolve() for path in (given.root or shipped_folder(), *given.layers)}
    layers, files = list(given.layers), set()
    for path in paths:
        folder = path if path.is_dir() else path.parent.parent
        if path.is_file():
            files.add(path.resolve())
        if folder.resolve() not in known and any((folder / shelf).is_dir() for shelf in _SHELVES):
            known.add(folder.resolve())
            layers.append(folder)
        elif not any(folder.resolve().is_relative_to(one) for one in known):
            raise UsageError(f"{path} is no layer, and in none: a layer holds {', '.join(_SHELVES)}")
    return tuple(layers), files
