from dataclasses import replace
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import rotation
from ledger.encoding import b64u
from ledger.errors import Invalid
from ledger.included import Included
from ledger.note import ED25519, ML_DSA, Signer, VKey
from ledger.receipt import Held, Pins, SealedEntry, make, verify, verify_thread
from ledger.rotation import Change
from tests.ledger.honest import PINS, RECOVERY, TRUSTED, Chain, Node
from tests.ledger.test_note import code_of
from tests.ledger.test_receipt import failures, with_extra
from tests.ledger.worked import ADA, LOG, ORIGIN, WITNESS, seed

SECOND = Signer(ORIGIN, ED25519, seed(21))
THIRD = Signer(ORIGIN, ED25519, seed(22))
THIEF = Signer(ORIGIN, ED25519, seed(23))
MEMBERS = ["old", "new", "overlap_until", "sig_old", "sig_new", "signatures", "more"]
UNTIL = 1_800_000_000_000


def change(old=LOG, new=SECOND, **more):
    fields = {"log": ORIGIN, "old": old.vkey, "new": new.vkey, "overlap_until": UNTIL}
    return Change(**fields | more)


def rotated(old=LOG, new=SECOND, **more):
    return rotation.rotate(change(old, new, **more), old, new)


def revoked(old=LOG, new=SECOND, by=RECOVERY[:2], **more):
    what = change(old, new, **more)
    given = [(one.vkey.key, one.key.sign(what.revocation)) for one in by]
    return rotation.revoke(what, new, given)


def leaves(*bodies):
    # The genesis, and after it the key changes of a log, in order.
    node = Node()
    for body in bodies:
        node.clear("key.rotate" if "sig_old" in body else "key.revoke", body)
    return node.leaves


def walk(*bodies, pin=LOG):
    return rotation.walk(pin.vkey, leaves(*bodies))


def test_without_changes_the_pin_is_the_key():
    assert walk() == [LOG.vkey]


def test_a_rotation_leads_from_a_pinned_key_to_the_next():
    assert walk(rotated()) == [LOG.vkey, SECOND.vkey]
    assert walk(rotated(), rotated(SECOND, THIRD)) == [
        LOG.vkey,
        SECOND.vkey,
        THIRD.vkey,
    ]


def test_whoever_pins_a_later_key_starts_there():
    assert walk(rotated(), rotated(SECOND, THIRD), pin=SECOND) == [
        SECOND.vkey,
        THIRD.vkey,
    ]
    assert walk(rotated(), pin=THIRD) == [THIRD.vkey]


def test_a_post_quantum_key_can_follow():
    key = MLDSA44PrivateKey.from_seed_bytes(b"m" * 32)
    new = Signer(ORIGIN, ML_DSA, key)

    assert walk(rotated(LOG, new)) == [LOG.vkey, new.vkey]


def test_a_revocation_replaces_a_key_by_the_word_of_enough_others():
    assert walk(revoked()) == [SECOND.vkey]
    assert walk(revoked(by=RECOVERY)) == [SECOND.vkey]
    assert walk(rotated(), revoked(SECOND, THIRD)) == [LOG.vkey, THIRD.vkey]


def test_what_a_stolen_key_named_goes_with_it():
    assert walk(rotated(LOG, THIEF), revoked(LOG, SECOND)) == [SECOND.vkey]
    assert walk(revoked(LOG, SECOND), rotated(LOG, THIEF)) == [SECOND.vkey]


def test_an_old_key_may_be_revoked_and_its_successor_kept():
    assert walk(rotated(), revoked(LOG, SECOND)) == [SECOND.vkey]


@pytest.mark.parametrize(
    "by", [[], RECOVERY[:1], [RECOVERY[0], RECOVERY[0]], [RECOVERY[0], ADA]]
)
def test_too_few_or_foreign_recovery_keys_revoke_nothing(by):
    assert code_of(walk, revoked(by=by)) == "rotation"


@pytest.mark.parametrize("sig", [b"\0" * 64, b""])
def test_what_a_recovery_key_did_not_sign_counts_for_nothing(sig):
    body = revoked()
    forged = {**body["signatures"][1], "sig": b64u(sig)}

    assert code_of(walk, body | {"signatures": [body["signatures"][0], forged]}) == (
        "rotation"
    )


def test_a_log_without_recovery_keys_cannot_revoke():
    class Plain(Node):
        def genesis(self):
            return super().genesis() | {"recovery": {"m": 0, "keys": []}}

    node = Plain()
    node.clear("key.revoke", revoked(by=[]))

    assert code_of(rotation.walk, LOG.vkey, node.leaves) == "rotation"


def test_a_revocation_needs_the_genesis_that_names_the_recovery_keys():
    assert code_of(rotation.walk, LOG.vkey, leaves(revoked())[1:]) == "rotation"


def test_only_the_first_genesis_names_recovery_keys():
    node = Node()
    own = {"m": 1, "keys": [b64u(THIEF.vkey.key)]}
    node.clear("genesis", node.genesis() | {"recovery": own})
    node.clear("key.revoke", revoked(LOG, THIEF, by=[THIEF]))

    assert code_of(rotation.walk, LOG.vkey, node.leaves) == "rotation"


def test_changes_that_begin_elsewhere_are_passed_over_without_any_work():
    elsewhere = rotated() | {"old": "x", "sig_new": "x"}

    assert walk(*[elsewhere] * 200, rotated()) == [LOG.vkey, SECOND.vkey]


@pytest.mark.parametrize("name", ["sig_old", "sig_new"])
def test_both_keys_must_have_signed(name):
    forged = rotated() | {name: b64u(b"\0" * 64)}

    assert code_of(walk, forged) == "rotation"


@pytest.mark.parametrize(
    "members",
    [
        {"new": str(THIEF.vkey)},
        {"overlap_until": UNTIL + 1},
        {"overlap_until": -1},
        {"overlap_until": None},
        {"new": "x"},
        {"sig_old": "x"},
        {"more": 1},
    ],
)
def test_any_changed_member_refuses_a_rotation(members):
    assert code_of(walk, rotated() | members) == "rotation"


@pytest.mark.parametrize(
    "members",
    [
        {"sig_new": b64u(b"\0" * 64)},
        {"signatures": []},
        {"signatures": "x"},
        {"signatures": [{}]},
        {"signatures": [{"key": "AA", "sig": "AA"}] * 2},
        {"new": str(THIEF.vkey)},
    ],
)
def test_any_changed_member_refuses_a_revocation(members):
    assert code_of(walk, revoked() | members) == "rotation"


def test_keys_of_another_log_or_another_use_do_not_follow():
    other = Signer("other.example/ledger", ED25519, seed(9))
    witness = replace(WITNESS, name=ORIGIN)

    assert code_of(walk, rotated(LOG, other)) == "rotation"
    assert code_of(walk, rotated(LOG, witness)) == "rotation"
    assert code_of(walk, rotated(LOG, SECOND, log="other.example/ledger")) == "rotation"


def test_a_weak_key_does_not_follow():
    weak = VKey(ORIGIN, ED25519, b"\1" + bytes(31))
    what = replace(change(), new=weak)
    body = rotation.rotate(what, LOG, SECOND)

    # Over a key of low order, this signature holds for some messages.
    assert code_of(walk, body | {"sig_new": b64u(b"\1" + bytes(63))}) == "rotation"


def test_leaves_of_other_kinds_are_passed_over():
    node = Node()
    node.cover()
    node.put(b"\0{}")
    node.put(b'\0{"kind":"key.rotate"}')
    node.put(b"\2")
    node.clear("policy", {"policy": "quorum none\n"})
    node.clear("key.rotate", rotated())

    assert rotation.walk(LOG.vkey, node.leaves) == [LOG.vkey, SECOND.vkey]


def test_a_log_that_changes_its_keys_without_end_is_not_followed():
    keys = [Signer(ORIGIN, ED25519, seed(100 + n)) for n in range(65)]
    bodies = [rotated(old, new) for old, new in pairwise(keys)]

    assert len(walk(*bodies[:63], pin=keys[0])) == 64
    assert code_of(lambda: walk(*bodies, pin=keys[0])) == "rotation"


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.sampled_from(MEMBERS), st.integers() | st.text(), max_size=3))
def test_arbitrary_bodies_are_walked_or_refused(members):
    for kind in (rotated(), revoked()):
        try:
            walk(kind | members)
        except Invalid:
            continue


# Receipts


def later():
    # A log that changed its key, and a receipt under the new one.
    node, case = Node(), Chain("mine")
    node.say(case)
    where = node.clear("key.rotate", rotated())
    node.say(case)
    node.log = SECOND
    return node, case, where


def with_rot(raw, *leaves_):
    return with_extra(raw, rot=[one.written for one in leaves_])


def included(node, index):
    return Included(index, node.leaves[index], tuple(node.proof(index)))


def test_a_new_receipt_convinces_whoever_pins_the_old_key():
    node, case, where = later()
    raw = node.receipt(case, 1)

    assert failures(verify(raw, TRUSTED, PINS))[7] == "log-unknown"
    verdict = verify(with_rot(raw, included(node, where)), TRUSTED, PINS)
    assert verdict.valid
    new = replace(TRUSTED, logs=(SECOND.vkey,))
    assert verify(raw, new, PINS).valid


def test_a_receipt_is_made_with_the_rotations_it_needs():
    node, case, where = later()
    needed = (included(node, where),)
    contents = replace(case.entries[1], rot=needed)

    raw = make(contents, case.indexes[1], node.proof(case.indexes[1]), node.note(at=1))

    assert isinstance(contents, SealedEntry)
    assert raw == with_rot(make_plain(node, case), *needed)
    assert verify(raw, TRUSTED, PINS).valid


def make_plain(node, case):
    at = case.indexes[1]
    return make(case.entries[1], at, node.proof(at), node.note(at=1))


def test_an_old_receipt_verifies_by_the_old_pin():
    node, case, _ = later()
    node.log = LOG

    assert verify(node.receipt(case, 0, 2), TRUSTED, PINS).valid


def test_a_revoked_key_convinces_nobody_who_has_the_revocation():
    node, case = Node(), Chain("mine")
    node.say(case)
    where = node.clear("key.revoke", revoked())
    stolen = node.receipt(case, 0)

    assert verify(stolen, TRUSTED, PINS).valid
    told = with_rot(stolen, included(node, 0), included(node, where))
    assert failures(verify(told, TRUSTED, PINS))[7] == "log-unknown"
    known = rotation.walk(LOG.vkey, node.leaves)
    now = replace(TRUSTED, logs=tuple(known))
    assert failures(verify(stolen, now, PINS))[7] == "log-unknown"


def test_a_rotation_must_stand_in_the_receipts_own_checkpoint():
    node, case, where = later()
    raw, right = node.receipt(case, 1), included(node, where)
    for wrong in (
        replace(right, index=0),
        replace(right, leaf=node.leaves[0]),
        replace(right, proof=right.proof[:-1]),
    ):
        assert failures(verify(with_rot(raw, wrong), TRUSTED, PINS))[7] == "inclusion"


def test_rotations_are_shown_in_the_order_of_the_log():
    node, case, where = later()
    raw = node.receipt(case, 1)
    pair = included(node, where), included(node, 0)

    assert failures(verify(with_rot(raw, *pair), TRUSTED, PINS))[7] == "rotation"


@pytest.mark.parametrize(
    "rot", ["x", [1], [{}], [{"index": 0, "leaf": "AA", "proof": ["AA"]}]]
)
def test_rotations_of_another_shape_are_refused(rot):
    node, case, _ = later()
    raw = with_extra(node.receipt(case, 1), rot=rot)

    assert failures(verify(raw, TRUSTED, PINS))[1] == "receipt-malformed"


def test_a_thread_finds_the_rotations_in_the_leaves():
    node, case, where = later()
    receipts = [
        with_rot(node.receipt(case, seq), included(node, where)) for seq in (0, 1)
    ]
    held = Held(receipts=receipts, checkpoint=node.note(at=node.now), case_key=case.key)

    assert verify_thread(held, node.leaves, TRUSTED, PINS).valid
    node.leaves[where] = node.leaves[0]
    found = verify_thread(held, node.leaves, TRUSTED, Pins())
    assert failures(found)[4] == "log-unknown"
