"""Test files -> cases: `*.test.yaml`, checked against their schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.config.document import Document, Node
from engine.config.load import load_ruleset
from engine.config.loader import load_file
from engine.config.schema import check
from engine.model.finding import Finding, Place, Severity
from engine.spec.case import CaseSpec, ExpectedLine, ExpectedWrite, GivenLink, GivenRecord
from engine.spec.ruleset import Ruleset

SUFFIX = ".test.yaml"
EMPTY = Node({})


def read_cases(paths: Sequence[Path], *, root: Path | None = None) -> tuple[list[CaseSpec], list[Finding]]:
    """The cases of files, and of all test files below folders. Findings show paths relative to `root`."""
    cases: list[CaseSpec] = []
    findings: list[Finding] = []
    for path in _files(paths):
        shown = _shown(path, root or Path.cwd())
        node, said = load_file(path, shown)
        if node is not None and not said:
            said = check(Document("test", path.name.removesuffix(SUFFIX), shown, node), partial=False)
        findings += said
        if node is not None and not said:
            cases += _cases(node, path)
    return cases, findings


def _files(paths: Sequence[Path]) -> Iterable[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        for one in sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else (path,):
            found[one] = None
    return found


def _shown(path: Path, root: Path) -> str:
    full, absolute = path.resolve(), root.resolve()
    return str(full.relative_to(absolute)) if full.is_relative_to(absolute) else str(path)


def _cases(root: Node, path: Path) -> Iterable[CaseSpec]:
    for node in root.get("cases") or EMPTY:
        yield _case(root, node, path)


def _case(root: Node, node: Node, path: Path) -> CaseSpec:
    test = _text(root, "test")
    flow = _text(root, "flow") or test
    expect = node.get("expect") or EMPTY
    writes = expect.get("writes")
    return CaseSpec(
        test=test,
        name=_text(node, "name"),
        flow=flow,
        covers=_texts(node, "covers"),
        given=tuple(_records(node.get("given") or EMPTY)),
        links=tuple(_link(one, flow) for one in node.get("links") or EMPTY),
        settings={**_plain(root.get("settings")), **_plain(node.get("settings"))},
        layers=tuple(path.parent / one for one in (*_texts(root, "layers"), *_texts(node, "layers"))),
        now=_text(node, "now"),
        run=_text(node, "run"),
        run_place=_place(node, "run"),
        ids=_texts(node, "ids"),
        actions=_texts(node, "actions"),
        allow=_texts(node, "allow"),
        writes=None if writes is None else tuple(_write(one) for one in writes),
        lists={name: tuple(_line(one) for one in lines) for name, lines in expect.items() if _is_list(name)},
        place=node.place,
    )


def _is_list(name: str) -> bool:
    return name != "writes" and not name.startswith("x-")


def _records(given: Node) -> Iterable[GivenRecord]:
    for name, rows in given.items():
        for row in rows:
            yield GivenRecord(name, _plain(row), row.place, row.keys)


def _link(node: Node, flow: str) -> GivenLink:
    base = node.get("base")
    source, target = _plain(base.get("source")) if base else {}, _plain(base.get("target")) if base else {}
    primary = node.get("primary")
    return GivenLink(
        _text(node, "source"),
        _text(node, "target"),
        _text(node, "flow") or flow,
        _text(node, "rule") or "created",
        _text(node, "state") or "confirmed",  # type: ignore[arg-type]  # the schema has checked the word
        primary is None or bool(primary.value),
        _text(node, "pin"),
        ({**target, **source}, {**source, **target}) if base else None,
        node.place,
    )


def _write(node: Node) -> ExpectedWrite:
    kind = next(one for one in ("create", "update", "delete") if node.get(one) is not None)
    fields = node.get("with") or EMPTY
    return ExpectedWrite(
        kind,  # type: ignore[arg-type]  # one of the three
        _text(node, kind),
        _text(node, "id"),
        _plain(fields),
        _texts(node, "without"),
        node.place,
        fields.keys,
    )


def _line(node: Node) -> ExpectedLine:
    return ExpectedLine({name: str(one.value) for name, one in node.items() if not name.startswith("x-")}, node.place)


def _text(node: Node, name: str) -> str:
    one = node.get(name)
    return "" if one is None or one.value is None else str(one.value)


def _texts(node: Node, name: str) -> tuple[str, ...]:
    return tuple(str(one.value) for one in node.get(name) or EMPTY)


def _plain(node: Node | None) -> Mapping[str, Any]:
    found = node.plain() if node is not None else {}
    return {name: value for name, value in found.items() if not name.startswith("x-")}


def _place(node: Node, name: str) -> Place:
    return node.keys.get(name, node.place)


class CaseRulesets:
    """The ruleset of each case: the root, the caller's layers, then the case's own layers and settings; each once."""

    def __init__(self, root: Path, layers: Sequence[Path] = ()) -> None:
        self._root, self._layers = root, tuple(layers)
        self._made: dict[str, tuple[Ruleset | None, list[Finding]]] = {}

    def of(self, case: CaseSpec) -> tuple[Ruleset | None, list[Finding]]:
        """The ruleset, or None and why there is none."""
        key = repr((case.flow, case.layers, sorted(case.settings.items())))
        if key not in self._made:
            layers = (*self._layers, *case.layers)
            self._made[key] = load_ruleset(self._root, layers, settings=_by_owner(case), only=[case.flow])
        ruleset, findings = self._made[key]
        return ruleset, [one for one in findings if one.severity is Severity.ERROR]


def _by_owner(case: CaseSpec) -> dict[str, Any]:
    """The case's settings in the form of a settings file: by flow, by connection."""
    found: dict[str, Any] = {}
    for name, value in case.settings.items():
        owner, dot, setting = name.rpartition(".")
        found.setdefault(owner if dot else case.flow, {"settings": {}})["settings"][setting] = value
    return found
