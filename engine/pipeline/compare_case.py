"""What a case expects against what came of it: differences with both their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.model.finding import NOWHERE, Place
from engine.model.values import is_number
from engine.spec.case import CaseSpec, Difference, ExpectedLine, ExpectedWrite


@dataclass(frozen=True, slots=True)
class DoneWrite:
    """One write that was made: normalised values, and for each field the places of its row and its policy."""

    kind: str
    object: str
    id: str
    values: Mapping[str, Any]
    origins: Mapping[str, tuple[str, ...]]

    def __str__(self) -> str:
        return f"{self.kind} {self.object}{f' {self.id}' if self.id and self.kind != 'create' else ''}"


@dataclass(frozen=True, slots=True)
class DoneLine:
    """What became of one record, as facts by name, and the rule that said so."""

    facts: Mapping[str, str]
    rule: Place = NOWHERE

    def __str__(self) -> str:
        return ", ".join(f"{name}: {value}" for name, value in self.facts.items() if value)


def compare(case: CaseSpec, writes: Sequence[DoneWrite], lists: Mapping[str, Sequence[DoneLine]]) -> list[Difference]:
    """Everything that differs from what the case expects."""
    found: list[Difference] = []
    if case.writes is not None:
        found += _writes(case.writes, writes, case.place)
    for name, lines in case.lists.items():
        found += _lines(name, lines, lists.get(name, ()), case.place)
    return found


# -- writes ----------------------------------------------------------------------------------------------


def _writes(expected: Sequence[ExpectedWrite], done: Sequence[DoneWrite], place: Place) -> Iterable[Difference]:
    for number, (one, two) in enumerate(zip(expected, done, strict=False), 1):
        yield from _write(f"write {number}", one, two)
    for number, one in enumerate(expected[len(done) :], len(done) + 1):
        yield Difference(f"write {number}", _said(one), "no such write", one.place)
    for number, two in enumerate(done[len(expected) :], len(expected) + 1):
        yield Difference(f"write {number}", "no more writes", _shown(two), place, _rules(two))


def _write(what: str, expected: ExpectedWrite, done: DoneWrite) -> Iterable[Difference]:
    other_id = expected.id and expected.kind != "create" and expected.id != done.id
    if (expected.kind, expected.object) != (done.kind, done.object) or other_id:
        yield Difference(what, _said(expected), str(done), expected.place, _rules(done))
        return
    for name, value in expected.fields.items():
        place = expected.places.get(name, expected.place)
        rules = done.origins.get(name, ())
        if name not in done.values:
            yield Difference(f"{what}, {name}", text(value), "not sent", place, rules)
            continue
        for path, wanted, got in differing(value, done.values[name]):
            yield Difference(f"{what}, {name}{path}", text(wanted), text(got), place, rules)
    for name in expected.without:
        if name in done.values:
            yield Difference(
                f"{what}, {name}", "not sent", text(done.values[name]), expected.place, done.origins.get(name, ())
            )


def differing(expected: Any, got: Any) -> Iterable[tuple[str, Any, Any]]:
    """(path, expected, got) of every leaf that differs. Members that are not expected are not compared; a list has as
    many elements as expected."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for name, value in expected.items():
            for path, one, two in differing(value, got.get(name)):
                yield f".{name}{path}", one, two
    elif isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            yield "", expected, got
            return
        for number, (one, two) in enumerate(zip(expected, got, strict=True)):
            for path, left, right in differing(one, two):
                yield f"[{number}]{path}", left, right
    elif not _equal(expected, got):
        yield "", expected, got


def _equal(one: Any, two: Any) -> bool:
    if is_number(one) and is_number(two):
        return bool(one == two)
    return type(one) is type(two) and one == two


def _said(write: ExpectedWrite) -> str:
    return f"{write.kind} {write.object}{f' {write.id}' if write.id else ''}"


def _shown(write: DoneWrite) -> str:
    values = ", ".join(f"{name}: {text(value)}" for name, value in write.values.items())
    return f"{write} {{{values}}}"


def _rules(write: DoneWrite) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place for places in write.origins.values() for place in places[:1]))


# -- lists -----------------------------------------------------------------------------------------------


def _lines(name: str, expected: Sequence[ExpectedLine], done: Sequence[DoneLine], place: Place) -> Iterable[Difference]:
    """Each expected line takes one that fits, the most exact ones first; what is left over on either side differs."""
    left = list(done)
    missing = []
    for line in sorted(expected, key=lambda one: -len(one.facts)):
        fits = next((one for one in left if _fits(line, one)), None)
        if fits is None:
            missing.append(line)
        else:
            left.remove(fits)
    for line in missing:
        near = next((one for one in left if one.facts.get("source") == line.facts.get("source")), None)
        if near is not None:
            left.remove(near)
        rules = (str(near.rule),) if near and near.rule.file else ()
        yield Difference(name, _facts(line), str(near) if near else "no such line", line.place, rules)
    for extra in left:
        rules = (str(extra.rule),) if extra.rule.file else ()
        yield Difference(name, "no more lines", str(extra), place, rules)


def _fits(expected: ExpectedLine, done: DoneLine) -> bool:
    return all(
        value in done.facts.get(name, "") if name == "say" else value == done.facts.get(name, "")
        for name, value in expected.facts.items()
    )


def _facts(line: ExpectedLine) -> str:
    return ", ".join(f"{name}: {value}" for name, value in line.facts.items())


def text(value: Any) -> str:
    """A value as it stands in YAML."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {text(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(text, value)) + "]"
    plain = str(value)
    return f'"{plain}"' if isinstance(value, str) and (plain != plain.strip() or not plain or "\n" in plain) else plain
