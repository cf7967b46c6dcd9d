"""demo: the whole product in a minute, on stand-ins with messy data. Every step is a command one could type."""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from engine.cli.exits import CASES, CHANGES, DONE, FOUND, REFUSED, say
from engine.cli.options import write
from engine.report.wording import json_text

START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the tour: why it is shown, and how it may end. `lines`: how much of its output is shown."""

    say: str
    arguments: tuple[str, ...]
    ends: tuple[int, ...] = (DONE,)
    lines: int = 0
    shows: tuple[str, ...] = ()
    """What its output must hold."""
    page: str = ""
    """An address to look at instead of a command."""


@dataclass(slots=True)
class Tour:
    """The demo under way."""

    folder: Path
    story: dict[str, Any]
    quiet: bool
    done: list[dict[str, Any]] = field(default_factory=list)

    towns: dict[str, Any] = field(default_factory=dict)
    """System -> where its stand-in is, and its settings."""

    @property
    def common(self) -> tuple[str, ...]:
        """Options that every step on the first stand-ins takes."""
        return self._options("town.json")

    @property
    def everywhere(self) -> tuple[str, ...]:
        """Options that every step on all stand-ins takes."""
        return self._options("all.json")

    def _options(self, settings: str) -> tuple[str, ...]:
        return ("--settings", str(self.folder / settings), "--state", str(self.folder / "state.db"),
                "--layer", str(self.folder / "fast"), "--quiet")  # fmt: skip


@click.command()
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Leave the store, the settings and the layers there.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Of the report.")
def demo(keep: Path | None, form: str) -> int:
    """Start stand-ins with a few hundred messy customers and sync them: two systems both ways, then all of them.

    No account, no network. Ends with 0 only when every step did what it says.
    """
    from sandbox.demo_data import STORY

    started = time.monotonic()
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="concord-demo-")))
        folder.mkdir(parents=True, exist_ok=True)
        tour = Tour(folder, STORY, form == "json")
        _lay_out(tour)
        stack.enter_context(_town(tour))
        code = _walk(tour)
    seconds = round(time.monotonic() - started, 1)
    if form == "json":
        write(json_text({"ok": code == DONE, "seconds": seconds, "steps": tour.done}, indent=2))
    else:
        write(_ending(code, seconds, keep))
    return code


def _lay_out(tour: Tour) -> None:
    """The layers of the tour: one that lets the stand-ins be asked as fast as they can, one with the changed line."""
    changed = tour.story["layer"]
    layers = {"fast": tour.story["fast"], "my-layer": {changed["file"]: changed["text"]}}
    for layer, files in layers.items():
        for name, text in files.items():
            path = tour.folder / layer / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    for left in tour.folder.glob("*state.db*"):
        left.unlink()


@contextmanager
def _town(tour: Tour) -> Iterator[None]:
    """The stand-ins as a child process; it ends with us."""
    systems = ",".join(tour.story["all"])
    home = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH", ""))))}
    command = [sys.executable, "-m", "sandbox", "--json", "--control", "--demo", "--systems", systems]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603 our own module
    try:
        line = child.stdout.readline() if child.stdout else ""
        if not line.strip():
            raise RuntimeError("the stand-ins did not start")
        tour.towns = json.loads(line)
        _write_settings(tour)
        _unhurried(tour.towns, tour.story["orders"])
        yield
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(START_SECONDS)


def _write_settings(tour: Tour) -> None:
    """The line that tells where everything is: for the first systems, and for all of them."""
    for name, systems in (("town.json", tour.story["systems"]), ("all.json", tour.story["all"])):
        (tour.folder / name).write_text(json.dumps({one: tour.towns[one] for one in systems}), "utf-8")


def _unhurried(towns: dict[str, Any], orders: dict[str, Any]) -> None:
    """Let the stand-ins answer as fast as they can: nobody wants to watch a rate limit."""
    from urllib.request import Request, urlopen

    for system, data in orders.items():
        body = json.dumps({"do": "set", "data": data}).encode()
        request = Request(f"{towns[system]['base_url']}/_control", body, {"Content-Type": "application/json"})  # noqa: S310
        with urlopen(request, timeout=START_SECONDS):  # noqa: S310 our own child on loopback
            pass


# -- the steps -----------------------------------------------------------------------------------------


def _steps(tour: Tour) -> Iterator[Step]:
    story, common = tour.story, tour.common
    first, second = story["flows"]
    yield Step("Every file is checked: keys, values, expressions, and how they fit together.", ("validate",))
    yield Step(
        "What would happen? Nothing is written yet; personal values are masked.",
        ("plan", first, "--limit", "2", *common),
        lines=46,
    )
    yield Step(
        "Do it. One customer carries an id that points nowhere: it is set aside, the rest goes on.",
        ("sync", first, *common),
        (FOUND,),
    )
    yield Step("Plan again: nothing is left to do.", ("plan", first, "--exit-code", *common), lines=2)
    yield Step("The other way round, over the same links.", ("sync", second, *common), (DONE, CASES))
    yield Step("Plan again: nothing is left to do.", ("plan", second, "--exit-code", *common), lines=2)
    once_more = "Links that one direction made are news for the other: all flows once more."
    yield Step(once_more, ("sync", "--all", *common), (FOUND,))
    yield Step("Now both sides rest.", ("plan", first, "--exit-code", *common), lines=2)
    yield Step(
        "Why does a field say what it says? Down to the file and line. (--reveal: these people are invented.)",
        ("why", *story["why"], "--flow", first, "--reveal", *common),
    )
    yield from _changed_line(tour, second)
    journal = "Every write is in the journal, with what was there before."
    yield Step(journal, ("history", "--limit", "3", *common), lines=16)
    yield from (_told(tour, told) for told in story["tour"])


def _told(tour: Tour, told: dict[str, Any]) -> Step:
    """A step on all stand-ins, as the story has it."""
    more: dict[str, Any] = {"lines": told.get("lines", 0), "shows": tuple(told.get("shows", ()))}
    if "look" in told:
        system, path = told["look"]
        return Step(told["say"], (), page=f"{tour.towns[system]['base_url']}{path}", **more)
    return Step(told["say"], (*told["run"], *tour.everywhere), tuple(told.get("ends", (DONE,))), **more)


def _changed_line(tour: Tour, flow: str) -> Iterator[Step]:
    """A layer of one line: where it shows, what stops it, and what it would do."""
    common, changed = tour.common, tour.story["layer"]
    layer = ("--layer", str(tour.folder / "my-layer"))
    text = f"Now change one line, in a layer of your own:\n\n{_indented(changed['text'])}"
    yield Step(f"{text}\n\nWho says so?", ("show", flow, changed["field"], *layer), lines=2)
    yield Step(
        "What does it change? A guard stops what only a rule change moves, until a person has looked.",
        ("plan", flow, "--limit", "3", *common, *layer),
        (REFUSED,),
    )
    yield Step(
        "Looked, and meant: with the guard lifted the plan could be applied.",
        ("plan", flow, "--limit", "0", "--allow", changed["guard"], "--exit-code", *common, *layer),
        (CHANGES,),
        lines=2,
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())


def _walk(tour: Tour) -> int:
    """Take every step; the first that does not do as it should ends the tour."""
    for step in _steps(tour):
        _announce(tour, step)
        started = time.monotonic()
        code, text = _look(step.page) if step.page else _run(step.arguments)
        seconds = round(time.monotonic() - started, 2)
        wrong = _wrong(step, code, text)
        command = [step.page] if step.page else list(step.arguments)
        tour.done.append({"command": command, "exit": code, "seconds": seconds, "as_said": not wrong})
        if not tour.quiet:
            write(_cut(text.replace(f"{tour.folder}{os.sep}", "").rstrip(), step.lines))
        if wrong:
            say(f"demo: `{' '.join(command[:2])}` {wrong}")
            return FOUND
    return DONE


def _run(arguments: Sequence[str]) -> tuple[int, str]:
    from engine.cli.main import main

    out = io.StringIO()
    with redirect_stdout(out):
        code = main(list(arguments))
    return code, out.getvalue()


def _look(page: str) -> tuple[int, str]:
    """A page of a stand-in, as a browser shows it."""
    from urllib.request import urlopen

    with urlopen(page, timeout=START_SECONDS) as answer:  # noqa: S310 our own child on loopback
        return DONE, answer.read().decode()


def _wrong(step: Step, code: int, text: str) -> str:
    if code not in step.ends:
        return f"ended with {code}, not with {' or '.join(map(str, step.ends))}"
    missing = [one for one in step.shows if one not in text]
    return f"does not show {missing[0]}" if missing else ""


def _announce(tour: Tour, step: Step) -> None:
    if tour.quiet:
        return
    write(f"\n\n{step.say}\n")
    write(f"$ {f'curl {step.page}' if step.page else f'python run.py {shlex.join(_short(tour, step.arguments))}'}")


def _short(tour: Tour, arguments: Sequence[str]) -> list[str]:
    """The command with the folder of the tour left out, as one would type it there."""
    return [one.removeprefix(f"{tour.folder}{os.sep}") for one in arguments]


def _cut(text: str, lines: int) -> str:
    shown = text.splitlines()
    if not lines or len(shown) <= lines + 1:
        return text
    return "\n".join([*shown[:lines], f"[... {len(shown) - lines} more lines]"])


def _ending(code: int, seconds: float, keep: Path | None) -> str:
    if code != DONE:
        return "\nThe demo did not come through: see above, and please report it."
    kept = f"\nThe store, the settings (their stand-ins have stopped) and both layers are in {keep}." if keep else ""
    return f"""\n\nDone in {seconds} s: every step did what it says.{kept}

Where to go next:
  python run.py init my-layer                               a folder of your own, with commented YAML
  python run.py sandbox --demo --json > town.json &         the same town, for as long as you like
  python run.py plan FLOW --settings town.json              `python run.py show flows` lists the flows
  python run.py --help                                      every verb; README.md tells the rest"""
