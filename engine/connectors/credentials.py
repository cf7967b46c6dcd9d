"""What a connection's auth declares, looked up: names of settings, literals, templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.connectors.encoding import scalar_text
from engine.model.errors import Unauthorised
from engine.model.secret import Secret
from engine.model.values import is_blank
from engine.spec.environment import ConnectionSpec


@dataclass(frozen=True, slots=True)
class Credentials:
    """The auth of one connection. Only here and in auth are secrets revealed."""

    connection: ConnectionSpec
    scope: Mapping[str, Any]
    """Names that templates of the auth may use: base_url, settings."""

    def text(self, name: str, default: str = "") -> str:
        """A declared value: a template rendered, a setting, or the literal itself."""
        value = self.connection.system.auth.get(name)
        if callable(value):
            value = value(self.scope)
        elif isinstance(value, str) and value in self.connection.settings:
            value = self.connection.settings[value]
        if isinstance(value, Secret):
            return value.reveal()
        return default if is_blank(value) else scalar_text(value)

    def needed(self, name: str) -> str:
        """A declared value that must be there."""
        text = self.text(name)
        if not text:
            raise Unauthorised(f"connection '{self.connection.name}' has no '{name}'", line="settings")
        return text

    def raw(self, name: str) -> Any:
        """The declaration itself."""
        return self.connection.system.auth.get(name)


def hider(connection: ConnectionSpec) -> Any:
    """A function that takes a connection's secrets out of a text."""
    secrets = [one.reveal() for one in connection.settings.values() if isinstance(one, Secret) and one]

    def hide(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, "***")
        return text

    return hide
