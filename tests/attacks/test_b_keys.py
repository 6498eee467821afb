"""Keys: only the actor's own, current and strong one proves anything."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from structlog.testing import capture_logs

from federation.keys import multikey
from node.models.peers import RemoteKey
from tests.support.door import all_of, known, treat
from tests.support.forgery import older, rsa_pem
from tests.support.knocking import MISMATCH, changed, knocks, stranger
from tests.support.stranger import (
    PUBLIC,
    Stranger,
    dump,
    ed25519_key,
    pem_of,
    rsa_key,
)


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
    place.forget_lines()
    with capture_logs() as lines:
        with place.nothing_kept():
            statuses = [eve.knock(body, fields).status_code for _ in range(1300)]
        place.village.pass_time(minutes=1)
        assert eve.send(eve.act("Like")).status_code == 202
    assert eve.fetched <= 2
    assert set(statuses) == {401, 429}
    assert statuses[-1] == 429
    noted = [one for one in lines if one["log_level"] == "warning"]
    assert sum(one.get("n", 1) for one in noted) == len(statuses)
    assert [one["event"] for one in noted] == ["sig.bad", "rate.exceeded"] * 2


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
    "B4": b4, "B5": b5, "B6": b6, "B7": b7, "B16": b16, "B17": b17, "B20": b20,
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
