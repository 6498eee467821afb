"""Names: what an id may look like, whose origin it has, and who owns a document.

An origin has one spelling here, so blocks, keys and limits cannot be walked around by
another one; an id itself is text, compared as it came and never rewritten.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from federation.errors import ActivityMalformed, ActorMismatch, IriInvalid

LONGEST = 2048
ACTORS = frozenset({"Application", "Group", "Organization", "Person", "Service"})
KEYS = frozenset({"CryptographicKey", "Key", "Multikey"})

_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 2**16 - 1
_LONGEST_HOST = 253
_IRI = re.compile(r"(https?)://([^/?#\\]*)(?=[/?#]|$)", re.ASCII | re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]@]+)(?::([0-9]{0,5}))?", re.ASCII)
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
# Unicode and percent signs are refused: a name has one spelling, its ASCII one.
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
# RFC 1123 and WHATWG: what ends in a number is read as an address by somebody.
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)", re.ASCII)
_NEVER = re.compile(r'[ "<>\\]')


def fits(text: str) -> bool:
    """Say whether a text is no longer than an id may be."""
    # A key of an index has a limit in bytes, not in characters.
    return len(text.encode(errors="surrogatepass")) <= LONGEST


def origin(iri: str) -> str:
    """Return the one spelling of an id's origin: scheme, host, port if not usual."""
    scheme, host_, port = _parts(iri)
    suffix = "" if port == _PORTS[scheme] else f":{port}"
    return f"{scheme}://{host_}{suffix}"


def host(iri: str) -> str:
    """Return the one spelling of an id's host."""
    return _parts(iri)[1]


def same(a: str, b: str) -> bool:
    """Say whether two ids have one origin. What is no id shares it with nothing."""
    try:
        return origin(a) == origin(b)
    except IriInvalid:
        return False


def require_id(value: object, *, insecure: Collection[str] = ()) -> str:
    """Return an id as it came, or refuse what cannot be one.

    `insecure` lists `host:port` that may be plain http, an address or on another port.
    """
    if not isinstance(value, str) or not value or not fits(value):
        raise IriInvalid("An id is a text of at most 2,048 bytes.")
    if not value.isprintable() or _NEVER.search(value):
        raise IriInvalid("An id has no spaces and no characters that do not show.")
    scheme, host_, port = _parts(value)
    if f"{host_}:{port}" in insecure:
        return value
    if (scheme, port) != ("https", _PORTS["https"]):
        raise IriInvalid("An id begins with https and has the usual port.")
    if _is_address(host_):
        raise IriInvalid("An id has a name for its host, not an address.")
    return value


def owner(document: Mapping[str, object]) -> str:
    """Return the id of who answers for a document: its actor, author or itself."""
    if _types(document) & ACTORS:
        return _one(document.get("id"))
    if _types(document) & KEYS or "publicKeyPem" in document:
        named = [document[name] for name in ("owner", "controller") if name in document]
    else:
        # Only an actor may come embedded; it counts by its id alone.
        named = [_id(document["actor"])] if "actor" in document else []
        named += [document[it] for it in ("attributedTo",) if it in document]
    owners = {_one(name) for name in named}
    if not owners:
        raise ActivityMalformed("The document does not say whose it is.")
    if len(owners) > 1:
        raise ActorMismatch("The document names two owners.")
    return owners.pop()


def _types(document: Mapping[str, object]) -> set[str]:
    kind = document.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    return {it for it in kinds if isinstance(it, str)}


def _id(value: object) -> object:
    match value:
        case {"id": id_} | [{"id": id_}]:
            return id_
    return value


def _one(value: object) -> str:
    match value:
        case str() | [str()]:
            return value if isinstance(value, str) else value[0]
    raise ActorMismatch("The owner of a document is one id.")


def _parts(iri: str) -> tuple[str, str, int]:
    found = _IRI.match(iri)
    if not found:
        raise IriInvalid("An id is an https address with a host.")
    return _spelled(found[1], found[2])


# The same few origins are asked for at every request.
@lru_cache(maxsize=4096)
def _spelled(scheme: str, text: str) -> tuple[str, str, int]:
    # Lower case comes last: it would turn the Kelvin sign into a k.
    if not text.isascii():
        raise IriInvalid("The host is not a name in its ASCII spelling.")
    authority = _AUTHORITY.fullmatch(text.lower())
    if not authority:
        raise IriInvalid("An id has a host, and no user before it.")
    scheme = scheme.lower()
    port = int(authority[2] or _PORTS[scheme])
    if not 0 < port <= _LAST_PORT:
        raise IriInvalid("There is no such port.")
    return scheme, _host(authority[1]), port


def _host(text: str) -> str:
    try:
        if text.startswith("["):
            return f"[{IPv6Address(text[1:-1])}]"
        name = text.removesuffix(".")
        if _NUMERIC.fullmatch(name):
            return str(IPv4Address(name))
    except AddressValueError as error:
        raise IriInvalid("The host is neither a name nor an address.") from error
    if len(name) > _LONGEST_HOST or not _HOST.fullmatch(name):
        raise IriInvalid("The host is not a name in its ASCII spelling.")
    return name


def _is_address(host_: str) -> bool:
    return host_.startswith("[") or _NUMERIC.fullmatch(host_) is not None
