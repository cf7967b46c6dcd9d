"""Ids in the vendor's shape, reproducible from the seed, one stream per prefix."""

from __future__ import annotations

import random
import string

ALPHABET = string.ascii_letters + string.digits
LENGTHS = {"cus": 14, "req": 14, "bps": 24, "txi": 24}


class Ids:
    """A stream per prefix, so that request ids do not shift customer ids."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[str, random.Random] = {}

    def make(self, prefix: str) -> str:
        """The next id with that prefix."""
        return f"{prefix}_{self.letters(prefix, LENGTHS.get(prefix, 24), ALPHABET)}"

    def letters(self, stream: str, count: int, alphabet: str) -> str:
        """The next `count` letters of a stream of its own."""
        source = self._streams.get(stream)
        if source is None:
            source = self._streams[stream] = random.Random(f"{self._seed}:{stream}")
        return "".join(source.choices(alphabet, k=count))
