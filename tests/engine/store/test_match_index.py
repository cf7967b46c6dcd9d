"""The index of known records: the same verdict for one record as for whole tables, found by shared keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.matching.people import COLUMNS, people
from engine.config.compile_matching import load_matching, shipped_matching
from engine.model.errors import UsageError
from engine.pipeline.match_files import read_table, run_match
from engine.spec.matching import MatchingSpec, PairRule
from engine.stages.linkage.one import Scorer
from engine.stages.linkage.weigh import weights_of
from engine.store.match_index import MOST_ROWS, MatchIndex


@pytest.fixture
def index(tmp_path: Path) -> MatchIndex:
    return MatchIndex(tmp_path / "index.db")


def found(index: MatchIndex, *keys: int) -> list[str]:
    return [id for id, _ in index.candidates(keys)]


def test_a_record_is_found_by_any_of_its_keys(index: MatchIndex) -> None:
    index.add([(("a", {"name": "x"}), [1, 2]), (("b", {"name": "y"}), [3])])
    assert list(index.candidates([9, 2])) == [("a", {"name": "x"})]
    assert found(index, 9) == []
    assert found(index) == []


def test_those_that_share_the_most_keys_come_first(index: MatchIndex) -> None:
    index.add([(("a", {}), [1]), (("b", {}), [1, 2, 3]), (("c", {}), [1, 2])])
    assert found(index, 1, 2, 3) == ["b", "c", "a"]


def test_a_record_that_comes_again_replaces_its_keys(index: MatchIndex) -> None:
    index.add([(("a", {"name": "x"}), [1])])
    index.add([(("a", {"name": "y"}), [2])])
    assert (found(index, 1), found(index, 2)) == ([], ["a"])


def test_a_key_that_many_share_tells_nothing(index: MatchIndex) -> None:
    index.add([((str(n), {}), [7, 100 + n]) for n in range(MOST_ROWS + 1)])
    index.settle()
    assert (found(index, 7), found(index, 101)) == ([], ["1"])


def test_a_key_stays_common_for_records_that_come_later(index: MatchIndex) -> None:
    index.add([((str(n), {}), [7, 100 + n]) for n in range(MOST_ROWS + 1)])
    index.settle()
    index.add([(("late", {}), [7, 900])])
    assert (found(index, 7), found(index, 900)) == ([], ["late"])


def test_a_failed_load_leaves_nothing(index: MatchIndex) -> None:
    with pytest.raises(OverflowError):
        index.add([(("a", {}), [1]), (("b", {}), [2**70])])
    assert found(index, 1) == []


def persons() -> MatchingSpec:
    path = shipped_matching("persons")
    spec, _ = load_matching(path) if path else (None, [])
    assert spec is not None
    return spec


def test_one_record_is_scored_as_in_a_whole_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(COLUMNS), *(",".join(row) for row in people(2000, 4))]) + "\n")
    spec = persons()
    table = read_table(spec, path)
    linked, pairs = run_match(spec, table)
    scorer = Scorer(replace(spec, weights=weights_of(linked.weighed)))
    rows = {id: number for number, id in enumerate(table.ids)}
    values = [
        {name: column.values[column.codes[row]] for name, column in table.columns.items()} for row in range(len(table))
    ]
    assert len(pairs) > 150
    for one in pairs:
        assert scorer.score(values[rows[one.left]], values[rows[one.right]]) == pytest.approx(one.score, abs=0.01)
        assert scorer.score(values[rows[one.right]], values[rows[one.left]]) == pytest.approx(one.score, abs=0.01)
        assert set(scorer.keys(values[rows[one.left]])) & set(scorer.keys(values[rows[one.right]]))


def test_rules_without_weights_cannot_score_one_record() -> None:
    with pytest.raises(UsageError, match="--learn"):
        Scorer(persons())


def test_rules_without_weights_decide_one_record_too() -> None:
    spec = replace(persons(), rules=(PairRule("same_email", ("email",)),), unless_differs=("birth_date",))
    scorer = Scorer(spec)
    assert scorer.score({"email": "a"}, {"email": "a", "birth_date": "1"}) == 1.0
    assert scorer.score({"email": "a", "birth_date": "2"}, {"email": "a", "birth_date": "1"}) == 0.0
    assert scorer.score({"email": "a"}, {"email": "b"}) == 0.0
