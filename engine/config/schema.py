"""Documents against the JSON Schemas of schemas/: findings that point at the very key or value."""

from __future__ import annotations

from engine.config.document import Document
from engine.model.finding import Finding


def check(document: Document, partial: bool) -> list[Finding]:
    """What is wrong with the shape of a document; `partial` for a layer's file."""
    return []
