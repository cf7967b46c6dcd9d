"""The book of every key: each has a description and right examples, and says what the compiled nouns say."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

import pytest
from jsonschema import Draft202012Validator

from engine.config.layer_schemas import LAYERED, as_text, layer_form
from engine.config.schema import schema_of
from engine.config.shipped import shipped_folder
from engine.spec import mapping as mapping_spec
from engine.spec import rules as rules_spec
from engine.spec import system as system_spec

KINDS = ("system", "mapping", "rules", "environment", "test", "matching")
KEYWORDS = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "examples", "default", "format", "type", "const", "enum",
    "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "dependentRequired",
    "minProperties", "maxProperties", "items", "minItems", "maxItems", "minLength", "pattern", "minimum", "maximum",
    "exclusiveMinimum", "allOf", "if", "then", "else", "oneOf",
}  # fmt: skip


def schemas(schema: Any) -> Iterator[Mapping[str, Any]]:
    """A schema and all schemas inside it."""
    if not isinstance(schema, dict):
        return
    yield schema
    for key in ("properties", "patternProperties", "$defs"):
        for one in schema.get(key, {}).values():
            yield from schemas(one)
    for key in ("additionalProperties", "propertyNames", "items", "if", "then", "else"):
        yield from schemas(schema.get(key))
    for key in ("allOf", "oneOf"):
        for one in schema.get(key, ()):
            yield from schemas(one)


def conditions(schema: Mapping[str, Any]) -> Iterator[int]:
    """The identities of schemas that only test or narrow, and so describe nothing."""
    for one in schemas(schema):
        for key in ("if", "then", "else"):
            yield from (id(inner) for inner in schemas(one.get(key)))
        for branch in one.get("oneOf", ()):
            yield from (id(inner) for inner in schemas(branch))


def properties(kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    schema = schema_of(kind)
    narrowing = set(conditions(schema))
    described = [one for one in schemas(schema) if id(one) not in narrowing]
    return [(key, one) for outer in described for key, one in outer.get("properties", {}).items() if one is not False]


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_is_described_in_a_sentence(kind: str) -> None:
    undescribed = [key for key, one in properties(kind) if len(one.get("description", "")) < 5]

    assert undescribed == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_has_examples_and_they_are_right(kind: str) -> None:
    schema = schema_of(kind)
    for key, one in properties(kind):
        assert one.get("examples"), f"{key} has no example"
        for example in one["examples"]:
            errors = [
                str(e.message) for e in Draft202012Validator({**one, "$defs": schema["$defs"]}).iter_errors(example)
            ]
            assert errors == [], f"{key}: {example}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_definition_has_a_right_example(kind: str) -> None:
    schema = schema_of(kind)
    for name, one in schema["$defs"].items():
        for example in one["examples"]:
            assert Draft202012Validator({**one, "$defs": schema["$defs"]}).is_valid(example), name


@pytest.mark.parametrize("kind", KINDS)
def test_every_map_with_known_keys_is_closed_and_takes_notes(kind: str) -> None:
    narrowing = set(conditions(schema_of(kind)))
    for one in schemas(schema_of(kind)):
        if "properties" in one and id(one) not in narrowing:
            assert one["additionalProperties"] is False or "$ref" in one["additionalProperties"]
            assert one["patternProperties"] == {"^x-": True}


@pytest.mark.parametrize("kind", KINDS)
def test_only_keywords_that_our_walk_knows_are_used(kind: str) -> None:
    forms = [schema_of(kind)] + ([schema_of(kind, partial=True)] if kind in LAYERED else [])

    used = {keyword for form in forms for one in schemas(form) for keyword in one}

    assert used <= KEYWORDS


@pytest.mark.parametrize("kind", KINDS)
def test_definitions_are_all_used_and_all_there(kind: str) -> None:
    schema = schema_of(kind)
    referred = {one["$ref"].removeprefix("#/$defs/") for one in schemas(schema) if "$ref" in one}

    assert referred == set(schema["$defs"])


@pytest.mark.parametrize("kind", LAYERED)
def test_layer_form_in_the_folder_is_up_to_date(kind: str) -> None:
    path = shipped_folder() / "schemas" / "layer" / f"{kind}.schema.json"

    assert path.read_text("utf-8") == as_text(layer_form(schema_of(kind))), "run python -m engine.config.layer_schemas"


@pytest.mark.parametrize("kind", KINDS)
def test_schema_files_are_written_in_one_way(kind: str) -> None:
    text = (shipped_folder() / "schemas" / f"{kind}.schema.json").read_text("utf-8")

    assert text == as_text(json.loads(text))


def test_rows_mean_the_same_in_mappings_and_rules() -> None:
    rows = schema_of("mapping")["$defs"]

    assert {name: schema_of("rules")["$defs"][name] for name in rows} == rows


def test_settings_mean_the_same_in_systems_and_rules() -> None:
    assert schema_of("system")["$defs"]["setting"] == schema_of("rules")["$defs"]["setting"]


def test_guards_mean_the_same_in_rules_and_environments() -> None:
    flow = schema_of("environment")["properties"]["flows"]["additionalProperties"]

    assert flow["properties"]["guards"] == schema_of("rules")["properties"]["guards"]


# -- schema and compiled nouns -----------------------------------------------------------------------

SYSTEM, RULES, MAPPING = (schema_of(kind) for kind in ("system", "rules", "mapping"))
NONE: set[str] = set()
PAIR = {"left", "right", "compare", "min", "apply_left", "apply_right"}
OBJECT = SYSTEM["properties"]["objects"]["additionalProperties"]


def fields_of(noun: type) -> set[str]:
    assert dataclasses.is_dataclass(noun)
    return {one.name.rstrip("_") for one in dataclasses.fields(noun)} - {"place", "name"}


@pytest.mark.parametrize(
    ("noun", "schema", "only_in_yaml"),
    [
        (system_spec.FieldSpec, SYSTEM["$defs"]["field"], NONE),
        (system_spec.SettingSpec, SYSTEM["$defs"]["setting"], NONE),
        (system_spec.PartSpec, OBJECT["properties"]["parts"]["additionalProperties"], NONE),
        (system_spec.PagingSpec, SYSTEM["properties"]["paging"]["additionalProperties"], {"place"}),
        (system_spec.RequestSpec, SYSTEM["$defs"]["request"], {"request"}),
        (system_spec.RelationSpec, OBJECT["properties"]["relations"]["additionalProperties"], {"timeline"}),
        (system_spec.ObjectSpec, OBJECT, {"operations"}),
        (rules_spec.RunSpec, RULES["properties"]["runs"]["additionalProperties"], {"except"}),
        (rules_spec.MatchRule, RULES["$defs"]["match_rule"], {"all", *PAIR}),
        (rules_spec.Pair, RULES["$defs"]["match_rule"]["properties"]["all"]["items"], {"apply_left", "apply_right"}),
        (system_spec.Limits, SYSTEM["properties"]["limits"], NONE),
        (system_spec.ChangesSpec, OBJECT["properties"]["changes"], NONE),
        (system_spec.DeletionsSpec, OBJECT["properties"]["deletions"], NONE),
        (system_spec.ErrorLine, SYSTEM["properties"]["errors"]["items"], NONE),
        (rules_spec.Gate, RULES["$defs"]["gate"], NONE),
        (rules_spec.Pin, RULES["$defs"]["match_rule"]["properties"]["pin"], NONE),
        (rules_spec.Outcome, RULES["properties"]["match"]["properties"]["outcome"], NONE),
        (rules_spec.PushPolicy, RULES["$defs"]["policy"], NONE),
        (rules_spec.GoneSpec, RULES["properties"]["gone"], NONE),
        (rules_spec.Representation, RULES["properties"]["represent"]["items"], NONE),
        (mapping_spec.Case, MAPPING["$defs"]["case"], NONE),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_yaml_keys_are_the_fields_of_the_compiled_noun(noun: type, schema: Any, only_in_yaml: set[str]) -> None:
    keys = set(schema["properties"]) - only_in_yaml

    assert keys <= fields_of(noun)


@pytest.mark.parametrize(
    ("noun", "field", "schema"),
    [
        (rules_spec.PushPolicy, "push", RULES["$defs"]["policy"]["properties"]["push"]),
        (rules_spec.PushPolicy, "write", RULES["$defs"]["policy"]["properties"]["write"]),
        (rules_spec.PushPolicy, "empty", RULES["$defs"]["policy"]["properties"]["empty"]),
        (rules_spec.PushPolicy, "conflict", RULES["$defs"]["policy"]["properties"]["conflict"]),
        (rules_spec.PushPolicy, "drift", RULES["$defs"]["policy"]["properties"]["drift"]),
        (rules_spec.Gate, "otherwise", RULES["$defs"]["gate"]["properties"]["otherwise"]),
        (rules_spec.GoneSpec, "source", RULES["properties"]["gone"]["properties"]["source"]),
        (rules_spec.GoneSpec, "target", RULES["properties"]["gone"]["properties"]["target"]),
        (rules_spec.GoneSpec, "merged", RULES["properties"]["gone"]["properties"]["merged"]),
        (mapping_spec.Row, "missing", MAPPING["$defs"]["row"]["properties"]["missing"]),
        (mapping_spec.Row, "others", MAPPING["$defs"]["row"]["properties"]["others"]),
        (system_spec.FieldSpec, "clear", SYSTEM["$defs"]["field"]["properties"]["clear"]),
        (system_spec.RequestSpec, "send", SYSTEM["$defs"]["request"]["properties"]["send"]),
        (system_spec.RequestSpec, "rows", SYSTEM["$defs"]["request"]["properties"]["rows"]),
        (system_spec.RequestSpec, "equality", SYSTEM["$defs"]["request"]["properties"]["equality"]),
        (system_spec.RequestSpec, "effect", SYSTEM["$defs"]["request"]["properties"]["effect"]),
        (system_spec.RequestSpec, "returns", SYSTEM["$defs"]["request"]["properties"]["returns"]),
    ],
    ids=lambda one: one if isinstance(one, str) else getattr(one, "__name__", ""),
)
def test_words_are_those_of_the_compiled_noun(noun: type, field: str, schema: Any) -> None:
    words = get_args(get_type_hints(noun)[field])

    assert set(schema["enum"]) == set(words) - {""}
