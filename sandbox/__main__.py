"""python -m sandbox: serve the stand-ins until told to stop."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sandbox.demo_data import generate
from sandbox.serving import LOOPBACK, Running, present, start


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 0 then, 2 when what was asked for cannot be served."""
    options = _parser().parse_args(argv)
    systems = options.systems.split(",") if options.systems else None
    try:
        data = _seeds(options, systems or present())
        running = start(
            systems,
            control=options.control,
            seed=options.seed,
            port_base=options.port_base,
            host=options.host,
            data=data,
        )
    except (ValueError, OSError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    with running:
        _wait(running, as_json=options.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox", description="Local stand-ins for the business systems.")
    parser.add_argument("--json", action="store_true", help="print one JSON line when all listen")
    parser.add_argument("--port-base", type=int, metavar="N", help="ports N, N+1, ...; else free ports")
    parser.add_argument("--systems", metavar="A,B", help="only these; else all")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--data", type=Path, metavar="DIR", help="records to begin with: DIR/<system>.json")
    source.add_argument("--demo", action="store_true", help="begin with the demo's customers")
    source.add_argument("--empty", action="store_true", help="no records to begin with (the default)")
    parser.add_argument("--control", action="store_true", help="take orders at POST /_control")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the generated ids")
    parser.add_argument("--host", default=LOOPBACK, help="a loopback address")
    return parser


def _seeds(options: argparse.Namespace, systems: Sequence[str]) -> dict[str, dict[str, Any]]:
    if options.demo:
        return {name: seed for name, seed in generate().items() if name in systems}
    return {} if options.data is None else _read_seeds(options.data, systems)


def _read_seeds(folder: Path, systems: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not folder.is_dir():
        raise ValueError(f"'{folder}' is not a folder")
    files = {name: folder / f"{name}.json" for name in systems}
    return {name: json.loads(path.read_text("utf-8")) for name, path in files.items() if path.exists()}


def _wait(running: Running, *, as_json: bool) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    readable = "\n".join(f"{name:10} {url}" for name, url in running.urls.items())
    sys.stdout.write((running.line() if as_json else readable) + "\n")
    sys.stdout.flush()
    stop.wait()


if __name__ == "__main__":
    sys.exit(main())
