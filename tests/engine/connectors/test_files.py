from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.connectors import lines
from engine.connectors.files import FilesConnector
from engine.model.errors import ConfigError
from engine.model.protocols import Bad
from engine.spec.system import FieldSpec, ObjectSpec, RequestSpec
from tests.contract.toy import HandClock, connection

PERSON = ObjectSpec(
    name="disk.person",
    title="Person",
    id="id",
    fields={"id": FieldSpec("id"), "name": FieldSpec("name"), "city": FieldSpec("city", at=("address", "city"))},
    collection="people.csv",
)
LOG = replace(PERSON, collection="people.jsonl")


def opened(folder: Path, **settings: Any) -> FilesConnector:
    return FilesConnector(connection("", settings={"path": str(folder), **settings}), HandClock())


def put(folder: Path, content: str | bytes, name: str = "people.csv") -> None:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def rows(connector: FilesConnector, obj: ObjectSpec = PERSON) -> list[dict[str, Any]]:
    return [row for page in connector.pages(obj) for row in page.records]


def bad(connector: FilesConnector, obj: ObjectSpec = PERSON) -> list[Bad]:
    return [one for page in connector.pages(obj) for one in page.bad]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [True, False], ids=["line end", "no line end"])
def test_reads_csv_as_people_write_it(tmp_path: Path, start: bytes, end: str, last: bool) -> None:
    text = end.join(["id,name", '1,"Ada, Countess"', "", '2,"say ""hi"""', "3,Zoë"]) + (end if last else "")
    put(tmp_path, start + text.encode())
    assert rows(opened(tmp_path)) == [
        {"id": "1", "name": "Ada, Countess"},
        {"id": "2", "name": 'say "hi"'},
        {"id": "3", "name": "Zoë"},
    ]


def test_reads_values_over_several_lines(tmp_path: Path) -> None:
    put(tmp_path, 'id,name\r\n1,"two\r\nlines"\r\n2,"a\n\nb"\r\n3,c\r\n')
    assert [row["name"] for row in rows(opened(tmp_path))] == ["two\r\nlines", "a\n\nb", "c"]


def test_reads_dotted_columns_as_members(tmp_path: Path) -> None:
    put(tmp_path, "id,address.city,address.zip,No.\n1,Paris,75001,x\n")
    assert rows(opened(tmp_path)) == [{"id": "1", "address": {"city": "Paris", "zip": "75001"}, "No.": "x"}]


def test_leaves_text_as_it_is(tmp_path: Path) -> None:
    put(tmp_path, "id,name\n007,=1+1\n1e5,NO\n")
    assert rows(opened(tmp_path)) == [{"id": "007", "name": "=1+1"}, {"id": "1e5", "name": "NO"}]


def test_reads_json_lines_exactly(tmp_path: Path) -> None:
    put(tmp_path, b'\xef\xbb\xbf{"id": "1", "n": 1.10}\r\n\r\n{"id": 2, "n": 12345678901234567890}\n', "people.jsonl")
    assert rows(opened(tmp_path), LOG) == [{"id": "1", "n": Decimal("1.10")}, {"id": 2, "n": 12345678901234567890}]


def test_sets_bad_csv_lines_aside_and_goes_on(tmp_path: Path) -> None:
    put(tmp_path, b'id,name\n1,Ada\n2\n3,a,b\n4,Zo\xeb\n"5"x,y\n\n6,Bo\n')
    connector = opened(tmp_path)
    assert [row["id"] for row in rows(connector)] == ["1", "6"]
    assert bad(connector) == [
        Bad(3, "1 values for 2 columns"),
        Bad(4, "3 values for 2 columns"),
        Bad(5, "not UTF-8"),
        Bad(6, "a quote is open or stands in the wrong place"),
    ]


def test_sets_bad_json_lines_aside_and_goes_on(tmp_path: Path) -> None:
    content = b'{"id": 1}\n{"id": \n[1]\n{"id": NaN}\n{"id": "Zo\xeb"}\n' + b"[" * 5000 + b'\n{"id": 2}\n'
    put(tmp_path, content, "people.jsonl")
    connector = opened(tmp_path)
    assert [row["id"] for row in rows(connector, LOG)] == [1, 2]
    assert [one.line for one in bad(connector, LOG)] == [2, 3, 4, 5, 6]
    assert {one.reason for one in bad(connector, LOG)} == {"not a JSON object", "not a JSON object in UTF-8"}


def test_an_open_quote_does_not_swallow_the_file_unseen(tmp_path: Path) -> None:
    put(tmp_path, 'id,name\n1,"Ada\n2,Bo\n3,Cy\n')
    assert bad(opened(tmp_path)) == [Bad(2, "a quote is open or stands in the wrong place")]


def test_calls_records_without_an_id_by_their_number(tmp_path: Path) -> None:
    put(tmp_path, "name\nAda\nBo\n")
    connector = opened(tmp_path)
    assert rows(connector) == [{"name": "Ada", "id": "1"}, {"name": "Bo", "id": "2"}]
    found = connector.read(PERSON, "2")
    assert found is not None
    assert found["name"] == "Bo"


def test_goes_on_at_any_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "CHUNK", 40)
    put(tmp_path, "name\n" + "".join(f'"n\n{n}"\n' for n in range(20)))
    connector = opened(tmp_path)
    whole = list(connector.pages(PERSON))
    assert len(whole) > 3
    assert [row["id"] for page in whole for row in page.records] == [str(n) for n in range(1, 21)]
    for at, page in enumerate(whole[:-1], 1):
        assert list(connector.pages(PERSON, cursor=page.cursor)) == whole[at:]


def test_gives_raw_lines_for_those_who_know_their_hashes(tmp_path: Path) -> None:
    put(tmp_path, 'id,name\r\n1,"a\nb"\r\n2,x\r\n3\r\n')
    connector = opened(tmp_path)
    batches = list(connector.lines(PERSON))
    assert batches == [[b'1,"a\nb"', b"2,x", b"3"]]
    assert connector.decode_lines(PERSON, batches[0][1:]) == [
        {"id": "2", "name": "x"},
        Bad(1, "1 values for 2 columns"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [("id,id\n1,2\n", "file-unusable"), (b"id,na\xeb\n", "file-unusable"), (None, "file-missing")],
    ids=["equal columns", "header not UTF-8", "no file"],
)
def test_refuses_a_file_that_cannot_be_a_table(tmp_path: Path, content: str | bytes | None, code: str) -> None:
    if content is not None:
        put(tmp_path, content)
    with pytest.raises(ConfigError) as caught:
        rows(opened(tmp_path))
    assert [one.code for one in caught.value.findings] == [code]


def test_refuses_a_format_that_it_does_not_know(tmp_path: Path) -> None:
    put(tmp_path, "x", "people.xlsx")
    with pytest.raises(ConfigError) as caught:
        rows(opened(tmp_path), replace(PERSON, collection="people.xlsx"))
    assert [one.code for one in caught.value.findings] == ["file-format"]


@pytest.mark.parametrize("content", ["", "id,name\n", "id,name"], ids=["empty", "header", "header without end"])
def test_a_file_without_records_is_an_empty_listing(tmp_path: Path, content: str) -> None:
    put(tmp_path, content)
    assert rows(opened(tmp_path)) == []


def test_writes_at_the_end_and_keeps_untouched_lines_byte_for_byte(tmp_path: Path) -> None:
    put(tmp_path, 'id,name\r\n1,"Ada"\r\n2,Bo\r\nbad\r\n3,Cy\r\n')
    connector = opened(tmp_path)
    connector.update(PERSON, "2", {"name": 'B"o'})
    connector.delete(PERSON, "3")
    connector.create(PERSON, {"id": "9", "name": "Zoë"})
    assert (tmp_path / "people.csv").read_bytes().count(b"Zo") == 0
    connector.close()
    assert (tmp_path / "people.csv").read_bytes() == ('id,name\r\n1,"Ada"\r\n2,"B""o"\r\n9,Zoë\r\nbad\r\n'.encode())
    assert [one.name for one in tmp_path.iterdir()] == ["people.csv"]


def test_makes_room_for_new_columns(tmp_path: Path) -> None:
    put(tmp_path, "id,name\n1,Ada\n1,Twin\n2,Bo\n")
    connector = opened(tmp_path)
    connector.update(PERSON, "2", {"address": {"city": "Paris"}, "tags": ["a", Decimal("1.50")], "vip": True})
    connector.close()
    assert (tmp_path / "people.csv").read_text().splitlines() == [
        "id,name,address.city,tags,vip",
        "1,Ada,,,",
        '2,Bo,Paris,"[""a"",1.50]",true',
        "1,Twin,,,",
    ]
    assert connector.find(PERSON, "city", "Paris")[0]["id"] == "2"


def test_makes_a_file_that_was_not_there(tmp_path: Path) -> None:
    connector = opened(tmp_path / "new")
    connector.create(LOG, {"id": "1", "n": Decimal("12.50")})
    connector.close()
    assert (tmp_path / "new" / "people.jsonl").read_text() == '{"id":"1","n":12.50}\n'


def test_numbers_new_records_after_the_highest(tmp_path: Path) -> None:
    put(tmp_path, "id,name\n7,Ada\n")
    connector = opened(tmp_path)
    assert connector.create(PERSON, {"name": "Bo"}).id == "8"
    assert connector.create(PERSON, {"name": "Cy"}).id == "9"


def test_a_natural_key_makes_a_create_an_update(tmp_path: Path) -> None:
    keyed = replace(PERSON, id="email", create=RequestSpec("", lambda _scope: "", natural_key="email"))
    connector = opened(tmp_path)
    assert connector.create(keyed, {"email": "a@b.example", "name": "Ada"}).id == "a@b.example"
    connector.create(keyed, {"email": "a@b.example", "name": "Ada L"})
    connector.close()
    assert (tmp_path / "people.csv").read_text() == "email,name\na@b.example,Ada L\n"


def test_a_dry_run_writes_its_plan_beside_the_file(tmp_path: Path) -> None:
    put(tmp_path, "id,name\n1,Ada\n")
    connector = opened(tmp_path, dry_run="true")
    connector.update(PERSON, "1", {"name": "Bo"})
    connector.delete(PERSON, "1")
    connector.close()
    assert (tmp_path / "people.csv").read_text() == "id,name\n1,Ada\n"
    assert (tmp_path / "people.planned.jsonl").read_text().splitlines() == [
        '{"operation":"update","id":"1","record":{"name":"Bo"}}',
        '{"operation":"delete","id":"1"}',
    ]


def test_a_dry_run_goes_on_from_what_it_planned_before(tmp_path: Path) -> None:
    put(tmp_path, "id,name\n1,Ada\n")
    first = opened(tmp_path, dry_run="true")
    first.create(PERSON, {"id": "2", "name": "Bo"})
    first.close()
    second = opened(tmp_path, dry_run="true")
    assert rows(second) == [{"id": "1", "name": "Ada"}, {"id": "2", "name": "Bo"}]
    second.update(PERSON, "2", {"name": "Bob"})
    second.close()
    assert (tmp_path / "people.as_if.csv").read_text() == "id,name\n1,Ada\n2,Bob\n"
    assert (tmp_path / "people.csv").read_text() == "id,name\n1,Ada\n"
    assert rows(opened(tmp_path)) == [{"id": "1", "name": "Ada"}]


def test_a_listing_shows_what_was_just_written(tmp_path: Path) -> None:
    put(tmp_path, "id,name\n1,Ada\n")
    connector = opened(tmp_path)
    connector.update(PERSON, "1", {"name": "Bo", "vip": "yes"})
    assert rows(connector) == [{"id": "1", "name": "Bo", "vip": "yes"}]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    put(tmp_path, "id,name\n1,Ada\n")
    connector = opened(tmp_path)
    connector.update(PERSON, "1", {"name": "Bo"})
    monkeypatch.setattr("engine.connectors.sheet.os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        connector.flush()
    assert (tmp_path / "people.csv").read_text() == "id,name\n1,Ada\n"
    assert [one.name for one in tmp_path.iterdir()] == ["people.csv"]


def test_finds_the_file_of_an_object_by_its_name(tmp_path: Path) -> None:
    put(tmp_path, '{"id": "1"}\n', "person.jsonl")
    assert rows(opened(tmp_path), replace(PERSON, collection="")) == [{"id": "1"}]


def test_the_path_may_be_the_file_itself(tmp_path: Path) -> None:
    put(tmp_path, "id\n1\n", "any.csv")
    assert rows(opened(tmp_path / "any.csv")) == [{"id": "1"}]


def test_says_what_is_missing(tmp_path: Path) -> None:
    assert [one.code for one in opened(tmp_path / "nowhere").probe()] == ["file-missing"]
    assert opened(tmp_path).probe() == []
