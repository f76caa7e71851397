"""Where an outgoing webhook may be sent to."""

import asyncio
from ipaddress import ip_address

import pytest

from autoc.connectors.webhook.addresses import is_allowed_private, is_public, read_networks
from autoc.connectors.webhook.sending import SendingRefused, find_target

PRIVATE_TEXT = """
127.0.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0
224.0.0.1 239.1.1.1 255.255.255.255 240.0.0.1 192.0.2.1 198.51.100.1 203.0.113.9 198.18.0.1
192.88.99.1 :: ::1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::10.0.0.1 64:ff9b::a00:1 64:ff9b:1::a00:1
2002:a00:1:: 2001:0:1::1 2001:db8::1 3fff::1 fc00::1 fd12::1 fe80::1 fe80::1%1 fec0::1 ff02::1
100::1 5f00::1
"""
PRIVATE = PRIVATE_TEXT.split()
PUBLIC_TEXT = """
8.8.8.8 172.32.0.1 100.128.0.1 192.169.0.1 2606:4700::1111 2a00:1450:4001::1
"""
PUBLIC = PUBLIC_TEXT.split()


@pytest.mark.parametrize("text", PRIVATE)
def test_what_is_not_of_the_open_internet_is_refused(text: str) -> None:
    """Private, special and embedding addresses are not public."""
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_addresses_of_the_open_internet_are_public(text: str) -> None:
    """Neighbours of the special ranges are public."""
    assert is_public(ip_address(text))


def test_allowed_networks_are_exact() -> None:
    """What is allowed is the network that is written, and no address that embeds one of it."""
    allowed = read_networks(["127.0.0.0/8", "fd00::/8"])
    assert is_allowed_private(ip_address("127.9.9.9"), allowed)
    assert is_allowed_private(ip_address("fd00::1"), allowed)
    assert not is_allowed_private(ip_address("10.0.0.1"), allowed)
    assert not is_allowed_private(ip_address("::ffff:127.0.0.1"), allowed)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://127.0.0.1/", "no public address"),
        ("https://2130706433/", "no public address"),
        ("https://0x7f.1/", "no public address"),
        ("https://[::1]/", "no public address"),
        ("https://[::ffff:127.0.0.1]/", "no public address"),
        ("https://[64:ff9b::7f00:1]/", "no public address"),
        ("https://localhost/", "no public address"),
        ("http://8.8.8.8/", "http is allowed only"),
        ("ftp://8.8.8.8/", "only https"),
        ("https://user:secret@8.8.8.8/", "user name"),
        ("https://8.8.8.8:0/", "port"),
        ("https://8.8.8.8:99999/", "port"),
        ("https:///path", "https"),
    ],
)
def test_urls_that_may_not_be_sent_to(url: str, words: str) -> None:
    """A URL is refused for its scheme, its parts, or any address that its host has."""
    with pytest.raises(SendingRefused, match=words):
        asyncio.run(find_target(url, ()))
