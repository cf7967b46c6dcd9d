"""systems/sagex3.yaml over HTTP: every operation of every object, with the real connector against the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from sagex3_to_magento import BRICK, HOLD, KIM, running
from town import Town

from engine.connectors.connect import open_connection
from engine.connectors.retry import RetryPolicy
from engine.connectors.tokens import MemoryTokens
from engine.model.errors import ConfigError, Rejected, Stopped, Throttled, Unauthorised, Unreachable
from engine.spec.system import ObjectSpec
from engine.stages.normalise import normaliser

__all__ = ["running"]

OAUTH2 = """
    version: 1
    system: sagex3
    auth: {$unset: [user, password], kind: oauth2_refresh, token_url: "HOST/v1/token", client_id: client_id,
           client_secret: client_secret, refresh_token: refresh_token}
    """


class Folder:
    """The connector of the folder, and what the town has of it."""

    def __init__(self, town: Town, **policy: Any) -> None:
        self.town = town
        spec = town.ruleset.connections["sagex3"]
        self.tokens = MemoryTokens()
        self.connector = open_connection(spec, clock=town.clock, tokens=self.tokens, policy=RetryPolicy(**policy))
        self.objects = {full.split(".")[1]: obj for full, obj in spec.system.objects.items()}

    def __getitem__(self, name: str) -> ObjectSpec:
        return self.objects[name]

    def ids(self, name: str, **asked: Any) -> list[str]:
        obj = self[name]
        return [str(row[obj.id]) for page in self.connector.pages(obj, **asked) for row in page.records]

    def fields(self, name: str, id: str) -> dict[str, Any]:
        obj = self[name]
        raw = self.connector.read(obj, id)
        assert raw is not None
        normal = normaliser(obj, obj.fields)(raw)
        assert (normal.id, normal.doubts) == (id, ())
        return normal.fields


@pytest.fixture
def folder(town: Town) -> Iterator[Folder]:
    folder = Folder(town)
    yield folder
    folder.connector.close()


def many(count: int) -> list[dict[str, Any]]:
    return [{"BPCNUM": f"C{n:04}", "BPCNAM": f"Company {n}"} for n in range(count)]


# -- reading -----------------------------------------------------------------------------------------------


def test_all_customers_come_once_each_by_the_links(folder: Folder) -> None:
    folder.town.seed("sagex3", customers=many(250))

    pages = list(folder.connector.pages(folder["customer"]))

    assert [len(page.records) for page in pages] == [100, 100, 50]
    assert folder.ids("customer") == [f"C{n:04}" for n in range(250)]


def test_a_node_that_gives_twenty_at_a_time_gives_all(folder: Folder) -> None:
    folder.town.seed("sagex3", customers=many(45))
    folder.town.set("sagex3", max_count=20)

    assert [len(page.records) for page in folder.connector.pages(folder["customer"])] == [20, 20, 5]


def test_a_listing_goes_on_where_it_stopped(folder: Folder) -> None:
    folder.town.seed("sagex3", customers=many(150))
    first = next(folder.connector.pages(folder["customer"]))

    assert folder.ids("customer", cursor=first.cursor) == [f"C{n:04}" for n in range(100, 150)]


def test_records_since_a_day_are_those_changed_or_made_since(folder: Folder) -> None:
    old = {"CREDAT": "2026-01-01", "UPDDAT": "2026-01-02"}
    folder.town.seed("sagex3", customers=[
        {"BPCNUM": "C1", "BPCNAM": "Old", **old},
        {"BPCNUM": "C2", "BPCNAM": "Changed", "CREDAT": "2026-01-01", "UPDDAT": "2026-03-01"},
        {"BPCNUM": "C3", "BPCNAM": "Made", "CREDAT": "2026-03-01"},
    ])  # fmt: skip

    assert folder.ids("customer", since="2026-03-01T23:59:00Z") == ["C2", "C3"]


@pytest.mark.parametrize(("name", "key"), [("address", "1~C1007~A01"), ("contact", "1~C1007~K1"), ("person", "K1")])
def test_every_object_is_listed_with_and_without_a_day(folder: Folder, name: str, key: str) -> None:
    folder.town.seed("sagex3", customers=[BRICK], addresses=[{"BPATYP": 2, "BPANUM": "C1007", "BPAADD": "A01"}],
                     contacts=[{**KIM, "BPATYP": 2, "BPANUM": "C1007"}])  # fmt: skip

    assert folder.ids(name) == [key]
    assert folder.ids(name, since="2026-01-01T00:00:00Z") == [key]
    assert folder.ids(name, since="2100-01-01T00:00:00Z") == []


def test_a_customer_is_read_with_menus_and_blanks_understood(folder: Folder) -> None:
    folder.town.seed("sagex3", customers=[{**BRICK, "OSTCTL": HOLD, "OSTAUZ": 99.5, "CRN": "", "CREDAT": "2026-01-31"}],
                     movements=[{"BPCNUM": "C1007", "amount": 7}])  # fmt: skip

    fields = folder.fields("customer", "C1007")

    assert {name: fields[name] for name in ("BPCSTA", "OSTCTL", "CRN", "CUR", "CREDAT", "UPDDAT", "CNTNAM")} == {
        "BPCSTA": True, "OSTCTL": "hold", "CRN": None, "CUR": "EUR", "CREDAT": "2026-01-31", "UPDDAT": None,
        "CNTNAM": "K1",
    }  # fmt: skip
    assert (float(fields["OSTAUZ"]), fields["credit_level_total"], fields["REP"][0]) == (99.5, 7, "R001")


def test_addresses_contacts_and_persons_are_read_by_their_keys(folder: Folder) -> None:
    folder.town.seed("sagex3", customers=[BRICK])

    address, contact = folder.fields("address", "1~C1007~A01"), folder.fields("contact", "1~C1007~K1")
    person = folder.fields("person", "K1")

    assert (address["BPANUM"], address["CTY"], address["SAT"], address["BPAADDFLG"]) == ("C1007", "Lyon", None, True)
    assert (contact["BPANUM"], contact["CCNCRM"], contact["CNTFNC"], contact["CNTFLG"]) == (
        "C1007",
        "K1",
        "ADMIN",
        True,
    )
    assert (person["CNTFNA"], person["CNTLNA"], person["CNTLAN"]) == ("Kim", "Brick", None)


def test_a_record_that_is_not_there_is_none(folder: Folder) -> None:
    assert folder.connector.read(folder["customer"], "C404") is None
    assert folder.connector.read(folder["contact"], "1~C404~K1") is None


def test_a_key_with_a_quote_cannot_break_out_of_the_address(folder: Folder) -> None:
    assert folder.connector.read(folder["customer"], "C')?x=('1") is None


def test_the_account_tells_its_own_columns(folder: Folder) -> None:
    found = {one["id"]: one for one in folder.connector.discover(folder["customer"])}

    assert found["BPCNAM"]["$title"] == "Company name"
    assert {name for name in folder["customer"].fields if name.isupper()} <= found.keys()


def test_the_requests_that_go_out(folder: Folder) -> None:
    folder.town.seed("sagex3", customers=[BRICK])
    with folder.town.listening("sagex3") as heard:
        folder.ids("contact", since="2026-03-01T10:00:00Z")
        folder.connector.read(folder["contact"], "1~C1007~K1")

    listing, read = heard
    assert parse_qs(listing["query"]) == {
        "representation": ["CONTACT.$query"], "count": ["100"],
        "where": ["BPATYP eq 1 and (UPDDAT ge @2026-03-01@ or CREDAT ge @2026-03-01@)"],
    }  # fmt: skip
    assert read["path"] == "/api1/x3/erp/SEED/CONTACT('1~C1007~K1')"
    assert parse_qs(read["query"]) == {"representation": ["CONTACT.$details"]}


# -- writing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["customer", "address", "contact", "person"])
def test_nothing_can_be_written(folder: Folder, name: str) -> None:
    assert folder[name].read_only
    with pytest.raises(ConfigError):
        folder.connector.create(folder[name], {"BPCNUM": "C1"})
    with pytest.raises(ConfigError):
        folder.connector.update(folder[name], "C1", {"BPCNAM": "X"})


# -- what may go wrong -------------------------------------------------------------------------------------


def test_a_diagnosis_of_an_error_in_a_200_is_a_refusal_and_a_warning_is_none(folder: Folder) -> None:
    folder.town.seed("sagex3", customers=[BRICK])
    folder.town.set("sagex3", warns=["C1007"])
    assert folder.fields("customer", "C1007")["BPCNAM"] == "Brick SARL"
    folder.town.set("sagex3", breaks=["C1007"])

    with pytest.raises(Rejected, match="locked by another user"):
        folder.connector.read(folder["customer"], "C1007")


def test_a_wrong_password_stops(town: Town) -> None:
    town.setting("sagex3", password="x")
    with pytest.raises(Unauthorised, match="login page"):
        Folder(town).ids("customer")


def test_a_redirect_to_the_login_form_stops(town: Town) -> None:
    town.setting("sagex3", password="x")
    town.set("sagex3", login_redirects=True)
    with pytest.raises(Unauthorised):
        Folder(town).ids("customer")


def test_a_class_that_the_site_does_not_expose_stops(folder: Folder) -> None:
    folder.town.set("sagex3", closed=["CONTACT"])
    with pytest.raises(Stopped, match="does not expose"):
        folder.ids("contact")


def test_a_column_that_the_site_does_not_show_stops(folder: Folder) -> None:
    body = {"$diagnoses": [{"$severity": "error", "$message": "unknown property: UPDDAT"}]}
    folder.town.fault("sagex3", method="GET", path="BPCUSTOMER$", kind="status", status=500, body=body)
    with pytest.raises(Stopped, match="representation of this site"):
        folder.ids("customer", since="2026-01-01T00:00:00Z")


def test_the_end_of_the_licences_volume_stops(folder: Folder) -> None:
    folder.town.seed("sagex3", customers=many(3))
    folder.town.set("sagex3", volume_limit=10)
    folder.ids("customer")

    with pytest.raises(Stopped, match="web-service licence"):
        folder.ids("customer")


def test_a_node_without_a_free_process_is_asked_again(town: Town) -> None:
    body = {"$diagnoses": [{"$severity": "error", "$message": "No web services accepted"}]}
    town.seed("sagex3", customers=[BRICK])
    town.fault("sagex3", method="GET", path="BPCUSTOMER$", kind="status", status=500, body=body)
    assert Folder(town).ids("customer") == ["C1007"]
    town.fault("sagex3", method="GET", path="BPCUSTOMER$", kind="status", status=500, body=body, times=50)

    with pytest.raises(Throttled):
        Folder(town).ids("customer")
    town.order("sagex3", "reset")


@pytest.mark.parametrize("kind", ["drop_before", "bad_json", "truncated"])
def test_a_broken_answer_is_asked_for_again(folder: Folder, kind: str) -> None:
    folder.town.seed("sagex3", customers=[BRICK])
    folder.town.fault("sagex3", method="GET", path="BPCUSTOMER$", kind=kind)

    assert folder.ids("customer") == ["C1007"]


def test_a_node_that_stays_away_is_unreachable(town: Town) -> None:
    town.fault("sagex3", method="GET", path="BPCUSTOMER$", kind="status", status=503, times=50)
    with pytest.raises(Unreachable):
        Folder(town).ids("customer")
    town.order("sagex3", "reset")


# -- OAuth2 ------------------------------------------------------------------------------------------------


@pytest.fixture
def online(town: Town) -> Folder:
    """X3 Online: tokens only."""
    host = town.running.urls["sagex3"].partition("/api1")[0]
    town.layer(OAUTH2.replace("HOST", host))
    town.set("sagex3", auth=["oauth2"])
    town.seed("sagex3", customers=[BRICK])
    return Folder(town)


def test_a_refresh_token_opens_the_folder(online: Folder) -> None:
    assert online.ids("customer") == ["C1007"]
    online.ids("customer")

    paths = [one["path"] for one in online.town.requests("sagex3")]
    assert paths.count("/v1/token") == 1


def test_a_token_that_ended_is_renewed_with_the_newest_refresh_token(online: Folder) -> None:
    online.ids("customer")
    for _ in range(3):
        online.town.advance(301)
        assert online.ids("customer") == ["C1007"]


def test_a_token_that_was_revoked_is_renewed_once(online: Folder) -> None:
    online.ids("customer")
    online.town.order("sagex3", "revoke_tokens")

    assert online.ids("customer") == ["C1007"]
