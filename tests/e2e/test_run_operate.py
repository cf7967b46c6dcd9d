"""run.py's other verbs as a process, over HTTP."""

from __future__ import annotations

import csv
import json

import pytest

from tests.e2e.commands import Desk, run_py

FLOW = "stripe-to-netsuite"
BACK = "netsuite-to-stripe"


def pairs(desk: Desk) -> None:
    """One customer on both sides with different emails, and one of each alone."""
    desk.seed(
        "stripe",
        customers=[{"id": "cus_1", "name": "Ada", "email": "ada@one.example"},
                   {"id": "cus_2", "name": "Bob", "email": "bob@one.example"}],
        charges=[{"id": "ch_1", "customer": "cus_1", "amount": 100, "currency": "eur"}],
    )  # fmt: skip
    for id, name, email in (("700", "Ada Ltd", "ada@two.example"), ("701", "Bob Ltd", "bob@two.example")):
        company = {"id": id, "entityId": name, "companyName": name, "email": email, "subsidiary": {"id": "1"}}
        desk.seed("netsuite", customer=[company])


def test_the_whole_repository_validates() -> None:
    done = run_py("validate")
    assert (done.code, done.out) == (0, "no findings\n")
    assert json.loads(run_py("validate", "--format", "sarif").out)["version"] == "2.1.0"


def test_p10_links_come_out_of_a_file_with_a_report_of_the_rows_refused(desk: Desk) -> None:
    pairs(desk)
    rows = [["Internal ID", "Stripe Customer ID"], ["700", "cus_1"], ["701", "cus_9"], ["", "cus_2"], ["700", "cus_2"]]
    with (desk.folder / "links.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    done = desk.run("links", "import", BACK, str(desk.folder / "links.csv"), "-o", str(desk.folder / "refused.csv"))
    assert done.code == 1, done.err
    assert done.out.splitlines()[0] == "1 pair linked, 3 refused"
    refused = list(csv.DictReader((desk.folder / "refused.csv").read_text().splitlines()))
    assert sorted((row["line"], row["code"]) for row in refused) == [
        ("3", "unknown-id"), ("4", "blank"), ("5", "duplicate-row"),
    ]  # fmt: skip
    assert desk.run("links", "export", BACK).out.splitlines() == ["Internal ID,Stripe Customer ID", "700,cus_1"]


def links_add(desk: Desk, *arguments: str) -> int:
    return desk.run("links", "add", *arguments).code


def test_s16_a_customer_that_failed_is_linked_by_hand_and_goes_on(desk: Desk) -> None:
    pairs(desk)
    assert links_add(desk, FLOW, "cus_1", "999") == 1
    assert links_add(desk, FLOW, "cus_1", "700") == 0
    assert links_add(desk, FLOW, "cus_2", "700") == 1
    done = desk.run("sync", FLOW, "--format", "json")
    assert done.code == 0, done.err
    ada = next(one for one in desk.held("netsuite", "customer") if one["id"] == "700")
    assert ada["externalId"] == "cus_1"
    history = desk.run("history", "netsuite:700", "--format", "json").tree
    assert [one["kind"] for one in history] == ["update", "link"]


def test_why_and_history_mask_personal_values_unless_told(desk: Desk) -> None:
    pairs(desk)
    assert desk.run("sync", FLOW).code == 0
    for verb in (["why", "stripe:cus_1"], ["history", "stripe:cus_1"]):
        assert "ada@one.example" not in desk.run(*verb).out
        assert "ada@one.example" in desk.run(*verb, "--reveal").out
    field = desk.run("why", "stripe:cus_1", "email", "--flow", FLOW)
    assert "mappings/stripe-to-netsuite.yaml:" in field.out
    assert desk.run("why", "stripe:cus_77").code == 1


def test_p7_one_record_is_synced_at_once_by_a_named_run(desk: Desk) -> None:
    pairs(desk)
    done = desk.run("sync", BACK, "--run", "single", "--id", "700", "--format", "json")
    assert done.code == 0, done.err
    assert (done.tree["read"], done.tree["created"]) == (1, 1)
    assert sorted(one["email"] for one in desk.held("stripe", "customers")) == [
        "ada@one.example", "ada@two.example", "bob@one.example",
    ]  # fmt: skip


def test_state_doctor_and_review_on_a_store_in_use(desk: Desk) -> None:
    pairs(desk)
    assert desk.run("sync", FLOW).code == 0
    state = desk.run("state", "--format", "json").tree
    assert {one["object"]: one["records"] for one in state["read"]}["stripe.customer"] == 2
    doctor = desk.run("doctor", "--format", "json")
    assert doctor.code == 0, doctor.out
    assert {one["what"]: one["state"] for one in doctor.tree}["connection netsuite"] == "ok"
    assert desk.run("review").out == "no case waits\n"


@pytest.mark.slow
def test_the_demo_does_what_it_says() -> None:
    done = run_py("demo", "--format", "json")
    assert done.code == 0, done.err
    assert done.tree["ok"] is True
    assert all(step["as_said"] for step in done.tree["steps"])
    assert done.tree["seconds"] < 60


def test_p12_payment_methods_are_shown_with_the_default(desk: Desk) -> None:
    pairs(desk)
    amex = {"brand": "amex", "last4": "0005", "exp_month": 1, "exp_year": 2029}
    card = {"id": "pm_1", "customer": "cus_1", "card": amex}
    desk.seed("stripe", payment_methods=[card])
    assert desk.run("sync", FLOW).code == 0

    done = desk.run("show", "stripe:cus_1", "--with", "payment_methods")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "stripe.customer stripe:cus_1",
        "payment_methods: 1",
        "ID    BRAND  CUSTOMER  DEFAULT  EXP_MONTH  EXP_YEAR  LAST4  TYPE",
        "pm_1  amex   cus_1     false    1          2029      0005   card",
    ]
    found = desk.run("show", "stripe:cus_1", "--with", "payment_methods", "--format", "json").tree[0]
    assert found["with"]["payment_methods"][0]["last4"] == "0005"
    assert found["relations"] == ["charges", "invoices", "payment_methods"]
    assert "is not staged" in desk.run("show", "stripe:cus_77").err
    assert desk.run("show", "stripe:cus_1", "--with", "cards").code == 2


def test_p14_a_portal_that_is_off_says_what_to_click(desk: Desk) -> None:
    pairs(desk)
    desk.order("stripe", "set", data={"portal": False})

    done = desk.run("sync", BACK)

    assert done.code == 1
    assert done.out.count("In Stripe open Settings > Customer portal, click Activate link") == 1
    assert "Traceback" not in done.out + done.err
    desk.order("stripe", "set", data={"portal": True})
    assert desk.run("sync", BACK).code == 0
