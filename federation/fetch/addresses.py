"""Where a request may go: the table of addresses, and what a URL must look like.

Allowed is what is known to be public. Nothing here resolves or connects.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address

from federation.errors import Unfetched
from federation.fetch import codes

#: From the IANA special-purpose registries. `is_global` has let some of them pass.
_REFUSED_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
        "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4",
    )
)  # fmt: skip
_GLOBAL_6 = IPv6Network("2000::/3")
_REFUSED_6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip

_LONGEST_URL = 2048
_LONGEST_NAME = 253
_HIGHEST_PORT = 65535
_PORTS = {"https": 443, "http": 80}
_URL = re.compile(
    r"(?P<scheme>(?i:https?))://"
    r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"(?P<query>\?[A-Za-z0-9._~!$&'()*+,;=:@%/?\[\]-]*)?"
    r"(?:#[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
#: The last label begins with a letter: `127.1` and `0x7f.1` are numbers to resolvers.
_NAME = re.compile(rf"(?:{_LABEL}\.)*(?=[a-z]){_LABEL}")


@dataclass(frozen=True, slots=True)
class Place:
    """What a URL means: whom to connect to, and what to ask there."""

    scheme: str
    host: str
    port: int
    target: str
    #: Listed by the operator: plain http, any port and any address are fine.
    listed: bool

    @property
    def authority(self) -> str:
        """The host, and the port where it is not the usual one."""
        usual = self.port == _PORTS[self.scheme]
        return self.host if usual else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """Who answers here, in one spelling."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The URL in one spelling, without fragment: what is asked and signed."""
        return self.origin + self.target

    @property
    def literal(self) -> str | None:
        """The address, where the host is one."""
        bare = self.host.strip("[]")
        try:
            return str(ip_address(bare))
        except ValueError:
            return None


def allowed(address: str) -> bool:
    """Say whether an address is public, by the table."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if parsed.version == 4:  # noqa: PLR2004 - the name of a protocol
        return not any(parsed in block for block in _REFUSED_4)
    if "%" in address:  # a scope: only for links
        return False
    return parsed in _GLOBAL_6 and not any(parsed in block for block in _REFUSED_6)


def place(url: str, insecure: Collection[str] = ()) -> Place:
    """Read a URL, or refuse it: https on its port to a name, or what is listed."""
    found = _URL.fullmatch(url) if len(url) <= _LONGEST_URL else None
    if found is None:
        raise Unfetched(codes.HOST)
    scheme, host = found["scheme"].lower(), found["host"].lower()
    port = int(found["port"] or _PORTS[scheme])
    target = (found["path"] or "/") + (found["query"] or "")
    listed = f"{host}:{port}" in insecure
    at = Place(scheme, host, port, target, listed)
    if listed and at.literal:
        return at
    if not _is_name(host) or not 0 < port <= _HIGHEST_PORT:
        raise Unfetched(codes.HOST)
    if not listed and (scheme, port) != ("https", _PORTS["https"]):
        raise Unfetched(codes.HOST)
    return at


def _is_name(host: str) -> bool:
    return len(host) <= _LONGEST_NAME and _NAME.fullmatch(host) is not None
