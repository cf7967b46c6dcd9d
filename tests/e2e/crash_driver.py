"""Runs verbs of run.py in children that die where a test says; a process of its own, so that dying is real.

Every line of stdin is an order, every line of stdout its answer:
{"argv": [...], "at": "module:function", "call": 3, "when": "before"} runs a verb and waits; with "wait": false it
answers at once with the child's pid. {"kill": pid} kills it and waits. {"warm": [...]} runs a verb here, so that
children have everything imported already.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any


def main() -> None:
    """Obey until stdin ends."""
    for line in sys.stdin:
        answer = obey(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def obey(order: dict[str, Any]) -> dict[str, Any]:
    """Do one order."""
    if "warm" in order:
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            return {"code": importlib.import_module("engine.cli.main").main(order["warm"])}
    if "kill" in order:
        os.kill(order["kill"], signal.SIGKILL)
        return outcome(order["kill"])
    pid = os.fork()
    if pid == 0:
        become(order)
    return outcome(pid) if order.get("wait", True) else {"pid": pid}


def become(order: dict[str, Any]) -> None:
    """The child: one verb, its output in a file, dead where it is told to die."""
    code = 70
    try:
        out = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(out, 1)
        os.dup2(out, 2)
        if order.get("at"):
            die_at(order["at"], order["call"], order.get("when", "before"))
        code = importlib.import_module("engine.cli.main").main(order["argv"])
        sys.stdout.flush()
    finally:
        os._exit(code)


def die_at(place: str, call: int, when: str) -> None:
    """Have the function kill this process at its so-manieth call, before or after its work."""
    module_name, _, path = place.partition(":")
    owner: Any = importlib.import_module(module_name)
    *outer, name = path.split(".")
    for step in outer:
        owner = getattr(owner, step)
    setattr(owner, name, deadly(getattr(owner, name), call, when))


def deadly(real: Callable[..., Any], call: int, when: str) -> Callable[..., Any]:
    """The function with death in it."""
    left = [call]

    def function(*values: Any, **more: Any) -> Any:
        left[0] -= 1
        if not left[0] and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*values, **more)
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return function


def outcome(pid: int) -> dict[str, Any]:
    """How a child ended."""
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return {"killed": os.WTERMSIG(status)}
    return {"code": os.WEXITSTATUS(status)}


if __name__ == "__main__":
    main()
