"""Who sent it: the signature of a request, and the proof in a document."""

from collections.abc import Mapping
from http import HTTPStatus

from federation import inbox as wire
from federation import proofs, signatures
from federation.errors import KeyRefused, Unfetched, Unverified
from federation.inbox import Proof
from federation.signatures import Request, Verified
from node import peers
from node.core import Node
from node.peers import KnownKey

_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


def verified(
    node: Node,
    request: Request,
    document: Mapping[str, object],
    seen: Mapping[str, KnownKey],
) -> Verified | None:
    """Return what the signature says, or refuse it; some keys were seen already.

    None is for an actor that is gone and says goodbye, of whom nothing is remembered:
    nobody can prove that.
    """
    try:
        return peers.verified(node, request, seen)
    except Unverified as refused:
        named = signatures.named_keys(request)
        if _is_gone(refused) and named and wire.is_farewell(document, named[0]):
            return peers.last_word(node, request)
        raise


def _is_gone(refused: Unverified) -> bool:
    cause = refused.__cause__
    return (
        isinstance(refused, KeyRefused)
        and isinstance(cause, Unfetched)
        and cause.status in _GONE
    )


def proof(node: Node, document: Mapping[str, object]) -> Proof:
    """Return what became of the proof that a document carries."""
    if "proof" not in document:
        return Proof.NONE
    if not proofs.is_ours(document):
        return Proof.UNKNOWN
    try:
        proofs.verify(document, peers.find_key(node), at=node.now())
    except Unverified as refused:
        if _is_gone(refused) and wire.is_farewell(
            document, wire.sender(document) or ""
        ):
            return Proof.UNKNOWN
        # A key that its owner does not list proves as little as a wrong value. One
        # that is away is no answer yet: whoever sent this may try again.
        return Proof.BAD
    return Proof.GOOD
