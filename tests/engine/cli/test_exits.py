"""Exit codes, and what is said on the way out."""

from __future__ import annotations

import errno

import pytest

from engine.cli.exits import code_of, first, tell
from engine.model.errors import (
    ConfigError,
    LeaseHeld,
    Refused,
    Rejected,
    StoreError,
    Throttled,
    Unauthorised,
    Unreachable,
    UsageError,
)
from engine.model.finding import Finding, Place


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError("x"), 70),
        (RuntimeError("x"), 70),
        (OSError(errno.ECHILD, "no child"), 70),
        (KeyboardInterrupt(), 130),
        (UsageError("x"), 2),
        (ConfigError([]), 2),
        (Refused("x"), 3),
        (LeaseHeld("x"), 3),
        (StoreError("x"), 3),
        (Unauthorised("x"), 3),
        (OSError(errno.ENOSPC, "disk full"), 3),
        (Unreachable("x"), 1),
        (Throttled("x"), 1),
        (Rejected("x"), 1),
    ],
)
def test_every_error_has_its_code(error: BaseException, code: int) -> None:
    assert code_of(error) == code


@pytest.mark.parametrize(
    ("codes", "code"),
    [((0, 4, 1), 1), ((4, 0), 4), ((1, 3), 3), ((0, 10), 10), ((10, 3), 3), ((0,), 0), ((), 0), ((2, 130, 70), 70)],
)
def test_of_several_codes_the_first_that_applies_counts(codes: tuple[int, ...], code: int) -> None:
    assert first(*codes) == code


def test_a_refusal_says_why_with_every_finding(capsys: pytest.CaptureFixture[str]) -> None:
    finding = Finding("guard-creates", "too many", Place("r.yaml", 3, 1), hint="--allow creates")
    assert tell(Refused("a guard stops this", [finding]), verbose=False) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "run.py: a guard stops this\nr.yaml:3:1: error [guard-creates] too many (--allow creates)\n"
    )


def test_wrong_configuration_names_the_verb_that_shows_more(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(ConfigError([Finding("odd", "is odd", Place("m.yaml", 1, 1))]), verbose=False) == 2
    assert "run.py validate" in capsys.readouterr().err


def test_a_systems_own_advice_is_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    tell(Rejected("the portal is off", do="Activate it in the settings."), verbose=False)
    assert capsys.readouterr().err == "run.py: the portal is off\n  Activate it in the settings.\n"


def _stumble() -> None:
    raise KeyError("ada@example.com")


def test_a_bug_shows_type_and_place_but_not_what_it_stumbled_over(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError) as caught:
        _stumble()
    assert tell(caught.value, verbose=False) == 70
    said = capsys.readouterr().err
    assert "BUG: KeyError at test_exits.py:" in said
    assert "in _stumble" in said
    assert "ada@example.com" not in said
    assert "Traceback" not in said


def test_a_bug_shows_its_whole_path_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError) as caught:
        _stumble()
    tell(caught.value, verbose=True)
    assert "Traceback" in capsys.readouterr().err
