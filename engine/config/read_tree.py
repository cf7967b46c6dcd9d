"""Folders of YAML -> one merged document per system, mapping, rules and test, each node with its origin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.config.document import Document, Node
from engine.config.layers import merge, objections, settle
from engine.config.loader import load_file, without_echoes
from engine.config.schema import check
from engine.model.finding import Finding, Place, Severity

Key = tuple[str, str]
"""(kind, name)"""

Tree = dict[Key, Document]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where files of one kind lie, and under which key they tell their name."""

    kind: str
    pattern: str
    suffix: str
    named_by: str


def read_tree(
    folders: Sequence[Path], environment: Path | None = None, *, root: Path | None = None
) -> tuple[Tree, list[Finding]]:
    """All documents of the shipped folder, the layers laid over it in order, then the environment.

    Files in findings are shown relative to `root`, by default the current folder; elsewhere a shipped file by its place
    in the shipped folder, and one of a layer by its place in it, with the layer's name.
    """
    here = root or Path.cwd()
    findings: list[Finding] = []
    tree: Tree = {}
    for number, folder in enumerate(folders):
        shown = _shown_from(here, folder.resolve().parent if number else folder)
        documents, said = read_folder(folder, shown)
        findings += said + _unread(folder, shown, _IN_LAYERS if number else _IN_SHIPPED)
        findings += _lay_over(tree, documents)
    if environment:
        findings += _lay_environment(tree, environment, _shown_from(here))
    return tree, without_echoes(dict.fromkeys(findings))


def read_folder(folder: Path, shown: Callable[[Path], str] = str) -> tuple[list[Document], list[Finding]]:
    """The documents of one folder as they are written, unmerged."""
    if not folder.is_dir():
        return [], [Finding("no-such-folder", f"there is no folder {shown(folder)}", Place(shown(folder)))]
    documents: dict[Key, Document] = {}
    findings: list[Finding] = []
    for shelf in SHELVES:
        for path in sorted(folder.glob(shelf.pattern)):
            document, said = _read(path, shelf, shown)
            findings += said
            if document:
                findings += _twice(document, documents)
                documents.setdefault((document.kind, document.name), document)
    return list(documents.values()), findings


# -- one file ----------------------------------------------------------------------------------------


def _shown_from(*bases: Path) -> Callable[[Path], str]:
    absolute = [base.resolve() for base in bases]

    def shown(path: Path) -> str:
        full = path.resolve()
        return next((str(full.relative_to(base)) for base in absolute if full.is_relative_to(base)), str(path))

    return shown


def _read(path: Path, shelf: Shelf, shown: Callable[[Path], str]) -> tuple[Document | None, list[Finding]]:
    file = shown(path)
    node, findings = load_file(path, file)
    if node is None:
        return None, findings
    named = path.name.removesuffix(shelf.suffix)
    findings += _name_differs(node, shelf, named)
    return Document(shelf.kind, named, file, node), findings


def _name_differs(node: Node, shelf: Shelf, named: str) -> list[Finding]:
    """The declared name must be the file's, so that `X` is always found in X.yaml."""
    told = node.get(shelf.named_by)
    if told is None or told.value == named or not isinstance(told.value, str):
        return []
    message = f"the file is named {named!r} but declares the {shelf.named_by} {told.value!r}"
    hint = f"rename the file to {told.value}{shelf.suffix}, or write `{shelf.named_by}: {named}`"
    return [Finding("name-differs", message, told.place, hint=hint)]


def _twice(document: Document, known: Mapping[Key, Document]) -> list[Finding]:
    first = known.get((document.kind, document.name))
    if first is None:
        return []
    message = f"the {document.kind} {document.name!r} stands in {first.file} already"
    return [Finding("name-twice", message, Place(document.file), hint="keep one of the two files")]


def _unread(folder: Path, shown: Callable[[Path], str], patterns: Sequence[str]) -> list[Finding]:
    """YAML files that look as if they belonged to the tree, and that nothing reads."""
    read = {path for shelf in SHELVES for path in folder.glob(shelf.pattern)}
    found = [path for pattern in patterns for path in sorted(folder.glob(pattern)) if path not in read]
    hint = f"files lie in {', '.join(shelf.pattern for shelf in SHELVES)}"
    return [
        Finding("file-not-read", f"{file} is read by nothing", Place(file), Severity.WARNING, hint)
        for file in (shown(path) for path in found if path.parent.name != "environments")
    ]


# -- laying over -------------------------------------------------------------------------------------


def _lay_over(tree: Tree, documents: Sequence[Document]) -> list[Finding]:
    findings: list[Finding] = []
    for document in documents:
        key = (document.kind, document.name)
        below = tree.get(key)
        layered = below is not None and document.kind in _LAYERED
        findings += check(document, partial=layered)
        tree[key], said = _over(below if layered else None, document)
        findings += said
    return findings


def _over(below: Document | None, document: Document) -> tuple[Document, list[Finding]]:
    kind = document.kind
    if below is None:
        root, findings = settle(merge(Node({}, document.root.place), document.root, kind))
        return Document(kind, document.name, document.file, root), findings
    said = objections(below.root, document.root, kind)
    root, findings = settle(merge(below.root, document.root, kind))
    merged = Document(kind, below.name, below.file, root)
    return merged, [*said, *findings, *check(merged, partial=False)]


def _lay_environment(tree: Tree, path: Path, shown: Callable[[Path], str]) -> list[Finding]:
    """The environment itself, and over the rules what it says about their runs and guards."""
    document, findings = _read(path, _ENVIRONMENT, shown)
    if document is None:
        return findings
    findings += check(document, partial=False)
    tree[document.kind, document.name] = document
    for flow, said in (document.root.get("flows") or Node({})).items():
        findings += _lay_flow(tree, flow, said)
    return findings


def _lay_flow(tree: Tree, flow: str, said: Node) -> list[Finding]:
    below = tree.get(("rules", flow))
    parts = {key: member for key, member in said.items() if key in ("runs", "guards")}
    if below is None or not parts:
        return []
    over = Document("rules", flow, said.place.file, Node(parts, said.place, said.keys))
    tree["rules", flow], findings = _over(below, over)
    return findings


# -- tables ------------------------------------------------------------------------------------------

SHELVES = (
    Shelf("system", "systems/*.yaml", ".yaml", "system"),
    Shelf("mapping", "mappings/*.yaml", ".yaml", "flow"),
    Shelf("rules", "rules/*.yaml", ".yaml", "flow"),
    Shelf("test", "tests/*.test.yaml", ".test.yaml", "test"),
    Shelf("test", "tests/cases/*.test.yaml", ".test.yaml", "test"),
)
_ENVIRONMENT = Shelf("environment", "environments/*.yaml", ".yaml", "environment")
_IN_SHIPPED = ("systems/*.yml", "mappings/*.yml", "rules/*.yml")
_IN_LAYERS = ("*.yaml", "*.yml", "*/*.yaml", "*/*.yml")
"""Where files are looked for that nothing reads: the shipped folder holds other YAML too."""

_LAYERED = ("system", "mapping", "rules")
"""Kinds whose later files change the earlier ones; a later test or environment replaces the earlier."""
