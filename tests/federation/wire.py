"""The facts behind the wire examples: given these, our builders make the same JSON."""

from datetime import UTC, datetime

from federation import keys
from federation.actors import Keys
from federation.cases import PublicCase, Topic
from federation.threads import Approval
from governance.cases import State
from tests.federation.vectors import read

ASH, BIRCH, CEDAR = "https://a.example", "https://b.example", "https://c.example"
GROUP = f"{ASH}/ap/c/riverside"
CASE = f"{ASH}/ap/cases/cbe136ace55f4c30ef464e1de633c0f1"
STRANGER = f"{CEDAR}/users/cleo"
STATUS = f"{STRANGER}/statuses/1"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def wire(name):
    return read(f"{name}.json", "wire")


def moment(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def keys_of(actor):
    """Give what an actor of ours was built from: the raw keys it lists."""
    [proof] = actor["assertionMethod"]
    raw = keys.read_multikey(
        proof["publicKeyMultibase"], id=proof["id"], owner=actor["id"]
    ).raw
    sealing = [each["publicKeyMultibase"] for each in actor.get("keyAgreement", [])]
    return Keys(
        rsa_pem=actor["publicKey"]["publicKeyPem"],
        ed25519=raw,
        x25519=keys.read_x25519(sealing[0]) if sealing else None,
    )


STREETLIGHT = PublicCase(
    id=CASE,
    group=GROUP,
    number="RIV-13",
    title="Streetlight out on Mill Lane",
    words="Out since 3 November, reported twice.",
    language="en",
    page=f"{ASH}/cases/RIV-13",
    state=State.QUEUED,
    published=moment("2026-12-01T09:00:00Z"),
    topics=(Topic("lighting", f"{ASH}/tags/lighting"),),
)
APPROVED = Approval(
    reply=STATUS,
    author=STRANGER,
    case_id=CASE,
    group=GROUP,
    stamp=f"{ASH}/ap/stamps/42cfba0077f01e3a9ccda4e22e9b6dc8",
)


def note(**more):
    """Give a stranger's post, changed as the test needs it."""
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": STATUS,
        "type": "Note",
        "attributedTo": STRANGER,
        "inReplyTo": CASE,
        "content": "<p>Same on Weir Street.</p>",
        "to": [PUBLIC],
        "cc": [GROUP],
        "published": "2026-12-01T10:30:00Z",
        **more,
    }


def activity(**more):
    """Give a stranger's activity, changed as the test needs it."""
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{STATUS}/activity",
        "type": "Create",
        "actor": STRANGER,
        "to": [PUBLIC],
        "object": {key: it for key, it in note().items() if key != "@context"},
        **more,
    }
