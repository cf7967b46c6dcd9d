"""Where the shipped YAML and schemas lie: beside the engine in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_ENGINE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path:
    """The folder that holds systems/, mappings/, rules/ and schemas/."""
    inside = _ENGINE / "shipped"
    return inside if inside.is_dir() else _ENGINE.parent
