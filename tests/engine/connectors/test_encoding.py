from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.connectors.encoding import (
    csv_upload_body,
    form_text,
    json_body,
    query_text,
    scalar_text,
    segment,
    text_body,
)
from engine.model.errors import Rejected
from engine.model.secret import Secret
from engine.model.values import ABSENT, Pending


def test_writes_json_with_exact_decimals() -> None:
    tree = {"a": Decimal("12.50"), "b": None, "c": [True, 1, "Zoë"], "d": {}}
    assert json_body(tree) == ('{"a":12.50,"b":null,"c":[true,1,"Zoë"],"d":{}}'.encode(), "application/json")


def test_writes_a_huge_decimal_without_exponent() -> None:
    assert json_body([Decimal("1E+20")])[0] == b"[100000000000000000000]"


@pytest.mark.parametrize(
    "value",
    [
        Decimal("NaN"),
        Decimal("Infinity"),
        1.5,
        float("nan"),
        ABSENT,
        Secret("x"),
        Pending("o", "f"),
        "\ud800",
        {1: 2},
        b"x",
    ],
    ids=["nan", "infinity", "float", "float nan", "absent", "secret", "pending", "surrogate", "number key", "bytes"],
)
def test_refuses_what_json_cannot_hold(value: Any) -> None:
    with pytest.raises(Rejected):
        json_body({"a": [value]})


def test_writes_nested_names_as_the_vendor_sdk_does() -> None:
    tree = {
        "email": "a+b@ex.com",
        "name": "Zoë Q",
        "address": {"line1": "1 Rd", "line2": "", "country": "GB"},
        "metadata": {"erp_id": "42", "old": ""},
        "preferred_locales": ["fr", "en"],
        "tax_id_data": [{"type": "eu_vat", "value": "DE123456789"}],
        "invoice_settings": {"default_payment_method": "pm_1"},
        "validate": True,
    }
    assert form_text(tree) == (
        "email=a%2Bb%40ex.com&name=Zo%C3%AB+Q&address[line1]=1+Rd&address[line2]=&address[country]=GB"
        "&metadata[erp_id]=42&metadata[old]=&preferred_locales[0]=fr&preferred_locales[1]=en"
        "&tax_id_data[0][type]=eu_vat&tax_id_data[0][value]=DE123456789"
        "&invoice_settings[default_payment_method]=pm_1&validate=true"
    )


def test_unsets_by_an_empty_value_in_a_form() -> None:
    assert form_text({"phone": None, "locales": [], "metadata": {}}) == "phone=&locales="


def test_encodes_names_and_values_of_a_query() -> None:
    query = {"created[gte]": 1700000000, "q": 'a="b"&c', "types": ["x.y", "z"], "$top": 5}
    assert query_text(query) == "created[gte]=1700000000&q=a%3D%22b%22%26c&types[0]=x.y&types[1]=z&$top=5"


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("O'Brien 100%", "O%27Brien%20100%25"),
        ("Zoë", "Zo%C3%AB"),
        ("l-0001:1f", "l-0001%3A1f"),
        ("a\r\nHost: x", "a%0D%0AHost%3A%20x"),
    ],
    ids=["separators", "quote", "umlaut", "colon", "line break"],
)
def test_encodes_a_value_as_one_segment(value: str, encoded: str) -> None:
    assert segment({"record": {"key": [value]}}) == {"record": {"key": [encoded]}}


@pytest.mark.parametrize("value", ["", ".", ".."], ids=["blank", "here", "up"])
def test_has_no_segment_for_what_would_change_the_path(value: str) -> None:
    assert segment(value) is ABSENT


def test_writes_scalars_plainly() -> None:
    assert [scalar_text(one) for one in (True, 7, Decimal("1.10"), None, "x")] == ["true", "7", "1.10", "", "x"]


def test_writes_plain_text() -> None:
    assert text_body("Zoë") == ("Zoë".encode(), "text/plain; charset=utf-8")


def test_uploads_rows_as_a_csv_file() -> None:
    body, kind = csv_upload_body({"list": "optout", "records": [{"email": "a@b.example", "why": 'x,"y"'}]})
    boundary = kind.removeprefix("multipart/form-data; boundary=")
    assert body.decode().replace(boundary, "B").split("\r\n") == [
        "--B",
        'Content-Disposition: form-data; name="list"',
        "",
        "optout",
        "--B",
        'Content-Disposition: form-data; name="file"; filename="upload.csv"',
        "Content-Type: text/csv",
        "",
        "email,why",
        'a@b.example,"x,""y"""',
        "",
        "--B--",
        "",
    ]
