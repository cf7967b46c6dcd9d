"""What a caller that dies while sending leaves behind: nothing."""

from __future__ import annotations

import json
import socket

import requests

from sandbox import serving


def test_half_a_request_has_no_effect() -> None:
    """Its sender died between the head and the body: no system would act on that."""
    with serving.start(["stripe"], control=True) as running:
        town = json.loads(running.line())["stripe"]
        host, port = town["base_url"].removeprefix("http://").split(":")
        key = town["settings"]["api_key"]
        head = f"Host: x\r\nAuthorization: Bearer {key}\r\n"
        with socket.create_connection((host, int(port))) as wire:
            wire.sendall(f"POST /v1/customers HTTP/1.1\r\n{head}Content-Length: 10\r\n\r\nname=".encode())
        found = requests.get(f"{town['base_url']}/v1/customers", headers={"Authorization": f"Bearer {key}"}, timeout=5)
        assert found.json()["data"] == []
