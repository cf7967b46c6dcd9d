"""The field types of the catalogue: reading, writing, coercing and comparing by type, in one place."""

from __future__ import annotations

from engine.functions.coercers import COERCERS, coercer
from engine.functions.keys import ANY_ORDER, KEYS, comparator, key_of
from engine.functions.readers import READERS, reader
from engine.functions.writers import CODE_FORMS, WRITERS, writer

__all__ = [
    "ANY_ORDER", "CODE_FORMS", "COERCERS", "KEYS", "READERS", "TYPES", "WRITERS",
    "coercer", "comparator", "key_of", "reader", "writer",
]  # fmt: skip

TYPES = frozenset(READERS)
