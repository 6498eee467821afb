"""Signatures: only the actor's own current key, over exactly this message, counts."""

from hashlib import md5, sha1, sha256

import pytest
from cryptography.hazmat.primitives import hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from structlog.testing import capture_logs

from federation.keys import multikey
from node.models.peers import RemoteKey
from tests.support.door import Place, all_of, counted, known, refused, settle, treat
from tests.support.forgery import USUAL, b64, by_rsa, newer, older, rsa_pem
from tests.support.stranger import (
    ACTIVITY,
    PUBLIC,
    Stranger,
    dump,
    ed25519_key,
    pem_of,
    rsa_key,
)
from tests.support.village import Village

MISMATCH = "principal-actor-mismatch"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = Place(Village(tmp_path_factory.mktemp("place")))
    yield place
    place.village.close()


def stranger(place):
    place.village.pass_time(minutes=10)
    place.work()
    return place.stranger()


def knocks(place, eve, body, fields, status=401, **how):
    """Hold that this is refused, that nothing is kept, and that it is noticed once."""
    with place.nothing_kept(), capture_logs() as lines:
        problem = how.pop("problem", "")
        assert refused(eve.knock(body, fields, **how), status, problem)
    noticed = [one["event"] for one in lines if one["log_level"] == "warning"]
    assert len(noticed) == 1, noticed
    return noticed[0]


def changed(fields, **values):
    """Return the fields with some of them replaced; None takes one away."""
    named = {name.replace("_", "-"): value for name, value in values.items()}
    kept = [(name, named.pop(name, value)) for name, value in fields]
    return [(name, value) for name, value in [*kept, *named.items()] if value]


def b1(place):
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    assert knocks(place, eve, body, [("Content-Type", ACTIVITY)]) == "sig.missing"
    for profile in ("rfc9421", "cavage"):
        fields = eve.sign(body, profile=profile)
        for junk in ("x", "sig1=::", "sig1=:%%%:", "sig1=:AA:", 'keyId="', "=", ",,"):
            event = knocks(place, eve, body, changed(fields, Signature=junk))
            assert event.startswith("sig."), junk
    assert eve.fetched <= 1


def b2(place):
    eve = stranger(place)
    follow = eve.act("Follow", actor="https://birch.example/u/alice")
    for profile in ("rfc9421", "cavage"):
        fields = eve.sign(dump(follow), profile=profile)
        knocks(place, eve, dump(follow), fields, 400, problem=MISMATCH)


def b3(place):
    eve = stranger(place)
    alice = Stranger(place.village, place.node, eve.id.replace("eve", "alice"))
    for kind, about in (("Follow", None), ("Delete", alice.id), ("Undo", alice.id)):
        act = eve.act(kind, about, actor=alice.id, id=f"{alice.id}/acts/1")
        knocks(place, eve, dump(act), eve.sign(dump(act)), 400, problem=MISMATCH)


def b4(place):
    eve, alice = stranger(place), place.stranger()
    for owner in (alice.id, "https://birch.example/u/nobody"):
        eve.serve(publicKey={**eve.document()["publicKey"], "owner": owner})
        place.village.pass_time(minutes=2)
        follow = eve.act("Follow", actor=alice.id, id=f"{alice.id}/acts/{owner}")
        knocks(place, eve, dump(follow), eve.sign(dump(follow)))
    # A key document of its own, whose owner does not list it.
    bare = f"{eve.origin}/keys/1"
    key = {"id": bare, "owner": eve.id, "publicKeyPem": pem_of(rsa_key(2))}
    eve.put(bare, {"type": "Key", **key})
    signer = eve.signer(rsa_key(2), bare)
    body = dump(eve.act("Follow"))
    knocks(place, eve, body, eve.sign(body, signer=signer))
    assert bare not in {row.id for row in all_of(place.node, RemoteKey)}


def b5(place):
    eve = stranger(place)
    alice = Stranger(place.village, place.node, eve.id.replace("eve", "alice"))
    place.take(alice, alice.act("Like"))
    place.village.pass_time(minutes=2)
    before = known(place.node, alice)
    other = pem_of(rsa_key(5))
    stolen = {
        **alice.document(),
        "name": "Pushed",
        "publicKey": {"id": alice.key_id, "owner": alice.id, "publicKeyPem": other},
    }
    pushed = eve.act("Update", stolen, to=[PUBLIC])
    knocks(place, eve, dump(pushed), eve.sign(dump(pushed)), 400, problem=MISMATCH)

    fetched = alice.fetched
    assert place.take(alice, alice.act("Update", stolen)) == ["done"]
    assert alice.fetched == fetched + 1

    actor, key = known(place.node, alice)
    assert (actor.name, key.raw) == ("", before[1].raw)
    place.village.pass_time(minutes=10)
    body = dump(alice.act("Like"))
    fields = alice.sign(body, signer=alice.signer(rsa_key(5)))
    knocks(place, alice, body, fields)


def b6(place):
    eve = stranger(place)
    place.take(eve, eve.act("Like"))
    place.village.pass_time(minutes=2)
    eve.rotate()
    assert [eve.send(eve.act("Like")).status_code for _ in range(3)] == [202] * 3
    assert eve.fetched == 2
    eve.rotate()
    assert eve.send(eve.act("Like")).status_code == 401
    place.village.pass_time(minutes=6)
    with eve.away():
        assert eve.send(eve.act("Like")).status_code in {401, 503}


def b7(place):
    eve = stranger(place)
    place.take(eve, eve.act("Like"))
    place.village.pass_time(minutes=2)
    body = dump(eve.act("Follow"))
    fields = changed(eve.sign(body), Signature=f"sig1=:{'A' * 342}==:")
    with place.nothing_kept():
        statuses = [eve.knock(body, fields).status_code for _ in range(1000)]
    assert eve.fetched <= 2
    assert set(statuses) == {401, 429}
    assert statuses[-1] == 429


def b8(place):
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    for profile in ("rfc9421", "cavage"):
        fields = eve.sign(body, profile=profile)
        assert eve.knock(body, fields).status_code == 202
        place.work()
        before = counted(place.node)
        place.village.pass_time(hours=11)
        assert eve.knock(body, fields).status_code == 202
        place.work()
        assert counted(place.node) == before
        place.village.pass_time(hours=2)
        knocks(place, eve, body, fields)


def b9(place):
    eve = stranger(place)
    elm = settle(place.village, "elm")
    body = dump(eve.act("Like"))
    for profile in ("rfc9421", "cavage"):
        fields = eve.sign(body, profile=profile)
        for path in ("/ap/node/inbox", f"/ap/c/{eve.slug}/inbox", "/ap/inbox?x=1"):
            if (profile, path) != ("cavage", "/ap/inbox?x=1"):
                knocks(place, eve, body, fields, to=path)
        there = Stranger(place.village, elm, eve.id)
        before = counted(elm)
        assert there.knock(body, fields).status_code in {400, 401}
        host = [*fields, ("Host", "ash.example")]
        assert there.knock(body, host).status_code in {400, 401}
        assert counted(elm) == before


def b10(place):
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    for sent in (body, body.replace(b"Follow", b"Delete")):
        for fields in (
            older(eve, body, "(request-target) host date"),
            newer(eve, body, '"@method" "@target-uri"'),
        ):
            assert knocks(place, eve, sent, fields) == "sig.narrow"


def b11(place):
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    for names in (
        "(request-target) date digest", "host date digest", "date",
        "(request-target) host digest", "digest",
    ):  # fmt: skip
        assert knocks(place, eve, body, older(eve, body, names)) == "sig.narrow"
    for names in (
        '"@target-uri" "content-digest"', '"@method" "content-digest"', "",
        '"@method" "@path" "content-digest"', '"@method" "@authority" "content-digest"',
    ):  # fmt: skip
        assert knocks(place, eve, body, newer(eve, body, names)) == "sig.narrow"


def b12(place):
    eve = stranger(place)
    body, other = dump(eve.act("Follow")), dump(eve.act("Like"))
    for profile in ("rfc9421", "cavage"):
        fields = eve.sign(other, profile=profile)
        assert knocks(place, eve, body, fields) == "sig.digest"
    spaced = body.replace(b'": ', b'":')
    assert knocks(place, eve, body, eve.sign(spaced)) == "sig.digest"
    right, wrong = (b64(sha256(it).digest()) for it in (body, other))
    for digest in (
        f"sha-256=:{right}:, sha-512=:{wrong}:",
        f"sha-256=:{wrong}:, sha-256=:{right}:",
    ):  # fmt: skip
        fields = changed(eve.sign(body), Content_Digest=digest)
        assert knocks(place, eve, body, fields) == "sig.digest"


def b13(place):
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    right = b64(sha256(body).digest())
    for digest in (
        f"md5={b64(md5(body).digest())}",  # noqa: S324 - what is refused
        f"sha={b64(sha1(body).digest())}",  # noqa: S324 - idem
        "unixsum=30637", f"SHA-256={right.rstrip('=')}",
        f"SHA-256={sha256(body).hexdigest()}",
    ):  # fmt: skip
        fields = older(eve, body, digest=digest)
        assert knocks(place, eve, body, fields) == "sig.digest"
    for name in ("sha-256", "Sha-256"):
        fields = older(eve, body, digest=f"{name}={right}")
        assert eve.knock(body, fields).status_code == 202


def b14(place):
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    for profile in ("rfc9421", "cavage"):
        fields = eve.sign(body, profile=profile)
        for name in (
            "Digest",
            "Content-Digest",
            "Date",
            "Signature",
            "Signature-Input",
        ):
            values = [value for given, value in fields if given == name]
            for twice in values and ([*values, "x"], ["x", *values], values * 2):
                before = [pair for pair in fields if pair[0] != name]
                with place.nothing_kept():
                    doubled = [*before, *((name, value) for value in twice)]
                    status = eve.knock(body, doubled).status_code
                assert status in {400, 401}, (profile, name)
        with place.nothing_kept():
            host = {"HTTP_HOST": "ash.example,evil.example"}
            assert eve.knock(body, fields, **host).status_code == 400


def b15(place):
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    pem = pem_of(rsa_key(1)).encode()
    assert eve.knock(body, older(eve, body, algorithm="hs2019")).status_code == 202
    liked = dump(eve.act("Like"))
    fields = older(
        eve, liked, sign=ed25519_key(1).sign, algorithm="hs2019", key_id=eve.proof_id
    )
    assert eve.knock(liked, fields).status_code == 202

    def secret(base):
        maker = hmac.HMAC(pem, SHA256())
        maker.update(base)
        return maker.finalize()

    def weak(base):
        return rsa_key(1).sign(base, PKCS1v15(), SHA1())  # noqa: S303 - what is refused

    body = dump(eve.act("Follow"))
    for sign, algorithm in (
        (secret, "hmac-sha256"), (secret, "hs2019"), (weak, "rsa-sha1"),
        (weak, "rsa-sha256"), (by_rsa, "rsa-sha1"), (by_rsa, "hmac-sha256"),
        (by_rsa, "RSA-SHA256"), (by_rsa, "none"), (by_rsa, "ed25519"),
    ):  # fmt: skip
        fields = older(eve, body, sign=sign, algorithm=algorithm)
        assert knocks(place, eve, body, fields).startswith("sig."), algorithm
    fields = older(eve, body, sign=ed25519_key(1).sign, key_id=eve.proof_id)
    assert knocks(place, eve, body, fields) == "sig.key"


def b16(place):
    for listed in _weak_keys():
        eve = stranger(place)
        eve.serve(publicKey={**eve.document()["publicKey"], "publicKeyPem": listed})
        body = dump(eve.act("Follow"))
        assert knocks(place, eve, body, eve.sign(body)) == "sig.key", listed[:60]
        assert known(place.node, eve) == (None, None)


def _weak_keys():
    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    curve = ec.generate_private_key(ec.SECP192R1()).public_key()
    private = rsa_key(1).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    yield from (rsa_pem(bits, 65_537) for bits in (512, 1024, 16_384))
    yield from (rsa_pem(2048, exponent) for exponent in (1, 3))
    yield curve.public_bytes(*form).decode()
    yield private.decode()
    yield pem_of(rsa_key(1)) + private.decode()
    yield "-----BEGIN PUBLIC KEY-----\n" + "A" * 900_000 + "\n-----END PUBLIC KEY-----"


def b17(place):
    small = bytes([1]) + bytes(31)
    orders = [small, bytes(32), bytes.fromhex("ecffffff" + "ff" * 27 + "7f")]
    for raw in orders:
        eve = stranger(place)
        listed = {**eve.document()["assertionMethod"][0]}
        listed["publicKeyMultibase"] = multikey(raw, "ed25519")
        eve.serve(assertionMethod=[listed])
        body = dump(eve.act("Follow"))
        fields = older(
            eve, body, sign=lambda _: small + bytes(32), algorithm="hs2019",
            key_id=eve.proof_id,
        )  # fmt: skip
        assert knocks(place, eve, body, fields) == "sig.key"
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    order = 2**252 + 27742317777372353535851937790883648493

    def stretched(base):
        raw = ed25519_key(1).sign(base)
        scalar = int.from_bytes(raw[32:], "little") + order
        return raw[:32] + scalar.to_bytes(32, "little")

    fields = older(eve, body, sign=stretched, algorithm="hs2019", key_id=eve.proof_id)
    assert knocks(place, eve, body, fields) == "sig.bad"


def b18(place):
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    for part in (
        '"@method";req', '"content-digest";bs', '"content-digest";sf',
        '"content-digest";key="sha-256"', '"content-type";tr', '"@method"',
        '"@target-uri";x',
    ):  # fmt: skip
        fields = newer(eve, body, f"{USUAL} {part}")
        assert knocks(place, eve, body, fields).startswith("sig."), part
    for more in ({"x": 1}, {"created": '"1"'}, {"expires": '"1"'}, {"alg": 1}):
        fields = newer(eve, body, **more)
        assert knocks(place, eve, body, fields).startswith("sig."), more


def b19(place):
    eve = stranger(place)
    body = dump(eve.act("Follow"))
    for algorithm in ("ed25519", "hmac-sha256", "rsa-pss-sha512", "", "none"):
        fields = newer(eve, body, alg=f'"{algorithm}"')
        assert knocks(place, eve, body, fields) == "sig.key", algorithm
    unknown, right = "crc32c=:AAAAAA==:", f"sha-256=:{b64(sha256(body).digest())}:"
    fields = newer(eve, body, digest=unknown)
    assert knocks(place, eve, body, fields) == "sig.digest"
    fields = newer(eve, body, digest=f"{unknown}, {right}")
    assert eve.knock(body, fields).status_code == 202


def b20(place):
    eve = stranger(place)
    treat(place.node, eve.origin, "blocked")
    body = dump(eve.act("Follow"))
    problem = "principal-not-authorized"
    knocks(place, eve, body, eve.sign(body), 403, problem=problem)
    assert eve.fetched == 0

    gone = stranger(place)
    gone.vanish()
    farewell = gone.act("Delete", gone.id, to=[PUBLIC])
    with place.nothing_kept():
        statuses = {gone.send(farewell).status_code for _ in range(20)}
    assert statuses <= {202, 503}
    assert gone.fetched == 1
    place.village.pass_time(minutes=2)
    body = dump(gone.act("Follow"))
    knocks(place, gone, body, gone.sign(body))


ROWS = {
    "B1": b1, "B2": b2, "B3": b3, "B4": b4, "B5": b5, "B6": b6, "B7": b7, "B8": b8,
    "B9": b9, "B10": b10, "B11": b11, "B12": b12, "B13": b13, "B14": b14, "B15": b15,
    "B16": b16, "B17": b17, "B18": b18, "B19": b19, "B20": b20,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
