from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger import revocation
from ledger.encoding import b64u, canonical, parse
from ledger.note import ED25519, Signer
from ledger.rotation import Change
from tests.ledger.test_note import code_of
from tests.ledger.worked import ORIGIN


def private(byte):
    return Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32)


CHANGE = Change(
    log=ORIGIN,
    old=Signer(ORIGIN, ED25519, private(1)).vkey,
    new=Signer(ORIGIN, ED25519, private(2)).vkey,
    overlap_until=1795377007123,
)
KEY = private(3)
REQUEST = revocation.request(CHANGE)
WORD = revocation.sign(REQUEST, KEY)


def test_a_request_is_read_as_it_was_written():
    assert revocation.read_request(REQUEST) == CHANGE


def test_a_recovery_keys_word_is_about_exactly_this_change():
    key, sig = revocation.read_signature(WORD)

    assert key == KEY.public_key().public_bytes_raw()
    KEY.public_key().verify(sig, CHANGE.revocation)
    other = replace(CHANGE, overlap_until=0)
    assert revocation.sign(revocation.request(other), KEY) != WORD


@pytest.mark.parametrize("read", [revocation.read_request, revocation.read_signature])
@given(st.binary(max_size=100))
def test_bytes_that_are_neither_are_refused(read, raw):
    assert code_of(read, raw)


@pytest.mark.parametrize(
    "changed",
    [
        {"t": revocation.SIGNATURE},
        {"old": "hello"},
        {"new": 1},
        {"overlap_until": -1},
        {"log": None},
        {"more": 1},
    ],
)
def test_what_is_no_request_is_refused(changed):
    raw = canonical({**parse(REQUEST), **changed})

    assert code_of(revocation.read_request, raw) == "revocation-malformed"
    assert code_of(revocation.sign, raw, KEY) == "revocation-malformed"


@pytest.mark.parametrize(
    "changed", [{"t": "x"}, {"key": b64u(b"short")}, {"sig": ""}, {"sig": None}]
)
def test_what_is_no_word_of_a_recovery_key_is_refused(changed):
    raw = canonical({**parse(WORD), **changed})

    assert code_of(revocation.read_signature, raw) == "revocation-malformed"
