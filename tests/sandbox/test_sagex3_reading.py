"""How the Sage X3 stand-in lists, shows, stamps and meters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sagex3_api import BRICK, HOME, KIM, Api, listing, record

DAY = 86_400


def many(count: int) -> list[dict[str, str]]:
    return [{"BPCNUM": f"C{n:04}", "BPCNAM": f"Company {n}"} for n in range(count)]


def test_a_page_holds_twenty_rows_and_links_to_the_next(sagex3: Api) -> None:
    sagex3.seed(customers=many(45))

    page = sagex3.page("BPCUSTOMER")

    assert [row["$key"] for row in page["$resources"]] == [f"C{n:04}" for n in range(20)]
    assert page["$links"]["$next"]["$url"].endswith("representation=BPCUSTOMER.$query&key=gt.C0019")
    assert len(sagex3.keys("BPCUSTOMER")) == 45
    assert "$links" not in sagex3.page("BPCUSTOMER", count=45)


def test_a_node_may_give_fewer_rows_than_asked(sagex3: Api) -> None:
    sagex3.seed(customers=many(45))
    sagex3.set(max_count=20)

    assert sagex3.page("BPCUSTOMER", count=100)["$itemsPerPage"] == 20
    assert len(sagex3.keys("BPCUSTOMER", count=100)) == 45


def test_rows_that_come_and_go_while_a_list_is_read_skip_no_other(sagex3: Api) -> None:
    sagex3.seed(customers=many(30))
    link = sagex3.page("BPCUSTOMER")["$links"]["$next"]["$url"]
    sagex3.set(edit={"customers": {"C0019": None, "C0003": None}})

    assert next(row["$key"] for row in sagex3.get(link)["$resources"]) == "C0020"


@pytest.mark.parametrize(
    ("where", "keys"),
    [
        ("BPCNUM eq 'C1'", ["C1"]),
        ("left(BPCNAM,2) eq 'Br' and BCGCOD eq 'FR'", ["C1"]),
        ("BPCNUM ne 'C1' or BPCSTA eq 1", ["C2", "C3"]),
        ("not (BPCNAM like 'B%')", ["C3"]),
        ("BPCNAM eq 'O''Neil'", ["C3"]),
        ("UPDDAT ge @2026-02-01@", ["C2"]),
        ("UPDDAT ge @2026-02-01@ or CREDAT ge @2026-02-01@", ["C2", "C3"]),
        ("BPCNUM eq 'C9'", []),
    ],
)
def test_conditions(sagex3: Api, where: str, keys: list[str]) -> None:
    sagex3.seed(customers=[
        {"BPCNUM": "C1", "BPCNAM": "Brick", "CREDAT": "2026-01-01", "UPDDAT": "2026-01-31"},
        {"BPCNUM": "C2", "BPCNAM": "Bread", "BCGCOD": "EXP", "BPCSTA": 1, "CREDAT": "2026-01-01",
         "UPDDAT": "2026-02-01"},
        {"BPCNUM": "C3", "BPCNAM": "O'Neil", "CREDAT": "2026-02-02"},
    ])  # fmt: skip

    assert sagex3.keys("BPCUSTOMER", where=where) == keys


def test_a_list_shows_few_columns_and_the_key(sagex3: Api) -> None:
    sagex3.seed(customers=[BRICK])

    (row,) = sagex3.page("CONTACT")["$resources"]

    assert row["$key"] == "1~C1007~K1"
    assert "WEB" not in row


def test_details_are_whole_with_menus_as_numbers_and_blanks_for_nothing(sagex3: Api) -> None:
    sagex3.seed(customers=[BRICK], movements=[{"BPCNUM": "C1007", "amount": 120.5}, {"BPCNUM": "C1007", "amount": -20}])

    whole = sagex3.details("BPCUSTOMER", "C1007")

    assert (whole["BPCSTA"], whole["OSTCTL"], whole["OSTAUZ"], whole["OSTLEVTOT"]) == (2, 1, 0, 100.5)
    assert (whole["EECNUM"], whole["UPDDAT"], whole["REP"]) == (" ", "1599-12-31", [" ", " ", " "])
    assert [(one["BPAADD"], one["CTY"]) for one in whole["BPCADDRESS"]] == [("A01", "Lyon")]
    assert "$key" not in whole


def test_names_of_contacts_are_the_persons(sagex3: Api) -> None:
    sagex3.seed(customers=[BRICK, {**BRICK, "BPCNUM": "C2", "contacts": [{"CCNCRM": "K1", "WEB": "kim@two.example"}]}])

    assert sagex3.keys("CONTACT") == ["1~C1007~K1", "1~C2~K1"]
    assert sagex3.keys("CONTACTCRM") == ["K1"]
    assert "CNTLNA" not in sagex3.details("CONTACT", "1~C1007~K1")
    assert sagex3.details("CONTACTCRM", "K1")["CNTLNA"] == "Brick"


def test_an_edit_stamps_its_own_record_by_day_and_no_other(sagex3: Api) -> None:
    sagex3.seed(customers=[{**BRICK, "UPDDAT": "2026-01-31"}])
    sagex3.set(utc_offset_hours=0, edit={"addresses": {"1~C1007~A01": {"CTY": "Paris"}}})

    assert sagex3.details("BPCUSTOMER", "C1007")["UPDDAT"] == "2026-01-31"
    stamp = sagex3.details("BPADDRESS", "1~C1007~A01")["UPDDAT"]
    assert len(stamp) == 10
    assert sagex3.keys("BPADDRESS", where=f"UPDDAT ge @{stamp}@") == ["1~C1007~A01"]


def test_a_new_record_has_no_day_of_change(sagex3: Api) -> None:
    sagex3.seed(customers=[BRICK])

    assert sagex3.keys("BPCUSTOMER", where="UPDDAT ge @2020-01-01@") == []
    assert sagex3.keys("BPCUSTOMER", where="CREDAT ge @2020-01-01@") == ["C1007"]


def test_diagnoses_may_come_in_a_200(sagex3: Api) -> None:
    sagex3.seed(customers=[BRICK])
    sagex3.set(warns=["C1007"])
    warned = sagex3.details("BPCUSTOMER", "C1007")
    assert (warned["BPCNUM"], warned["$diagnoses"][0]["$severity"]) == ("C1007", "warning")
    sagex3.set(breaks=["C1007"])

    broken = sagex3.details("BPCUSTOMER", "C1007")

    assert [one["$severity"] for one in broken["$diagnoses"]] == ["error"]
    assert "BPCNUM" not in broken


def test_the_prototype_names_titles_types_and_lengths(sagex3: Api) -> None:
    found = sagex3.get("BPCUSTOMER/$prototypes('BPCUSTOMER.$details')")["$properties"]

    assert found["BPCNAM"] == {
        "$title": "Company name", "$type": "application/x-string", "$maxLength": 35, "$isMandatory": True,
        "$capabilities": "sort,filter",
    }  # fmt: skip
    assert found["OSTAUZ"]["$capabilities"] == ""
    assert "UPDDATTIM" not in found


def test_the_end_points_are_listed(sagex3: Api) -> None:
    path = "/api1/syracuse/collaboration/syracuse/endPoints?representation=endPoints.$query&count=100"

    assert [one["dataset"] for one in sagex3.get(path)["$resources"]] == ["SEED"]


def test_a_refresh_token_buys_an_access_token_that_ends(sagex3: Api) -> None:
    sagex3.seed(customers=[BRICK])
    names = ("client_id", "client_secret", "refresh_token")
    form = {name: sagex3.settings[name] for name in names} | {"grant_type": "refresh_token"}
    token = sagex3.send("POST", "/v1/token", auth=None, data=form).json()
    bearer = {"auth": None, "headers": {"Authorization": f"Bearer {token['access_token']}"}}

    assert sagex3.send("GET", record("BPCUSTOMER", "C1007"), **bearer).status_code == 200
    sagex3.order("advance", seconds=token["expires_in"] + 1)
    assert sagex3.send("GET", record("BPCUSTOMER", "C1007"), **bearer).status_code == 401


def test_more_requests_at_a_time_than_child_processes_are_refused(sagex3: Api) -> None:
    sagex3.seed(customers=[BRICK])
    sagex3.set(processes=1, work_ms=200)

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: sagex3.send("GET", record("BPCUSTOMER", "C1007")), range(3)))

    statuses = sorted(one.status_code for one in answers)
    assert (statuses[0], statuses[-1]) == (200, 500)
    assert any("No web services accepted" in one.text for one in answers)


def test_the_licence_counts_data(sagex3: Api) -> None:
    sagex3.seed(customers=[BRICK])
    sagex3.set(volume_limit=100, volume_seconds=DAY)
    assert sagex3.send("GET", listing("BPCUSTOMER")).status_code == 200
    assert "WSSIZELIMIT" in sagex3.send("GET", listing("BPCUSTOMER")).text
    sagex3.order("advance", seconds=DAY + 1)

    assert sagex3.send("GET", listing("BPCUSTOMER")).status_code == 200


def test_calls_under_sdata_take_a_session_badge_each(sagex3: Api) -> None:
    path = "/sdata/x3/erp/SEED/BPCUSTOMER?representation=BPCUSTOMER.$query"
    sagex3.set(badges=2)

    assert [sagex3.send("GET", path).status_code for _ in range(3)] == [200, 200, 403]
    assert sagex3.send("GET", listing("BPCUSTOMER")).status_code == 200


def test_what_is_owed_counts_for_the_risk_customer(sagex3: Api) -> None:
    sagex3.seed(
        customers=[{"BPCNUM": "C1", "BPCNAM": "Head"}, {"BPCNUM": "C2", "BPCNAM": "Branch", "BPCRSK": "C1"}],
        movements=[{"BPCNUM": "C2", "amount": 30}, {"BPCNUM": "C1", "amount": 5}],
    )

    assert [sagex3.details("BPCUSTOMER", key)["OSTLEVTOT"] for key in ("C1", "C2")] == [35, 35]


def test_a_reset_empties_the_folder(sagex3: Api) -> None:
    sagex3.seed(customers=[{**BRICK, "addresses": [HOME], "contacts": [KIM]}])
    sagex3.order("reset")

    assert {kind: len(rows) for kind, rows in sagex3.order("dump").items()} == {
        "customers": 0, "addresses": 0, "contacts": 0, "persons": 0, "movements": 0,
    }  # fmt: skip
