"""Who sends a request: its signature, judged by keys from their own origins."""

from collections.abc import Mapping
from types import MappingProxyType

from federation import origins, signatures
from federation.errors import KeyRefused, PrincipalBlocked, Rejected, Unverified
from federation.keys import PublicKey
from federation.policy import Mode
from federation.signatures import Request, Verified
from node.core import Node
from node.logging import log
from node.peers.keys import doubt, find_key
from node.peers.known import KnownKey, known_key
from node.peers.meeting import modes


def verified(
    node: Node, request: Request, seen: Mapping[str, KnownKey] = MappingProxyType({})
) -> Verified:
    """Return who signed a request, or refuse it; some keys may have been seen already.

    Opens transactions and connections of its own: never call it inside one.
    """
    insecure = node.settings.federation_insecure_hosts
    find = find_key(node, seen)
    try:
        return signatures.verify(request, find, at=node.now(), insecure=insecure)
    except Unverified as refused:
        # The key may have been changed since we asked for it.
        named = signatures.named_keys(request)
        if refused.code != "sig.bad" or not any(
            _doubt(node, one, seen.get(one)) for one in named
        ):
            raise
    find = find_key(node)
    return signatures.verify(request, find, at=node.now(), insecure=insecure)


def _doubt(node: Node, key_id: str, seen: KnownKey | None) -> bool:
    # One that is away is no answer yet: whoever sent this may try again.
    try:
        return doubt(node, key_id, seen)
    except Unverified:
        return False


def last_word(node: Node, request: Request) -> Verified | None:
    """Return who signed what an actor says that is gone by now, if we remember its key.

    Its own origin says that it is gone; nothing else is believed of such a key.
    """

    def remembered(key_id: str) -> PublicKey:
        found = known_key(node, key_id)
        if found is None:
            raise KeyRefused("Nothing is remembered of this key.")
        return found.key

    insecure = node.settings.federation_insecure_hosts
    try:
        return signatures.verify(request, remembered, at=node.now(), insecure=insecure)
    except Unverified:
        return None


def require_signed(
    node: Node, method: str, target: str, fields: tuple[tuple[str, str], ...]
) -> None:
    """Refuse whoever asks for something public without a name, or is blocked."""
    request = Request(method, node.settings.origin + target, fields)
    concerned = {origins.origin(one) for one in signatures.named_keys(request)}
    try:
        with node.read() as tx:
            treated = modes(tx, concerned)
        if Mode.BLOCKED in treated:
            raise PrincipalBlocked("The members of this node have blocked this origin.")
        verified(node, request)
    except Rejected as refused:
        log().warning(refused.code, status=refused.status)
        raise
