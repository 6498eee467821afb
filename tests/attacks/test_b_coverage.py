"""Coverage: a signature covers exactly this message, or it proves nothing."""

from hashlib import md5, sha1, sha256

import pytest
from cryptography.hazmat.primitives import hmac
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from tests.support.forgery import USUAL, b64, by_rsa, newer, older
from tests.support.knocking import changed, knocks, stranger
from tests.support.stranger import dump, ed25519_key, pem_of, rsa_key


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


ROWS = {
    "B10": b10, "B11": b11, "B12": b12, "B13": b13, "B14": b14, "B15": b15, "B18": b18,
    "B19": b19,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
