"""One served stand-in per session; each test gets it empty, with its rate limits off."""

from __future__ import annotations

from collections.abc import Iterator

import acton_api
import magento_api
import netsuite_api
import pytest
import sagex3_api
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


@pytest.fixture(scope="session")
def netsuite_running() -> Iterator[serving.Running]:
    with serving.start(["netsuite"], control=True) as running:
        yield running


@pytest.fixture(scope="session")
def netsuite_login(netsuite_running: serving.Running) -> netsuite_api.Api:
    api = netsuite_api.Api(netsuite_running.urls["netsuite"], netsuite_running.settings["netsuite"])
    api.log_in()
    return api


@pytest.fixture
def netsuite(netsuite_login: netsuite_api.Api) -> netsuite_api.Api:
    """Logged in, and nothing there but the furniture."""
    netsuite_login.order("reset")
    return netsuite_login


@pytest.fixture(scope="session")
def magento_running() -> Iterator[serving.Running]:
    with serving.start(["magento"], control=True) as running:
        yield running


@pytest.fixture
def magento(magento_running: serving.Running) -> magento_api.Api:
    """Logged in, and nothing there but the furniture."""
    api = magento_api.Api(magento_running.urls["magento"], magento_running.settings["magento"])
    api.order("reset")
    api.log_in()
    return api


@pytest.fixture(scope="session")
def mail_running() -> Iterator[serving.Running]:
    with serving.start(["mail"], control=True) as running:
        yield running


@pytest.fixture(scope="session")
def acton_running() -> Iterator[serving.Running]:
    with serving.start(["acton"], control=True) as running:
        yield running


@pytest.fixture
def acton(acton_running: serving.Running) -> acton_api.Api:
    """Logged in, no limit on calls, and nothing there but the standard columns."""
    api = acton_api.Api(acton_running.urls["acton"], acton_running.settings["acton"])
    api.order("reset")
    api.set(rate_limits=False)
    api.log_in()
    return api


@pytest.fixture(scope="session")
def sagex3_running() -> Iterator[serving.Running]:
    with serving.start(["sagex3"], control=True) as running:
        yield running


@pytest.fixture
def sagex3(sagex3_running: serving.Running) -> sagex3_api.Api:
    """An empty folder."""
    api = sagex3_api.Api(sagex3_running.urls["sagex3"], sagex3_running.settings["sagex3"])
    api.order("reset")
    return api
