"""Laws of matching tables: the order of rows and of files does not count, and the same input gives the same pairs."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.matching.people import COLUMNS, people
from engine.config.compile_matching import load_matching, shipped_matching
from engine.pipeline.match_files import FoundPair, read_table, run_match
from engine.spec.matching import MatchingSpec

Rows = list[tuple[str, ...]]


@pytest.fixture(scope="module")
def persons() -> MatchingSpec:
    path = shipped_matching("persons")
    assert path is not None
    spec, findings = load_matching(path)
    assert spec is not None, findings
    return spec


@pytest.fixture(scope="module")
def rows() -> Rows:
    return people(3000, 11)


def written(path: Path, rows: Rows) -> Path:
    lines = [",".join(COLUMNS), *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def pairs(spec: MatchingSpec, left: Path, right: Path | None = None) -> list[FoundPair]:
    return run_match(spec, read_table(spec, left, right))[1]


def test_the_order_of_rows_does_not_count(persons: MatchingSpec, rows: Rows, tmp_path: Path) -> None:
    shuffled = rows[:]
    random.Random(3).shuffle(shuffled)
    one = pairs(persons, written(tmp_path / "a.csv", rows))
    other = pairs(persons, written(tmp_path / "b.csv", shuffled))
    assert len(one) > 200
    assert one == other


def test_the_same_input_gives_the_same_pairs_again(persons: MatchingSpec, rows: Rows, tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", rows)
    assert pairs(persons, path) == pairs(persons, path)


def test_left_and_right_may_change_places(persons: MatchingSpec, rows: Rows, tmp_path: Path) -> None:
    left, right = written(tmp_path / "l.csv", rows[:1500]), written(tmp_path / "r.csv", rows[1500:])
    there = {(one.left, one.right, one.score, one.rule) for one in pairs(persons, left, right)}
    back = {(one.right, one.left, one.score, one.rule) for one in pairs(persons, right, left)}
    assert len(there) > 50
    assert there == back


def test_each_pair_stands_once_and_the_smaller_id_first(persons: MatchingSpec, rows: Rows, tmp_path: Path) -> None:
    found = pairs(persons, written(tmp_path / "a.csv", rows))
    assert all(one.left < one.right for one in found)
    assert len({(one.left, one.right) for one in found}) == len(found)


def test_what_was_merged_is_not_found_again(persons: MatchingSpec, rows: Rows, tmp_path: Path) -> None:
    """Idempotence: with one row of each accepted pair taken out, hardly a sure pair is left."""
    first = [one for one in pairs(persons, written(tmp_path / "a.csv", rows)) if one.verdict == "accept"]
    merged = {one.right for one in first}
    kept = [row for row in rows if row[0] not in merged]
    again = [one for one in pairs(persons, written(tmp_path / "b.csv", kept)) if one.verdict == "accept"]
    assert len(again) <= len(first) // 10


def test_one_to_one_accepts_no_row_twice(persons: MatchingSpec, rows: Rows, tmp_path: Path) -> None:
    strict = replace(persons, two_files="one_to_one")
    found = pairs(strict, written(tmp_path / "l.csv", rows[:1500]), written(tmp_path / "r.csv", rows[1500:]))
    accepted = [one for one in found if one.verdict == "accept"]
    assert len({one.left for one in accepted}) == len(accepted) == len({one.right for one in accepted})


def test_households_and_namesakes_do_not_pass_for_one_person(
    persons: MatchingSpec, rows: Rows, tmp_path: Path
) -> None:
    person = {row[0]: row[-1] for row in rows}
    accepted = [one for one in pairs(persons, written(tmp_path / "a.csv", rows)) if one.verdict == "accept"]
    right = sum(person[one.left] == person[one.right] for one in accepted)
    assert right / len(accepted) > 0.85
