"""Verbs on a small folder of YAML, in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.cli.main import main
from engine.model.link import link_between
from engine.model.record import RecordKey
from engine.model.run import Case
from engine.store.opening import open_store
from tests.world import LEDGER, MAPPING, RULES, SHOP, write

MARKED = "email:   {type: email, personal: true, verify_on_site: true}"
SYSTEMS = (SHOP, LEDGER.replace("email:   {type: email}", MARKED))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for text in (*SYSTEMS, MAPPING, RULES):
        write(tmp_path, text)
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    return main([*arguments, "--root", str(folder), "--state", str(folder / "state.db")])


def tree(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


# -- author ----------------------------------------------------------------------------------------------


def test_a_sound_folder_validates(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--root", str(folder)]) == 0
    assert capsys.readouterr().out == "no findings\n"


def test_a_wrong_word_is_found_with_its_line_and_a_caret(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, MAPPING.replace("name: name", "nmae: name"))
    assert main(["validate", "--root", str(folder)]) == 2
    said = capsys.readouterr().out
    assert "mappings/shop-to-ledger.yaml:6:10: error [" in said
    assert "  6 | fields: {nmae: name, email: mail, phone: phone, shop_id: id}\n    |          ^" in said
    assert "did you mean `name`?" in said
    assert said.endswith("1 error\n")


def test_wrong_test_cases_fail_validate_and_nothing_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "tests").mkdir()
    (folder / "tests" / "odd.test.yaml").write_text("version: 1\ntest: odd\nnonsense: 1\n")
    assert main(["validate", "--root", str(folder)]) == 2
    assert run(folder, "show", "flows") == 0
    assert "see them with `run.py validate`" in capsys.readouterr().err


def test_findings_come_as_github_annotations(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, MAPPING.replace("name: name", "nmae: name"))
    assert main(["validate", "--root", str(folder), "--format", "github"]) == 2
    assert capsys.readouterr().out.startswith("::error file=")


def test_a_folder_of_yaml_as_argument_is_a_layer(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    layer = tmp_path_factory.mktemp("layer")
    write(layer, "version: 1\nflow: shop-to-ledger\nfields: {comment: {template: '{{ sauce.name }}'}}\n")
    assert main(["validate", str(layer), "--root", str(folder)]) == 2
    assert "sauce" in capsys.readouterr().out


def test_show_tells_where_a_value_comes_from(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "show", "shop-to-ledger", "email", "--format", "json") == 0
    found = {one["path"]: (one["value"], Path(one["file"]).name, one["line"]) for one in tree(capsys)}
    assert found["fields.email.from"] == ("mail", "shop-to-ledger.yaml", 6)
    assert found["push_policy.default.conflict"] == ("source", "shop-to-ledger.yaml", 9)


def test_show_of_an_unknown_name_or_field_helps(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "show", "shop-to-leger") == 2
    assert "did you mean `shop-to-ledger`?" in capsys.readouterr().err
    assert run(folder, "show", "shop-to-ledger", "emial") == 2
    assert "did you mean `email`?" in capsys.readouterr().err


def test_fields_lists_the_catalogue(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "fields", "ledger.account", "--search", "email", "--format", "json") == 0
    assert [one["field"] for one in tree(capsys)] == ["email"]


def test_init_makes_a_layer_and_overwrites_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = folder / "mine"
    assert run(folder, "init", str(mine)) == 0
    assert main(["validate", str(mine), "--root", str(folder)]) == 0
    assert "no findings" in capsys.readouterr().out
    assert run(folder, "init", str(mine)) == 3
    assert "there already" in capsys.readouterr().err


def test_a_line_of_the_new_layer_can_be_taken_out_of_its_comment(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = folder / "mine"
    assert run(folder, "init", str(mine)) == 0
    (mapping, *_) = sorted((mine / "mappings").iterdir())
    lines = mapping.read_text("utf-8").replace("# fields:", "fields:").splitlines()
    first = lines.index("fields:") + 1
    lines[first] = lines[first].removeprefix("# ").replace("...", "{value: x}")
    mapping.write_text("\n".join(lines) + "\n", "utf-8")
    capsys.readouterr()
    main(["validate", str(mine), "--root", str(folder)])
    assert "yaml-syntax" not in capsys.readouterr().out


def test_a_file_that_nothing_reads_is_not_called_sound(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stray = folder.parent / "stray"
    stray.mkdir()
    (stray / "x.yaml").write_text("a: 1\n")
    assert run(folder, "validate", str(stray)) == 2
    assert "is no layer" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("why", "c1"), ("state", "forget", "c1")])
def test_a_record_without_its_connection_is_answered_with_the_right_form(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert run(folder, *words) == 2
    assert ":c1" in capsys.readouterr().err


# -- operate -----------------------------------------------------------------------------------------------


def test_verbs_that_need_a_store_do_not_make_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in (["history"], ["links", "list"], ["review"], ["state"], ["why", "shop:p1"], ["apply"]):
        assert run(folder, *verb) == 3, verb
        assert "there is no store at" in capsys.readouterr().err
    assert not (folder / "state.db").exists()


def test_state_backs_up_and_prunes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_store(folder / "state.db", create=True).close()
    assert run(folder, "state", "--format", "json") == 0
    assert tree(capsys)["store"]["behind"] is False
    assert run(folder, "state", "backup", str(folder / "copy.db")) == 0
    assert (folder / "copy.db").exists()
    assert run(folder, "state", "backup", str(folder / "copy.db")) == 3
    assert run(folder, "state", "prune", "--days", "30") == 0


def test_links_are_listed_and_exported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(folder / "state.db", create=True)
    ends = RecordKey("shop", "shop.person", "p1"), RecordKey("ledger", "ledger.account", "a1")
    store.put_links([link_between(*ends, rule="mail", made_at="2026-03-01T12:00:00Z")])
    store.close()
    assert run(folder, "links", "--flow", "shop-to-ledger", "--format", "json") == 0
    (link,) = tree(capsys)
    assert (link["a"], link["b"], link["rule"]) == ("ledger:a1", "shop:p1", "mail")
    assert run(folder, "links", "export", "shop-to-ledger") == 0
    assert capsys.readouterr().out == "source,target\np1,a1\n"


def test_open_cases_end_review_with_4(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(folder / "state.db", create=True)
    evidence = {"rule": "mail", "candidates": ["a1", "a2"]}
    record = RecordKey("shop", "shop.person", "p1")
    store.put_cases([Case("c1", "shop-to-ledger", "many-matches", record, evidence, opened_at="2026-03-01T12:00:00Z")])
    store.close()
    assert run(folder, "review") == 4
    assert "many-matches" in capsys.readouterr().out
    assert run(folder, "review", "show", "c1", "--format", "json") == 0
    assert tree(capsys)["evidence"] == evidence
    assert run(folder, "review", "accept", "c1") == 2
    assert "--choose ID" in capsys.readouterr().err
    assert run(folder, "review", "defer", "c1", "--by", "someone") == 0
    assert run(folder, "review") == 0
    assert run(folder, "review", "show", "c9") == 2


def test_doctor_names_what_nobody_has_confirmed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "doctor", "--offline", "--format", "json") == 0
    states = {one["what"]: (one["state"], one["text"]) for one in tree(capsys)}
    assert states["ledger.account"] == ("warn", "to be confirmed on site: email")
    assert states["connection shop"][0] == "ok"


def test_rebaseline_asks_before_it_forgets(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_store(folder / "state.db", create=True).close()
    assert run(folder, "rebaseline", "shop-to-ledger") == 3
    assert "say --yes" in capsys.readouterr().err


def test_settings_that_are_no_json_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = folder / "town.json"
    for text in ("nonsense", "[1]", '{"shop": 1}'):
        wrong.write_text(text)
        assert run(folder, "plan", "shop-to-ledger", "--settings", str(wrong)) == 2
        assert "--settings" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan", "shop-to-leger"], "did you mean `shop-to-ledger`?"),
        (["plan", "shop-to-ledger", "--run", "hourly"], "has no run 'hourly'"),
        (["plan", "shop-to-ledger", "--action", "mail"], "has no action 'mail'"),
        (["plan", "shop-to-ledger", "--allow", "create"], "did you mean `creates`?"),
        (["sync"], "name a flow, or say --all"),
        (["sync", "shop-to-ledger", "--all"], "not both"),
        (["why", "nonsense"], "write connection:id"),
        (["why", "sop:p1"], "no flow has records of 'sop'"),
    ],
)
def test_a_wrong_name_is_refused_with_the_right_one(
    folder: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, *arguments) == 2
    assert said in capsys.readouterr().err
