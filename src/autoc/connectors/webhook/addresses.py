"""Where an outgoing webhook may be sent to: public addresses, and what the settings allow.

`ipaddress.is_global` lets multicast and NAT64 through, so the ranges are written out here. IPv6 is
public only inside 2000::/3, which leaves out everything that embeds or translates IPv4 addresses
(mapped, compatible, NAT64) but 6to4 and Teredo, and those are listed. Source: IANA's registries of
special-purpose addresses.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_IPV4_RANGES = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24
    198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
"""
_IPV4_SPECIAL = tuple(IPv4Network(each) for each in _IPV4_RANGES.split())
_IPV6_GLOBAL = IPv6Network("2000::/3")
_IPV6_RANGES = "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3ffe::/16 3fff::/20"
_IPV6_SPECIAL = tuple(IPv6Network(each) for each in _IPV6_RANGES.split())


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks that `texts` name, like `127.0.0.0/8`. Raises ValueError for another text."""
    return tuple(ip_network(text.strip(), strict=False) for text in texts)


def is_public(address: Address) -> bool:
    """Whether the address is one of the open internet, and no detour to a private one."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _IPV4_SPECIAL)
    if address.scope_id is not None or address not in _IPV6_GLOBAL:
        return False
    return not any(address in network for network in _IPV6_SPECIAL)


def is_allowed_private(address: Address, networks: Iterable[Network]) -> bool:
    """Whether the settings allow the address by name of its network."""
    return any(address.version == network.version and address in network for network in networks)
