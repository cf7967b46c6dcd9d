from __future__ import annotations

import pytest

from engine.connectors.hosts import check_peer, check_url, follow
from engine.model.errors import ConfigError, Unreachable


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://shop.example/",
        "http://shop.example/",
        "https://user:password@shop.example/",
        "https://user@shop.example/",
        "https://",
        "https://shop.example:99999/",
        "http://169.254.169.254/latest",
        "https://169.254.169.254/latest",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://api.localhost/",
        "https://10.0.0.7/",
        "https://[::1]/",
        "https://[fe80::1%25eth0]/",
        "https://[::ffff:192.168.1.1]/",
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "//shop.example/",
        "shop.example",
    ],
)
def test_refuses_hosts_beyond_public_https(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_url(url, "shop", allow_private=False)
    assert [one.code for one in caught.value.findings] == ["host-not-allowed"]


@pytest.mark.parametrize("url", ["https://shop.example/rest", "https://8.8.8.8/", "https://shop.example:8443"])
def test_allows_public_https(url: str) -> None:
    assert check_url(url, "shop", allow_private=False).scheme == "https"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/", "http://localhost:1", "https://10.1.2.3/", "http://erp.lan/"]
)
def test_allows_private_hosts_where_the_connection_does(url: str) -> None:
    assert check_url(url, "shop", allow_private=True).hostname


@pytest.mark.parametrize("url", ["http://8.8.8.8/", "file:///etc/passwd", "http://u:p@127.0.0.1/"])
def test_refuses_the_rest_also_with_private_hosts(url: str) -> None:
    with pytest.raises(ConfigError):
        check_url(url, "shop", allow_private=True)


@pytest.mark.parametrize(
    ("peer", "scheme", "allow_private"),
    [("127.0.0.1", "https", False), ("::1", "https", False), ("8.8.8.8", "http", True)],
)
def test_refuses_the_address_that_a_name_led_to(peer: str, scheme: str, allow_private: bool) -> None:
    with pytest.raises(ConfigError):
        check_peer(peer, scheme, "shop", allow_private)


def test_accepts_the_address_that_a_name_led_to() -> None:
    check_peer("8.8.8.8", "https", "shop", allow_private=False)
    check_peer("10.0.0.1", "http", "shop", allow_private=True)


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("https://erp.example/api/x?key=gt.7", "/api/x?key=gt.7"),
        ("https://ERP.example:443/api/x", "/api/x"),
        ("/api/y?count=2", "/api/y?count=2"),
        ("z?count=2", "/api/z?count=2"),
    ],
)
def test_follows_a_link_on_the_same_host(link: str, path: str) -> None:
    assert follow("https://erp.example/api/x", link) == path


@pytest.mark.parametrize(
    "link",
    ["https://evil.example/api/x", "http://erp.example/api/x", "https://erp.example:8443/api/x", "//evil.example/x"],
)
def test_refuses_a_link_to_another_host(link: str) -> None:
    with pytest.raises(Unreachable, match="another host"):
        follow("https://erp.example/api/x", link)
