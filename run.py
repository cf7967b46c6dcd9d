#!/usr/bin/env python3
"""The single entry point of a checkout: python run.py VERB; python run.py --help lists the verbs."""

from __future__ import annotations

import sys

try:
    from engine.cli.main import main
except ModuleNotFoundError as error:
    sys.exit(f"run.py: the library '{error.name}' is not installed: run `make setup`, then `.venv/bin/python run.py`")

if __name__ == "__main__":
    sys.exit(main())
