"""Records for systems that drop what they are not sent."""

from __future__ import annotations

from engine.connectors.whole import whole_of
from engine.spec.system import FieldSpec, ObjectSpec

LINES = {"id": FieldSpec("id", writable=False), "city": FieldSpec("city")}
OBJECT = ObjectSpec(
    "toy.thing",
    "Thing",
    "id",
    {
        "name": FieldSpec("name"),
        "lines": FieldSpec("lines", type="list", replace="whole", fields=LINES),
        "tags": FieldSpec("tags", type="list", of="text"),
    },
    custom_fields={"style": "attribute_list", "at": "custom", "name": "code", "value": "value"},
)


def test_what_is_not_sent_stays_as_it_is_held() -> None:
    held = {"id": 1, "name": "A", "group": 4, "more": {"a": 1, "b": 2}, "tags": ["x", "y"]}

    assert whole_of(OBJECT).over(held, {"name": "B", "more": {"b": 3}, "tags": ["z"]}) == {
        "id": 1, "name": "B", "group": 4, "more": {"a": 1, "b": 3}, "tags": ["z"],
    }  # fmt: skip


def test_custom_fields_are_laid_over_one_by_one() -> None:
    held = {"custom": [{"code": "a", "value": 1}, {"code": "b", "value": 2}]}

    sent = whole_of(OBJECT).over(held, {"custom": [{"code": "b", "value": None}, {"code": "c", "value": 3}]})

    assert sent["custom"] == [{"code": "a", "value": 1}, {"code": "b", "value": None}, {"code": "c", "value": 3}]


def test_lines_keep_members_that_the_catalogue_does_not_know() -> None:
    held = {"lines": [{"id": 7, "city": "Lyon", "fax": "1", "place": {"name": "Old", "code": "O"}}, {"id": 8}]}
    change = {"lines": [{"id": "7", "city": "Paris", "place": {"name": "New"}}, {"city": "Nice"}]}

    assert whole_of(OBJECT).over(held, change)["lines"] == [
        {"id": 7, "city": "Paris", "fax": "1", "place": {"name": "New"}},
        {"city": "Nice"},
    ]


def test_custom_fields_inside_a_line_are_laid_over_too() -> None:
    held = {"lines": [{"id": 7, "custom": [{"code": "a", "value": 1}]}]}
    change = {"lines": [{"id": 7, "custom": [{"code": "b", "value": 2}]}]}

    lines = whole_of(OBJECT).over(held, change)["lines"]

    assert lines[0]["custom"] == [{"code": "a", "value": 1}, {"code": "b", "value": 2}]


def test_a_list_of_plain_values_and_a_new_list_are_taken_as_they_come() -> None:
    assert whole_of(OBJECT).over({}, {"lines": [{"city": "Lyon"}]}) == {"lines": [{"city": "Lyon"}]}
    assert whole_of(OBJECT).over({"lines": None}, {"lines": []}) == {"lines": []}
