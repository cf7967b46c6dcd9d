"""One served stand-in per session; each test gets it empty, with its rate limits off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from stripe_api import Api

from sandbox import serving


@pytest.fixture(scope="session")
def stripe_running() -> Iterator[serving.Running]:
    with serving.start(["stripe"], control=True) as running:
        yield running


@pytest.fixture
def stripe(stripe_running: serving.Running) -> Api:
    api = Api(stripe_running.urls["stripe"], stripe_running.settings["stripe"]["api_key"])
    api.order("reset")
    api.set(rate_limits=False)
    return api
