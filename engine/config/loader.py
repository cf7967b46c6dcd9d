"""Text -> tree: a strict subset of YAML, every node with its line and column."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from engine.config.compose import CannotGoOn, Composer
from engine.config.document import Node
from engine.model.finding import Finding, Place

MAX_BYTES = 2_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def load_file(path: Path, shown_as: str = "") -> tuple[Node | None, list[Finding]]:
    """The tree of a file, with findings that name it `shown_as`; None when nothing can be read."""
    file = shown_as or str(path)
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is not a file" if path.exists() else "does not exist"
            return None, [Finding("file-unreadable", f"{file} {what}", Place(file))]
        if path.stat().st_size > MAX_BYTES:
            return None, [_too_large(file)]
        data = path.read_bytes()
    except OSError as error:
        return None, [Finding("file-unreadable", f"{file} cannot be read: {error.strerror}", Place(file))]
    return load_text(data, file)


def load_text(text: str | bytes, file: str) -> tuple[Node | None, list[Finding]]:
    """The tree of a text and what is wrong with it; None when there is no tree to go on with."""
    composer = Composer(file)
    findings = composer.findings
    try:
        root = _composed(composer, _decoded(text, file), file)
    except CannotGoOn as stop:
        return None, [*findings, stop.finding]
    if root is None or root.value is None:
        findings.append(
            Finding("empty-file", "the file holds nothing", Place(file), hint="write at least `version: 1`")
        )
        return None, findings
    return root, findings


def without_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """Findings without those about the shape of a line whose text could not be read rightly to begin with."""
    said = list(findings)
    misread = {(one.place.file, one.place.line) for one in said if one.code in MISREAD}
    return [one for one in said if one.code in MISREAD or (one.place.file, one.place.line) not in misread]


MISREAD = ("tag", "merge-key", "key-not-text", "duplicate-key", "bad-character")
"""Codes of findings about the text that still leave a tree."""


def _too_large(file: str) -> Finding:
    hint = "configuration is small; is this a data file?"
    return Finding("file-too-large", f"more than {MAX_BYTES // 1_000_000} MB", Place(file), hint=hint)


def _decoded(text: str | bytes, file: str) -> str:
    if len(text) > MAX_BYTES:
        raise CannotGoOn(_too_large(file))
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if data.startswith(_UTF16) or b"\0" in data[:4]:
        raise CannotGoOn(Finding("encoding", "the file is UTF-16 or UTF-32", Place(file), hint="save it as UTF-8"))
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        place = _place_at(data[: error.start].decode("utf-8"), file)
        message = f"byte 0x{data[error.start]:02x} is not UTF-8 (Latin-1 or Windows text?)"
        raise CannotGoOn(Finding("encoding", message, place, hint="save the file as UTF-8")) from None


def _place_at(before: str, file: str) -> Place:
    """The place right after this text."""
    return Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _events(text: str) -> Any:
    # PyYAML without its C part is slower, and else the same.
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text).get_event


def _composed(composer: Composer, text: str, file: str) -> Node | None:
    try:
        return composer.document(_events(text))
    except yaml.reader.ReaderError as error:
        place = _place_at(text[: error.position], file)
        message = (
            f"the character U+{error.character:04X} is not allowed"
            if isinstance(error.character, int)
            else error.reason
        )
        raise CannotGoOn(Finding("bad-character", message, place, hint="remove it")) from None
    except yaml.MarkedYAMLError as error:
        raise CannotGoOn(_syntax(error, text, file)) from None


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Finding:
    mark = error.problem_mark or error.context_mark
    if mark and error.context_mark and mark.line > text.rstrip().count("\n"):
        mark = error.context_mark  # found out at the end of the text: what was left open tells more
    line, column = (mark.line, mark.column) if mark else (0, 0)
    place = Place(file, line + 1, column + 1)
    problem = error.problem or "this cannot be read"
    if "tab" in problem or (text.split("\n")[line : line + 1] and text.split("\n")[line][column : column + 1] == "\t"):
        return Finding("tab", "a tab stands where only spaces may stand", place, hint="indent with spaces")
    context = f", {error.context}" if error.context and error.context.startswith("while parsing") else ""
    return Finding("yaml-syntax", problem + context, place, hint=_hint(problem))


def _hint(problem: str) -> str:
    return next((hint for part, hint in _HINTS if part in problem), "")


_HINTS = (
    (
        "mapping values are not allowed",
        'is the line indented like its neighbours? Else quote text that holds a colon and a space: "a: b"',
    ),
    ("expected ':'", "a key needs a colon and a space after it"),
    ("expected ',' or", "close the bracket, or quote text that holds a comma, a bracket or a brace"),
    ("end of stream", "a quote or a bracket is left open above"),
    ("cannot start any token", "quote text that begins with @, ` or %"),
    ("expected key", "check the indentation; text behind a closing quote is not allowed"),
    ("expected node content", "a key or a value is missing here"),
    ("expected '-'", "check the indentation; a map and a list cannot stand at one level"),
    ("expected <document start>", "check the indentation of this line and the one above"),
    ("block sequence entries", "start the list on a line of its own"),
)
"""Part of the parser's words -> what a person can do about it."""
