"""The table of verbs, and the way in and out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from engine.cli.main import VERBS, main, verbs

ROOT = Path(__file__).parents[3]
NAMES = [verb for group in VERBS.values() for verb in group]
HEAVY = ("yaml", "jinja2", "requests", "sqlite3", "rich", "jsonschema", "engine.config", "engine.pipeline")


@pytest.mark.parametrize("name", NAMES)
def test_every_verb_that_help_lists_is_there_and_explains_itself(name: str) -> None:
    command = verbs.get_command(click.Context(verbs), name)
    assert command is not None
    assert command.name == name
    assert command.help or name == "sandbox"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "sandbox"])
def test_every_verb_has_a_report_for_programs(name: str) -> None:
    command = verbs.get_command(click.Context(verbs), name)
    assert command is not None
    below = list(command.commands.values()) if isinstance(command, click.Group) else [command]
    for one in below:
        options = [option for parameter in one.params for option in parameter.opts]
        assert "--format" in options or name == "schema"
        assert len(options) == len(set(options)), f"{one.name} has an option twice"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from engine.cli.main import main; main(['--help']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert all(name in done.stdout for name in NAMES)


def test_a_misspelt_verb_gets_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snyc"]) == 2
    assert "there is no verb 'snyc' (did you mean `sync`?)" in capsys.readouterr().err


def test_a_wrong_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--nonsense"]) == 2
    assert "No such option" in capsys.readouterr().err


def test_no_verb_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    said = capsys.readouterr()
    assert "Operate:" in said.out + said.err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("concord, version ")


def test_a_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "mapping"]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"


def test_a_bug_ends_with_70(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("engine.cli.show.open_ruleset", lambda given: 1 / 0)
    assert main(["show", "flows"]) == 70
    assert "BUG: ZeroDivisionError" in capsys.readouterr().err


def test_an_interruption_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.cli.show.open_ruleset", interrupted)
    assert main(["show", "flows"]) == 130
    assert "interrupted" in capsys.readouterr().err
