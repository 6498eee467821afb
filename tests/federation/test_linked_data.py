import pytest
from pyld import jsonld
from pyld.documentloader.frozen import FrozenDocumentLoader

from federation import cases, follows, moves, terms, threads, vocabulary
from federation.follows import Follow
from tests.federation.test_threads import SAID
from tests.federation.vectors import VECTORS, read
from tests.federation.wire import (
    APPROVED,
    ASH,
    CASE,
    GROUP,
    STRANGER,
    STREETLIGHT,
)

CONTEXTS = {
    terms.AS2: "activitystreams",
    terms.DATA_INTEGRITY: "data-integrity-v2",
    terms.DID: "did-v1",
    terms.MULTIKEY: "multikey-v1",
    terms.SECURITY: "security-v1",
}
UNDERSTOOD = ("http://", "https://", "@")
PUBLISHED = f"{ASH}/ns/v1"
AT = STREETLIGHT.published
IRI = f"{ASH}/ap/activities/1"
ASKED = Follow("https://c.example/follows/1", STRANGER, GROUP)
BUILT = {
    "case": cases.document(STREETLIGHT),
    "case-update": cases.update(STREETLIGHT, iri=IRI, at=AT),
    "case-delete": cases.delete(CASE, group=GROUP, iri=IRI, at=AT),
    "tombstone": cases.tombstone(CASE, at=AT),
    "reply": threads.create(SAID, iri=IRI, at=AT),
    "approval": threads.approval(APPROVED, iri=IRI, at=AT),
    "stamp": threads.served_stamp(APPROVED),
    "unannounce": threads.unannounce(CASE, IRI, group=GROUP, iri=IRI, at=AT),
    "follow": follows.follow(ASKED),
    "accept": follows.accept(ASKED, iri=IRI),
    "reject": follows.reject(ASKED, iri=IRI),
    "undo": follows.undo(ASKED, iri=IRI),
    "actor-update": moves.update(read("actor-community.json", "wire"), iri=IRI, at=AT),
    "actor-gone": moves.gone(STRANGER, iri=IRI, at=AT),
}
WIRE = {
    path.stem: read(path.name, "wire")
    for path in sorted((VECTORS / "wire").glob("*.json"))
    if "@context" in read(path.name, "wire")
}
DOCUMENTS = BUILT | WIRE


def lost(document):
    # What a reader of linked data does not understand.
    known = {
        url: read(f"{name}.jsonld", "contexts") for url, name in CONTEXTS.items()
    } | {PUBLISHED: vocabulary.published_context()}
    missing = []
    expanded = jsonld.expand(
        document,
        options={"documentLoader": FrozenDocumentLoader(known)},
        on_property_dropped=missing.append,
    )
    # ActivityStreams takes what it does not know for a name that means nothing, and
    # what has a prefix nobody gave stays as it is.
    return missing + [
        each for each in names(expanded) if not each.startswith(UNDERSTOOD)
    ]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_key_of_ours_is_lost_with_the_prefix_that_came_along(name):
    assert lost(DOCUMENTS[name]) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_key_of_ours_is_lost_with_the_published_context(name):
    document = DOCUMENTS[name]

    assert lost({**document, "@context": [*document["@context"], PUBLISHED]}) == []


def test_a_key_that_no_context_names_would_be_found():
    assert lost({**BUILT["case"], "caseNumber": "RIV-13"}) == ["_:caseNumber"]
    assert lost({**BUILT["case"], "type": "fmCase"}) == ["_:fmCase"]
    assert "fm:caseNumber" in lost({**BUILT["case"], "@context": [terms.AS2]})


def test_every_term_of_ours_on_the_wire_is_typed_by_the_published_context():
    published = vocabulary.published_context()["@context"]

    used = {key for document in WIRE.values() for key in names(document)}

    assert {key for key in used if key.startswith("fm:")} <= published.keys()


def names(value):
    # Every key, and every type.
    match value:
        case dict():
            yield from value.get("@type", []) if "@value" not in value else []
            for key, each in value.items():
                yield key
                yield from names(each)
        case list():
            for each in value:
                yield from names(each)
