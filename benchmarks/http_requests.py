"""What the HTTP connector costs over bare `requests`, and how far eight threads get at 20 ms latency.

python benchmarks/http_requests.py
"""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import requests

from engine.connectors.connect import open_connection
from engine.model.protocols import Connector
from engine.spec.system import Limits
from tests.contract.toy import THING, connection, system

RECORD = b'{"id":"t1","name":"Ada Lovelace","email":"ada@example.com","balance":12.50,"metadata":{"erp_id":"42"}}'
BLOCK = 200
PAIRS = 9
LATENCY = 0.020
THREADS = 8
HEADERS = {"Authorization": "Bearer toy-key", "Toy-Version": "1", "Accept": "application/json"}


def serve(listener: socket.socket, latency: float) -> None:
    """One record, after a while."""
    import uvicorn

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if latency:
            await asyncio.sleep(latency)
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(RECORD)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": RECORD})

    config = uvicorn.Config(app, log_level="critical", lifespan="off", ws="none", loop="uvloop", http="httptools")
    uvicorn.Server(config).run([listener])


def serving(latency: float) -> tuple[str, multiprocessing.Process]:
    """A server in a process of its own."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    process = multiprocessing.get_context("fork").Process(target=serve, args=(listener, latency), daemon=True)
    process.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    return url, process


def microseconds(work: Callable[[], Any]) -> float:
    """CPU of this process per request."""
    start = time.process_time()
    for _ in range(BLOCK):
        work()
    return (time.process_time() - start) / BLOCK * 1e6


def overhead(url: str) -> None:
    """Interleaved blocks of bare requests and of the connector, one thread."""
    connector, session = opened(url), requests.Session()

    def bare() -> Any:
        return session.request("GET", f"{url}/things/t1", headers=HEADERS).content

    def lean() -> Any:
        return quiet.request("GET", f"{url}/things/t1", headers=HEADERS).content

    quiet = requests.Session()
    quiet.trust_env = False
    ours = lambda: connector.read(THING, "t1")  # noqa: E731
    for work in (bare, lean, ours):
        microseconds(work)
    rows = [(microseconds(bare), microseconds(lean), microseconds(ours)) for _ in range(PAIRS)]
    bares, leans, owns = (statistics.median(column) for column in zip(*rows, strict=True))
    over, over_lean = (statistics.median(row[2] - row[at] for row in rows) for at in (0, 1))
    print(f"CPU per request, us: requests {bares:.0f}, without environment {leans:.0f}, connector {owns:.0f}")
    print(f"overhead of the connector, us: {over:+.0f} over requests, {over_lean:+.0f} over lean ones (goal <= 150)")
    connector.close()


def throughput(url: str) -> None:
    """Requests a second of eight threads against a slow server, as a share of threads / latency."""
    connector = opened(url)
    count = 800
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: connector.read(THING, "t1"), range(THREADS * 4)))
        start = time.perf_counter()
        list(pool.map(lambda _: connector.read(THING, "t1"), range(count)))
        rate = count / (time.perf_counter() - start)
    ceiling = THREADS / LATENCY
    print(
        f"{THREADS} threads at {LATENCY * 1000:.0f} ms: {rate:.0f} requests/s, "
        f"{rate / ceiling:.0%} of {ceiling:.0f} (goal >= 85%)"
    )
    connector.close()


def opened(url: str) -> Connector:
    """The toy system on this machine."""
    return open_connection(connection(url, system(limits=Limits(concurrent=THREADS))))


def main() -> None:
    """Print both figures."""
    for latency, measure in ((0.0, overhead), (LATENCY, throughput)):
        url, process = serving(latency)
        measure(url)
        process.terminate()
        process.join()


if __name__ == "__main__":
    main()
