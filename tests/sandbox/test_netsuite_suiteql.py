"""SuiteQL: text rows, paging, dates, joins; section 4 of the sheet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from netsuite_api import COMPANY, Api

from sandbox.serving import Running

LIST = (
    "SELECT id, externalid, TO_CHAR(lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS lastmodifieddate FROM customer "
    "WHERE lastmodifieddate >= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS') AND id > ? ORDER BY id"
)


def customer(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, **COMPANY, "companyName": f"Firm {id_}", "lastModifiedDate": "2024-03-01T10:20:30Z", **more}


def test_every_value_is_text_and_nulls_are_absent(netsuite: Api) -> None:
    netsuite.seed(customer=[customer("9", creditLimit=1500.5, balance=12.0, email="Ada@x.example")])

    page = netsuite.page(
        "SELECT id, Email AS EMAIL, phone, isperson, isinactive, creditlimit, balancesearch, currency FROM Customer"
    )

    assert page["items"] == [
        {
            "links": [],
            "id": "9",
            "email": "Ada@x.example",
            "isperson": "F",
            "isinactive": "F",
            "creditlimit": "1500.5",
            "balancesearch": "12",
            "currency": "1",
        }
    ]
    assert (page["count"], page["hasMore"], page["offset"], page["totalResults"]) == (1, False, 0, 1)


def test_the_list_of_the_shipped_yaml_pages_by_numeric_id(netsuite: Api) -> None:
    netsuite.seed(customer=[customer(str(number)) for number in range(8, 13)])

    first = netsuite.page(LIST, "2024-01-01 00:00:00", "0", limit=2)
    second = netsuite.page(LIST, "2024-01-01 00:00:00", first["items"][-1]["id"], limit=2)

    assert [row["id"] for row in first["items"] + second["items"]] == ["8", "9", "10", "11"]
    assert (first["hasMore"], first["totalResults"]) == (True, 5)
    assert first["items"][0] == {"links": [], "id": "8", "lastmodifieddate": "2024-03-01 10:20:30"}


def test_pages_by_offset_have_links(netsuite: Api) -> None:
    netsuite.seed(customer=[customer(str(number)) for number in range(1, 6)])

    page = netsuite.page("SELECT id FROM customer ORDER BY id DESC", limit=2, offset=2)

    assert [row["id"] for row in page["items"]] == ["3", "2"]
    assert [link["rel"] for link in page["links"]] == ["self", "first", "previous", "next", "last"]
    assert netsuite.page("SELECT id FROM customer", limit=2, offset=4)["hasMore"] is False
    assert netsuite.page("SELECT id FROM customer", limit=2, offset=6)["items"] == []


def test_a_window_of_time_is_inclusive(netsuite: Api) -> None:
    netsuite.seed(customer=[customer("9")])

    assert len(netsuite.rows(LIST, "2024-03-01 10:20:30", "0")) == 1
    assert netsuite.rows(LIST, "2024-03-01 10:20:31", "0") == []


def test_an_unformatted_date_loses_its_time(netsuite: Api) -> None:
    netsuite.seed(customer=[customer("9")])

    assert netsuite.rows("SELECT lastmodifieddate FROM customer") == [{"lastmodifieddate": "3/1/2024"}]
    assert netsuite.rows("SELECT MAX(lastmodifieddate) AS last FROM customer") == [{"last": "3/1/2024"}]


def test_dates_are_in_the_time_zone_of_the_account(netsuite: Api) -> None:
    netsuite.set(utc_offset_hours=-8)
    netsuite.seed(customer=[customer("9")])

    assert netsuite.rows(LIST, "2024-03-01 02:20:30", "0")[0]["lastmodifieddate"] == "2024-03-01 02:20:30"
    assert netsuite.rows(LIST, "2024-03-01 10:20:30", "0") == []


def test_a_write_is_seen_by_the_next_query(netsuite: Api) -> None:
    id_ = netsuite.post("customer", COMPANY)
    by_email = "SELECT id FROM customer WHERE LOWER(REPLACE(email, ' ', '')) = LOWER(REPLACE(?, ' ', ''))"
    assert netsuite.rows(by_email, "É@x.example") == []

    netsuite.patch(f"/customer/{id_}", {"email": "é@x.example"})

    assert netsuite.rows(by_email, " É@X.example ") == [{"id": id_}]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("email = 'ada@x.example'", False),
        ("email = 'Ada@x.example'", True),
        ("email LIKE 'ada%'", False),
        ("email LIKE 'Ada%'", True),
        ("phone = ''", False),
        ("phone IS NULL", True),
        ("phone || email = 'Ada@x.example'", True),
        ("NVL(phone, 'none') = 'none'", True),
        ("lastmodifieddate > '2/28/2024'", True),
        ("lastmodifieddate BETWEEN TO_DATE('2024-03-01','YYYY-MM-DD') AND TO_DATE('2024-03-02','YYYY-MM-DD')", True),
        ("TRUNC(lastmodifieddate) = TO_DATE('2024-03-01', 'YYYY-MM-DD')", True),
        ("lastmodifieddate < SYSDATE - 1", True),
        ("id IN ('9', '10')", True),
        ("EXISTS (SELECT 1 FROM contact k WHERE k.company = customer.id)", False),
    ],
)
def test_conditions_follow_oracle(netsuite: Api, condition: str, found: bool) -> None:
    netsuite.seed(customer=[customer("9", email="Ada@x.example")])

    assert bool(netsuite.rows(f"SELECT id FROM customer WHERE {condition}")) is found


def test_rownum_cuts_before_sorting(netsuite: Api) -> None:
    rows = netsuite.rows("SELECT id, name FROM term WHERE ROWNUM <= 2 ORDER BY name DESC")

    assert [row["name"] for row in rows] == ["Net 30", "Net 15"]
    assert netsuite.rows("SELECT name FROM term ORDER BY name FETCH FIRST 1 ROWS ONLY") == [{"name": "Due on receipt"}]


def test_a_star_is_every_column_of_the_table(netsuite: Api) -> None:
    netsuite.set(custom_fields={"customer": {"custentity_region": "text"}})
    netsuite.seed(customer=[customer("9", custentity_region="North")])

    row = netsuite.rows("SELECT * FROM customer WHERE ROWNUM <= 1")[0]

    assert (row["custentity_region"], row["duplicate"], row["searchstage"]) == ("North", "F", "Customer")
    assert "subsidiary" not in row


def test_addresses_and_the_subsidiary_are_joined(netsuite: Api) -> None:
    address = {"addr1": "1 Rd", "city": "Paris", "country": {"id": "FR"}}
    book = {"items": [{"defaultBilling": True, "addressBookAddress": address}]}
    netsuite.seed(customer=[customer("9", addressBook=book, subsidiary={"id": "2"}), customer("10")])

    rows = netsuite.rows(
        "SELECT c.id, a.city, a.country, r.subsidiary FROM customer c "
        "JOIN customersubsidiaryrelationship r ON r.entity = c.id "
        "LEFT JOIN customeraddressbook ab ON ab.entity = c.id AND ab.defaultbilling = 'T' "
        "LEFT JOIN customeraddressbookentityaddress a ON ab.addressbookaddress = a.nkey ORDER BY c.id"
    )

    assert rows == [{"id": "9", "city": "Paris", "country": "FR", "subsidiary": "2"}, {"id": "10", "subsidiary": "1"}]


def test_lookup_tables_and_display_texts(netsuite: Api) -> None:
    netsuite.seed(customer=[customer("9", terms={"id": "2"}, salesRep={"id": "900001"}, language="fr_FR")])

    rows = netsuite.rows("SELECT BUILTIN.DF(terms) t, BUILTIN.DF(salesrep) s, BUILTIN.DF(language) l FROM customer")

    assert rows == [{"t": "Net 30", "s": "Alex Larsen", "l": "French (France)"}]
    leads = netsuite.rows("SELECT id, name FROM CustomerStatus WHERE stage = 'LEAD' AND isinactive = 'F' ORDER BY id")
    assert leads == [{"id": "6", "name": "Unqualified"}, {"id": "7", "name": "Qualified"}]
    assert netsuite.rows("SELECT name FROM entitystatus WHERE id = 6") == [{"name": "Unqualified"}]
    assert netsuite.rows("SELECT symbol FROM currency WHERE isinactive = 'T'") == [{"symbol": "DEM"}]


def test_groups_and_expressions_without_a_name(netsuite: Api) -> None:
    rows = netsuite.rows("SELECT stage, COUNT(*) FROM customerstatus GROUP BY stage ORDER BY stage")

    assert rows == [
        {"stage": "CUSTOMER", "expr1": "3"},
        {"stage": "LEAD", "expr1": "2"},
        {"stage": "PROSPECT", "expr1": "3"},
    ]


def test_opportunities_and_transactions(netsuite: Api) -> None:
    deal = {"id": "41", "entity": {"id": "9"}, "title": "Deal", "total": 99.5}
    netsuite.seed(customer=[customer("9")], opportunity=[deal], invoice=[{"id": "42", "entity": {"id": "9"}}])

    assert netsuite.rows("SELECT entity, title, total FROM opportunity") == [
        {"entity": "9", "title": "Deal", "total": "99.5"}
    ]
    kinds = netsuite.rows("SELECT id, type FROM transaction WHERE entity = ? ORDER BY id", "9")
    assert kinds == [{"id": "41", "type": "Opprtnt"}, {"id": "42", "type": "CustInvc"}]


def test_a_deleted_record_leaves_a_row_and_no_customer(netsuite: Api) -> None:
    id_ = netsuite.post("customer", COMPANY)

    netsuite.delete(f"/customer/{id_}")

    assert netsuite.rows("SELECT id FROM customer") == []
    deleted = netsuite.rows(
        "SELECT recordid AS id, type, name FROM deletedrecord WHERE LOWER(type) = 'customer' "
        "AND deleteddate >= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS') ORDER BY recordid",
        "2024-01-01 00:00:00",
    )
    assert deleted == [{"id": id_, "type": "Customer", "name": "Acme"}]


def test_the_server_tells_its_time(netsuite: Api, netsuite_running: Running) -> None:
    now = "SELECT TO_CHAR(SYSDATE, 'YYYY-MM-DD HH24:MI') AS now FROM dual"
    netsuite.set(utc_offset_hours=-8)

    there = datetime.fromtimestamp(netsuite_running.clock.now() - 8 * 3600, UTC)

    assert abs(datetime.fromisoformat(netsuite.rows(now)[0]["now"] + "Z") - there) < timedelta(minutes=2)


def test_a_common_table_and_a_star_over_a_subquery(netsuite: Api) -> None:
    netsuite.seed(customer=[customer("9"), customer("10", parent={"id": "9"})])

    rows = netsuite.rows(
        "WITH named AS (SELECT id, companyname, parent FROM customer) "
        "SELECT * FROM (SELECT child.id, up.companyname FROM named child JOIN named up ON up.id = child.parent)"
    )

    assert rows == [{"id": "10", "companyname": "Firm 9"}]


def test_a_blank_key_selects_nothing(netsuite: Api) -> None:
    netsuite.seed(customer=[customer("9")])

    assert netsuite.rows(LIST, "2024-01-01 00:00:00", "") == []


@pytest.mark.slow
def test_no_query_gives_more_than_a_hundred_thousand_rows(netsuite: Api) -> None:
    seven = "(SELECT id FROM customerstatus)"
    many = " CROSS JOIN ".join(f"{seven} t{number}" for number in range(6))

    page = netsuite.page(f"SELECT t0.id FROM {many}", limit=1000, offset=99_000)

    assert (page["count"], page["hasMore"], page["totalResults"]) == (1000, False, 100_000)
    assert netsuite.page(f"SELECT t0.id FROM {many}", limit=1000, offset=100_000)["items"] == []
