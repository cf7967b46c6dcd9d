"""Blocks, levels, assignment and clusters on tables small enough to check by hand."""

from __future__ import annotations

import numpy as np

from engine.spec.matching import (
    BlockRule,
    Comparison,
    Expectation,
    KeyPart,
    Kind,
    MatchingSpec,
    PairRule,
    Part,
    TableField,
)
from engine.stages.linkage.assign import one_to_one
from engine.stages.linkage.block import Pairs, candidates, keys_of
from engine.stages.linkage.cluster import clusters
from engine.stages.linkage.columns import Table, column_of
from engine.stages.linkage.levels import part_levels
from engine.stages.linkage.link import link


def table(left_count: int = -1, **columns: list[str]) -> Table:
    rows = len(next(iter(columns.values())))
    made = {name: column_of(values) for name, values in columns.items()}
    linking = left_count >= 0
    return Table([str(n) for n in range(1, rows + 1)], made, left_count if linking else rows, linking)


def pairs_of(found: Pairs) -> list[tuple[int, int]]:
    return list(zip(found.left.tolist(), found.right.tolist(), strict=True))


def made(*pairs: tuple[int, int]) -> Pairs:
    return Pairs(np.array([one for one, _ in pairs], np.int32), np.array([other for _, other in pairs], np.int32))


def test_rows_with_an_equal_key_become_candidates_once() -> None:
    rows = table(email=["a", "b", "a", ""], phone=["1", "2", "1", ""])
    blocks = {name: (keys_of([column]), 10) for name, column in rows.columns.items()}
    assert pairs_of(candidates(rows, blocks)) == [(0, 2)]


def test_blank_is_no_key() -> None:
    rows = table(email=["", "", ""])
    assert pairs_of(candidates(rows, {"email": (keys_of([rows.columns["email"]]), 10)})) == []


def test_a_key_of_too_many_pairs_tells_nothing() -> None:
    rows = table(email=["a"] * 5 + ["b", "b"])
    assert pairs_of(candidates(rows, {"email": (keys_of([rows.columns["email"]]), 9)})) == [(5, 6)]


def test_two_files_are_compared_across_only() -> None:
    rows = table(2, email=["a", "a", "a", "b"])
    assert pairs_of(candidates(rows, {"email": (keys_of([rows.columns["email"]]), 9)})) == [(0, 2), (1, 2)]


def test_keys_in_any_order_find_names_that_have_changed_places() -> None:
    rows = table(given=["anna", "berg", "anna"], surname=["berg", "anna", "bird"])
    keys = keys_of([rows.columns["given"], rows.columns["surname"]], any_order=True)
    assert pairs_of(candidates(rows, {"names": (keys, 9)})) == [(0, 1)]


def test_levels_go_from_blank_over_different_to_equal() -> None:
    names = column_of(["meyer", "meyer", "meier", "", "zimmer"])
    part = Part("surname", "jaro_winkler", (0.84, 0.92))
    left, right = names.codes[np.zeros(4, int)], names.codes[np.array([1, 2, 3, 4])]
    assert part_levels(part, names, left, right).tolist() == [4, 2, 0, 1]


def test_given_names_know_initials_and_short_names() -> None:
    names = column_of(["william", "w", "bill", "wilhelm", "anna"])
    part = Part("given_name", "given_name", (0.5, 0.84, 0.92))
    left, right = names.codes[np.zeros(4, int)], names.codes[np.array([1, 2, 3, 4])]
    assert part_levels(part, names, left, right).tolist() == [2, 3, 3, 1]


def test_likeness_is_the_same_both_ways() -> None:
    names = column_of(["martha", "marhta", "dwayne", "duane", "dixon", "dicksonx"])
    part = Part("name", "jaro_winkler", (0.8, 0.9))
    left, right = np.triu_indices(6, 1)
    there = part_levels(part, names, names.codes[left], names.codes[right])
    back = part_levels(part, names, names.codes[right], names.codes[left])
    assert there.tolist() == back.tolist()


def test_one_to_one_gives_each_row_its_best_and_takes_the_first_of_a_tie() -> None:
    pairs = made((0, 10), (1, 10), (1, 11), (0, 11))
    scores, sure = np.array([0.9, 0.9, 0.8, 0.7]), np.ones(4, bool)
    assert one_to_one(pairs, scores, sure, 12).tolist() == [True, False, True, False]


def test_two_clusters_are_not_joined_by_a_single_weak_pair() -> None:
    pairs = made((0, 1), (2, 3), (1, 2))
    scores, sure = np.array([0.99, 0.98, 0.6]), np.ones(3, bool)
    assert clusters(pairs, scores, sure, 4).tolist() == [True, True, False]


def test_two_weak_pairs_or_a_strong_one_join_clusters() -> None:
    weak = made((0, 1), (2, 3), (1, 2), (0, 3))
    assert clusters(weak, np.array([0.99, 0.98, 0.7, 0.6]), np.ones(4, bool), 4).tolist() == [True] * 4
    strong = made((0, 1), (2, 3), (1, 2))
    assert clusters(strong, np.array([0.99, 0.98, 0.96]), np.ones(3, bool), 4).tolist() == [True] * 3


def rules_only(*rules: PairRule, unless: tuple[str, ...] = ()) -> MatchingSpec:
    names = ("email", "vat", "name")
    return MatchingSpec(
        "t",
        tuple(TableField(name, (name,), "as_is") for name in names),
        tuple(BlockRule(name, (KeyPart(name),)) for name in names),
        rules=rules,
        unless_differs=unless,
        two_files="pairs",
        one_file="pairs",
    )


def test_a_rule_decides_without_weights() -> None:
    rows = table(email=["a", "a", "b"], vat=["1", "1", ""], name=["x", "y", "x"])
    found = link(rules_only(PairRule("same_email", ("email",))), rows)
    assert pairs_of(found.pairs) == [(0, 1)]
    assert found.accepted.tolist() == [True]
    assert found.rules.tolist() == [0]


def test_what_must_not_differ_outranks_a_rule_and_blank_does_not_differ() -> None:
    rows = table(email=["a", "a", "a"], vat=["1", "2", ""], name=["x", "y", "z"])
    found = link(rules_only(PairRule("same_email", ("email",)), unless=("vat",)), rows)
    assert pairs_of(found.pairs) == [(0, 2), (1, 2)]


def test_a_rule_for_review_accepts_nothing() -> None:
    rows = table(email=["a", "a"], vat=["1", "1"], name=["x", "y"])
    found = link(rules_only(PairRule("same_vat", ("vat",), then="review")), rows)
    assert found.accepted.tolist() == [False]


def test_whole_values_are_compared_never_parts() -> None:
    rows = table(email=["12345", "company id 12345"], vat=["", ""], name=["x", "y"])
    assert len(link(rules_only(PairRule("same_email", ("email",))), rows).pairs) == 0


def test_learning_tells_the_same_from_chance_without_labels() -> None:
    spec = MatchingSpec(
        "t",
        (),
        (BlockRule("city", (KeyPart("city"),)),),
        tuple(Comparison(name, (Part(name, "equal"),)) for name in ("email", "phone", "name")),
        (
            Kind("same", True, True, {name: Expectation("agree") for name in ("email", "phone", "name")}),
            Kind("chance", False, True, {name: Expectation("differ") for name in ("email", "phone", "name")}, 0.9),
        ),
        one_file="pairs",
        most_pairs=10,
    )
    people = [(f"e{n}", f"p{n}", f"n{n}") for n in range(200)]
    again = [(email, phone if n % 3 else f"other{n}", name) for n, (email, phone, name) in enumerate(people)]
    both = [one for pair in zip(people, again, strict=True) for one in pair]
    city = [str(n // 4) for n in range(400)]
    rows = table(city=city, email=[p[0] for p in both], phone=[p[1] for p in both], name=[p[2] for p in both])
    found = link(spec, rows)
    assert pairs_of(made(*sorted(pairs_of(found.pairs)))) == [(n, n + 1) for n in range(0, 400, 2)]
    assert found.accepted.all()
