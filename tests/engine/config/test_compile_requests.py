"""Requests: templates, bodies, pagings, parameters."""

from __future__ import annotations

import pickle

import pytest

from engine.config.compile_bench import Bench
from engine.config.compile_request import Requests, pagings_of
from engine.config.loader import load_text
from engine.model.values import ABSENT
from engine.spec.system import RequestSpec


def request_of(text: str) -> RequestSpec:
    root, findings = load_text(text, "a.yaml")
    assert root is not None and findings == []
    bench = Bench()
    made = Requests(bench, {}, frozenset({"person"})).request(root)
    assert bench.findings == []
    return made


def test_a_request_line_has_method_and_path() -> None:
    made = request_of('request: "GET /people/{{ person }}/orders"')

    assert (made.method, made.path({"person": "41"}), made.params) == ("GET", "/people/41/orders", {"person"})
    assert made.written == "GET /people/{{ person }}/orders"


def test_a_path_whose_value_is_absent_is_absent() -> None:
    assert request_of('request: "GET /people/{{ id }}"').path({}) is ABSENT


def test_a_query_value_that_is_one_output_keeps_its_type() -> None:
    made = request_of('{request: GET /x, query: {types: "{{ types }}", name: "n {{ value }}", all: true}}')

    scope = {"types": ["a", "b"], "value": 4}
    assert {name: render(scope) for name, render in made.query.items()} == {
        "types": ["a", "b"],
        "name": "n 4",
        "all": True,
    }


def test_a_body_keeps_its_shape() -> None:
    made = request_of(
        '{request: POST /x, body: {q: "a = ?", params: ["{{ since }}", "{{ after }}"], gone: "{{ value }}"}}'
    )

    assert made.body is not None
    assert made.body({"since": "now"}) == {"q": "a = ?", "params": ["now", None]}
    assert made.params == {"since", "after", "value"}


def test_a_body_pickles() -> None:
    made = request_of('{request: POST /x, body: {ids: ["{{ id }}"]}}')

    assert pickle.loads(pickle.dumps(made)).body({"id": "7"}) == {"ids": ["7"]}


def test_lengths_of_time_are_seconds() -> None:
    assert request_of("{request: GET /x, lag: 1h}").lag == 3600


def test_settings_are_no_parameters() -> None:
    assert request_of('request: "GET /{{ settings.account }}/x"').params == frozenset()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('request: "GET /{{ ident }}"', "unknown-name"),
        ("{request: GET /x, paging: pages}", "unknown-paging"),
        ("{request: GET /x, items: 'a['}", "expression-syntax"),
        ('{request: GET /x, new_id: "headers.location.split(1)"}', "expression-not-allowed"),
    ],
)
def test_what_a_request_gets_wrong_is_reported(text: str, code: str) -> None:
    root, _ = load_text(text, "a.yaml")
    assert root is not None
    bench = Bench()

    Requests(bench, {}).request(root)

    assert [one.code for one in bench.findings] == [code]


def test_pagings_are_read_once_and_used_by_name() -> None:
    root, _ = load_text("paging: {pages: {kind: page, param: p, total: total, size_param: n, size: 50}}", "a.yaml")
    assert root is not None

    pages = pagings_of(root, Bench())["pages"]

    assert (pages.kind, pages.param, pages.size_param, pages.size, pages.first) == ("page", "p", "n", 50, 1)
    assert pages.total is not None and pages.total({"total": 7}) == 7
