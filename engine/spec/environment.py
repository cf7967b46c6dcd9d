"""Where a ruleset runs: accounts, hosts, settings, the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.model.finding import NOWHERE, Place
from engine.spec.system import SystemSpec


@dataclass(frozen=True, slots=True)
class ConnectionSpec:
    """One account of a system, its settings filled in (secrets as Secret)."""

    name: str
    system: SystemSpec
    settings: Mapping[str, Any] = field(default_factory=dict)
    base_url: str = ""
    allow_private: bool = False
    missing: tuple[str, ...] = ()
    """Required settings that nobody gave: the connection can be planned with, not talked to."""
    place: Place = NOWHERE

    @property
    def is_set_up(self) -> bool:
        """False when not one of the settings that the system asks for was given: where none is required, no secret."""
        asked = self.system.settings
        required = [name for name, spec in asked.items() if spec.required]
        if required:
            return set(self.missing) != set(required)
        secrets = [name for name, spec in asked.items() if spec.type == "secret"]
        return not secrets or any(self.settings.get(name) for name in secrets)
