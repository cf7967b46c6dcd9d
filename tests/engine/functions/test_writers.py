"""Normalised values to native ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.functions.failed import FunctionFailed
from engine.functions.readers import READERS
from engine.functions.writers import WRITERS, writer
from engine.model.values import ABSENT, Pending
from engine.spec.system import FieldSpec

CONSENT = FieldSpec("c", "consent", codes={"denied": "OUT"})

LINE = {
    "label": FieldSpec("label"),
    "code": FieldSpec("code", at=("inner", "code")),
    "country": FieldSpec("country", "country", at=("inner", "country"), format="id_object"),
}


@pytest.mark.parametrize(
    ("spec", "value", "native"),
    [
        (FieldSpec("f"), "Zoë", "Zoë"),
        (FieldSpec("f", format="number"), "12", 12),
        (FieldSpec("f", "boolean"), False, False),
        (FieldSpec("f", "boolean", codes={"true": "2", "false": "1"}), True, "2"),
        (FieldSpec("f", "boolean", codes={"true": "1", "false": "0"}, format="number"), False, 0),
        (FieldSpec("f", "money"), Decimal("12.50"), Decimal("12.50")),
        (FieldSpec("f", "datetime"), "2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"),
        (FieldSpec("f", "datetime", format="unix_seconds"), "2023-11-14T22:13:20.5Z", 1700000000),
        (FieldSpec("f", "datetime", format="unix_millis"), "2023-11-14T22:13:20.123Z", 1700000000123),
        (FieldSpec("f", "datetime", format="%d/%m/%Y %H:%M"), "0099-03-04T05:06:07Z", "04/03/0099 05:06"),
        (FieldSpec("f", "date"), "2026-03-04T05:06:07Z", "2026-03-04"),
        (FieldSpec("f", "date", format="%d.%m.%Y"), "2026-03-04", "04.03.2026"),
        (FieldSpec("f", "choice", codes={"active": "1"}), "active", "1"),
        (FieldSpec("f", "choice", codes={"active": "1"}, format="number"), "active", 1),
        (FieldSpec("f", "choice", format="id_object"), "GOLD", {"id": "GOLD"}),
        (FieldSpec("f", "choice", codes={"active": "1"}), "unheard_of", "unheard_of"),
        (FieldSpec("f", "multi_choice", codes={"red": "1"}, joined_by=","), ["red", "2"], "1,2"),
        (FieldSpec("f", "reference"), "cus_1", "cus_1"),
        (FieldSpec("f", "reference", format="id_object"), "1", {"id": "1"}),
        (FieldSpec("f", "reference", format="number"), "12", 12),
        (FieldSpec("f", "reference", format="id_object"), Pending("op", "id"), {"id": Pending("op", "id")}),
        (FieldSpec("f", "country"), "FR", "FR"),
        (FieldSpec("f", "country", format="id_object"), "FR", {"id": "FR"}),
        (FieldSpec("f", "list", of="reference", format="id_object"), ["1", "2"], [{"id": "1"}, {"id": "2"}]),
        (FieldSpec("f", "list", fields=LINE), [{"label": "a", "code": "1", "country": "FR"}],
         [{"label": "a", "inner": {"code": "1", "country": {"id": "FR"}}}]),
        (FieldSpec("f", "map", clear="empty_text"), {"a": "1", "b": None}, {"a": "1", "b": ""}),
        (FieldSpec("f", "map"), {"a": "1", "b": None}, {"a": "1", "b": None}),
        (FieldSpec("f"), None, None),
        (FieldSpec("f", clear="empty_text"), None, ""),
        (FieldSpec("f", clear="never"), None, ABSENT),
        (FieldSpec("f", "reference", null_is="0"), None, "0"),
        (FieldSpec("f"), ABSENT, ABSENT),
        (CONSENT, {"status": "denied"}, "OUT"),
        (CONSENT, {"status": "soft_denied"}, "OUT"),
        (CONSENT, {"status": "granted"}, ABSENT),
        (FieldSpec("f", "consent", codes={"granted": "true", "denied": "false"}, format="boolean"),
         {"status": "denied", "at": "2026-03-04T05:06:07Z"}, False),
        (FieldSpec("f", "consent"), {"status": "granted", "at": "2026-03-04T05:06:07Z"},
         '{"at":"2026-03-04T05:06:07Z","status":"granted"}'),
    ],
)  # fmt: skip
def test_writes_a_value_natively(spec: FieldSpec, value: Any, native: Any) -> None:
    written = writer(spec)(value)

    assert written == native
    assert type(written) is type(native)


def test_absent_members_of_an_object_are_not_sent() -> None:
    spec = FieldSpec("o", "object", fields={"a": FieldSpec("a", clear="never"), "b": CONSENT, "c": FieldSpec("c")})

    assert writer(spec)({"a": None, "b": {"status": "granted"}, "c": None}) == {"c": None}


def test_a_member_that_the_catalogue_does_not_declare_is_refused() -> None:
    with pytest.raises(FunctionFailed, match=r"^colour: a member that the catalogue does not declare$"):
        writer(FieldSpec("o", "object", fields=LINE))({"colour": "red"})


@pytest.mark.parametrize("kind", ["list", "multi_choice"])
def test_a_single_value_is_no_list(kind: str) -> None:
    with pytest.raises(FunctionFailed, match="expected a list, found text"):
        writer(FieldSpec("f", kind))("a")


def test_every_type_that_is_read_can_be_written() -> None:
    assert set(WRITERS) == set(READERS)
