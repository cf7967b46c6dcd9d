"""Floor 1: named pure functions on values. Each file ends in its table; nothing here knows a system."""
