"""Forms with a file, and the CSV inside it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

SEPARATORS = {"COMMA": ",", "TAB": "\t", "SEMICOLON": ";"}


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in their order, and files by field name."""

    pairs: list[tuple[str, str]]
    files: dict[str, str]

    def text(self, name: str, default: str = "") -> str:
        """The first value of a field."""
        return next((value for key, value in self.pairs if key == name), default)

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value for key, value in self.pairs if key == name]

    def rows(self, file: str = "file") -> list[list[str]] | None:
        """The lines of an uploaded CSV; None without a file."""
        if file not in self.files:
            return None
        separator = SEPARATORS.get(self.text("fieldseparator", "COMMA").upper(), ",")
        text = self.files[file].removeprefix("\ufeff")
        return [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row]


def parse(content_type: str, body: bytes) -> Form:
    """A multipart form."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    pairs: list[tuple[str, str]] = []
    files: dict[str, str] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = str(part.get_param("name", header="content-disposition") or "")
        content = part.get_payload(decode=True)
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
        if part.get_filename() is not None:
            files[name] = text
        else:
            pairs.append((name, text.rstrip("\r\n")))
    return Form(pairs, files)
