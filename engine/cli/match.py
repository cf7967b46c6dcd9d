"""match: which rows of one or two CSV files are the same, by match rules alone."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from engine.cli.exits import DONE, say, tell_findings
from engine.cli.options import Given, common, write
from engine.config.compile_matching import load_matching, shipped_matching, shipped_names
from engine.config.suggest import did_you_mean
from engine.model.errors import ConfigError, UsageError
from engine.model.finding import has_errors
from engine.report.match_text import count_lines, difference_text, why_pair_text
from engine.report.progress import progress_for
from engine.spec.matching import MatchingSpec

_CSV = click.Path(exists=True, dir_okay=False, path_type=Path)
_MASK = "***"


@click.command()
@click.argument("left", type=_CSV)
@click.argument("right", type=_CSV, required=False)
@click.option("--rules", required=True, metavar="FILE", help="Match rules: a file, or persons, or companies.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="CSV",
    help="Where the pairs go; else stdout.",
)
@click.option(
    "--learn",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the rules with the learnt weights into FILE.",
)
@click.option("--compare", "other", metavar="RULES", help="Tell what would join or split under these rules.")
@click.option(
    "--keep",
    "keep_in",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="INDEX",
    help="Keep the rows of LEFT in an index, for --known.",
)
@click.option("--known", type=_CSV, metavar="INDEX", help="Match each row of LEFT among those kept in an index.")
@click.option("--why", "pair", nargs=2, metavar="LEFT_ID RIGHT_ID", help="Tell why two rows are the same or not.")
@common()
def match(
    given: Given, left: Path, right: Path | None, rules: str, output: Path | None, learn: Path | None,
    other: str | None, keep_in: Path | None, known: Path | None, pair: tuple[str, str] | None,
) -> int:  # fmt: skip
    """Link the rows of LEFT with those of RIGHT, or find the duplicates in LEFT alone.

    Both are CSV in UTF-8 with a line of headings. The result has left_id, right_id, score, rule, and the verdict:
    accept, or review for a person. Weights that the rules do not hold are learnt from the files, without labels.
    """
    from engine.pipeline.match_files import read_table, run_match

    started = time.monotonic()
    spec, progress = read_rules(rules), progress_for(sys.stderr, quiet=given.quiet)
    spec = replace(spec, weights=None) if learn else spec
    table = read_table(spec, left, right, lambda stage, number: progress.tell("match", stage, number))
    if keep_in or known:
        return _by_index(given, spec, table, keep_in, known, output)
    found, pairs = run_match(spec, table, lambda stage, number: progress.tell("match", stage, number))
    progress.close()
    if learn:
        _write_learnt(spec, rules, found, learn)
    if pair:
        _tell_why(given, spec, table, found, pair)
    if other:
        _tell_differences(given, other, left, right, pairs)
    if output is not None or not (pair or other or learn):
        _put_pairs(pairs, output)
    accepted = sum(one.verdict == "accept" for one in pairs)
    counts = {"rows": len(table), "candidates": found.candidates, "accepted": accepted, "review": len(pairs) - accepted}
    if output is not None and not (pair or other):
        _tell_counts(given, counts, time.monotonic() - started)
    return DONE


def read_rules(name: str) -> MatchingSpec:
    """The rules of a file or of a shipped name; what is wrong with them stops the verb."""
    path = _path_of(name)
    spec, findings = load_matching(path, str(path))
    if spec is None or has_errors(findings):
        raise ConfigError(findings)
    tell_findings(findings)
    return spec


def _path_of(name: str) -> Path:
    path = Path(name)
    shipped = None if path.is_file() else shipped_matching(name)
    if shipped is None and not path.is_file():
        hint = did_you_mean(name, shipped_names()) or f"shipped are: {', '.join(shipped_names())}"
        raise UsageError(f"there are no match rules '{name}' ({hint})")
    return shipped or path


def _by_index(
    given: Given, spec: MatchingSpec, table: Any, keep_in: Path | None, known: Path | None, output: Path | None
) -> int:
    from engine.pipeline.match_known import keep, match_known

    progress = progress_for(sys.stderr, quiet=given.quiet)
    pairs = match_known(spec, table, known) if known else []
    kept = keep(spec, table, keep_in, lambda stage, number: progress.tell("match", stage, number)) if keep_in else 0
    progress.close()
    if known:
        _put_pairs(pairs, output)
    if kept:
        say(f"{kept:,} rows are kept in {keep_in}")
    return DONE


def _put_pairs(pairs: Any, output: Path | None) -> None:
    from engine.pipeline.match_files import HEADINGS, write_pairs
    from engine.report.sheet import sheet_text

    if output is not None:
        write_pairs(output, pairs)
        return
    write(sheet_text(HEADINGS, [one.cells for one in pairs]).replace("\r\n", "\n").rstrip("\n"))


def _tell_counts(given: Given, counts: dict[str, int], seconds: float) -> None:
    if given.as_json:
        write(json.dumps({**counts, "seconds": round(seconds, 3)}))
    elif not given.quiet:
        write(count_lines(counts))


def _write_learnt(spec: MatchingSpec, rules: str, found: Any, path: Path) -> None:
    from engine.pipeline.learnt_rules import with_weights
    from engine.stages.linkage.weigh import weights_of

    weights = weights_of(found.weighed)
    if weights is None:
        raise UsageError(f"{rules} has nothing to learn: it needs `compare` and `kinds`, and files with candidates")
    path.write_text(with_weights(_path_of(rules).read_text("utf-8"), weights), encoding="utf-8")
    say(f"the rules {spec.name} with the learnt weights are in {path}")


def _tell_differences(given: Given, other: str, left: Path, right: Path | None, pairs: Any) -> None:
    from engine.pipeline.match_files import differences, read_table, run_match

    spec = read_rules(other)
    joins, splits = differences(pairs, run_match(spec, read_table(spec, left, right))[1])
    if given.as_json:
        write(json.dumps({"joins": [one.cells for one in joins], "splits": [one.cells for one in splits]}))
    else:
        write(difference_text(joins, splits))


def _tell_why(given: Given, spec: MatchingSpec, table: Any, found: Any, pair: tuple[str, str]) -> None:
    from engine.pipeline.match_files import rows_named, why_tree

    left, right = rows_named(table, pair)
    tree = why_tree(spec, table, found, left, right)
    if not given.reveal:
        tree["values"] = {name: [_MASK if one else "" for one in two] for name, two in tree["values"].items()}
    write(json.dumps(tree) if given.as_json else why_pair_text(tree))
