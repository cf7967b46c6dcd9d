"""Mapped values to the type of the target field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.functions.coercers import COERCERS, coercer
from engine.functions.failed import FunctionFailed
from engine.functions.readers import READERS
from engine.model.values import ABSENT, UNKNOWN, Pending
from engine.spec.system import FieldSpec

STAGE = FieldSpec("f", "choice", values=("Lead", "Customer"))
ADDRESS = FieldSpec("f", "object", fields={"line1": FieldSpec("line1"), "country": FieldSpec("country", "country")})


def coerced(spec: FieldSpec, value: Any) -> Any:
    coerce = coercer(spec)
    assert coerce is not None
    return coerce(value)


@pytest.mark.parametrize(
    ("spec", "value", "result"),
    [
        (FieldSpec("f"), 42, "42"),
        (FieldSpec("f"), Decimal("1.50"), "1.50"),
        (FieldSpec("f"), False, "false"),
        (FieldSpec("f", "email"), " jane@example.com ", "jane@example.com"),
        (FieldSpec("f", "boolean"), "yes", True),
        (FieldSpec("f", "boolean"), 0, False),
        (FieldSpec("f", "boolean"), "", None),
        (FieldSpec("f", "integer"), "12", 12),
        (FieldSpec("f", "integer"), Decimal("12.0"), 12),
        (FieldSpec("f", "money"), "12.50", Decimal("12.50")),
        (FieldSpec("f", "money"), " ", None),
        (FieldSpec("f", "datetime"), "2026-03-04T05:06:07+01:00", "2026-03-04T04:06:07Z"),
        (FieldSpec("f", "datetime"), "2026-03-04", "2026-03-04T00:00:00Z"),
        (FieldSpec("f", "date"), "2026-03-04T05:06:07Z", "2026-03-04"),
        (FieldSpec("f", "reference"), {"id": "7", "name": "Net 30"}, "7"),
        (FieldSpec("f", "reference"), 7, "7"),
        (STAGE, "Lead", "Lead"),
        (STAGE, "customer", "Customer"),
        (FieldSpec("f", "choice"), "anything", "anything"),
        (FieldSpec("f", "multi_choice", values=("a", "b")), ["A", "b"], ["a", "b"]),
        (FieldSpec("f", "country"), "fr", "FR"),
        (FieldSpec("f", "country"), "", ""),
        (FieldSpec("f", "currency"), "usd", "usd"),
        (FieldSpec("f", "list", of="text"), [1, None, "b"], ["1", None, "b"]),
        (FieldSpec("f", "list", of="reference"), [{"id": "7"}], ["7"]),
        (ADDRESS, {"line1": 5, "country": "de", "unknown": "x"}, {"line1": "5", "country": "DE"}),
        (FieldSpec("f", "map"), {"a": 1, "b": None}, {"a": "1", "b": None}),
        (FieldSpec("f", "consent"), "denied", {"status": "denied"}),
        (FieldSpec("f", "consent"), True, {"status": "granted"}),
        (FieldSpec("f", "consent"), {"status": {"status": "granted", "at": "2026-01-01"}, "source": "shop"},
         {"status": "granted", "at": "2026-01-01T00:00:00Z", "source": "shop"}),
    ],
)  # fmt: skip
def test_makes_a_value_fit(spec: FieldSpec, value: Any, result: Any) -> None:
    found = coerced(spec, value)

    assert found == result
    assert type(found) is type(result)


@pytest.mark.parametrize("value", [None, ABSENT, UNKNOWN, Pending("op", "id")])
@pytest.mark.parametrize("kind", sorted(COERCERS))
def test_blank_and_pending_values_pass(kind: str, value: Any) -> None:
    assert coerced(FieldSpec("f", kind), value) is value


@pytest.mark.parametrize(
    ("spec", "value", "why"),
    [
        (FieldSpec("f"), ["a"], "expected text, found a list"),
        (FieldSpec("f", "boolean"), "perhaps", "expected true or false, found something else"),
        (FieldSpec("f", "integer"), "1.5", "expected a whole number, found a fraction"),
        (FieldSpec("f", "integer"), True, "expected a number, found true or false"),
        (FieldSpec("f", "datetime"), 1700000000, "expected a time as text, found a number"),
        (STAGE, "Robot", "not one of the values that the field knows"),
        (FieldSpec("f", "country"), "France", "not a two-letter country code; apply country_code to names"),
        (FieldSpec("f", "currency"), "Euro", "not a three-letter currency code; apply currency_code to names"),
        (FieldSpec("f", "list"), "a", "expected a list, found text"),
        (FieldSpec("f", "list", fields=ADDRESS.fields), [{"country": "X"}],
         "[0].country: not a two-letter country code; apply country_code to names"),
        (ADDRESS, "1 Main St", "expected an object, found text"),
        (FieldSpec("f", "consent"), "maybe", "not a consent: neither a status nor a declared code"),
    ],
)  # fmt: skip
def test_refuses_what_cannot_fit(spec: FieldSpec, value: Any, why: str) -> None:
    with pytest.raises(FunctionFailed) as failure:
        coerced(spec, value)

    assert str(failure.value) == why


def test_every_type_has_a_coercer() -> None:
    assert set(COERCERS) == set(READERS)
