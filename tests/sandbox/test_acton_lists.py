"""Legacy lists, uploads, consent and events as the vendor has them."""

from __future__ import annotations

from typing import Any

from acton_api import CUSTOMERS, Api

LIST = "/api/1/list/l-0001"
RECORD = f"{LIST}/record"
MERGE = '[{"dstListId": "l-0001", "mergeMode": "UPSERT", "mergeKeyHeading": "E-mail Address"}]'


def csv(text: str) -> dict[str, Any]:
    return {"file": ("a.csv", text, "text/csv")}


def rows(acton: Api) -> list[dict[str, str]]:
    found = acton.get(f"{LIST}?count=1000")
    return [dict(zip(found["headers"], row, strict=True)) for row in found["data"]]


def test_rows_are_positional_under_headings_that_move(acton: Api) -> None:
    acton.seed(lists=[CUSTOMERS])
    acton.set(shuffle_headings=True)
    one, two = acton.get(LIST), acton.get(LIST)

    assert one["headers"] != two["headers"]
    assert [dict(zip(page["headers"], page["data"][0], strict=True))["First Name"] for page in (one, two)] == [
        "Kim",
        "Kim",
    ]
    assert one["headers"][one["emailColumn"]] == "E-mail Address"


def test_people_rename_headings(acton: Api) -> None:
    acton.seed(lists=[CUSTOMERS])
    acton.set(edit={"list": {"l-0001": {"headings": {"First Name": "Given name"}}}})

    assert rows(acton)[0]["Given name"] == "Kim"
    assert acton.send("POST", RECORD, {"First Name": "Ana"}).json()["errorCode"] == 10010


def test_an_insert_never_looks_who_is_there_and_an_upsert_takes_the_first(acton: Api) -> None:
    acton.seed(lists=[CUSTOMERS])
    added = acton.post(RECORD, {"EMAIL": "kim@brick.example", "FIRSTNAME": "Karl"})
    changed = acton.put(f"{RECORD}?email=KIM%40brick.example", {"Last Name": "Brick"})

    assert (added["id"], changed["id"], changed["message"]) == ("l-0001:1", "l-0001:0", "Record updated")
    assert [(one["First Name"], one["Last Name"]) for one in rows(acton)] == [("Kim", "Brick"), ("Karl", "")]


def test_a_record_alone_comes_without_headings(acton: Api) -> None:
    acton.seed(lists=[CUSTOMERS])

    assert acton.get(f"{RECORD}/l-0001:0") == ["l-0001:0", "kim@brick.example", "Kim", ""]


def test_filters_of_lists_are_in_milliseconds(acton: Api) -> None:
    acton.seed(lists=[CUSTOMERS])
    now = acton.order("advance", seconds=0)["now"]

    assert len(acton.get(f"{LIST}?modafter={int(now + 5)}")["data"]) == 1
    assert acton.get(f"{LIST}?modafter={int((now + 5) * 1000)}")["data"] == []


def test_deleting_several_succeeds_even_when_some_fail(acton: Api) -> None:
    acton.seed(lists=[CUSTOMERS])

    assert acton.delete(f"{RECORD}?contactids=l-0001:0,l-0001:9") == {
        "success_count": 1, "fail_count": 1, "failedList": [{"id": "l-0001:9", "reason": "Invalid contact id"}],
    }  # fmt: skip


def test_a_merge_passes_over_blanks_unless_told_otherwise(acton: Api) -> None:
    acton.seed(lists=[CUSTOMERS])
    text = "E-mail Address,First Name\nkim@brick.example,\nana@x.example,Ana\n,Nobody\n"
    job = acton.put(LIST, files=csv(text), data={"mergespecs": MERGE})["jobId"]
    kept = rows(acton)[0]["First Name"]
    acton.put(LIST, files=csv(text), data={"mergespecs": MERGE, "putEmptyValues": "Y"})

    assert (kept, rows(acton)[0]["First Name"]) == ("Kim", "")
    details = acton.get(f"/api/1/list/{job}/status")["details"]
    assert [details[name] for name in ("appendCount", "updateCount", "rejectedCount")] == [1, 1, 1]


def test_a_replacing_merge_destroys_the_rest(acton: Api) -> None:
    acton.seed(lists=[CUSTOMERS])
    spec = MERGE.replace("UPSERT", "REPLACE")
    acton.put(LIST, files=csv("E-mail Address\nana@x.example\n"), data={"mergespecs": spec})

    assert [one["E-mail Address"] for one in rows(acton)] == ["ana@x.example"]


def test_an_upload_is_pending_then_running_then_done(acton: Api) -> None:
    acton.seed(lists=[CUSTOMERS])
    acton.set(job_seconds=30)
    job = acton.put(LIST, files=csv("E-mail Address\nana@x.example\n"), data={"mergespecs": MERGE})["jobId"]
    said = []
    for _ in range(3):
        said.append(acton.get(f"/api/1/list/{job}/status")["status"])
        acton.order("advance", seconds=31)

    assert said == ["The job is pending", "The job is running", "success"]


def test_a_new_list_takes_its_headings_from_the_file(acton: Api) -> None:
    acton.post("/api/1/list", files=csv("E-mail Address,Town\na@x.example,Lyon\n"), data={"listname": "New"})

    (found,) = acton.get("/api/1/list")["result"]
    assert (found["name"], found["sourceSize"]) == ("New", "1")


def test_opt_outs_are_kept_by_address_apart_from_records(acton: Api) -> None:
    acton.seed(optouts=[{"email": "kim@brick.example"}])
    answer = acton.put("/api/1/list/optout", files=csv("email\nana@x.example\nno address\n"))
    page = acton.get("/api/1/list/optout?count=1&offset=1")

    assert (answer["status"], answer["rejectedRecords"]) == ("success", 1)
    assert (page["totalCount"], [one["email"] for one in page["result"]]) == (-1, ["ana@x.example"])


def test_the_full_set_of_categories_leaves_all_others(acton: Api) -> None:
    acton.seed(categories=["News", "Events"])
    acton.put("/api/1/subscription/setcategories", data=[("email", "kim@brick.example"), ("category", "News")])

    assert acton.order("dump")["category"] == {"News": [], "Events": ["kim@brick.example"]}
    told = acton.put(
        "/api/1/subscription/optout", data={"email": "kim@brick.example", "category": "Events", "action": "optin"}
    )
    assert told["message"] == "OptIn entry added for subscription category : Events"


def test_events_that_are_sent_twice_stand_twice(acton: Api) -> None:
    for _ in range(2):
        form = {"email": "kim@brick.example", "customeventaction": "CUSTOM_GENERAL"}
        acton.post("/api/1/customevents/fact", data=form)

    assert len(acton.order("dump")["event"]) == 2


def test_a_person_is_looked_up_by_headings(acton: Api) -> None:
    acton.seed(lists=[CUSTOMERS])

    assert acton.get("/api/1/list/lookup/l-0001?email=kim@brick.example") == {
        "contactID": "l-0001:0", "E-mail Address": "kim@brick.example", "First Name": "Kim", "Last Name": "", ".tz": "",
    }  # fmt: skip
    acton.set(lookup_miss="empty")
    assert acton.get("/api/1/list/lookup/l-0001?email=no@x.example") == {}
