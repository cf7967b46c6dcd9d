"""What a person waits for before anything happens: `--help` and `validate`, each a fresh process, best of seven."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def once(*words: str) -> tuple[float, float]:
    """(wall seconds, CPU seconds) of one run of run.py."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run([sys.executable, "run.py", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


for verb, goal in (("--help", 0.2), ("validate", 0.5)):
    runs = [once(verb) for _ in range(7)]
    wall, cpu = min(one[0] for one in runs), min(one[1] for one in runs)
    print(f"run.py {verb:<10} {wall:.2f} s wall, {cpu:.2f} s CPU (goal {goal} s)")
