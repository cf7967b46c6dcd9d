"""S23 and S26: linked customers that vanish, and many at once."""

from __future__ import annotations

from stripe_to_netsuite import ADA, FLOW, company, link_by_hand, paying
from town import Town

NO_MATCHING = """
    version: 1
    flow: stripe-to-netsuite
    match: {rules: [{$unset: [email]}]}
    """


def vanish(town: Town, **into: str) -> str:
    """The customer that the flow made is merged into another, or deleted."""
    paying(town, ADA)
    town.sync(FLOW)
    (id,) = town.links(FLOW).values()
    town.advance(60)
    if into:
        town.order("netsuite", "merge", data={"from": id, **into})
    return id


def test_s23_a_merged_customer_is_matched_again(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        match: {rules: [{$unset: [email]}, {id: phone, left: phone, right: phone, compare: text}]}
        """)
    town.seed("netsuite", customer=[company("7", email="ada@x.example")])
    paying(town, {**ADA, "phone": "+49 30 1234567"})
    town.sync(FLOW)
    lost = town.links(FLOW)["cus_ada"]
    town.edit("customer", "7", phone="+49 30 1234567")
    town.order("netsuite", "merge", data={"from": lost, "into": "7"})

    assert town.ends(FLOW) == {"linked": 1}

    assert town.links(FLOW) == {"cus_ada": "7"}
    assert len(town.held("netsuite", "customer")) == 1
    assert "Stripe: cus_ada" in town.one("netsuite", "customer")["comments"]


def test_s23_a_customer_merged_into_the_linked_one_changes_nothing(town: Town) -> None:
    paying(town, ADA)
    town.sync(FLOW)
    (id,) = town.links(FLOW).values()
    town.seed("netsuite", customer=[company("7")])
    town.order("netsuite", "merge", data={"from": "7", "into": id})

    town.sync(FLOW)

    assert town.links(FLOW) == {"cus_ada": id}


def test_s23_without_matching_the_link_breaks_and_is_listed_as_failed(town: Town) -> None:
    town.layer(NO_MATCHING)
    town.seed("netsuite", customer=[company("7", email="ada@x.example")])
    lost = vanish(town, into="7")

    assert town.ends(FLOW) == {"failed": 1}

    assert town.links(FLOW) == {}
    assert f"the linked record {lost} is gone" in town.findings()["link-broken"]
    assert [one["id"] for one in town.held("netsuite", "customer")] == ["7"]


def test_s23_an_id_in_the_metadata_that_was_merged_away_is_matched_again(town: Town) -> None:
    town.seed("netsuite", customer=[company("7"), company("8", email="ada@x.example")])
    paying(town, {**ADA, "metadata": {"netsuite_id": "7"}})
    town.sync(FLOW)
    town.advance(60)
    town.order("netsuite", "merge", data={"from": "7", "into": "8"})

    assert town.ends(FLOW) == {"linked": 1}
    assert town.links(FLOW) == {"cus_ada": "8"}
    town.stripe("/v1/customers/cus_ada", phone="+49 30 7654321")
    assert town.ends(FLOW) == {"settled": 1}


def test_s23_an_id_in_the_metadata_that_was_merged_away_breaks_without_matching(town: Town) -> None:
    town.layer(NO_MATCHING)
    town.seed("netsuite", customer=[company("7"), company("8", email="ada@x.example")])
    paying(town, {**ADA, "metadata": {"netsuite_id": "7"}})
    town.sync(FLOW)
    town.advance(60)
    town.order("netsuite", "merge", data={"from": "7", "into": "8"})

    assert town.ends(FLOW) == {"failed": 1}
    assert town.ends(FLOW) == {"failed": 1}
    assert "link-broken" in town.findings()
    link_by_hand(town, "cus_ada", "8")
    town.sync(FLOW)

    assert town.links(FLOW) == {"cus_ada": "8"}
    assert town.ends(FLOW) == {}


def test_s23_a_broken_link_stays_failed_until_somebody_repairs_it(town: Town) -> None:
    town.layer(NO_MATCHING)
    town.seed("netsuite", customer=[company("7")])
    vanish(town, into="7")
    town.sync(FLOW)
    town.advance(3600)

    assert town.ends(FLOW) == {"failed": 1}

    assert [one["id"] for one in town.held("netsuite", "customer")] == ["7"]


def test_s23_a_link_by_hand_repairs_it(town: Town) -> None:
    town.layer(NO_MATCHING)
    town.seed("netsuite", customer=[company("7")])
    vanish(town, into="7")
    town.sync(FLOW)
    link_by_hand(town, "cus_ada", "7")

    town.sync(FLOW)

    assert town.links(FLOW) == {"cus_ada": "7"}
    assert town.one("netsuite", "customer")["comments"] == "Stripe: cus_ada"


def test_s23_a_deleted_customer_without_another_is_failed_and_not_made_anew(town: Town) -> None:
    lost = vanish(town)
    town.order("netsuite", "delete", data={"type": "customer", "id": lost})

    assert town.ends(FLOW) == {"failed": 1}
    assert town.ends(FLOW) == {"failed": 1}

    assert town.held("netsuite", "customer") == []


def test_s23_recreating_is_a_choice(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        gone: {target: recreate}
        """)
    lost = vanish(town)
    town.order("netsuite", "delete", data={"type": "customer", "id": lost})

    assert town.ends(FLOW) == {"created": 1}

    assert town.links(FLOW)["cus_ada"] == town.one("netsuite", "customer")["id"] != lost


# -- S26 ---------------------------------------------------------------------------------------------


def crowd(town: Town, number: int) -> None:
    paying(town, *({"id": f"cus_{n:04d}", "name": f"C {n}", "email": f"c{n}@x.example"} for n in range(number)))


def test_s26_many_customers_do_not_pass_the_accounts_limits(town: Town) -> None:
    town.set("netsuite", concurrency_limit=3, work_ms=4)
    crowd(town, 40)

    assert town.ends(FLOW) == {"created": 40}

    assert 429 not in {one["status"] for one in town.requests("netsuite")}


def test_s26_a_throttled_request_is_sent_again(town: Town) -> None:
    busy = {"title": "Bad Request", "status": 429, "o:errorDetails": [{"o:errorCode": "CONCURRENCY_LIMIT_EXCEEDED"}]}
    town.fault("netsuite", method="PUT", path="customer", times=3, kind="status", status=429, body=busy)
    crowd(town, 5)

    assert town.ends(FLOW) == {"created": 5}

    assert len(town.held("netsuite", "customer")) == 5


def test_s26_stripes_rate_is_kept(town: Town) -> None:
    town.set("stripe", rate_limits=True)
    crowd(town, 150)

    assert town.ends(FLOW) == {"created": 150}

    assert 429 not in {one["status"] for one in town.requests("stripe")}


def test_s26_more_new_customers_than_the_guard_allows_stop_the_plan(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        guards: {creates: 10}
        """)
    crowd(town, 12)

    report = town.sync(FLOW)

    assert [one.code for one in report.refused] == ["guard-creates"]
    assert town.held("netsuite", "customer") == []
    assert len(town.sync(FLOW, allowed=frozenset({"creates"})).refused) == 0
    assert len(town.held("netsuite", "customer")) == 12


def test_s26_requests_do_not_grow_with_what_is_settled(town: Town) -> None:
    crowd(town, 60)
    town.sync(FLOW)
    town.advance(3600)
    town.sync(FLOW)
    for office in ("stripe", "netsuite"):
        town.requests(office)

    town.sync(FLOW)

    assert len(town.requests("stripe")) + len(town.requests("netsuite")) <= 10


def test_s26_the_lag_is_measured(town: Town) -> None:
    town.sync(FLOW)
    town.advance(1800)

    report = town.sync(FLOW)

    assert 1800 <= report.counts["measures"]["lag"] <= 1810
    assert "measure-lag" not in town.findings()


def test_s26_too_long_a_lag_is_told(town: Town) -> None:
    town.sync(FLOW)
    town.advance(3 * 3600)

    town.sync(FLOW)

    assert "stripe-to-netsuite: lag is 108" in town.findings()["measure-lag"]


def test_s26_the_waiting_are_counted_by_a_full_run(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        measures: {waiting: {alert: {above: 1}}}
        """)
    town.seed("stripe", customers=[ADA, {"id": "cus_b"}, {"id": "cus_c"}], charges=[{"customer": "cus_c"}])

    report = town.sync(FLOW, full=True)

    assert report.counts["measures"]["waiting"] == 2
    assert town.findings()["measure-waiting"] == "stripe-to-netsuite: waiting is 2, more than 1"


def test_s26_measures_may_be_grouped(town: Town) -> None:
    town.layer("""
        version: 1
        flow: stripe-to-netsuite
        measures:
          by_stage: {over: target, group_by: [searchStage], where: target.searchStage == 'Customer', value: length(@)}
          ends: {over: run, value: "[0].created"}
          codes: {over: findings, group_by: [severity], value: length(@)}
        """)
    crowd(town, 3)

    report = town.sync(FLOW, full=True)

    assert report.counts["measures"]["by_stage"] == {"Customer": 3}
    assert (report.counts["measures"]["ends"], report.counts["measures"]["codes"]) == (3, {})
