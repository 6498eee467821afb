"""Our actors, as they are served.

The node, its communities and the advocates who want it are actors. Members never are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from federation import markup, origins
from federation.keys import multikey
from federation.terms import DID, MULTIKEY, SECURITY, context

#: What our nodes can do, in the words of FEP-844e. Others build on it: nothing stands
#: here before it works.
IMPLEMENTS: Final[Mapping[str, str]] = {
    "https://datatracker.ietf.org/doc/html/rfc9421": (
        "RFC-9421: HTTP Message Signatures"
    ),
}
_WORDS: Final = (
    *(SECURITY, DID, MULTIKEY),
    *("fm", "manuallyApprovesFollowers", "implements"),
)


@dataclass(frozen=True, slots=True)
class Keys:
    """The public keys of an actor of ours, and under which fragment each is listed."""

    rsa_pem: str
    ed25519: bytes
    #: Opens seals: communities only.
    x25519: bytes | None = None
    main_key: str = "main-key"
    proof_key: str = "ed25519-key"
    seal_key: str = "seal-key"
    #: Proof keys that were replaced and stay listed for 48 hours, by fragment.
    older: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Node:
    """What the node's actor says: the names of its log, witness and statement keys."""

    verifier_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Community:
    """What a community's actor says."""

    slug: str
    name: str
    #: Plain text.
    summary: str
    #: Whether stewards look at each follower first.
    closed: bool = False
    also_known_as: tuple[str, ...] = ()
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Advocate:
    """What the actor of an advocate who wants one says."""

    handle: str
    name: str
    #: Their communities on this origin, by id.
    groups: tuple[str, ...]
    also_known_as: tuple[str, ...] = ()
    moved_to: str | None = None


def node(origin: str, keys: Keys, facts: Node) -> dict[str, object]:
    """Return the node's actor."""
    iri = f"{origin}/ap/node"
    return {
        **_begun(iri, "Application", origin),
        "preferredUsername": "node",
        "name": f"The node at {origins.host(origin)}",
        "url": f"{origin}/",
        "manuallyApprovesFollowers": True,
        **_listed(iri, keys),
        "implements": _implements(),
        "fm:verifierKey": list(facts.verifier_keys),
    }


def community(origin: str, keys: Keys, facts: Community) -> dict[str, object]:
    """Return a community's actor."""
    iri = f"{origin}/ap/c/{facts.slug}"
    known = {"alsoKnownAs": list(facts.also_known_as)} if facts.also_known_as else {}
    return {
        **_begun(iri, "Group", origin),
        "preferredUsername": facts.slug,
        "name": facts.name,
        "summary": "".join(markup.paragraphs(facts.summary)),
        "url": f"{origin}/",
        "followers": f"{iri}/followers",
        "attributedTo": f"{iri}/stewards",
        "manuallyApprovesFollowers": facts.closed,
        **known,
        **_moved(facts.moved_to),
        **_listed(iri, keys),
        "generator": _generator(origin),
    }


def advocate(origin: str, keys: Keys, facts: Advocate) -> dict[str, object]:
    """Return the actor of an advocate who wants one."""
    iri = f"{origin}/ap/u/{facts.handle}"
    return {
        **_begun(iri, "Person", origin),
        "preferredUsername": facts.handle,
        "name": facts.name,
        "url": f"{origin}/",
        "followers": f"{iri}/followers",
        "manuallyApprovesFollowers": True,
        "alsoKnownAs": list(facts.also_known_as),
        **_moved(facts.moved_to),
        "fm:advocateOf": list(facts.groups),
        **_listed(iri, keys),
        "generator": _generator(origin),
    }


def _begun(iri: str, kind: str, origin: str) -> dict[str, object]:
    return {
        "@context": context(*_WORDS),
        "id": iri,
        "type": kind,
        "inbox": f"{iri}/inbox",
        "outbox": f"{iri}/outbox",
        "endpoints": {"sharedInbox": f"{origin}/ap/inbox"},
    }


def _listed(iri: str, keys: Keys) -> dict[str, object]:
    def entry(fragment: str, key: str) -> dict[str, str]:
        return {
            "id": f"{iri}#{fragment}",
            "type": "Multikey",
            "controller": iri,
            "publicKeyMultibase": key,
        }

    proving = {keys.proof_key: keys.ed25519, **keys.older}
    listed: dict[str, object] = {
        "publicKey": {
            "id": f"{iri}#{keys.main_key}",
            "owner": iri,
            "publicKeyPem": keys.rsa_pem,
        },
        "assertionMethod": [
            entry(fragment, multikey(raw, "ed25519"))
            for fragment, raw in proving.items()
        ],
    }
    if keys.x25519 is None:
        return listed
    sealing = entry(keys.seal_key, multikey(keys.x25519, "x25519"))
    return listed | {"keyAgreement": [sealing]}


def _implements() -> list[dict[str, str]]:
    return [{"href": href, "name": name} for href, name in IMPLEMENTS.items()]


def _generator(origin: str) -> dict[str, object]:
    return {
        "id": f"{origin}/ap/node",
        "type": "Application",
        "implements": _implements(),
    }


def _moved(target: str | None) -> dict[str, object]:
    return {"movedTo": target} if target else {}
