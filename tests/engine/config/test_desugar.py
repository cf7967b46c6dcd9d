"""Short forms -> long forms."""

from __future__ import annotations

from typing import Any

import pytest

from engine.config.desugar import desugar
from engine.config.layers import finish
from engine.config.loader import load_text


def long_form(kind: str, text: str) -> Any:
    root, findings = load_text(text, "f.yaml")
    assert findings == []
    assert root is not None
    once = desugar(root, kind)
    assert desugar(once, kind) == once
    return finish(once).plain()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("email", {"from": "email"}),
        ("{from: email}", {"from": "email"}),
        ("{from: email, else: none}", {"from": "email", "else": {"value": "none"}}),
        ("{from: n, else: 0}", {"from": "n", "else": {"value": 0}}),
        ("{from: n, else: {from: m}}", {"from": "n", "else": {"from": "m"}}),
        ("{first_of: [a, {setting: b}]}", {"first_of": [{"from": "a"}, {"setting": "b"}]}),
        ("{each: lines, fields: {city: city}}", {"each": {"from": "lines"}, "fields": {"city": {"from": "city"}}}),
        ("{each: {records: a.b}, fields: {c: id}}", {"each": {"records": "a.b"}, "fields": {"c": {"from": "id"}}}),
        ("{with: 'a[0]', fields: {b: c}}", {"with": "a[0]", "fields": {"b": {"from": "c"}}}),
        ("{choose: [{when: x, value: y}]}", {"choose": [{"when": "x", "value": {"value": "y"}}]}),
        ("{choose: [{when: x, value: {from: y}}]}", {"choose": [{"when": "x", "value": {"from": "y"}}]}),
        ("{value: 12}", {"value": 12}),
        ("{from: a, apply: [lower, {truncate: 2}]}", {"from": "a", "apply": ["lower", {"truncate": 2}]}),
    ],
)
def test_row_in_its_long_form(written: str, meant: Any) -> None:
    assert long_form("mapping", f"fields:\n  row: {written}\n") == {"fields": {"row": meant}}


def test_write_back_holds_sources() -> None:
    assert long_form("mapping", "write_back: {theirs: id}") == {"write_back": {"theirs": {"from": "id"}}}


def test_rules_hold_sources_in_globals_actions_and_merges() -> None:
    text = """
globals: {web: {find: {number: code}, create: {name: {value: Web}}}}
actions: {mail: {fields: {to: target.email}, write_back: {url: url}}}
duplicates: {merge: {loser: {off: {value: true}}}}
record_overrides: {from: metadata}
measures: {waiting: {value: length(@)}}
"""
    assert long_form("rules", text) == {
        "globals": {"web": {"find": {"number": {"from": "code"}}, "create": {"name": {"value": "Web"}}}},
        "actions": {"mail": {"fields": {"to": {"from": "target.email"}}, "write_back": {"url": {"from": "url"}}}},
        "duplicates": {"merge": {"loser": {"off": {"value": True}}}},
        "record_overrides": {"from": "metadata"},
        "measures": {"waiting": {"value": "length(@)"}},
    }


def test_bare_request_is_its_method_and_path() -> None:
    text = "objects: {c: {operations: {read: GET /c, find: {'*': GET /c}}, parts: {p: {update: PUT /p}}}}"

    assert long_form("system", text) == {
        "objects": {
            "c": {
                "operations": {"read": {"request": "GET /c"}, "find": {"*": {"request": "GET /c"}}},
                "parts": {"p": {"update": {"request": "PUT /p"}}},
            }
        }
    }


def test_catalogue_and_bodies_are_no_sources() -> None:
    text = "objects: {c: {operations: {create: {request: POST /c, body: {from: x}}}, fields: {from: {type: text}}}}"

    assert long_form("system", text) == {
        "objects": {
            "c": {
                "operations": {"create": {"request": "POST /c", "body": {"from": "x"}}},
                "fields": {"from": {"type": "text"}},
            }
        }
    }


def test_long_form_keeps_the_place_of_the_short_one() -> None:
    root, _ = load_text("fields:\n  email: mail\n", "f.yaml")
    assert root is not None

    word = desugar(root, "mapping").at("fields", "email", "from")

    assert word is not None
    assert (word.place.line, word.place.column) == (2, 10)


def test_notes_stay_as_they_are() -> None:
    assert long_form("mapping", "fields: {x-why: because}") == {"fields": {"x-why": "because"}}
