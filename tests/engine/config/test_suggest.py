"""The nearest right word."""

from __future__ import annotations

import pytest

from engine.config.suggest import did_you_mean, nearest

WORDS = ("push_policy", "record_overrides", "match", "guards", "gone")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("push_polices", "push_policy"),
        ("push-policy", "push_policy"),
        ("Match", "match"),
        ("mtach", "match"),
        ("guard", "guards"),
        ("gonne", "gone"),
        ("entirely_else", ""),
        ("", ""),
    ],
)
def test_nearest_word(word: str, meant: str) -> None:
    assert nearest(word, WORDS) == meant


def test_hint_names_the_nearest() -> None:
    assert did_you_mean("guard", WORDS) == "did you mean `guards`?"


def test_hint_lists_few_words_when_none_is_near() -> None:
    assert did_you_mean("zzz", ("from", "value")) == "allowed: from, value"


def test_hint_is_silent_when_there_are_too_many() -> None:
    assert did_you_mean("zzz", [f"word{number}" for number in range(30)]) == ""
