"""Links, snapshots, assignments, cursors, watermarks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.model.link import Link, Snapshot, link_between
from engine.model.record import RecordKey
from engine.model.run import Cursor
from engine.model.stored import Staged
from engine.model.values import ABSENT, UNKNOWN
from engine.store import SqliteStore

CRM, SHOP, SHOP_US = ("crm", "crm.contact"), ("shop", "shop.customer"), ("shop_us", "shop.customer")


def a_link(one: str = "a", two: str = "x", shop: tuple[str, str] = SHOP, **facts: Any) -> Link:
    return link_between(RecordKey(*CRM, one), RecordKey(*shop, two), **facts)


def test_link_is_found_from_both_ends(store: SqliteStore) -> None:
    link = a_link(state="forming", role="secondary", rule="email", made_at="2026-03-01T12:00:00Z", run="r1")
    store.put_links([link])

    assert store.links_of(*CRM, ["a", "b"]) == {"a": [link]}
    assert store.links_of(*SHOP, ["x"]) == {"x": [link]}


def test_link_is_replaced_under_its_two_ends(store: SqliteStore) -> None:
    store.put_links([a_link(state="proposed", rule="name")])
    store.put_links([a_link(state="confirmed", rule="by_hand")])

    assert list(store.links()) == [a_link(state="confirmed", rule="by_hand")]


def test_primary_links_come_first(store: SqliteStore) -> None:
    store.put_links([a_link(two="x", role="secondary"), a_link(two="y"), a_link(two="z", role="secondary")])

    assert [link.b.id for link in store.links_of(*CRM, ["a"])["a"]] == ["y", "x", "z"]


def test_broken_and_rejected_links_are_kept_but_not_followed(store: SqliteStore) -> None:
    broken, rejected = a_link(two="x", state="broken"), a_link(two="y", state="rejected")
    store.put_links([broken, rejected])

    assert store.links_of(*CRM, ["a"]) == {}
    assert store.links_of(*CRM, ["a"], rejected=True) == {"a": [rejected]}
    assert list(store.links()) == [broken, rejected]


def test_links_are_narrowed_to_the_other_side(store: SqliteStore) -> None:
    europe, america = a_link(), a_link(shop=SHOP_US)
    store.put_links([europe, america])

    assert store.links_of(*CRM, ["a"], SHOP_US) == {"a": [america]}
    assert store.links_of(*CRM, ["a"]) == {"a": [europe, america]}


def test_links_within_one_object_are_found_from_either_end(store: SqliteStore) -> None:
    link = link_between(RecordKey(*CRM, "a"), RecordKey(*CRM, "b"))
    store.put_links([link])

    assert store.links_of(*CRM, ["a", "b"]) == {"a": [link], "b": [link]}


def test_all_links_stream_by_object_and_state(store: SqliteStore) -> None:
    many = [a_link(f"{n:04d}", f"{n:04d}", state="proposed" if n % 2 else "confirmed") for n in range(1200)]
    other = link_between(RecordKey("m", "m.x", "1"), RecordKey("n", "n.y", "1"))
    store.put_links([*many, other])

    assert list(store.links(object="crm.contact")) == many
    assert list(store.links(object="n.y")) == [other]
    assert sum(1 for _ in store.links(state="proposed")) == 600


def test_snapshot_comes_back_whole(store: SqliteStore) -> None:
    whole = Snapshot(
        "crm-to-shop", RecordKey(*CRM, "a"), "x",
        {"name": ["Zoë"], "limit": [Decimal("1.5"), None], "city": [ABSENT, "LYON"], "tags": [["a"], [UNKNOWN]]},
        "inputs", "digest", "settled", "because", True, "2026-03-01T12:00:00Z", "41",
        {"portal": "2026-03-01T11:00:00Z"},
    )  # fmt: skip
    store.put_snapshots([whole])

    found = store.snapshots("crm-to-shop", *CRM, ["a", "b"])
    assert found == {"a": whole}
    assert found["a"].base["city"][0] is ABSENT


def test_snapshots_of_two_flows_are_kept_apart(store: SqliteStore) -> None:
    one, two = Snapshot("f", RecordKey(*CRM, "a"), "x"), Snapshot("g", RecordKey(*CRM, "a"), "y")
    store.put_snapshots([one, two])
    store.put_snapshots([Snapshot("f", RecordKey(*CRM, "a"), "z")])

    assert store.snapshots("f", *CRM, ["a"])["a"].target_id == "z"
    assert store.snapshots("g", *CRM, ["a"]) == {"a": two}


def test_assignments_count_what_is_new_or_moved(store: SqliteStore) -> None:
    a, b = RecordKey(*CRM, "a"), RecordKey(*CRM, "b")

    assert store.assign([("f", a, "G1", "global"), ("f", b, "G1", "global")]) == 2
    assert store.assign([("f", a, "G1", "global"), ("f", b, "G2", "global")]) == 1
    assert list(store.assignments("f")) == [(a, "G1", "global"), (b, "G2", "global")]
    assert store.unassign("f", [a, RecordKey(*CRM, "c")]) == 1
    assert list(store.assignments("f")) == [(b, "G2", "global")]
    assert list(store.assignments("g")) == []


def test_assignment_to_a_coming_record_gets_its_id(store: SqliteStore) -> None:
    a = RecordKey(*CRM, "a")
    store.assign([("f", a, "op1", "global")])
    store.settle_assignments("op1", "77")

    assert list(store.assignments("f")) == [(a, "77", "global")]


def test_cursor_is_fresh_until_it_is_put(store: SqliteStore) -> None:
    assert store.cursor(*CRM) == Cursor(*CRM)

    put = Cursor(*CRM, "2026-03-01T12:00:00Z", "2026-03-01T11:00:00Z", read_set="d", page="p2", listing=4)
    store.put_cursor(put)

    assert store.cursor(*CRM) == put
    assert store.cursor(*SHOP) == Cursor(*SHOP)


def test_watermark_is_nought_until_it_is_put(store: SqliteStore) -> None:
    assert store.watermark("f", "all") == (0, "")

    store.put_watermark("f", "all", 12, "digest")
    store.put_watermark("f", "all", 15, "digest2")

    assert store.watermark("f", "all") == (15, "digest2")
    assert store.watermark("f", "single") == (0, "")


def test_records_that_stand_still_are_counted_by_their_end(store: SqliteStore) -> None:
    ends = [("a", "held"), ("b", "held"), ("c", "waiting"), ("d", "settled"), ("e", "skipped"), ("gone", "held")]
    store.stage(*CRM, [Staged(id, {}, "h") for id, _ in ends], sequence=1)
    store.put_snapshots([Snapshot("f", RecordKey(*CRM, id), end=end, unfinished=id == "b") for id, end in ends])
    store.put_snapshots([Snapshot("other", RecordKey(*CRM, "a"), end="held")])
    store.mark_gone(*CRM, ["gone"], sequence=2)
    assert store.stopped("f", *CRM) == {"held": 1, "waiting": 1, "skipped": 1}
    assert store.stopped("f", "crm", "crm.unknown") == {}
