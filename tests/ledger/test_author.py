import json
from base64 import b64decode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from ledger import author
from ledger.author import Attested, Channel, Passkey, Proof
from ledger.author.keys import ed25519, es256, es256_der
from ledger.encoding import b64u, canonical
from ledger.errors import Invalid
from tests.ledger.test_entry import changed
from tests.ledger.test_note import code_of
from tests.ledger.worked import ADA, EXAMPLE, STATEMENTS, VECTORS

S = EXAMPLE["statement_utf8"].encode()
P = EXAMPLE["proof_utf8"].encode()
HOSTS = {"node.example"}
PHONE = derive_private_key(7, SECP256R1())
PHONE_PUB = PHONE.public_key().public_bytes(
    Encoding.X962, PublicFormat.UncompressedPoint
)


def wycheproof(name):
    loaded = json.loads((VECTORS / "wycheproof" / name).read_text())
    return [
        pytest.param(group["publicKey"], case, id=str(case["tcId"]))
        for group in loaded["testGroups"]
        for case in group["tests"]
    ]


def holds(check, key, case):
    message, sig = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
    try:
        check(bytes.fromhex(key), sig, message)
    except Invalid as no:
        return no.code not in {"statement-unsigned", "key-weak"}
    return True


def signed_by_phone(message):
    return PHONE.sign(message, ECDSA(SHA256(), deterministic_signing=True))


def p1363(der):
    r, s = decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def passkey_proof(*, s=S, rp="node.example", flags=5, alg="webauthn-es256", **changes):
    challenge = b64u(sha256(author.message(s)).digest())
    asked = {
        "type": "webauthn.get",
        "challenge": challenge,
        "origin": f"https://{rp}",
        "crossOrigin": False,
    }
    client = json.dumps({**asked, **changes}).encode()
    auth = sha256(rp.encode()).digest() + bytes([flags]) + b"\0\0\0\1"
    message = auth + sha256(client).digest()
    if alg == "webauthn-es256":
        pub, sig = PHONE_PUB, signed_by_phone(message)
    else:
        pub, sig = ADA.vkey.key, ADA.key.sign(message)
    return author.write(Proof(alg, pub, sig, Passkey(auth, client, rp)))


# The worked example


def test_the_worked_proof_is_written_the_same():
    assert author.sign(S, ADA) == P
    ack = EXAMPLE["ack"]
    made = author.sign(ack["statement_utf8"].encode(), STATEMENTS)
    assert made == ack["proof_utf8"].encode()


def test_the_worked_proof_verifies_and_names_its_key():
    found = author.verify(S, P, HOSTS)

    assert (found.alg, found.key) == ("ed25519", "nXHJx4QYd_WsoOWaSweTVQ")
    assert found.attested is None
    prefix = EXAMPLE["author_message_prefix"].replace("\\0", "\0").encode()
    assert author.message(S) == prefix + S


def test_proofs_read_back():
    for raw in (
        P,
        passkey_proof(),
        author.attest(S, Channel.SMS, b"e" * 32, STATEMENTS),
    ):
        assert author.write(author.read(raw)) == raw


# The published vectors


@pytest.mark.parametrize(
    ("key", "case"),
    [
        pytest.param(group["publicKey"]["pk"], case, id=str(case["tcId"]))
        for group in json.loads((VECTORS / "wycheproof/ed25519_test.json").read_text())[
            "testGroups"
        ]
        for case in group["tests"]
    ],
)
def test_ed25519_is_judged_as_wycheproof_judges_it(key, case):
    assert holds(ed25519, key, case) is (case["result"] == "valid")


@pytest.mark.parametrize(
    ("key", "case"), wycheproof("ecdsa_secp256r1_sha256_p1363_test.json")
)
def test_es256_is_judged_as_wycheproof_judges_it(key, case):
    uncompressed = key["uncompressed"]

    assert holds(es256, uncompressed, case) is (case["result"] == "valid")


@pytest.mark.parametrize(
    ("key", "case"), wycheproof("ecdsa_secp256r1_sha256_test.json")
)
def test_es256_in_der_is_judged_as_wycheproof_judges_it(key, case):
    uncompressed = key["uncompressed"]

    assert holds(es256_der, uncompressed, case) is (case["result"] == "valid")


CCTV = json.loads((VECTORS / "cctv-ed25519/ed25519vectors.json").read_text())
WEAK = {"low_order_A", "low_order_component_A", "non_canonical_A"}


def test_no_weak_key_of_cctv_can_be_registered():
    weak = {case["key"] for case in CCTV if WEAK & set(case["flags"] or [])}

    assert len(weak) > 10
    for key in sorted(weak):
        assert code_of(author.check_key, bytes.fromhex(key)) == "key-weak"


def test_the_other_keys_of_cctv_can_be_registered():
    weak = {case["key"] for case in CCTV if WEAK & set(case["flags"] or [])}

    for key in sorted({case["key"] for case in CCTV} - weak):
        author.check_key(bytes.fromhex(key))


# Keys


@given(st.integers(1, 2**64))
def test_honest_keys_can_be_registered(secret):
    point = derive_private_key(secret, SECP256R1()).public_key()
    pub = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    author.check_key(pub)
    author.check_key(ADA.vkey.key)


@pytest.mark.parametrize(
    "pub",
    [
        b"",
        b"k" * 31,
        b"k" * 64,
        bytes(32),
        b"\1" + bytes(31),
        b"\1" + bytes(30) + b"\x80",
        b"\xff" * 32,
        (2**255 - 19).to_bytes(32, "little"),
        b"\2" + bytes(31),
        b"\4" + bytes(64),
        PHONE_PUB[:-1] + bytes([PHONE_PUB[-1] ^ 1]),
        b"\2" + PHONE_PUB[1:33],
        b"\5" + PHONE_PUB[1:],
    ],
)
def test_a_key_that_could_sign_for_anybody_or_is_none_is_refused(pub):
    assert code_of(author.check_key, pub) == "key-weak"


@given(st.binary(max_size=66))
def test_arbitrary_bytes_are_a_key_or_refused(pub):
    try:
        author.check_key(pub)
    except Invalid as no:
        assert no.code == "key-weak"  # noqa: PT017 - both outcomes are right


# Keys of browsers and passkeys


def test_a_browsers_p256_key_signs():
    sig = p1363(signed_by_phone(author.message(S)))
    proof = author.write(Proof("es256", PHONE_PUB, sig))

    assert author.verify(S, proof, HOSTS).key == author.key_id(PHONE_PUB)
    assert code_of(author.verify, S + b" ", proof, HOSTS) == "statement-unsigned"


@pytest.mark.parametrize("sig", [b"", b"x" * 63, b"x" * 65, bytes(64)])
def test_a_p256_signature_has_64_bytes_that_are_not_zero(sig):
    proof = author.write(Proof("es256", PHONE_PUB, sig))

    assert code_of(author.verify, S, proof, HOSTS) == "statement-unsigned"


def test_a_key_has_one_spelling_where_a_signature_is_checked_too():
    short = PHONE.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    sig = signed_by_phone(author.message(S))

    for check, one in ((es256, p1363(sig)), (es256_der, sig)):
        check(PHONE_PUB, one, author.message(S))
        assert code_of(check, short, one, author.message(S)) == "key-weak"


def test_a_key_off_its_curve_proves_nothing():
    proof = author.write(Proof("es256", b"\4" + bytes(64), b"x" * 64))

    assert code_of(author.verify, S, proof, HOSTS) == "key-weak"


@pytest.mark.parametrize("pub", [b"", b"k" * 31, PHONE_PUB])
def test_an_ed25519_key_of_another_size_proves_nothing(pub):
    proof = author.write(Proof("ed25519", pub, b"x" * 64))

    assert code_of(author.verify, S, proof, HOSTS) == "statement-unsigned"


@pytest.mark.parametrize("alg", ["webauthn-es256", "webauthn-ed25519"])
def test_a_passkey_signs(alg):
    found = author.verify(S, passkey_proof(alg=alg), HOSTS)

    assert (found.alg, found.attested) == (alg, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "webauthn.create"},
        {"challenge": "AAAA"},
        {"challenge": 1},
        {"origin": "https://evil.example"},
        {"origin": "http://node.example"},
        {"rp": "evil.example"},
        {"flags": 0x01},
        {"flags": 0x04},
        {"flags": 0},
        {"s": S.replace(b"submission", b"withdraw")},
    ],
)
def test_a_passkey_used_otherwise_proves_nothing(changes):
    assert code_of(author.verify, S, passkey_proof(**changes), HOSTS) == "passkey"


def test_a_passkey_of_a_host_that_we_do_not_trust_proves_nothing():
    assert code_of(author.verify, S, passkey_proof(), {"other.example"}) == "passkey"


@pytest.mark.parametrize(
    ("cut", "code"), [(slice(36), "passkey"), (slice(1, None), "passkey")]
)
def test_authenticator_data_that_was_cut_proves_nothing(cut, code):
    proof = author.read(passkey_proof())
    passkey = proof.more
    short = Passkey(passkey.auth[cut], passkey.client, passkey.rp)
    changed_proof = author.write(Proof(proof.alg, proof.pub, proof.sig, short))

    assert code_of(author.verify, S, changed_proof, HOSTS) == code


def test_a_passkeys_signature_covers_what_it_saw():
    proof = author.read(passkey_proof())
    client = proof.more.client.replace(b"false", b"true ")
    other = Passkey(proof.more.auth, client, proof.more.rp)
    changed_proof = author.write(Proof(proof.alg, proof.pub, proof.sig, other))

    assert code_of(author.verify, S, changed_proof, HOSTS) == "statement-unsigned"


@given(st.binary(max_size=40))
def test_arbitrary_client_data_is_refused_and_nothing_else(client):
    proof = Proof("webauthn-es256", PHONE_PUB, b"x", Passkey(b"a" * 37, client, "a"))

    with pytest.raises(Invalid):
        author.verify(S, author.write(proof), HOSTS)


# What the node vouches for


@pytest.mark.parametrize("channel", list(Channel))
def test_the_node_vouches_for_words_that_came_without_a_key(channel):
    held = author.evidence(b"s" * 32, b'{"id":"<a@b>"}')
    proof = author.attest(S, channel, held, STATEMENTS)

    found = author.verify(S, proof, ())

    assert found.attested == Attested(channel, held)
    assert found.pub == STATEMENTS.vkey.key


def test_an_attestation_signs_the_bytes_of_the_design():
    proof = author.read(author.attest(S, Channel.SMS, b"e" * 32, STATEMENTS))
    signed = b"folkmoot/attest/v1\0" + b"sms" + b"\0" + b"e" * 32 + S

    assert STATEMENTS.vkey.holds(proof.sig, signed)


def test_an_attestation_is_not_a_signature_of_the_statement():
    attested = author.read(author.attest(S, Channel.WEB, b"e" * 32, STATEMENTS))
    passed_off = author.write(Proof("ed25519", attested.pub, attested.sig))

    assert code_of(author.verify, S, passed_off, ()) == "statement-unsigned"


@pytest.mark.parametrize(
    "other", [Attested(Channel.SMS, b"e" * 32), Attested(Channel.WEB, b"f" * 32)]
)
def test_an_attestation_covers_channel_and_evidence(other):
    attested = author.read(author.attest(S, Channel.WEB, b"e" * 32, STATEMENTS))
    altered = author.write(Proof(attested.alg, attested.pub, attested.sig, other))

    assert code_of(author.verify, S, altered, ()) == "statement-unsigned"


def test_evidence_is_salted():
    expected = sha256(b"folkmoot/evidence/v1\0" + b"s" * 32 + b"{}").digest()

    assert author.evidence(b"s" * 32, b"{}") == expected
    assert code_of(author.evidence, b"short", b"{}") == "proof-malformed"


# The form of a proof


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"t": "folkmoot.proof/2"}, "proof-malformed"),
        ({"alg": "rot13"}, "proof-malformed"),
        ({"alg": 1}, "proof-malformed"),
        ({"alg": "node-attested"}, "proof-malformed"),
        ({"more": 1}, "proof-malformed"),
        ({"pub": "!"}, "proof-malformed"),
        ({"pub": b64u(b"k" * 32)}, "key-mismatch"),
        ({"key": b64u(b"k" * 16)}, "key-mismatch"),
        ({"sig": None}, "proof-malformed"),
    ],
)
def test_a_proof_with_a_wrong_member_is_refused(changes, code):
    assert code_of(author.read, changed(P, **changes)) == code


@pytest.mark.parametrize("changes", [{"channel": "rumour"}, {"evidence": "AAAA"}])
def test_an_attestation_with_a_wrong_member_is_refused(changes):
    raw = author.attest(S, Channel.WEB, b"e" * 32, STATEMENTS)

    assert code_of(author.read, changed(raw, **changes)) == "proof-malformed"


def test_a_proof_of_another_way_to_sign_is_not_written():
    with pytest.raises(Invalid):
        author.write(Proof("ed25519", ADA.vkey.key, b"x", Attested(Channel.WEB, b"")))


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_refused_as_a_proof(raw):
    for hostile in (raw, canonical({"t": "folkmoot.proof/1", "alg": b64u(raw)})):
        with pytest.raises(Invalid):
            author.read(hostile)


@given(st.integers(0, 8 * 64 - 1))
def test_no_changed_bit_of_a_signature_is_overlooked(bit):
    proof = author.read(P)
    sig = bytearray(proof.sig)
    sig[bit // 8] ^= 1 << bit % 8

    altered = author.write(Proof(proof.alg, proof.pub, bytes(sig)))

    assert code_of(author.verify, S, altered, HOSTS) == "statement-unsigned"


def test_the_key_of_the_log_is_a_key_too():
    author.check_key(b64decode(EXAMPLE["log_vkey"].split("+", 2)[2])[1:])
