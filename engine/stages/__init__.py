"""Floor 2: the verbs. Pure: no I/O, no clock, no logging, no configuration text."""
