"""`${env:NAME}` and `${secret:NAME}` inside text values, resolved after parsing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.config.document import Node
from engine.config.marks import with_members
from engine.config.suggest import did_you_mean
from engine.model.finding import Finding, Place
from engine.model.secret import Secret

_REFERENCE = re.compile(r"(\$?)\$\{([A-Za-z_]+):([^}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
KINDS = ("env", "secret")


@dataclass(frozen=True, slots=True)
class Variables:
    """Where values come from: the environment of the process, and a folder with one file per secret."""

    environ: Mapping[str, str]
    secrets: Path | None = None

    def env(self, name: str) -> str:
        """The variable, or "" when it is not set."""
        return self.environ.get(name, "")

    def secret(self, name: str) -> str:
        """The variable of this name, else the file of this name in the folder; "" when there is neither."""
        return self.environ.get(name, "") or self._file(name)

    def _file(self, name: str) -> str:
        path = self.secrets / name if self.secrets else None
        try:
            return path.read_text(encoding="utf-8").removesuffix("\n") if path and path.is_file() else ""
        except (OSError, UnicodeDecodeError):
            return ""


def variables_of(environ: Mapping[str, str], secrets: Path | None = None) -> Variables:
    """Variables of a process: the folder of secrets is given, or named by CONCORD_SECRETS_DIR."""
    named = environ.get("CONCORD_SECRETS_DIR", "")
    return Variables(environ, secrets or (Path(named) if named else None))


def interpolate(node: Node, variables: Variables) -> tuple[Node, list[Finding]]:
    """The tree with its references filled in, and what is missing. Text that holds a secret becomes one whole."""
    findings: list[Finding] = []
    return _filled(node, variables, findings), findings


def _filled(node: Node, variables: Variables, findings: list[Finding]) -> Node:
    if node.is_map:
        changed = {key: _filled(member, variables, findings) for key, member in node.items()}
        return with_members(node, changed)
    if node.is_list:
        return Node([_filled(element, variables, findings) for element in node], node.place)
    if isinstance(node.value, str) and "${" in node.value:
        return _text(node, variables, findings)
    return node


def _text(node: Node, variables: Variables, findings: list[Finding]) -> Node:
    """One text with its references filled in; `$${` stands for `${` itself."""
    names: list[str] = []

    def value(found: re.Match[str]) -> str:
        escaped, kind, name = found.groups()
        if escaped:
            return found.group(0)[1:]
        if wrong := _malformed(kind, name, node.place):
            findings.append(wrong)
            return ""
        names.extend([name] if kind == "secret" else [])
        known = variables.secret(name) if kind == "secret" else variables.env(name)
        if not known:
            findings.append(_missing(kind, name, node.place))
        return known

    text = _REFERENCE.sub(value, node.value)
    return Node(Secret(text, names[0]) if names else text, node.place)


def _malformed(kind: str, name: str, place: Place) -> Finding | None:
    if kind not in KINDS:
        hint = did_you_mean(kind, KINDS)
        return Finding("variable-form", f"${{{kind}:...}} is not known", place, hint=hint)
    if not _NAME.match(name):
        hint = "a name holds letters, digits, _, . and -"
        return Finding("variable-form", f"${{{kind}:{name}}} does not name a variable", place, hint=hint)
    return None


def _missing(kind: str, name: str, place: Place) -> Finding:
    hint = f"set the environment variable {name}"
    if kind == "secret":
        hint += f", or put a file {name} into the folder of secrets (--secrets DIR)"
    return Finding(
        "variable-missing", f"the {'secret' if kind == 'secret' else 'variable'} {name} is not set", place, hint=hint
    )
