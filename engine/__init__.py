"""The generic engine: it reads YAML and keeps records in agreement. It names no system and no flow."""

from __future__ import annotations

__version__ = "0.1.0"
