"""Consent."""

from __future__ import annotations

from typing import Any

import pytest

from engine.functions.consents import consent, from_native, may_replace, status_of, to_native
from engine.functions.failed import FunctionFailed
from engine.functions.keys import comparator
from engine.model.values import ABSENT
from engine.spec.system import FieldSpec

CODES = {"granted": "3", "soft_granted": "1", "soft_denied": "2", "denied": "4"}
FULL = {"status": "granted", "at": "2026-01-02T03:04:05Z", "source": "web shop", "wording": "v1"}


@pytest.mark.parametrize(
    ("codes", "raw", "value"),
    [
        (CODES, {"id": "2", "refName": "Soft Opt-Out"}, {"status": "soft_denied"}),
        (CODES, "4", {"status": "denied"}),
        (CODES, 3, {"status": "granted"}),
        (CODES, None, None),
        (CODES, {"id": None}, None),
        ({"granted": "true", "denied": "false"}, False, {"status": "denied"}),
        ({"denied": "OUT"}, "", None),
        ({}, "granted", {"status": "granted"}),
        ({}, FULL, FULL),
        ({}, '{"status": "granted", "at": "2026-01-02T04:04:05+01:00", "other": 1}',
         {"status": "granted", "at": "2026-01-02T03:04:05Z"}),
        ({}, "", None),
    ],
)  # fmt: skip
def test_reads_a_consent(codes: dict[str, str], raw: Any, value: Any) -> None:
    assert from_native(codes)(raw) == value


@pytest.mark.parametrize(("codes", "raw"), [(CODES, "9"), ({}, "maybe"), ({}, "{broken"), ({}, 1), ({}, ["granted"])])
def test_refuses_what_says_nothing_certain(codes: dict[str, str], raw: Any) -> None:
    with pytest.raises(FunctionFailed):
        from_native(codes)(raw)


def test_evidence_survives_where_there_are_no_codes() -> None:
    assert from_native({})(to_native({})(FULL)) == FULL


def test_a_status_without_a_word_takes_the_nearest() -> None:
    yes_or_no = to_native({"granted": "true", "soft_denied": "false"})

    assert yes_or_no({"status": "soft_granted"}) == "true"
    assert [yes_or_no({"status": one}) for one in ("denied", "soft_denied")] == ["false", "false"]
    assert to_native({"soft_granted": "1"})({"status": "granted"}) is ABSENT


def test_statuses_of_one_word_are_the_same_there() -> None:
    equal = comparator(FieldSpec("x", type="consent", codes={"granted": "true", "soft_denied": "false"}))

    assert equal({"status": "denied"}, {"status": "soft_denied", "at": "2026-01-01"})
    assert not equal({"status": "denied"}, {"status": "granted"})
    assert not comparator(FieldSpec("x", type="consent"))({"status": "denied"}, {"status": "soft_denied"})


def test_a_mapped_status_may_be_a_consent_itself() -> None:
    assert consent({"status": {"status": "denied", "source": "call"}, "source": "shop"}) == {
        "status": "denied",
        "source": "shop",
    }
    assert consent({"status": None, "at": "2026-01-01"}) is None


def test_status_of_nothing_is_empty() -> None:
    assert status_of(None) == ""
    assert status_of(FULL) == "granted"


@pytest.mark.parametrize(
    ("held", "new", "may"),
    [
        (None, "granted", True),
        ("granted", "denied", True),
        ("denied", "denied", True),
        ("denied", "granted", False),
        ("soft_denied", "soft_granted", False),
        ({"status": "denied", "at": "2026-02-01"}, {"status": "granted", "at": "2026-01-01"}, False),
        ({"status": "denied", "at": "2026-02-01"}, {"status": "granted", "at": "2026-02-01"}, False),
        ({"status": "denied", "at": "2026-02-01"}, {"status": "granted", "at": "2026-03-01"}, True),
        ({"status": "denied"}, {"status": "granted", "at": "2026-03-01"}, False),
        ({"status": "denied", "at": "2026-02-01"}, "granted", False),
        ({"status": "denied", "at": "2026-02-01"}, None, True),
    ],
)
def test_a_withdrawal_yields_only_to_a_grant_that_is_provably_newer(held: Any, new: Any, may: bool) -> None:
    assert may_replace(held, new) is may
