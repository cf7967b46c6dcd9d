"""Failures say where."""

from __future__ import annotations

from engine.functions.failed import FunctionFailed, expected


def test_a_failure_grows_its_path_on_the_way_out() -> None:
    failure = expected("text", ["x"]).inside("code").inside("[2]").inside("book")

    assert str(failure) == "book[2].code: expected text, found a list"
    assert (failure.path, failure.reason) == ("book[2].code", "expected text, found a list")
    assert str(FunctionFailed("no")) == "no"
