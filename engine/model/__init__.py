"""Floor 0: the nouns. Frozen dataclasses and protocols; no outside library, no I/O."""
