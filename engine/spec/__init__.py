"""Floor 1: compiled configuration. Immutable; holds ready callables, never text to be parsed at run time."""
