import hashlib
import json
import struct
from copy import deepcopy
from datetime import UTC, datetime

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from federation import keys, proofs, strict
from federation.errors import KeyRefused, ProofBad, Unverified
from tests.federation.vectors import MAIN, SECRETS, VECTORS, key_of, read

W3C = read("eddsa-jcs-2022.json")
FEP_8B32 = read("fep-8b32.json")
FEP_C390 = read("fep-c390.json")
KEYS = read("keys.json", "wire")["keys"]
METHOD = "https://a.example/ap/c/riverside#ed25519-key"
OWNER = METHOD.partition("#")[0]
SECRET = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(KEYS[METHOD]["secret"]))
NOW = datetime(2026, 12, 2, 9, 0, 5, 700_000, tzinfo=UTC)
AFTERWARDS = datetime(2028, 1, 1, tzinfo=UTC)
DOCUMENT = {
    "@context": ["https://www.w3.org/ns/activitystreams", {"fm": "https://x.example/"}],
    "id": "https://a.example/ap/activities/1",
    "type": "Offer",
    "actor": OWNER,
    "object": {"type": "Note", "content": "Words", "fm:n": 1, "unknown": [1.5, None]},
}
PROVEN = proofs.sign(DOCUMENT, METHOD, SECRET, at=NOW)
CONFIG = {name: it for name, it in PROVEN["proof"].items() if name != "proofValue"}


def carrying(value, where):
    if isinstance(value, dict):
        if "proof" in value:
            yield where, value
        for name, inner in value.items():
            yield from carrying(inner, f"{where}/{name}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from carrying(inner, f"{where}/{at}")


WIRE = [
    pytest.param(document, id=where)
    for path in sorted((VECTORS / "wire").glob("*.json"))
    for where, document in carrying(strict.loads(path.read_bytes()), path.stem)
]


@pytest.mark.parametrize(
    "path", sorted((VECTORS / "federation/rfc8785/input").iterdir())
)
def test_the_canonical_form_is_that_of_rfc_8785(path):
    folder = path.parents[1]
    document = {"@context": json.loads(path.read_bytes())}

    expected = (folder / "output" / path.name).read_bytes()

    assert expected.hex() == "".join(
        (folder / "outhex" / f"{path.stem}.txt").read_text().split()
    )
    assert rfc8785.dumps(document["@context"]) == expected
    assert proofs.signed_bytes(document, {})[32:] == sha256(
        b'{"@context":' + expected + b"}"
    )


def test_numbers_are_written_as_rfc_8785_writes_them():
    for entry in read("rfc8785/numbers.json")["numbers"]:
        number = unpack(entry["ieee754"])
        if entry["json"] is None:
            with pytest.raises(ProofBad):
                proofs.signed_bytes({"n": number}, {})
            continue
        raw = proofs.signed_bytes({"n": number}, {})[32:]
        assert raw == sha256(f'{{"n":{entry["json"]}}}'.encode())


def test_the_document_of_the_w3c_is_hashed_and_signed_as_published():
    secured, proof = W3C["secured"], W3C["secured"]["proof"]

    signed = proofs.signed_bytes(secured, proof)

    assert signed.hex() == W3C["combinedHash"]
    key = keys.read_multikey(W3C["publicKeyMultibase"], id="", owner="")
    assert key.verify(bytes.fromhex(W3C["signature"]), signed)
    assert "z" + keys.base58(bytes.fromhex(W3C["signature"])) == proof["proofValue"]


def test_the_identity_proof_of_fep_c390_is_of_what_we_hash():
    secured = FEP_C390["secured"]
    key = keys.read_multikey(
        secured["subject"].removeprefix("did:key:"), id="", owner=""
    )
    signature = keys.unbase58(secured["proof"]["proofValue"][1:])

    assert key.verify(signature, proofs.signed_bytes(secured, secured["proof"]))


@pytest.mark.parametrize("document", [W3C["secured"], FEP_C390["secured"]])
def test_a_proof_by_a_key_without_an_origin_proves_nothing_here(document):
    with pytest.raises(ProofBad):
        proofs.verify(document, pytest.fail, at=NOW)


def test_the_activity_of_fep_8b32_is_verified_and_signed_as_published():
    actor_keys = keys.of_actor(FEP_8B32["actor"])
    raw = keys.unbase58(FEP_8B32["secretKeyMultibase"][1:])
    secret = Ed25519PrivateKey.from_private_bytes(raw[2:])
    created = datetime.fromisoformat(FEP_8B32["created"])

    key = proofs.verify(FEP_8B32["secured"], actor_keys.__getitem__, at=NOW)

    assert key.owner == FEP_8B32["unsecured"]["actor"]
    assert FEP_8B32["secured"] == proofs.sign(
        FEP_8B32["unsecured"], FEP_8B32["key"], secret, at=created
    )


def test_the_wire_examples_carry_proofs():
    assert len(WIRE) == 33


@pytest.mark.parametrize("document", WIRE)
def test_a_proof_of_a_wire_example_holds(document):
    key = proofs.verify(document, find_key, at=AFTERWARDS)

    assert key.id == document["proof"]["verificationMethod"]
    assert key.owner == document.get("actor", document.get("attributedTo"))


@pytest.mark.parametrize("name", ["actor-node", "actor-community", "actor-advocate"])
def test_the_keys_of_the_wire_examples_are_those_their_actors_list(name):
    actor = read(f"{name}.json", "wire")
    [method] = actor["assertionMethod"]

    assert keys.of_actor(actor)[method["id"]] == find_key(method["id"])


def test_what_we_prove_is_verified_and_says_when():
    assert verify(PROVEN).owner == OWNER
    assert PROVEN["proof"]["created"] == "2026-12-02T09:00:05Z"
    assert PROVEN["proof"]["@context"] == DOCUMENT["@context"]
    assert "proof" not in DOCUMENT


def test_a_proof_holds_for_the_canonical_form_and_not_for_the_bytes():
    turned = json.loads(json.dumps(PROVEN, indent=2))
    turned = dict(reversed(turned.items()))
    turned["object"]["fm:n"] = 1.0
    turned["signature"] = {"type": "RsaSignature2017"}

    assert verify(turned)


@settings(max_examples=60)
@given(st.data())
def test_no_change_of_a_member_survives(data):
    document = deepcopy(PROVEN)
    inner = data.draw(st.sampled_from([document, document["object"]]))
    name = data.draw(st.sampled_from([*inner, "added"]))
    values = st.text(max_size=3) | st.integers(-3, 3) | st.none() | st.just([])
    before = inner.get(name, data)
    if name != "added" and data.draw(st.booleans()):
        del inner[name]
    else:
        inner[name] = data.draw(values.filter(lambda it: it != before))

    with pytest.raises(Unverified):
        verify(document)


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "Ed25519Signature2020"},
        {"type": ["DataIntegrityProof"]},
        {"cryptosuite": "eddsa-rdfc-2022"},
        {"cryptosuite": None},
        {"proofPurpose": "authentication"},
        {"verificationMethod": None},
        {"verificationMethod": [METHOD]},
        {"verificationMethod": "https://a.example/ap/node#ed25519-key"},
        {"verificationMethod": "https://b.example/ap/c/hilltop#ed25519-key"},
        {"verificationMethod": "https://a.example/ap/c/riverside#main-key"},
        {"verificationMethod": "did:key:z6Mk"},
        {"created": None},
        {"created": "yesterday"},
        {"created": "2026-12-02"},
        {"created": "2026-12-02T09:00:05"},
        {"created": "2026-W49-3T09:00:05Z"},
        {"created": "2026-12-02T10:00:06Z"},
        {"created": "2026-13-02T09:00:05Z"},
        {"expires": "2026-12-02T09:00:05Z"},
        {"expires": None},
        {"@context": DOCUMENT["@context"][1:]},
        {"@context": [*DOCUMENT["@context"], "https://x.example/"]},
        {"@context": "https://x.example/"},
    ],
)
def test_a_proof_that_is_not_exactly_ours_is_refused(changed):
    with pytest.raises(Unverified):
        verify(signed(DOCUMENT, CONFIG | changed))


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        "u" + PROVEN["proof"]["proofValue"][1:],
        PROVEN["proof"]["proofValue"] + "1",
        "z0OIl",
        "z" + "1" * 64,
    ],
)
def test_the_value_of_a_proof_has_one_spelling(value):
    with pytest.raises(ProofBad):
        verify(DOCUMENT | {"proof": CONFIG | {"proofValue": value}})


def test_no_key_is_looked_for_on_another_origin_than_the_owners():
    method = "https://b.example/ap/c/hilltop#ed25519-key"

    with pytest.raises(ProofBad):
        proofs.verify(
            signed(DOCUMENT, CONFIG | {"verificationMethod": method}),
            pytest.fail,
            at=NOW,
        )


def test_a_key_for_requests_proves_no_document():
    raw = SECRETS[MAIN].sign(
        proofs.signed_bytes(DOCUMENT, CONFIG), PKCS1v15(), SHA256()
    )
    proof = CONFIG | {"proofValue": "z" + keys.base58(raw)}

    with pytest.raises(ProofBad):
        proofs.verify(DOCUMENT | {"proof": proof}, lambda _: key_of(MAIN), at=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"@context": DOCUMENT["@context"][:1]},
        {"@context": DOCUMENT["@context"][0]},
        {"created": "2026-12-02T11:00:05.25+02:00"},
        {"created": "2001-01-01T00:00:00Z"},
        {"created": "2026-12-02T10:00:05Z"},
        {"expires": "2026-12-02T09:00:06Z"},
        {"domain": "b.example"},
    ],
)
def test_a_proof_of_another_writer_is_taken(changed):
    assert verify(signed(DOCUMENT, CONFIG | changed))


def test_a_proof_may_leave_its_context_out():
    proof = {name: value for name, value in CONFIG.items() if name != "@context"}

    assert verify(signed(DOCUMENT, proof))


@pytest.mark.parametrize("proof", [None, [], [PROVEN["proof"]], "z", 7, {}])
def test_a_document_has_one_proof_or_none_that_counts(proof):
    with pytest.raises(ProofBad):
        verify(DOCUMENT | {"proof": proof})


@pytest.mark.parametrize(
    "changed",
    [
        {"actor": "https://a.example/ap/c/other"},
        {"actor": "https://b.example/ap/c/hilltop"},
        {"attributedTo": "https://a.example/ap/c/other"},
        {"id": "https://b.example/ap/activities/1"},
        {"id": None},
    ],
)
def test_a_good_proof_by_somebody_else_is_refused(changed):
    with pytest.raises(ProofBad):
        verify(signed(DOCUMENT | changed, CONFIG))


def test_a_document_without_a_canonical_form_is_refused():
    for value in (float("inf"), 2**60, "\ud800", {"\ud800": 1}, {7: 1}, {1, 2}):
        with pytest.raises(ProofBad):
            verify(PROVEN | {"more": value})


def test_a_key_that_is_refused_or_away_is_said_as_such():
    def refused(_method):
        raise KeyRefused("There is no such key.")

    with pytest.raises(KeyRefused):
        proofs.verify(PROVEN, refused, at=NOW)


@pytest.mark.parametrize(
    ("proof", "ours"),
    [
        (PROVEN["proof"], True),
        ({"cryptosuite": "eddsa-jcs-2022"}, True),
        ({"cryptosuite": "eddsa-rdfc-2022"}, False),
        ({"type": "Other"}, True),
        ([PROVEN["proof"]], True),
        ([], False),
        (None, False),
    ],
)
def test_a_proof_of_an_unknown_suite_is_told_apart_from_a_bad_one(proof, ours):
    assert proofs.is_ours(DOCUMENT | {"proof": proof}) is ours


def find_key(method):
    if method not in KEYS:
        raise KeyRefused("There is no such key.")
    owner = method.partition("#")[0]
    return keys.read_multikey(KEYS[method]["public"], id=method, owner=owner)


def verify(document):
    return proofs.verify(document, find_key, at=NOW)


def signed(document, proof):
    raw = SECRET.sign(proofs.signed_bytes(document, proof))
    return document | {"proof": proof | {"proofValue": "z" + keys.base58(raw)}}


def sha256(raw):
    return hashlib.sha256(raw).digest()


def unpack(text):
    return struct.unpack(">d", bytes.fromhex(text))[0]
