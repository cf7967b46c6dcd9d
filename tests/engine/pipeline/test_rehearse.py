"""Cases over a small world: what is compared, what a difference says, what cannot be rehearsed."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest

from engine.config.read_cases import CaseRulesets, read_cases
from engine.pipeline.case_coverage import rules_of
from engine.pipeline.rehearse import rehearse
from engine.report.cases import cases_github, cases_json, cases_junit, cases_text, untested
from engine.spec.case import CaseSpec, Rehearsed
from tests.world import LEDGER, MAPPING, RULES, SHOP, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for text in (SHOP, LEDGER, MAPPING, RULES):
        write(tmp_path, text)
    return tmp_path


def cases(folder: Path, text: str) -> list[CaseSpec]:
    path = folder / "tests" / "shop-to-ledger.test.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("version: 1\ntest: shop-to-ledger\ncases:\n" + textwrap.indent(textwrap.dedent(text).strip(), "  "))
    found, findings = read_cases([path], root=folder)
    assert findings == []
    return found


def run(folder: Path, text: str) -> Rehearsed:
    (case,) = cases(folder, text)
    ruleset, findings = CaseRulesets(folder).of(case)
    assert ruleset is not None, findings
    return rehearse(ruleset, case)


def said(done: Rehearsed) -> list[tuple[str, str, str]]:
    return [(one.what, one.expected, one.got) for one in done.differences]


def test_a_case_passes_when_all_is_as_expected(folder: Path) -> None:
    done = run(folder, """
        - name: a new account
          given: {shop.person: [{id: p1, name: Ann, mail: ann@x.example}]}
          expect:
            writes: [{create: ledger.account, with: {name: Ann, email: ann@x.example, shop_id: p1}, without: [phone]}]
            links: [{source: p1, target: account_1, rule: created}]
            held: []
    """)
    assert said(done) == []
    assert done.passed


def test_a_wrong_value_shows_both_values_and_both_places(folder: Path) -> None:
    done = run(folder, """
        - name: wrong
          given: {shop.person: [{id: p1, name: Ann, mail: ann@x.example}]}
          expect: {writes: [{create: ledger.account, with: {name: Bob}}]}
    """)
    assert said(done) == [("write 1, name", "Bob", "Ann")]
    (one,) = done.differences
    assert (one.place.file, one.place.line) == ("tests/shop-to-ledger.test.yaml", 6)
    assert [rule.rpartition("/")[2] for rule in one.rules] == ["shop-to-ledger.yaml:6:10", "shop-to-ledger.yaml:9:3"]


def test_missing_and_further_writes_are_differences(folder: Path) -> None:
    person = "given: {shop.person: [{id: p1, name: Ann, mail: ann@x.example}]}"
    further = run(folder, f"- name: further\n  {person}\n  expect: {{writes: []}}")
    assert said(further)[0][:2] == ("write 1", "no more writes")
    writes = "[{create: ledger.account}, {update: ledger.account, id: '3'}]"
    missing = run(folder, f"- name: missing\n  {person}\n  expect: {{writes: {writes}}}")
    assert said(missing) == [("write 2", "update ledger.account 3", "no such write")]


def test_a_field_that_must_not_be_sent_is_a_difference(folder: Path) -> None:
    done = run(folder, """
        - name: sent
          given: {shop.person: [{id: p1, name: Ann}]}
          expect: {writes: [{create: ledger.account, without: [name]}]}
    """)
    assert said(done) == [("write 1, name", "not sent", "Ann")]


def test_what_is_expected_as_text_is_no_number(folder: Path) -> None:
    done = run(folder, """
        - name: number
          given: {shop.person: [{id: p1, name: "7"}]}
          expect: {writes: [{create: ledger.account, with: {name: 7}}]}
    """)
    assert said(done) == [("write 1, name", "7", "7")]


def test_a_list_of_records_is_complete(folder: Path) -> None:
    done = run(folder, """
        - name: links
          given: {shop.person: [{id: p1, mail: a@x.example}, {id: p2, mail: b@x.example}]}
          expect: {links: [{source: p2}], held: [{source: p9}]}
    """)
    assert said(done) == [
        ("links", "no more lines", "source: p1, target: account_1, rule: created, role: primary"),
        ("held", "source: p9", "no such line"),
    ]


def test_a_link_whose_base_is_given_knows_which_side_moved(folder: Path) -> None:
    done = run(folder, """
        - name: moved
          given:
            shop.person: [{id: p1, name: New, mail: a@x.example}]
            ledger.account: [{id: "7", name: Old, email: changed@x.example, shop_id: p1}]
          links: [{source: p1, target: "7", base: {source: {name: Old, email: a@x.example, shop_id: p1}}}]
          expect: {writes: [{update: ledger.account, id: "7", with: {name: New}, without: [email]}]}
    """)
    assert said(done) == []


def test_a_linked_source_record_that_is_not_given_is_gone(folder: Path) -> None:
    done = run(folder, """
        - name: gone
          given: {ledger.account: [{id: "7", name: Old}]}
          links: [{source: p1, target: "7"}]
          expect: {writes: [], skipped: [{source: p1, code: source-gone}]}
    """)
    assert said(done) == []


def test_an_unknown_field_is_a_finding_with_its_place(folder: Path) -> None:
    done = run(folder, """
        - name: typo
          given: {shop.person: [{id: p1, nmae: Ann}]}
          expect: {writes: []}
    """)
    (one,) = done.findings
    assert (one.code, one.hint) == ("field-unknown", "did you mean `name`?")
    assert str(one.place) == "tests/shop-to-ledger.test.yaml:5:36"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("given: {shop.persn: [{id: p1}]}", "object-unknown"),
        ("given: {shop.person: [{name: Ann}]}", "id-missing"),
        ("given: {}\n  run: nightly", "run-unknown"),
        ("given: {}\n  actions: [mail]", "action-unknown"),
        ("given: {}\n  now: yesterday", "time-unusable"),
        ("given: {shop.order: [{id: o1, person: p1, changed: yesterday}]}", "value-unusable"),
        ("given: {}\n  links: [{source: p1, target: a1, flow: other}]", "flow-unknown"),
    ],
)
def test_a_case_that_cannot_be_set_up_says_why(folder: Path, line: str, code: str) -> None:
    done = run(folder, f"- name: wrong\n  {line}\n  expect: {{writes: []}}")
    assert [one.code for one in done.findings] == [code]


def test_settings_and_layers_of_a_case_count(folder: Path) -> None:
    layer = folder / "tests" / "none" / "rules" / "shop-to-ledger.yaml"
    layer.parent.mkdir(parents=True)
    layer.write_text("version: 1\nflow: shop-to-ledger\nmatch: {outcome: {none: hold}}\n")
    done = run(folder, """
        - name: held
          layers: [none]
          given: {shop.person: [{id: p1, mail: a@x.example}]}
          expect: {writes: [], held: [{source: p1, code: no-match}]}
    """)
    assert said(done) == []


def test_a_second_plan_must_be_empty(folder: Path) -> None:
    mapping = MAPPING.replace("phone: phone", "phone: {template: '{{ held.phone | default(0) }}1'}")
    write(folder, mapping)
    done = run(folder, """
        - name: never content
          given: {shop.person: [{id: p1, name: Ann, mail: a@x.example}]}
          expect: {}
    """)
    assert [one.what for one in done.differences] == ["a second plan"]


def test_rules_that_no_case_exercised_are_listed(folder: Path) -> None:
    (case,) = cases(folder, "- {name: one, given: {shop.person: [{id: p1, name: Ann}]}, expect: {}}")
    ruleset, _ = CaseRulesets(folder).of(case)
    assert ruleset is not None
    missing = untested(list(rules_of(ruleset.flows["shop-to-ledger"])), [rehearse(ruleset, case)])
    assert [(one.kind, one.name) for one in missing] == [("row", "email"), ("row", "phone"), ("match rule", "mail")]


def test_reports_name_the_case_and_its_line(folder: Path) -> None:
    done = run(folder, """
        - name: wrong
          covers: [S1]
          given: {shop.person: [{id: p1, name: Ann}]}
          expect: {writes: [{create: ledger.account, with: {name: "<Bob>"}}]}
    """)
    assert cases_text([done]).splitlines()[0] == "FAIL tests/shop-to-ledger.test.yaml:4 wrong (S1)"
    tree = json.loads(cases_json([done]))
    assert (tree["cases"], tree["failed"], tree["results"][0]["differences"][0]["line"]) == (1, 1, 7)
    assert cases_github([done]).startswith("::error file=tests/shop-to-ledger.test.yaml,line=7,")
    assert "&lt;Bob&gt;" in cases_junit([done])
