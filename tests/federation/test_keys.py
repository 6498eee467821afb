import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from federation import keys
from federation.errors import KeyRefused
from tests.federation.vectors import MAIN, SECRETS, VECTORS, read

ASH = read("actor-community.json", "wire")
NODE = read("actor-node.json", "wire")
ASH_ID, ASH_KEY = ASH["id"], ASH["publicKey"]["id"]
PEM = ASH["publicKey"]["publicKeyPem"]
MULTIKEY = ASH["assertionMethod"][0]["publicKeyMultibase"]
SECRET = SECRETS[MAIN]
CCTV = json.loads((VECTORS / "ledger/cctv-ed25519/ed25519vectors.json").read_text())


@given(st.binary(max_size=80))
def test_base58_keeps_every_byte(raw):
    text = keys.base58(raw)

    assert keys.unbase58(text) == raw


@given(st.text("123456789ABCabc0OIl\u0661 ", max_size=20))
def test_base58_has_one_spelling(text):
    try:
        raw = keys.unbase58(text)
    except KeyRefused:
        assert set(text) & set("0OIl\u0661 ")
    else:
        assert keys.base58(raw) == text


def test_base58_of_any_length_is_not_worked_on():
    with pytest.raises(KeyRefused):
        keys.unbase58("z" * 1501)


@pytest.mark.parametrize(
    "entry", read("fep-521a.json")["keys"], ids=lambda it: it["type"]
)
def test_a_multikey_of_fep_521a_is_read(entry):
    multikey = entry["multikey"]

    key = keys.read_multikey(
        multikey["publicKeyMultibase"], id=multikey["id"], owner=multikey["controller"]
    )

    assert (key.kind, key.raw.hex()) == (entry["type"], entry["publicKeyHex"])


def test_a_multikey_is_written_as_it_is_read():
    for entry in read("keys.json", "wire")["keys"].values():
        if entry.get("public", "").startswith("z6Mk"):
            raw = keys.read_multikey(entry["public"], id="", owner="").raw
            assert keys.multikey(raw, "ed25519") == entry["public"]
        elif "public" in entry:
            raw = keys.read_x25519(entry["public"])
            assert keys.multikey(raw, "x25519") == entry["public"]


def test_a_key_in_pem_is_read_in_both_forms_and_is_the_same_key():
    one = keys.read_pem(PEM, id=ASH_KEY, owner=ASH_ID)
    public = SECRET.public_key()

    for form in (PublicFormat.PKCS1, PublicFormat.SubjectPublicKeyInfo):
        pem = public.public_bytes(Encoding.PEM, form).decode()
        assert keys.read_pem(pem, id=ASH_KEY, owner=ASH_ID) == one
        crlf = pem.replace("\n", "\r\n")
        assert keys.read_pem(crlf, id=ASH_KEY, owner=ASH_ID) == one


def test_a_signature_holds_for_its_bytes_its_key_and_its_algorithm_only():
    key = keys.read_pem(PEM, id=ASH_KEY, owner=ASH_ID)
    other = keys.of_actor(NODE)[NODE["publicKey"]["id"]]
    good = SECRET.sign(b"words", PKCS1v15(), SHA256())

    assert key.verify(good, b"words")
    assert not key.verify(good, b"other words")
    assert not key.verify(good[:-1], b"words")
    assert not key.verify(b"", b"words")
    assert not other.verify(good, b"words")
    for weak in (SHA1(), SHA512()):  # noqa: S303 - must not hold
        assert not key.verify(SECRET.sign(b"words", PKCS1v15(), weak), b"words")


@pytest.mark.parametrize(
    ("bits", "lowest", "exponent"),
    [
        (512, 1, 65537),
        (1024, 1, 65537),
        (2047, 1, 65537),
        (8193, 1, 65537),
        (16384, 1, 65537),
        (2048, 0, 65537),
        (2048, 1, 1),
        (2048, 1, 3),
        (2048, 1, 65535),
        (2048, 1, 65538),
        (2048, 1, 2**32 + 1),
        (2048, 1, 2**2040 + 1),
    ],
)
def test_a_weak_or_odd_rsa_key_is_refused(bits, lowest, exponent):
    text = pem(pkcs1(2 ** (bits - 1) + lowest, exponent))

    with pytest.raises(KeyRefused):
        keys.read_pem(text, id=ASH_KEY, owner=ASH_ID)


@pytest.mark.parametrize("bits", [2048, 8192])
def test_the_smallest_and_the_largest_rsa_key_are_taken(bits):
    text = pem(pkcs1(2 ** (bits - 1) + 1, 65537))

    assert keys.read_pem(text, id=ASH_KEY, owner=ASH_ID).kind == "rsa"


def test_pem_that_holds_anything_but_one_rsa_public_key_is_refused():
    spki = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    small = ec.generate_private_key(ec.SECP192R1()).public_key()
    modern = ed25519.Ed25519PrivateKey.generate().public_key()
    private = [
        SECRET.private_bytes(Encoding.PEM, form, NoEncryption()).decode()
        for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL)
    ]
    refused = [
        *private,
        private[0] + PEM,
        PEM + PEM,
        small.public_bytes(*spki).decode(),
        modern.public_bytes(*spki).decode(),
        PEM.replace("BEGIN PUBLIC", "BEGIN RSA PUBLIC"),
        PEM.replace("PUBLIC KEY", "CERTIFICATE"),
        PEM.replace("MII", "MI*"),
        PEM.replace("EQIDAQAB", "EQIDAQ=B"),
        PEM[:200],
        PEM + " " * 1_000_000,
        "A" * 1_000_000,
        "",
    ]

    for text in refused:
        with pytest.raises(KeyRefused):
            keys.read_pem(text, id=ASH_KEY, owner=ASH_ID)


def test_no_key_that_anybody_can_sign_with_is_taken():
    weak = {
        it["key"] for it in CCTV if any(f.endswith("_A") for f in it["flags"] or ())
    }

    assert weak
    for key in weak:
        text = keys.multikey(bytes.fromhex(key), "ed25519")
        with pytest.raises(KeyRefused):
            keys.read_multikey(text, id=ASH_KEY, owner=ASH_ID)


def test_a_signature_in_a_second_spelling_does_not_hold():
    secret = ed25519.Ed25519PrivateKey.generate()
    raw = secret.public_key().public_bytes_raw()
    key = keys.read_multikey(keys.multikey(raw, "ed25519"), id=ASH_KEY, owner=ASH_ID)
    good = secret.sign(b"words")
    order = 2**252 + 27742317777372353535851937790883648493
    larger = int.from_bytes(good[32:], "little") + order

    assert key.verify(good, b"words")
    assert not key.verify(good[:32] + larger.to_bytes(32, "little"), b"words")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        MULTIKEY[1:],
        "u" + MULTIKEY[1:],
        MULTIKEY + "1",
        MULTIKEY[:-1],
        ASH["keyAgreement"][0]["publicKeyMultibase"],
        keys.multikey(b"k" * 31, "ed25519"),
        keys.multikey(b"k" * 65, "ed25519"),
        "z" + keys.base58(b"\x80\x26" + b"k" * 32),
        "z" + keys.base58(b"\x85\x24" + b"k" * 270),
    ],
)
def test_what_is_no_multikey_for_signing_is_refused(text):
    with pytest.raises(KeyRefused):
        keys.read_multikey(text, id=ASH_KEY, owner=ASH_ID)


@pytest.mark.parametrize(
    "point",
    [
        0,
        1,
        2**255 - 20,
        2**255 - 19,
        2**255 - 18,
        2**255 + 1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
    ],
)
def test_nothing_is_sealed_to_a_key_that_everybody_can_open(point):
    text = keys.multikey(point.to_bytes(32, "little"), "x25519")

    with pytest.raises(KeyRefused):
        keys.read_x25519(text)


@pytest.mark.parametrize("text", [MULTIKEY, "", keys.multikey(b"k" * 33, "x25519")])
def test_what_is_no_sealing_key_is_refused(text):
    with pytest.raises(KeyRefused):
        keys.read_x25519(text)


def test_an_actor_lists_its_signing_keys():
    assert keys.of_actor(ASH).keys() == {ASH_KEY, f"{ASH_ID}#ed25519-key"}


def test_a_listed_key_that_is_not_acceptable_leaves_the_others():
    actor = ASH | {"publicKey": [{"id": "x"}, 7, None, ASH["publicKey"]]}

    assert ASH_KEY in keys.of_actor(actor)


@pytest.mark.parametrize(
    "changed",
    [
        {"owner": "https://a.example/ap/c/other"},
        {"owner": None},
        {"owner": [ASH_ID]},
        {"id": "https://birch.example/key"},
        {"publicKeyPem": ""},
    ],
)
def test_a_key_of_somebody_else_is_not_the_actors(changed):
    actor = ASH | {"publicKey": ASH["publicKey"] | changed, "assertionMethod": []}

    assert not keys.of_actor(actor)


def test_of_a_thousand_keys_the_first_few_are_read():
    entries = [ASH["publicKey"] | {"id": f"{ASH_ID}#{n}"} for n in range(1000)]
    actor = ASH | {"publicKey": entries, "assertionMethod": entries}

    assert len(keys.of_actor(actor)) == 4


def test_a_key_inside_its_actor_is_accepted():
    key = keys.accept(ASH_KEY, ASH, ASH)

    assert (key.id, key.owner, key.kind) == (ASH_KEY, ASH_ID, "rsa")


def test_a_bare_key_document_is_accepted_when_its_owner_lists_it():
    bare = ASH["publicKey"] | {"id": "https://a.example/keys/1"}
    whole = ASH | {"publicKey": bare}
    named = ASH | {"publicKey": bare["id"]}

    for owner in (whole, named):
        assert keys.accept(bare["id"], bare, owner).owner == ASH_ID


def test_a_key_is_refused_when_its_owner_does_not_list_it():
    bare = ASH["publicKey"] | {"id": f"{ASH_ID}#stray-key"}
    other_bytes = ASH["publicKey"] | {"publicKeyPem": NODE["publicKey"]["publicKeyPem"]}

    for id_, document in ((bare["id"], bare), (ASH_KEY, other_bytes)):
        with pytest.raises(KeyRefused):
            keys.accept(id_, document, ASH)


def test_a_key_is_refused_when_it_names_another_owner_than_lists_it():
    bare = ASH["publicKey"] | {"id": "https://a.example/keys/1", "owner": NODE["id"]}

    with pytest.raises(KeyRefused):
        keys.accept(bare["id"], bare, ASH | {"publicKey": bare["id"]})


def test_a_key_may_have_the_id_of_its_actor():
    key = ASH["publicKey"] | {"id": ASH_ID}
    actor = ASH | {"publicKey": key, "assertionMethod": []}

    assert keys.accept(ASH_ID, actor, actor).id == ASH_ID


def test_a_key_on_one_host_never_signs_for_an_actor_on_another():
    elsewhere = ASH["publicKey"] | {"id": "https://eve.example/key"}

    for listed in (ASH["publicKey"], elsewhere, elsewhere["id"]):
        owner = ASH | {"publicKey": listed}
        with pytest.raises(KeyRefused):
            keys.accept("https://eve.example/key", elsewhere, owner)


def test_a_key_is_refused_when_another_document_came_than_was_asked_for():
    moved = ASH | {"id": "https://eve.example/ap/c/riverside"}
    nameless = {name: value for name, value in ASH.items() if name != "id"}

    for document, owner in (
        (NODE, NODE),
        (NODE, ASH),
        (moved, ASH),
        (nameless, ASH),
        ({}, ASH),
    ):
        with pytest.raises(KeyRefused):
            keys.accept(ASH_KEY, document, owner)


def pkcs1(modulus, exponent):
    body = integer(modulus) + integer(exponent)
    return b"\x30" + size(body) + body


def integer(number):
    raw = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + size(raw) + raw


def size(raw):
    if len(raw) < 128:
        return bytes([len(raw)])
    coded = len(raw).to_bytes((len(raw).bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(coded)]) + coded


def pem(der):
    coded = base64.encodebytes(der).decode()
    return f"-----BEGIN RSA PUBLIC KEY-----\n{coded}-----END RSA PUBLIC KEY-----\n"
