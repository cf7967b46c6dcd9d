from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.model.errors import ConfigError, Rejected, Unreachable
from engine.model.values import ABSENT
from engine.spec.system import (
    ChangesSpec,
    DeletionsSpec,
    DiscoverSpec,
    FieldSpec,
    ObjectSpec,
    PagingSpec,
    PartSpec,
    RequestSpec,
)
from tests.contract.toy import KEYSET, OFFSET, THING, connection, name, request, system
from tests.engine.connectors.wire import opened, reply

ADA = {"id": "t1", "name": "Ada"}


def page(*ids: str, more: bool = False) -> dict[str, Any]:
    return {"items": [{"id": id} for id in ids], "has_more": more}


def queried(scope: Any) -> Any:
    """A query language in a body, as a compiler would render it: leaves only."""
    after = scope.get("after", ABSENT)
    return {
        "q": f"SELECT {scope['columns']} FROM {scope['table']} WHERE changed >= ? AND id > ?",
        "params": [scope["since"], after],
    }


ROW = ObjectSpec(
    name="toy.row",
    title="Row",
    id="id",
    collection="customer",
    fields={
        "id": FieldSpec("id"),
        "companyName": FieldSpec("companyName"),
        "balance": FieldSpec("balance", type="money", column="balancesearch"),
        "changedAt": FieldSpec("changedAt", type="datetime", column="TO_CHAR(changed, 'YYYY') AS changedat"),
        "lines": FieldSpec("lines", type="list"),
        "detail": FieldSpec("detail", detail=True),
    },
    changes=ChangesSpec("field", field="changedAt", format="%Y-%m-%d %H:%M:%S"),
    list=RequestSpec("POST", lambda _scope: "/query", body=queried, items=name("items"), rows="columns", paging=KEYSET),
    find={
        "*": RequestSpec(
            "POST",
            lambda _scope: "/query",
            headers={"Prefer": lambda _scope: "transient"},
            body=lambda scope: {"q": f"{scope['column']} = ?", "params": [scope["value"]]},
            items=name("items"),
            rows="columns",
            paging=OFFSET,
        )
    },
)


LINKED = replace(
    THING, list=request("GET /things", items=name("items"), paging=PagingSpec("next_link", next=name("next")))
)

# -- listings


def test_asks_page_by_page_after_the_last_record() -> None:
    connector, transport = opened(reply(page("t1", "t2", more=True)), reply(page("t3")))
    pages = list(connector.pages(THING))
    assert [[row["id"] for row in one.records] for one in pages] == [["t1", "t2"], ["t3"]]
    assert [one.cursor for one in pages] == ["t2", ""]
    assert [one.url for one in transport.sent] == [
        "https://toy.example/api/things?limit=3",
        "https://toy.example/api/things?after=t2&limit=3",
    ]


def test_sends_since_in_the_systems_format() -> None:
    stamped = replace(THING, changes=ChangesSpec("field", field="updated", format="unix_seconds"))
    connector, transport = opened(reply(page()))
    list(connector.pages(stamped, since="2026-03-01T12:00:00Z"))
    assert transport.sent[0].url == "https://toy.example/api/things?since=1772366400&limit=3"


def test_a_complete_listing_leaves_out_the_whole_group_that_since_belongs_to() -> None:
    grouped = request(
        "GET /things",
        query={"f[0][field]": "updated", "f[0][value]": "{since}", "f[0][type]": "gteq", "sort[field]": "updated"},
        items=name("items"),
    )
    connector, transport = opened(reply(page()), reply(page()))
    list(connector.pages(replace(THING, list=grouped)))
    list(connector.pages(replace(THING, list=grouped), since="2026-03-01T12:00:00Z"))
    assert [one.url.partition("?")[2] for one in transport.sent] == [
        "sort[field]=updated",
        "f[0][field]=updated&f[0][value]=2026-03-01T12%3A00%3A00Z&f[0][type]=gteq&sort[field]=updated",
    ]


def test_asks_a_table_for_its_columns_by_key() -> None:
    rows = {"items": [{"ID": "7", "CompanyName": "Acme"}, {"id": "9"}], "has_more": True}
    connector, transport = opened(reply(rows), reply({"items": [], "has_more": False}))
    first, last = connector.pages(ROW, fields=["companyName", "lines"])
    assert first.records == [{"id": "7", "companyname": "Acme"}, {"id": "9"}]
    assert (first.cursor, last.records) == ("9", [])
    assert transport.sent[0].url == "https://toy.example/api/query?limit=3"
    assert transport.sent[0].body == (
        b'{"q":"SELECT id, companyname, TO_CHAR(changed, \'YYYY\') AS changedat FROM customer '
        b'WHERE changed >= ? AND id > ?","params":["1970-01-01 00:00:00","0"]}'
    )
    assert b'"params":["1970-01-01 00:00:00","9"]' in (transport.sent[1].body or b"")


def test_asks_a_table_for_all_its_columns_when_none_are_named() -> None:
    connector, transport = opened(reply(page()))
    list(connector.pages(ROW))
    assert b"SELECT id, companyname, balancesearch, TO_CHAR(changed, 'YYYY') AS changedat FROM" in (
        transport.sent[0].body or b""
    )


def test_goes_on_from_a_kept_cursor() -> None:
    connector, transport = opened(reply(page("t9")))
    list(connector.pages(THING, cursor="t8"))
    assert transport.sent[0].url.endswith("/things?after=t8&limit=3")


def test_follows_links_and_keeps_only_their_path() -> None:
    first = {"items": [{"id": "t1"}], "next": "https://toy.example/api/things?key=gt.t1"}
    connector, transport = opened(reply(first), reply({"items": [{"id": "t2"}]}))
    pages = list(connector.pages(LINKED))
    assert [one.cursor for one in pages] == ["/api/things?key=gt.t1", ""]
    assert transport.sent[1].url == "https://toy.example/api/things?key=gt.t1"


def test_a_link_to_another_host_gets_no_credentials() -> None:
    connector, transport = opened(reply({"items": [{"id": "t1"}], "next": "https://evil.example/x"}))
    with pytest.raises(Unreachable, match="another host"):
        list(connector.pages(LINKED))
    assert len(transport.sent) == 1


def test_a_listing_of_bare_ids_gives_records_with_ids() -> None:
    connector, _ = opened(reply({"items": ["a", 7]}))
    bare = replace(THING, list=request("GET /ids", items=name("items"), rows="ids"))
    assert next(iter(connector.pages(bare))).records == [{"id": "a"}, {"id": 7}]


def test_lists_what_belongs_to_a_record() -> None:
    connector, transport = opened(reply(page("t1")))
    methods = replace(THING, list=request("GET /owners/{owner}/things", items=name("items")))
    assert connector.related(methods, {"owner": "a/b"}) == [{"id": "t1"}]
    assert transport.sent[0].url == "https://toy.example/api/owners/a%2Fb/things"


def test_tells_deleted_ids_by_a_request_of_its_own() -> None:
    deletions = DeletionsSpec("request", list=request("GET /gone", query={"since": "{since}"}, items=name("items")))
    connector, transport = opened(reply({"items": [{"id": 7}, {"id": "8"}]}))
    assert list(connector.deleted(replace(THING, deletions=deletions), "2026-03-01T12:00:00Z")) == [["7", "8"]]
    assert transport.sent[0].url == "https://toy.example/api/gone?since=2026-03-01T12%3A00%3A00Z"


# -- single records


def test_encodes_every_value_of_a_path_as_one_segment() -> None:
    connector, transport = opened(reply({"id": "a/b?c"}))
    connector.read(THING, "a/b?c")
    assert transport.sent[0].url == "https://toy.example/api/things/a%2Fb%3Fc"


def test_keeps_the_slashes_of_a_declared_collection() -> None:
    listed = replace(THING, collection="things/search", list=request("GET /{collection}", items=name("items")))
    connector, transport = opened(reply(page()))
    list(connector.pages(listed))
    assert transport.sent[0].url == "https://toy.example/api/things/search"


@pytest.mark.parametrize("id", ["", ".", ".."])
def test_a_blank_id_never_asks_for_the_whole_collection(id: str) -> None:
    connector, transport = opened()
    with pytest.raises(Rejected, match="path"):
        connector.read(THING, id)
    assert transport.sent == []


def test_says_missing_where_the_reply_does() -> None:
    connector, _ = opened(reply({"id": "t1", "deleted": True}))
    assert connector.read(THING, "t1") is None


def test_an_answer_for_another_record_is_refused() -> None:
    connector, _ = opened(reply({"id": "t2"}), reply({"id": "t2"}))
    with pytest.raises(Rejected, match="another record"):
        connector.read(THING, "t1")
    with pytest.raises(Rejected, match="another record"):
        connector.update(THING, "t1", {"name": "x"})


def test_reads_a_record_out_of_a_list() -> None:
    connector, _ = opened(reply(page("t1")), reply(page()))
    listed = replace(THING, read=request("GET /things", query={"id": "{id}"}, items=name("items")))
    assert connector.read(listed, "t1") == {"id": "t1"}
    assert connector.read(listed, "t1") is None


def test_finds_by_any_field_through_its_column() -> None:
    connector, transport = opened(reply({"items": [{"ID": "7"}], "has_more": False}), reply(page()))
    assert connector.find(ROW, "balance", "12.5") == [{"id": "7"}]
    connector.find(ROW, "changedAt", "2026")
    assert transport.sent[0].body == b'{"q":"balancesearch = ?","params":["12.5"]}'
    assert transport.sent[0].headers["Prefer"] == "transient"
    assert transport.sent[1].body == b'{"q":"TO_CHAR(changed, \'YYYY\') = ?","params":["2026"]}'


def test_finds_only_by_fields_of_the_catalogue() -> None:
    connector, transport = opened()
    with pytest.raises(ConfigError) as caught:
        connector.find(ROW, "1=1 OR companyName", "x")
    assert [one.code for one in caught.value.findings] == ["no-such-operation"]
    assert transport.sent == []


def test_a_look_up_may_need_more_names() -> None:
    find = {"key": request("GET /things/{record.kind}/{value}", items=lambda body: [body])}
    connector, transport = opened(reply(ADA))
    assert connector.find(replace(THING, find=find), "key", "k/7", scope={"record": {"kind": "Lead"}}) == [ADA]
    assert transport.sent[0].url == "https://toy.example/api/things/Lead/k%2F7"


def test_finds_the_member_of_a_map() -> None:
    connector, transport = opened(reply(page("t1")))
    connector.find(THING, "metadata.erp.id", 'a"b&c')
    assert transport.sent[0].url == "https://toy.example/api/search?key=erp.id&value=a%22b%26c"


# -- writes


def test_creates_with_key_headers_and_body() -> None:
    connector, transport = opened(reply(ADA, 201))
    written = connector.create(THING, {"name": "Ada"}, key="k-1")
    assert written == ("t1", ADA, 201)
    sent = transport.sent[0]
    assert (sent.method, sent.url, sent.body) == ("POST", "https://toy.example/api/things", b'{"name":"Ada"}')
    assert sent.headers == {
        "Accept": "application/json",
        "Toy-Version": "1",
        "Idempotency-Key": "k-1",
        "Authorization": "Bearer toy-key",
        "Content-Type": "application/json",
    }


def test_takes_the_new_id_from_a_header() -> None:
    create = request(
        "PUT /things/key:{record.key}", new_id=lambda s: s["headers"]["location"].split("/")[-1], returns="id"
    )
    connector, transport = opened(reply(None, 204, location="https://toy.example/api/things/647"))
    assert connector.create(replace(THING, create=create), {"key": "A/1"}).id == "647"
    assert transport.sent[0].url == "https://toy.example/api/things/key:A%2F1"


def test_a_create_that_does_not_tell_the_id_has_an_unknown_outcome() -> None:
    connector, _ = opened(reply({"name": "Ada"}, 201))
    with pytest.raises(Unreachable, match="new id") as caught:
        connector.create(THING, {"name": "Ada"}, key="k")
    assert caught.value.sent


def test_a_number_or_a_bare_text_is_an_id_too() -> None:
    connector, _ = opened(reply({"id": 7}), reply("o-8"))
    assert connector.create(THING, {}).id == "7"
    assert connector.create(THING, {}).id == "o-8"


def test_wraps_the_record_and_adds_declared_members() -> None:
    create = request("POST /things", wrap="thing", body=lambda _scope: {"notify": False, "gone": ABSENT})
    connector, transport = opened(reply(ADA))
    connector.create(replace(THING, create=create), {"name": "Ada"})
    assert transport.sent[0].body == b'{"thing":{"name":"Ada"},"notify":false}'


def test_sends_a_form_where_the_system_wants_one() -> None:
    connector, transport = opened(reply(ADA), spec=system(encode="form"))
    connector.update(THING, "t1", {"metadata": {"a": "1"}})
    assert transport.sent[0].body == b"metadata[a]=1"
    assert transport.sent[0].headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_says_which_lists_are_written_whole() -> None:
    book = FieldSpec("book", type="list", replace="?replace=addressBook")
    currencies = FieldSpec("currencies", type="list", replace="?replace=currencyList&strict=1")
    whole = FieldSpec("other", type="list", replace="whole")
    connector, transport = opened(reply(ADA))
    connector.update(THING, "t1", {"name": "x"}, replace=[book, currencies, whole])
    assert transport.sent[0].url == "https://toy.example/api/things/t1?replace=addressBook%2CcurrencyList&strict=1"


def test_an_update_that_answers_nothing_is_done() -> None:
    connector, _ = opened(reply(None, 204))
    assert connector.update(THING, "t1", {"name": "x"}) == ("t1", None, 204)


def test_deletes_what_is_gone_already_without_complaint() -> None:
    connector, transport = opened(reply({"error": {"code": "missing"}}, 404))
    connector.delete(THING, "t1")
    assert (transport.sent[0].method, transport.sent[0].body) == ("DELETE", None)


def test_reads_and_writes_a_part() -> None:
    credit = PartSpec(
        "credit",
        read=request("GET /credits/{id}"),
        update=request(
            "POST /credits/{part.id}/{way}", body=lambda scope: {"value": scope["delta"]}, returns="nothing"
        ),
    )
    parted = replace(THING, parts={"credit": credit})
    connector, transport = opened(reply({"id": 3, "limit": 10}), reply(None, 200))
    part = connector.part(parted, "credit", "t1")
    assert part == {"id": 3, "limit": 10}
    scope = {"part": {"id": "3"}, "way": "increase", "delta": 5}
    assert connector.update_part(parted, "credit", "t1", {}, scope=scope).id == "t1"
    assert transport.sent[1].url == "https://toy.example/api/credits/3/increase"
    assert transport.sent[1].body == b'{"value":5}'


def test_discovers_a_keyed_catalogue() -> None:
    discover = DiscoverSpec(request("GET /catalogue/{object}", items=name("properties")), keyed=True)
    connector, transport = opened(reply({"properties": {"email": {"title": "E-mail"}}}))
    assert connector.discover(replace(THING, discover=discover)) == [{"title": "E-mail", "id": "email"}]
    assert transport.sent[0].url == "https://toy.example/api/catalogue/thing"


# -- names and secrets


def test_templates_see_settings_but_no_secrets() -> None:
    seen: dict[str, Any] = {}

    def look(scope: Any) -> str:
        seen.update(scope["settings"])
        return "/things/t1"

    connector, _ = opened(reply(ADA))
    connector.read(replace(THING, read=RequestSpec("GET", look)), "t1")
    assert seen == {"account": "a%2F1"}


def test_an_address_may_come_from_settings() -> None:
    spec = system(base_url=lambda scope: f"https://{scope['settings']['account']}.toy.example/rest/")
    connector, transport = opened(reply(ADA), spec=spec, base_url="", settings={"account": "a1", "api_key": "k"})
    connector.read(THING, "t1")
    assert transport.sent[0].url == "https://a1.toy.example/rest/things/t1"


def test_a_connection_without_an_address_does_not_open() -> None:
    with pytest.raises(ConfigError):
        opened(base_url="")


def test_a_forbidden_address_does_not_open() -> None:
    with pytest.raises(ConfigError) as caught:
        opened(base_url="http://169.254.169.254", allow_private=False)
    assert caught.value.findings[0].code == "host-not-allowed"
    assert connection("x").allow_private
