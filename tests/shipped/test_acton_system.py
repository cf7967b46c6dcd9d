"""systems/acton.yaml over HTTP: every operation of every object, with the real connector against the stand-in."""

from __future__ import annotations

from typing import Any

import pytest
from acton_office import furnish, person
from town import Town

from engine.connectors.complete import completed
from engine.connectors.connect import open_connection
from engine.connectors.retry import RetryPolicy
from engine.connectors.tokens import MemoryTokens
from engine.model.errors import Duplicate, Rejected, Stopped, Throttled, Unauthorised, Unreachable
from engine.model.protocols import Connector
from engine.spec.system import ObjectSpec
from engine.stages.normalise import normaliser
from engine.stages.shape import shape

P1 = "l-unified-contacts:1"
FRESH = {"externalId": "C-9", "objectType": "Contact", "email": "ana@x.example", "firstName": "Ana"}


class Office:
    """The connector of the account, whole, and what the town has of it."""

    def __init__(self, town: Town, tokens: MemoryTokens | None = None, **policy: Any) -> None:
        self.town = town
        spec = town.ruleset.connections["acton"]
        self.tokens = tokens or MemoryTokens()
        bare = open_connection(spec, clock=town.clock, tokens=self.tokens, policy=RetryPolicy(**policy))
        self.contact: ObjectSpec = town.ruleset.objects["acton.contact"]
        self.segment = town.ruleset.objects["acton.segment"]
        everything = {"acton.contact": frozenset(self.contact.fields)}
        self.connector: Connector = completed(bare, town.ruleset.objects, everything)

    def listed(self, **asked: Any) -> list[str]:
        return [row["email"] for page in self.connector.pages(self.contact, **asked) for row in page.records]

    def fields(self, raw: dict[str, Any] | None) -> dict[str, Any]:
        """A record as flows see it."""
        assert raw is not None
        normal = normaliser(self.contact, self.contact.fields, with_detail=True)(raw)
        return {**normal.fields, **(normal.detail or {})}

    def native(self, creating: bool = False, **values: Any) -> dict[str, Any]:
        return shape(self.contact, values, creating=creating)


@pytest.fixture
def office(town: Town) -> Office:
    furnish(town)
    return Office(town)


def test_a_listing_goes_through_all_pages(office: Office) -> None:
    office.town.seed("acton", contacts=[person(n) for n in range(1, 104)])

    assert office.listed() == [f"p{n}@x.example" for n in range(1, 104)]
    listings = [one for one in office.town.requests("acton") if one["path"].endswith("/contact/")]
    assert len(listings) == 3


def test_a_listing_of_changes_asks_in_seconds(office: Office) -> None:
    office.town.seed("acton", contacts=[person(1)])
    office.town.advance(100)
    since = office.town.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    office.town.seed("acton", contacts=[person(2)])

    assert office.listed(since=since) == ["p2@x.example"]


def test_reading_brings_custom_fields_opt_outs_and_segments(office: Office) -> None:
    office.town.seed(
        "acton",
        contacts=[person(1, actonPrimaryScore=35, customFields={"Owner": "o@x.example", "Push to CRM": True})],
        optouts=[{"email": "P1@X.example"}],
        segments=[{"id": 201, "name": "NetSuite: big", "contacts": [P1]}, {"name": "Mine", "contacts": [P1]}],
    )

    seen = office.fields(office.connector.read(office.contact, P1))
    assert {name: seen[name] for name in ("score", "ownerEmail", "push_to_crm", "opted_out", "segments")} == {
        "score": 35, "ownerEmail": "o@x.example", "push_to_crm": True, "opted_out": {"status": "denied"},
        "segments": ["201"],
    }  # fmt: skip


def test_who_did_not_opt_out_has_no_known_consent(office: Office) -> None:
    office.town.seed("acton", contacts=[person(1)])

    assert office.fields(office.connector.read(office.contact, P1))["opted_out"] is None


def test_reading_nobody_gives_nothing(office: Office) -> None:
    assert office.connector.read(office.contact, P1) is None


def test_finding_by_address_and_external_id(office: Office) -> None:
    office.town.seed("acton", contacts=[person(1, externalId="C-1", objectType="Contact")])

    assert [one["id"] for one in office.connector.find(office.contact, "email", "P1+x@x.example")] == []
    assert [one["id"] for one in office.connector.find(office.contact, "email", "P1@x.example")] == [P1]
    assert [one["id"] for one in office.connector.find(office.contact, "externalId", "C-1")] == [P1]


def test_creating_makes_a_contact_of_its_own_also_where_the_address_is_there(office: Office) -> None:
    office.town.seed("acton", contacts=[person(1, email="ana@x.example", externalId="C-1", objectType="Contact")])

    made = office.connector.create(office.contact, office.native(creating=True, **FRESH, accountId="41"))

    old, new = office.town.held("acton", "contact")
    assert (made.id, new["customFields"]["50"], old["externalId"]) == (new["id"], "41", "C-1")


def test_creating_twice_by_one_external_id_is_a_duplicate(office: Office) -> None:
    office.connector.create(office.contact, office.native(creating=True, **FRESH))

    with pytest.raises(Duplicate):
        office.connector.create(office.contact, office.native(creating=True, **FRESH))
    assert len(office.town.held("acton", "contact")) == 1


def test_updating_sends_what_changed_and_clears_by_an_empty_text(office: Office) -> None:
    office.town.seed("acton", contacts=[person(1, title="Buyer")])

    office.connector.update(office.contact, P1, office.native(firstName="Pam", title=None))

    (held,) = office.town.held("acton", "contact")
    assert (held["firstName"], held["lastName"], held["title"]) == ("Pam", "Example", "")


def test_an_opt_out_alone_is_one_request_to_its_store_with_the_address_as_it_stands(office: Office) -> None:
    office.town.seed("acton", contacts=[person(1)])

    office.connector.update(office.contact, P1, office.native(opted_out={"status": "denied"}))

    assert office.town.writes("acton") == ["PUT /api/1/list/optout"]
    assert [one["email"] for one in office.town.held("acton", "optout")] == ["p1@x.example"]
    assert office.fields(office.connector.read(office.contact, P1))["opted_out"] == {"status": "denied"}


def test_a_grant_is_never_written_to_the_store_of_opt_outs(office: Office) -> None:
    office.town.seed("acton", contacts=[person(1)], optouts=[{"email": "p1@x.example"}])

    office.connector.update(office.contact, P1, office.native(firstName="Pam", opted_out={"status": "granted"}))

    assert len(office.town.held("acton", "optout")) == 1


def test_segments_are_joined_and_left_one_by_one(office: Office) -> None:
    office.town.seed("acton", contacts=[person(1)])
    office.connector.update(office.contact, P1, office.native(segments=["101", "102"]))
    office.connector.update(office.contact, P1, office.native(segments=["101", "104"]))

    assert [one["id"] for one in office.town.held("acton", "segment") if P1 in one["contacts"]] == [101, 104]
    assert office.town.writes("acton") == [
        "PUT /ucl/v2/12345/segment/101/contacts", "PUT /ucl/v2/12345/segment/102/contacts",
        "PUT /ucl/v2/12345/segment/104/contacts", "DELETE /ucl/v2/12345/segment/102/contacts",
    ]  # fmt: skip


def test_deleting_goes_by_the_bulk_request_and_twice_is_no_error(office: Office) -> None:
    office.town.seed("acton", contacts=[person(1), person(2)])

    office.connector.delete(office.contact, P1)
    office.connector.delete(office.contact, P1)

    assert [one["email"] for one in office.town.held("acton", "contact")] == ["p2@x.example"]


def test_segments_are_listed(office: Office) -> None:
    names = [row["name"] for page in office.connector.pages(office.segment) for row in page.records]

    assert names[:2] == ["NetSuite: all contacts", "NetSuite: affiliated with leads"]


# -- logins


def test_an_ended_token_is_renewed_without_a_login(office: Office) -> None:
    office.listed()
    first = office.tokens.load("acton")
    office.town.advance(3600)
    office.listed()
    second = office.tokens.load("acton")

    assert first is not None and second is not None
    assert (first.access != second.access, first.refresh != second.refresh) == (True, True)
    assert office.town.running.standins["acton"].logins.calls.__len__() == 1


def test_a_token_that_was_revoked_is_renewed_once(office: Office) -> None:
    office.town.seed("acton", contacts=[person(1)])
    office.listed()
    office.town.order("acton", "revoke_tokens")
    office.town.requests("acton")

    assert office.listed() == ["p1@x.example"]
    assert [(one["path"], one["status"]) for one in office.town.requests("acton")][:2] == [
        ("/ucl/v2/12345/contact/", 401), ("/token", 200),
    ]  # fmt: skip


def test_a_lost_refresh_token_falls_back_to_the_password(office: Office) -> None:
    office.listed()
    office.town.order("acton", "revoke_tokens", all=True)
    office.town.requests("acton")
    office.listed()

    statuses = [one["status"] for one in office.town.requests("acton") if one["path"] == "/token"]
    assert statuses == [403, 200]


def test_a_wrong_password_is_tried_once(town: Town) -> None:
    furnish(town)
    town.setting("acton", password="wrong")
    office = Office(town)
    for _ in range(3):
        with pytest.raises(Unauthorised):
            office.listed()

    assert [one["path"] for one in town.requests("acton")] == ["/token"]


def test_logins_stop_before_the_account_is_locked(town: Town) -> None:
    furnish(town)
    for _ in range(5):
        Office(town).listed()  # every process without its store logs in anew

    with pytest.raises((Throttled, Unauthorised, Unreachable)):
        Office(town, attempts=1).listed()


# -- errors


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, {"httpCode": "429", "httpMessage": "Too Many Requests", "moreInformation": "x"}, Throttled),
        (503, "", Throttled),
        (400, {"errorCode": 10010, "message": "Invalid Column Specified"}, Stopped),
        (400, {"errorCode": "10004", "message": "Invalid or missing list"}, Stopped),
        (400, {}, Rejected),
        (406, "", Rejected),
        (403, {"error": "invalid_grant", "error_description": "x"}, Unauthorised),
        (409, "", Duplicate),
        (502, "<html>", Unreachable),
    ],
)
def test_errors_are_classed(town: Town, status: int, body: Any, kind: type[Exception]) -> None:
    furnish(town)
    office = Office(town, attempts=1)
    town.fault("acton", method="GET", path="/contact/$", kind="status", status=status, body=body)

    with pytest.raises(kind):
        office.listed()


def test_an_error_of_broken_json_is_read_as_its_status(town: Town) -> None:
    furnish(town)
    town.fault("acton", method="GET", path="/contact/$", kind="status", status=400, body='{"errorCode": 10010,}')

    with pytest.raises(Rejected):
        Office(town, attempts=1).listed()


def test_what_is_throttled_is_tried_again(office: Office) -> None:
    office.town.seed("acton", contacts=[person(1)])
    office.town.fault("acton", method="GET", path="/contact/$", kind="status", status=429)

    assert office.listed() == ["p1@x.example"]


def test_the_connector_stays_within_five_calls_a_second(office: Office) -> None:
    office.town.seed("acton", contacts=[person(n) for n in range(1, 13)])
    for n in range(1, 13):
        office.connector.find(office.contact, "email", f"p{n}@x.example")

    assert {one["status"] for one in office.town.requests("acton")} == {200}


def test_a_field_that_the_account_does_not_have_stops_with_advice(office: Office) -> None:
    office.town.reset()
    office.town.seed("acton", contacts=[person(1)])

    with pytest.raises(Stopped, match="has no field 'Account ID'") as caught:
        office.connector.update(office.contact, P1, office.native(accountId="41"))
    assert "new_field" in caught.value.do
