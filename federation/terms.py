"""The words of our documents: contexts, the `fm:` terms, and what they mean to others.

A context only types our keys for whoever reads JSON-LD. We dereference none, and a
document carries its prefix with it, so that nobody has to fetch one of ours.
"""

from typing import Final

from federation.activities import PUBLIC

__all__ = [
    "AS2", "DATA_INTEGRITY", "DID", "INTERACTIONS", "MULTIKEY", "NAMESPACE", "PUBLIC",
    "SECURITY", "context", "published_context",
]  # fmt: skip

AS2: Final = "https://www.w3.org/ns/activitystreams"
DATA_INTEGRITY: Final = "https://w3id.org/security/data-integrity/v2"
DID: Final = "https://www.w3.org/ns/did/v1"
MULTIKEY: Final = "https://w3id.org/security/multikey/v1"
SECURITY: Final = "https://w3id.org/security/v1"
#: Stands inside signed bytes: it can never change after the first release.
NAMESPACE: Final = "https://w3id.org/folkmoot/ns#"

_GTS: Final = "https://gotosocial.org/ns#"
_POLICIES: Final = (
    *("interactionPolicy", "canReply", "canLike", "canAnnounce", "canQuote"),
    *("automaticApproval", "manualApproval"),
)
#: What a document that says who may answer it needs in its context.
INTERACTIONS: Final = ("gts", *_POLICIES)

#: Terms that ActivityStreams lacks, as each document that uses one says them.
_TERMS: Final[dict[str, object]] = {
    "fm": NAMESPACE,
    "gts": _GTS,
    "Hashtag": "as:Hashtag",
    "ReplyApproval": "gts:ReplyApproval",
    "implements": {
        "@id": "https://w3id.org/fep/844e/implements",
        "@type": "@id",
        "@container": "@list",
    },
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
    "sensitive": "as:sensitive",
    **{name: {"@id": f"gts:{name}", "@type": "@id"} for name in _POLICIES},
}

_SET: Final = {"@container": "@set"}
_IRI: Final = {"@type": "@id"}
#: How the values of our terms are typed for JSON-LD, and which terms.
_TYPED: Final[tuple[tuple[dict[str, str], str], ...]] = (
    (
        {},
        (
            "agreementDigest caseNumber checkpoint ciphertext encapsulated legalBasis "
            "payloadDigest proofKey receipt reference suite terms termsDigest what"
        ),
    ),
    (_SET, "category purpose sharedField verifierKey"),
    (
        _IRI,
        (
            "agreement agreementStatus agreements caseStatus checkpoints consent key "
            "outcome recipient replyKind sealed standing supersedes"
        ),
    ),
    (_IRI | _SET, "advocateOf covers erased handover party retained wrap"),
    ({"@type": "xsd:boolean"}, "onwardSharing withdraw"),
    (
        {"@type": "xsd:dateTime"},
        "answerBy backupsUntil deadline erasedAt frozenAt respondBy until",
    ),
    ({"@type": "xsd:duration"}, "eraseWithin respondWithin retainFor"),
    ({"@type": "xsd:nonNegativeInteger"}, "sequence status"),
)


def context(*words: str, proof: bool = False) -> list[object]:
    """Return the context of a document: the names it uses, in the one order.

    A word is a term, or the address of a whole context.
    """
    whole = [word for word in words if ":" in word]
    terms = {word: _TERMS[word] for word in words if ":" not in word}
    integrity = [DATA_INTEGRITY] if proof else []
    return [AS2, *integrity, *whole, *([terms] if terms else [])]


def published_context() -> dict[str, object]:
    """Return the document served at `/ns/v1`, which never changes."""
    typed = {
        f"fm:{name}": {"@id": f"fm:{name}", **how}
        for how, names in _TYPED
        for name in names.split()
    }
    prefixes = {"fm": NAMESPACE, "xsd": "http://www.w3.org/2001/XMLSchema#"}
    return {"@context": {"@version": 1.1, **prefixes, **dict(sorted(typed.items()))}}
