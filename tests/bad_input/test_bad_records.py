"""Bad records among good ones: each is set aside with a finding or passes as it is, and the others of the run go on."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from engine.model.finding import Finding
from engine.pipeline.sync import Report
from tests.world import World, open_world, write

SHOP = """
version: 1
system: shop
title: Shop
connector: memory
objects:
  person:
    title: Person
    id: id
    changes: {kind: field, field: changed, overlap: 1m}
    operations:
      list: {request: GET /people}
      read: {request: "GET /people/{{ id }}"}
    fields:
      id:      {type: text, writable: false}
      name:    {type: text}
      mail:    {type: email}
      note:    {type: text}
      credit:  {type: money}
      born:    {type: date}
      since:   {type: datetime}
      active:  {type: boolean}
      tier:    {type: choice}
      address: {type: object, fields: {city: {type: text}, country: {type: country}}}
      lines:   {type: list, key: [label], fields: {label: {type: text}}}
      changed: {type: datetime, writable: false}
"""

LEDGER = """
version: 1
system: ledger
title: Ledger
connector: memory
objects:
  account:
    title: Account
    id: id
    changes: {kind: field, field: changed, overlap: 1m}
    operations:
      list:   {request: GET /accounts}
      read:   {request: "GET /accounts/{{ id }}"}
      create: {request: POST /accounts, effect: keyed}
      update: {request: "PATCH /accounts/{{ id }}", effect: repeatable}
      find: {"*": {request: GET /accounts, equality: folded_and_trimmed}}
    fields:
      id:      {type: text, writable: false}
      shop_id: {type: text, length: 300}
      name:    {type: text, length: 83}
      email:   {type: email, length: 254}
      note:    {type: text, length: 4000}
      credit:  {type: money}
      born:    {type: date}
      since:   {type: datetime}
      active:  {type: boolean}
      tier:    {type: choice, values: [silver, gold]}
      city:    {type: text}
      country: {type: country}
      labels:  {type: list, of: text}
      changed: {type: datetime, writable: false}
"""

MAPPING = """
version: 1
flow: shop-to-ledger
source: shop.person
target: ledger.account
fields:
  shop_id: id
  name: name
  email: mail
  note: note
  credit: credit
  born: born
  since: since
  active: active
  tier: tier
  city: address.city
  country: {from: address.country, apply: [country_code]}
  labels: lines[].label
"""

RULES = """
version: 1
flow: shop-to-ledger
match:
  rules:
    - {id: own, left: id, right: shop_id, compare: exact}
  outcome: {none: create, one: link, many: first, taken: link_also, unknown: hold}
push_policy:
  default: {push: always, empty: keep, conflict: source, drift: keep}
quality:
  email_form:   {fields: [email], check: email, severity: hold}
  card_numbers: {fields: ["*"], check: no_card_number, severity: hold}
guards: {creates: 10000, updates: 10000, reshaped: 0, blankings: 0, deletes: 0}
"""


class Bad(NamedTuple):
    """One record with something wrong in `field`. `kept` is what the target holds of it; `code` its finding."""

    what: str
    field: str
    value: Any
    end: str
    code: str = ""
    kept: Any = None
    target: str = ""
    """The target field, where it has another name."""


CARD = "4111 1111 1111 1111"
LONG = "n" * 84
NAUGHTY = [
    "' OR 1=1 --", '"; DROP TABLE records; --', "../../etc/passwd", "${env:HOME}", "%s%n%d", "<script>x()</script>",
    "=cmd()", "null", "None", "N/A", "true", "0x10", "1e5", "01234", "NO", '{"$pending": [1, 2]}', "\u202eevil",
    "\ufeffBOM", "e\u0301\u0301", "\U0001f469\u200d\U0001f467", "\U0001d54f", "\ufdfa", "a\tb", "line\nbreak", "\\",
    "|", "a\x1fb", "Ω≈ç√", "田中さん", "\u200b",
]  # fmt: skip

CREATED = "created"
BAD = [
    Bad("empty id", "id", "", "aside", "record-unusable"),
    Bad("null id", "id", None, "aside", "record-unusable"),
    Bad("blank id", "id", "  ", "aside", "record-unusable"),
    Bad("true as id", "id", True, "aside", "record-unusable"),
    Bad("an object as id", "id", {"is": 4711}, "aside", "record-unusable"),
    Bad("number as text", "credit", " 12.50 ", CREATED, kept=Decimal("12.5")),
    Bad("exact decimal", "credit", Decimal("0.1") + Decimal("0.2"), CREATED, kept=Decimal("0.3")),
    Bad("minus zero", "credit", Decimal("-0.0"), CREATED, kept=0),
    Bad("words for a number", "credit", "lots of it", CREATED, "value-unreadable"),
    Bad("NaN", "credit", Decimal("NaN"), CREATED, "value-unreadable"),
    Bad("NaN as text", "credit", "NaN", CREATED, "value-unreadable"),
    Bad("1e400", "credit", Decimal("1e400"), CREATED, "value-unreadable"),
    Bad("infinity", "credit", float("inf"), CREATED, "value-unreadable"),
    Bad("true for a number", "credit", True, CREATED, "value-unreadable"),
    Bad("NUL in a text", "name", "An\x00n", CREATED, kept="Ann"),
    Bad("lone surrogate", "name", "An\ud800n", CREATED, kept="Ann"),
    Bad("decomposed letters", "name", "Zoe\u0308", CREATED, kept="Zoe\u0308"),
    Bad("mojibake", "name", "ZoÃ«", CREATED, kept="ZoÃ«"),
    Bad("template in a value", "name", "{{ 7 * 7 }} {% raw %}", CREATED, kept="{{ 7 * 7 }} {% raw %}"),
    Bad("over-long name", "name", LONG, "held", "too-long"),
    Bad("10 KB name", "name", "n" * 10_000, "held", "too-long"),
    Bad("300-character email", "mail", f"{'m' * 290}@x.example", "held", "too-long", target="email"),
    Bad("email without a domain", "mail", "anna@bert", "held", "quality-email_form", target="email"),
    Bad("two emails in one", "mail", "anna@x.example; bert@x.example", "held", "quality-email_form", target="email"),
    Bad("unknown choice", "tier", "platinum", CREATED, "value-unusable"),
    Bad("choice in other letters", "tier", "GOLD", CREATED, kept="gold"),
    Bad("30 February", "born", "2026-02-30", CREATED, "value-unreadable"),
    Bad("day first", "born", "03/04/2026", CREATED, "value-unreadable"),
    Bad("the year 1", "born", "0001-01-01", CREATED, kept="0001-01-01"),
    Bad("milliseconds for a time", "since", 1_767_225_600_000, CREATED, "value-unreadable"),
    Bad("a time beyond all times", "since", "9999-12-31T23:59:59-14:00", CREATED, "value-unreadable"),
    Bad("yes for true", "active", "yes", CREATED, kept=True),
    Bad("T for true", "active", "T", CREATED, kept=True),
    Bad("maybe for true", "active", "maybe", CREATED, "value-unreadable"),
    Bad("text for an object", "address", "Main Street 1", CREATED, "value-unreadable", target="city"),
    Bad("list for an object", "address", ["Main Street 1"], CREATED, "value-unreadable", target="city"),
    Bad("list for a text", "name", ["Anna", "Berta"], CREATED, "value-unreadable"),
    Bad("object for a text", "name", {"first": "Anna"}, CREATED, "value-unreadable"),
    Bad("object for a list", "lines", {"label": "Secretlabel"}, CREATED, "value-unreadable", target="labels"),
    Bad("text in a list of objects", "lines", ["Secretlabel"], CREATED, "value-unreadable", target="labels"),
    Bad("country that is none", "address", {"city": "Utopia City", "country": "Erewhon"}, CREATED, target="country"),
    Bad("card number in a note", "note", f"paid with {CARD}, thanks", "held", "quality-card_numbers"),
    *(Bad(f"naughty text {number}", "note", text, CREATED, kept=text) for number, text in enumerate(NAUGHTY)),
]
GOOD = [{"id": f"good_{n}", "name": f"Good {n}", "mail": f"good{n}@x.example", "credit": Decimal(n)} for n in range(3)]


class Story(NamedTuple):
    """One run over all of them."""

    world: World
    report: Report
    findings: list[Finding]
    log: str


def raw(number: int, bad: Bad) -> dict[str, Any]:
    return {"id": f"bad_{number}", "name": f"Name {number}", "mail": f"m{number}@x.example", bad.field: bad.value}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("bad")
    for text in (SHOP, LEDGER, MAPPING, RULES):
        write(folder, text)
    world = open_world(folder)
    shop = world.system("shop")
    rows = [raw(number, bad) for number, bad in enumerate(BAD)]
    shop.seed("shop.person", [{"key": n, **row} for n, row in enumerate([GOOD[0], *rows, *GOOD[1:]])], id_field="key")
    heard = Heard()
    logging.getLogger().addHandler(heard)
    report = world.run()
    logging.getLogger().removeHandler(heard)
    yield Story(world, report, list(world.store.findings(report.run.id)), "\n".join(heard.lines))
    world.store.close()


class Heard(logging.Handler):
    """Everything that is logged."""

    def __init__(self) -> None:
        super().__init__(level=0)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def accounts(story: Story) -> dict[str, dict[str, Any]]:
    return {one["shop_id"]: one for one in story.world.held("ledger.account").values()}


def test_the_good_ones_all_arrive(story: Story) -> None:
    held = accounts(story)
    assert [held[f"good_{n}"]["name"] for n in range(3)] == ["Good 0", "Good 1", "Good 2"]
    assert [one for one in story.findings if "good_" in one.record] == []


def test_every_record_is_counted_once(story: Story) -> None:
    ends = Counter(bad.end for bad in BAD)
    counts = story.report.counts
    assert counts["read"] == len(BAD) + len(GOOD)
    assert counts["created"] == ends["created"] + len(GOOD)
    assert counts["held"] == ends["held"]
    assert counts["failed"] == ends["aside"]
    assert counts["read"] == sum(counts[name] for name in ("created", "held", "failed"))


@pytest.mark.parametrize("number", range(len(BAD)), ids=[one.what for one in BAD])
def test_a_bad_record_ends_as_it_should(story: Story, number: int) -> None:
    bad = BAD[number]
    found = accounts(story).get(f"bad_{number}")
    codes = {one.code for one in story.findings if one.record == f"shop:bad_{number}"}
    if bad.end == "aside":
        assert found is None
        assert sum(one.code == bad.code for one in story.findings) == sum(one.end == "aside" for one in BAD)
        return
    assert codes == ({bad.code} if bad.code else set())
    assert (found is not None) == (bad.end == "created")
    if found is not None:
        assert found.get(bad.target or bad.field) == bad.kept
        assert found["email"] == f"m{number}@x.example"


def parts(value: Any) -> list[Any]:
    """The leaves of a value."""
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]


def test_no_finding_and_no_log_line_holds_a_bad_value(story: Story) -> None:
    told = "\n".join(f"{one.message} {one.hint} {one.record}" for one in story.findings) + story.log
    secret = [str(part) for bad in BAD if bad.code for part in parts(bad.value)]
    shown = [text for text in secret if len(text) > 4 and text not in ("False", "True") and text in told]
    assert shown == []
    assert CARD not in told


def test_the_store_holds_nothing_that_cannot_be_read_again(story: Story) -> None:
    staged = {one.key.id: one.fields for one in story.world.store.all_records("shop", "shop.person")}
    assert len(staged) == len(BAD) + len(GOOD) - sum(one.end == "aside" for one in BAD)


def test_a_second_plan_is_empty_but_for_what_is_still_bad(story: Story) -> None:
    assert story.world.plan() == []
