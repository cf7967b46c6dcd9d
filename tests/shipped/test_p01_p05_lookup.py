"""P1 to P5: which Stripe customer a NetSuite customer uses, and what reaches it."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from netsuite_to_stripe import FLOW, ID_FIELD, company, delete_in_stripe, in_stripe, paris, settled, stripe_id
from town import Town

BEE = {"id": "cus_bee", "name": "Bee", "email": "bee@x.example"}


def test_p1_the_id_field_comes_before_the_email(town: Town) -> None:
    town.seed("stripe", customers=[BEE, {"id": "cus_mail", "email": "acme@x.example"}])
    town.seed("netsuite", customer=[company("7", email="acme@x.example", **{ID_FIELD: "cus_bee"})])

    assert town.ends(FLOW) == {"linked": 1}

    assert town.links(FLOW) == {"7": "cus_bee"}
    assert town.record("stripe", "customers", "cus_mail")["name"] is None


def test_p1_without_an_id_the_email_finds_the_customer(town: Town) -> None:
    town.seed("stripe", customers=[BEE])
    town.seed("netsuite", customer=[company("7", email="Bee@X.example")])

    assert town.ends(FLOW) == {"linked": 1}

    assert stripe_id(town, "7") == "cus_bee"
    assert len(town.held("stripe", "customers")) == 1


def test_p1_of_several_with_the_email_the_oldest_is_used(town: Town) -> None:
    twins = [
        {"id": f"cus_{name}", "email": "bee@x.example", "created": at} for name, at in (("new", 2000), ("old", 1000))
    ]
    town.seed("stripe", customers=twins)
    town.seed("netsuite", customer=[company("7", email="bee@x.example")])

    town.sync(FLOW)

    assert town.links(FLOW) == {"7": "cus_old"}


def test_p1_neither_found_makes_a_new_customer(town: Town) -> None:
    town.seed(
        "netsuite", customer=[company("7", email="acme@x.example", phone="+33 1 42 68 53 00", addressBook=paris())]
    )

    assert town.ends(FLOW) == {"created": 1}

    made = town.one("stripe", "customers")
    assert (made["name"], made["email"], made["phone"]) == ("Company 7", "acme@x.example", "+33 1 42 68 53 00")
    assert made["address"] == {
        "line1": "1 rue de la Paix",
        "line2": None,
        "city": "Paris",
        "state": None,
        "postal_code": "75002",
        "country": "FR",
    }
    assert made["shipping"]["name"] == "HQ"
    assert made["metadata"] == {"netsuite_id": "7"}


@pytest.mark.parametrize(("first", "name"), [("Ada", "Ada Byron"), (None, "Byron")])
def test_p1_a_person_is_called_by_both_names(town: Town, first: str | None, name: str) -> None:
    person = {"id": "7", "isPerson": True, "lastName": "Byron", "email": "ada@x.example", "subsidiary": {"id": "1"}}
    town.seed("netsuite", customer=[{**person, "firstName": first} if first else person])

    town.sync(FLOW)

    assert town.one("stripe", "customers")["name"] == name


def test_p1_an_id_that_stripe_does_not_have_fails_and_makes_nothing(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="acme@x.example", **{ID_FIELD: "cus_gone"})])

    assert town.ends(FLOW) == {"failed": 1}

    assert "which is not there" in town.findings()["no-match"]
    assert town.held("stripe", "customers") == []


def test_p1_a_stripe_customer_serves_one_netsuite_customer(town: Town) -> None:
    town.seed("netsuite", customer=[company("7", email="acme@x.example"), company("8", email="acme@x.example")])

    assert town.ends(FLOW) == {"created": 1, "held": 1}

    assert town.links(FLOW) == {"7": town.one("stripe", "customers")["id"]}
    assert stripe_id(town, "8") is None


def test_p1_several_may_share_one_where_the_rules_say_so(town: Town) -> None:
    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        match: {outcome: {taken: link_also}}
        """)
    town.seed("netsuite", customer=[company("7", email="acme@x.example"), company("8", email="acme@x.example")])

    assert town.ends(FLOW) == {"created": 1, "linked": 1}

    made = town.one("stripe", "customers")
    assert stripe_id(town, "7") == made["id"]
    assert made["name"] == "Company 7"
    assert town.plan(FLOW) == []


def test_p2_the_customer_stays_the_same_when_the_email_changes(town: Town) -> None:
    town.seed("stripe", customers=[{"id": "cus_other", "email": "new@x.example"}])
    settled(town, company("7", email="acme@x.example"))
    before = stripe_id(town, "7")

    town.edit("customer", "7", email="new@x.example")
    town.sync(FLOW)

    assert stripe_id(town, "7") == before != "cus_other"
    assert town.links(FLOW) == {"7": before}


def test_p3_a_new_email_reaches_stripe(town: Town) -> None:
    settled(town, company("7", email="acme@x.example"))

    town.edit("customer", "7", email="new@x.example")

    assert town.ends(FLOW) == {"updated": 1}
    assert in_stripe(town, "7")["email"] == "new@x.example"
    assert town.writes("stripe") == [f"POST /v1/customers/{stripe_id(town, '7')}"]


def test_p3_an_email_taken_out_stays_in_stripe(town: Town) -> None:
    settled(town, company("7", email="acme@x.example"))

    town.edit("customer", "7", email=None)
    town.sync(FLOW)

    assert in_stripe(town, "7")["email"] == "acme@x.example"


def test_p3_an_email_taken_out_is_cleared_where_the_rules_say_so(town: Town) -> None:
    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        push_policy: {fields: {email: {empty: clear}}}
        guards: {blankings: 1}
        """)
    settled(town, company("7", email="acme@x.example"))

    town.edit("customer", "7", email=None)
    town.sync(FLOW)

    assert in_stripe(town, "7")["email"] is None


def test_p3_a_changed_address_reaches_stripe_whole(town: Town) -> None:
    settled(town, company("7", email="acme@x.example", addressBook=paris()))

    town.edit("customer", "7", addressBook=paris(addr1="2 rue Neuve", zip="75003"))

    assert town.ends(FLOW) == {"updated": 1}
    address = in_stripe(town, "7")["address"]
    assert (address["line1"], address["city"], address["postal_code"]) == ("2 rue Neuve", "Paris", "75003")


def test_p3_a_part_of_an_address_that_is_gone_is_gone_in_stripe_too(town: Town) -> None:
    settled(town, company("7", email="acme@x.example", addressBook=paris(addr2="Hof", state="IDF")))
    assert in_stripe(town, "7")["address"]["line2"] == "Hof"

    town.edit("customer", "7", addressBook=paris())
    with town.listening("stripe") as heard:
        town.sync(FLOW)

    address = in_stripe(town, "7")["address"]
    assert (address["line1"], address["line2"], address["state"]) == ("1 rue de la Paix", None, None)
    (update,) = [one["body"] for one in heard if one["method"] == "POST"]
    assert "address[line2]=&" in unquote(update), "all six parts are said, since Stripe may merge"
    assert town.plan(FLOW) == []


def test_p3_what_stripe_alone_knows_of_an_address_stays(town: Town) -> None:
    settled(town, company("7", email="acme@x.example", addressBook=paris()))
    form = {"shipping[name]": "HQ", "shipping[phone]": "+33 1 11", "shipping[address][line1]": "1 rue de la Paix"}
    town.stripe(f"/v1/customers/{stripe_id(town, '7')}", **form)
    town.sync(FLOW)

    town.edit("customer", "7", addressBook=paris(addr1="2 rue Neuve"))
    town.sync(FLOW)

    shipping = in_stripe(town, "7")["shipping"]
    assert (shipping["phone"], shipping["address"]["line1"]) == ("+33 1 11", "2 rue Neuve")
    assert town.plan(FLOW) == []


def test_p3_many_changed_emails_at_once_are_stopped(town: Town) -> None:
    settled(town, *(company(str(id), email=f"a{id}@x.example") for id in range(700, 721)))
    for id in range(700, 721):
        town.set("netsuite", edit={"customer": {str(id): {"email": f"b{id}@x.example"}}})

    town.sync(FLOW)

    assert "21 changes of email planned, at most 20 or 2% allowed" in town.findings()["guard-changes"]
    assert town.writes("stripe") == []
    assert town.ends(FLOW, allowed=frozenset({"changes"})) == {"updated": 21}


def test_p4_another_id_in_the_field_is_refused(town: Town) -> None:
    town.seed("stripe", customers=[BEE])
    settled(town, company("7", email="acme@x.example"))

    town.edit("customer", "7", **{ID_FIELD: "cus_bee"})

    assert town.ends(FLOW) == {"failed": 1}
    assert "blank the field first" in town.findings()["pin-changed"]
    assert town.writes("stripe") == []


def test_p4_a_blank_field_and_another_email_move_to_another_customer(town: Town) -> None:
    town.seed("stripe", customers=[BEE])
    settled(town, company("7", email="acme@x.example"))

    town.edit("customer", "7", email="bee@x.example", **{ID_FIELD: None})

    assert town.ends(FLOW) == {"linked": 1}
    assert stripe_id(town, "7") == "cus_bee"
    assert town.links(FLOW) == {"7": "cus_bee"}
    assert town.plan(FLOW) == []


def test_p4_a_blank_field_with_the_same_email_finds_the_same_customer(town: Town) -> None:
    settled(town, company("7", email="acme@x.example"))
    before = stripe_id(town, "7")

    town.edit("customer", "7", **{ID_FIELD: None})
    town.sync(FLOW)

    assert stripe_id(town, "7") == before
    assert len(town.held("stripe", "customers")) == 1


def test_p4_a_blank_field_without_an_email_is_refused(town: Town) -> None:
    settled(town, company("7", email="acme@x.example"))

    town.edit("customer", "7", email=None, **{ID_FIELD: None})

    assert town.ends(FLOW) == {"failed": 1}
    assert "needs an email" in town.findings()["create-email"]
    assert len(town.held("stripe", "customers")) == 1


def test_p4_the_old_customer_is_left_as_it_is(town: Town) -> None:
    town.seed("stripe", customers=[BEE])
    settled(town, company("7", email="acme@x.example"))
    old = in_stripe(town, "7")

    town.edit("customer", "7", email="bee@x.example", **{ID_FIELD: None})
    town.sync(FLOW)

    assert town.record("stripe", "customers", old["id"]) == old


@pytest.mark.parametrize(("field", "value"), [("name", "Other"), ("phone", "+49 30 999999"), ("description", "vip")])
def test_p5_edits_in_stripe_never_reach_netsuite(town: Town, field: str, value: str) -> None:
    settled(town, company("7", email="acme@x.example", phone="+33 1 42 68 53 00"))
    before = town.record("netsuite", "customer", "7")

    town.stripe(f"/v1/customers/{stripe_id(town, '7')}", **{field: value})
    town.sync(FLOW)

    assert town.record("netsuite", "customer", "7") == before
    assert in_stripe(town, "7")[field] == value


def test_p5_an_edit_in_stripe_is_put_back_where_the_rules_say_so(town: Town) -> None:
    town.layer("""
        version: 1
        flow: netsuite-to-stripe
        push_policy: {fields: {name: {drift: put_back}}}
        """)
    settled(town, company("7", email="acme@x.example"))

    town.stripe(f"/v1/customers/{stripe_id(town, '7')}", name="Other")
    town.sync(FLOW)

    assert in_stripe(town, "7")["name"] == "Company 7"


def test_p5_a_customer_deleted_in_stripe_is_let_go(town: Town) -> None:
    settled(town, company("7", email="acme@x.example"))
    before = town.record("netsuite", "customer", "7")
    lost = stripe_id(town, "7")
    delete_in_stripe(town, str(lost))

    assert town.ends(FLOW) == {"held": 1}
    assert "the link was removed" in town.findings()["unlinked"]
    assert town.links(FLOW) == {}
    assert town.record("netsuite", "customer", "7") == before

    town.edit("customer", "7", phone="+33 1 42 68 53 00")
    assert town.ends(FLOW) == {"failed": 1}
    assert "which is not there" in town.findings()["no-match"]

    town.edit("customer", "7", **{ID_FIELD: None})
    assert town.ends(FLOW) == {"created": 1}
    assert stripe_id(town, "7") == town.one("stripe", "customers")["id"] != lost
