"""The names this node answers to, from settings alone.

What a request says about hosts is only ever compared with these, never repeated.
"""

from node.settings import Settings

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def canonical(host: str, scheme: str) -> str:
    """Return a Host or the authority of an Origin in its one spelling."""
    return host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ""))


def accepted(settings: Settings) -> frozenset[str]:
    """Return every host the node answers to, in canonical spelling."""
    scheme = _scheme(settings)
    hosts = {settings.host, *settings.extra_hosts}
    if settings.loopback:
        hosts |= {f"{name}:{settings.port}" for name in _LOOPBACK}
    return frozenset(canonical(host, scheme) for host in hosts)


def origins(settings: Settings) -> frozenset[str]:
    """Return every origin a page of the node can have."""
    return frozenset(f"{_scheme(settings)}://{host}" for host in accepted(settings))


def _scheme(settings: Settings) -> str:
    return "https" if settings.secure else "http"
