"""Who is asking: what proxies write, what is kept on record, and what counts as one client."""

import logging

import pytest

from core import addresses
from core.addresses import client_address, client_network


@pytest.fixture(autouse=True)
def nothing_said_yet():
    addresses._complain.cache_clear()


def asking(rf, settings, forwarded, proxies=1, socket="10.0.0.1"):
    settings.TRUSTED_PROXIES = proxies
    return rf.get("/", REMOTE_ADDR=socket, HTTP_X_FORWARDED_FOR=forwarded)


@pytest.mark.parametrize(
    ("written", "address", "network"),
    [
        ("203.0.113.9", "203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:51234", "203.0.113.9", "203.0.113.9"),
        ("[2001:db8::1]:443", "2001:db8::1", "2001:db8::/64"),
        ("[2001:db8::1]", "2001:db8::1", "2001:db8::/64"),
        ('"[2001:db8::1]:443"', "2001:db8::1", "2001:db8::/64"),
        ("2001:DB8:0:0:ffff::1", "2001:db8::ffff:0:0:1", "2001:db8::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9", "203.0.113.9"),
        ("[::ffff:203.0.113.9]:80", "203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::1", "fe80::/64"),
        ("6.6.6.6, 203.0.113.9:1", "203.0.113.9", "203.0.113.9"),
    ],
)
def test_address_is_read_however_a_proxy_writes_it(rf, settings, written, address, network):
    request = asking(rf, settings, written)
    assert client_address(request) == address
    assert client_network(request) == network


@pytest.mark.parametrize(
    "written", ["unknown", "<script>", "_hidden", "999.1.1.1", "203.0.113.9:x", "", "a b"]
)
def test_what_is_no_address_falls_back_to_the_socket_and_is_told_once(rf, settings, written, caplog):
    request = asking(rf, settings, written)
    with caplog.at_level(logging.ERROR, "core.addresses"):
        assert client_address(request) == "10.0.0.1"
        assert [client_network(request) for _each in range(3)] == ["", "", ""]
    assert len(caplog.records) == 1
    assert "<script>" not in caplog.text


def test_header_is_believed_only_behind_our_proxies(rf, settings):
    chain = "6.6.6.6, 203.0.113.9"
    assert client_address(asking(rf, settings, chain, proxies=0)) == "10.0.0.1"
    assert client_address(asking(rf, settings, chain, proxies=1)) == "203.0.113.9"
    assert client_address(asking(rf, settings, chain, proxies=3)) == "10.0.0.1"


def test_a_socket_without_an_address_is_nobody(rf, settings):
    assert client_address(asking(rf, settings, "", proxies=0, socket="")) == ""
    assert client_network(asking(rf, settings, "", proxies=0, socket="::1")) == "::/64"
