"""Floor 5: the verbs of run.py, one file per group, each loaded when it is used."""
