from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import audit, entry, note, origins, revocation, succession
from ledger.audit import Clears
from ledger.encoding import b64, b64u, canonical, parse
from ledger.errors import Invalid
from ledger.note import COSIGNATURE, ED25519, Signer
from tests.ledger.honest import RECOVERY, Node, ended, following
from tests.ledger.test_note import code_of
from tests.ledger.test_revocation import CHANGE
from tests.ledger.test_rotation import SECOND as OTHER_KEY
from tests.ledger.test_rotation import THIEF, revoked, rotated
from tests.ledger.worked import ADA, LOG, ORIGIN, seed

NEXT = f"{ORIGIN}/2"


def aged():
    node = Node()
    for _ in range(5):
        node.cover()
    return node


OLD = aged()
LOG_2, TOLD, WORDS = ended(OLD)
REQUEST = succession.request(TOLD)
NEW = following(OLD)
GENESIS = NEW.leaves[0]


def bent(leaf=GENESIS, *, previous=None, log=NEXT, kind="genesis", seq=0, **body):
    # The first leaf of the new log, with something in it changed.
    found = entry.read_leaf(leaf)
    cited = found.body["previous"]
    changed = {"previous": cited and cited | (previous or {})} | body
    return entry.clear(
        replace(found, log=log, kind=kind, seq=seq, body=found.body | changed)
    )


def refusal(function, *arguments):
    with pytest.raises(Invalid) as refused:
        function(*arguments)
    assert refused.value.code == "succession"
    return refused.value.text


# The names


@pytest.mark.parametrize(
    ("origin", "first", "epoch"),
    [
        (ORIGIN, ORIGIN, 1),
        (NEXT, ORIGIN, 2),
        ("localhost:8000/ledger/10", "localhost:8000/ledger", 10),
    ],
)
def test_a_name_tells_the_host_and_the_epoch(origin, first, epoch):
    assert origins.split(origin) == (first, epoch)
    assert origins.split(origins.following(origin)) == (first, epoch + 1)
    assert origins.related(origin, first)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/ledger",
        "a/b/ledger",
        "node.example",
        f"{ORIGIN}/",
        f"{ORIGIN}/0",
        f"{ORIGIN}/1",
        f"{ORIGIN}/02",
        f"{ORIGIN}/x",
        f"{ORIGIN}/\N{SUPERSCRIPT TWO}",
        f"{ORIGIN}/1234567",
        f"{NEXT}/3",
        f"{NEXT}\n",
    ],
)
def test_other_names_are_of_no_nodes_log(name):
    assert code_of(origins.split, name) == "origin"
    assert not origins.related(name, ORIGIN)
    assert origins.related(name, name)


def test_logs_of_two_hosts_are_not_related():
    assert not origins.related(NEXT, "other.example/ledger/2")


# The request, and the word of recovery keys


def test_a_request_is_read_as_it_was_written():
    assert succession.read_request(REQUEST) == TOLD
    assert revocation.asked(REQUEST) == TOLD
    assert parse(REQUEST)["note"] == TOLD.note


def test_what_is_signed_is_the_names_the_key_and_the_hash_of_the_note():
    hashed = b64u(sha256(TOLD.note.encode()).digest())

    assert TOLD.message == b"folkmoot/epoch/v1\0" + canonical(
        {"log": NEXT, "key": str(LOG_2.vkey), "previous": ORIGIN, "note": hashed}
    )


def test_one_function_signs_both_kinds_of_request():
    for raw, message in (
        (REQUEST, TOLD.message),
        (revocation.request(CHANGE), CHANGE.revocation),
    ):
        key, sig = revocation.read_signature(revocation.sign(raw, RECOVERY[0].key))
        assert key == RECOVERY[0].vkey.key
        RECOVERY[0].vkey.public.verify(sig, message)


def test_whoever_signs_reads_what_it_is():
    root = b64(TOLD.end.root)

    assert revocation.tell(REQUEST) == (
        f"{NEXT}, signed by {LOG_2.vkey}, follows {ORIGIN}, "
        f"which ended with 6 entries and the root {root}"
    )
    assert "replaces" in revocation.tell(revocation.request(CHANGE))


@pytest.mark.parametrize(
    "changed",
    [
        {"log": ORIGIN},
        {"log": f"{ORIGIN}/3"},
        {"log": "other.example/ledger/2"},
        {"previous": NEXT},
        {"previous": "hello"},
        {"key": str(LOG.vkey)},
        {"key": str(Signer(NEXT, COSIGNATURE, seed(9)).vkey)},
        {"key": "hello"},
        {"key": None},
        {"note": "hello"},
        {"note": note.sign(b"hello\n", LOG).decode()},
        {"note": NEW.note().decode()},
        {"more": 1},
    ],
)
def test_what_is_no_succession_is_not_signed(changed):
    raw = canonical({**parse(REQUEST), **changed})

    refusal(succession.read_request, raw)
    refusal(revocation.sign, raw, RECOVERY[0].key)
    refusal(revocation.tell, raw)


def test_a_weak_key_begins_no_log():
    weak = note.VKey(NEXT, ED25519, b"\1" + bytes(31))

    refusal(succession.read_request, succession.request(replace(TOLD, key=weak)))


@given(st.binary(max_size=100))
def test_bytes_that_are_no_request_are_refused(raw):
    assert code_of(succession.read_request, raw)
    assert code_of(revocation.asked, raw)


# What a first leaf says


def test_a_first_leaf_says_what_its_log_follows():
    assert succession.read(GENESIS) == TOLD
    assert succession.read(OLD.leaves[0]) is None


def test_a_log_without_recovery_keys_has_no_signatures_to_show():
    assert succession.previous(TOLD, []) == {
        "origin": ORIGIN,
        "note": TOLD.note,
        "signatures": [],
    }


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"\0{}",
        OLD.leaves[1],
        bent(seq=1),
        bent(kind="policy"),
        bent(epoch=1),
        bent(epoch=3),
        bent(epoch=None),
        bent(keys=[]),
        bent(keys=["x"]),
        bent(keys=[str(LOG.vkey)]),
        bent(log=f"{ORIGIN}/3", epoch=3),
        bent(OLD.leaves[0], log=ORIGIN, epoch=2),
        bent(previous={"more": 1}),
        bent(previous={"origin": "other.example/ledger"}),
        bent(previous={"note": "x"}),
        bent(previous={"note": NEW.note().decode()}),
        bent(previous={"signatures": "x"}),
        bent(previous={"signatures": [{}]}),
        bent(previous={"signatures": [{"key": "AA", "sig": "AA"}]}),
        bent(previous={"signatures": [{"key": b64u(b"k" * 32), "sig": "AA"}]}),
    ],
)
def test_a_first_leaf_that_says_it_wrongly_is_refused(leaf):
    refusal(succession.read, leaf)


# Whether it is true


def test_enough_recovery_keys_prove_that_a_log_follows_another():
    assert succession.require(OLD.leaves[0], GENESIS) == 2
    all_three = following(OLD, by=RECOVERY)
    assert succession.require(OLD.leaves[0], all_three.leaves[0]) == 3


def test_a_third_log_follows_the_second():
    third = following(NEW)

    assert succession.require(GENESIS, third.leaves[0]) == 2
    assert origins.split(third.origin)[1] == 3
    assert "another one" in refusal(succession.require, OLD.leaves[0], third.leaves[0])


@pytest.mark.parametrize(
    "by", [[], RECOVERY[:1], [RECOVERY[0], RECOVERY[0]], [RECOVERY[0], ADA]]
)
def test_too_few_or_foreign_recovery_keys_prove_nothing(by):
    refusal(succession.require, OLD.leaves[0], following(OLD, by=by).leaves[0])


@pytest.mark.parametrize(
    "change",
    [
        {"key": Signer(NEXT, ED25519, seed(23)).vkey},
        {"note": OLD.note(3, at=OLD.now).decode()},
        {"note": OLD.note(at=OLD.now + 1).decode()},
    ],
)
def test_recovery_keys_vouch_for_exactly_what_they_signed(change):
    other = replace(TOLD, **change)
    leaf = bent(keys=[str(other.key)], previous=succession.previous(other, WORDS))

    assert "recovery key" in refusal(succession.require, OLD.leaves[0], leaf)


def test_a_log_that_named_no_recovery_keys_is_followed_by_nobodys_word():
    class Plain(Node):
        def genesis(self):
            return super().genesis() | {"recovery": {"m": 0, "keys": []}}

    plain = Plain()
    leaf = following(plain, by=[]).leaves[0]

    assert succession.require(plain.leaves[0], leaf) == 0
    assert "nobody proves it" in audit.follows(leaf, plain.leaves)
    forged = following(plain, by=[THIEF]).leaves[0]
    refusal(succession.require, plain.leaves[0], forged)


def test_the_cited_note_is_signed_by_the_old_log():
    other = Node(log=THIEF)
    told = replace(TOLD, note=other.note(at=other.now).decode())
    words = [(one.vkey.key, one.key.sign(told.message)) for one in RECOVERY]
    leaf = bent(previous=succession.previous(told, words))

    assert "No key you trust" in refusal(succession.require, OLD.leaves[0], leaf)


def test_the_old_log_may_have_changed_its_key_before_it_ended():
    for kind, body in (("key.rotate", rotated()), ("key.revoke", revoked())):
        old = aged()
        where = old.clear(kind, body)
        old.log = OTHER_KEY
        leaf = following(old).leaves[0]

        refusal(succession.require, old.leaves[0], leaf)
        assert succession.require(old.leaves[0], leaf, [old.leaves[where]]) == 2
        old.log = LOG
    stolen = following(old).leaves[0]
    refusal(succession.require, old.leaves[0], stolen, [old.leaves[where]])


def test_a_change_that_does_not_hold_leads_nowhere():
    old = aged()
    old.clear("key.rotate", rotated() | {"sig_new": b64u(b"\0" * 64)})

    refusal(succession.require, old.leaves[0], GENESIS, old.leaves[1:])


def test_a_first_log_follows_nothing():
    assert "follows no other" in refusal(
        succession.require, OLD.leaves[0], OLD.leaves[0]
    )


def test_the_old_logs_first_leaf_must_be_one():
    refusal(succession.require, OLD.leaves[1], GENESIS)
    refusal(succession.require, bent(OLD.leaves[0], log=ORIGIN, keys=["x"]), GENESIS)
    refusal(succession.require, bent(OLD.leaves[0], log=ORIGIN, recovery=1), GENESIS)


@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=0), st.integers(0, 7))
def test_any_changed_bit_of_a_first_leaf_is_noticed_or_is_no_part_of_it(at, bit):
    raw = bytearray(GENESIS)
    raw[at % len(raw)] ^= 1 << bit
    try:
        signed = succession.require(OLD.leaves[0], bytes(raw))
    except Invalid as no:
        found = no.code
    else:
        found = signed, succession.read(bytes(raw))
    assert found in {"succession", (2, TOLD)}


# What an auditor says of it


def test_an_auditor_says_whom_a_log_follows():
    assert audit.follows(OLD.leaves[0]) == (
        "It is its host's first log: it follows no other."
    )
    assert "only a copy of that log" in audit.follows(GENESIS)
    told = audit.follows(GENESIS, OLD.leaves)
    assert told == (
        f"It says that it follows {ORIGIN}, of 6 entries; "
        "recovery keys of that log that signed it: 2."
    )


def test_the_keys_of_the_old_log_are_found_in_its_copy():
    old = aged()
    old.clear("key.rotate", rotated())
    old.log = OTHER_KEY

    assert "signed it: 2" in audit.follows(following(old).leaves[0], old.leaves)


def test_a_copy_that_does_not_hold_what_is_cited_shows_nothing():
    for leaves in (
        [],
        [*OLD.leaves[:-1], entry.cover(bytes(48))],
        NEW.leaves,
    ):
        refusal(audit.follows, GENESIS, leaves)
    longer = [*OLD.leaves, entry.cover(bytes(48))]
    assert "signed it: 2" in audit.follows(GENESIS, longer)


def test_what_was_lost_of_the_old_log_is_told_and_accuses_nobody():
    told = audit.follows(GENESIS, OLD.leaves[:4])

    assert f"follows {ORIGIN}, of 6 entries, of which this copy has 4; " in told
    assert told.endswith("signed it: 2.")


def test_a_first_log_is_checked_against_no_other():
    refusal(audit.follows, OLD.leaves[0], OLD.leaves)


# How a log ends


def end(node, **body):
    node.clear("epoch.end", {"reason": "the disk is gone", "next": NEXT} | body)
    return node


def walked(node):
    return audit.clear_chain(node.leaves, Clears(node.origin))


@pytest.mark.parametrize("next_", [NEXT, None])
def test_a_log_may_say_that_it_ends(next_):
    node = end(aged(), next=next_)
    node.cover()

    assert walked(node).ended
    assert not walked(aged()).ended


def test_nothing_in_the_clear_comes_after_the_end():
    node = end(aged())
    node.clear("policy", {"policy": "quorum none\n"})

    assert code_of(walked, node) == "clear-chain"


@pytest.mark.parametrize("next_", [ORIGIN, f"{ORIGIN}/3", "x", 1])
def test_a_log_ends_with_the_name_of_the_next(next_):
    assert code_of(walked, end(aged(), next=next_)) == "clear-chain"


def test_an_auditor_refuses_a_first_leaf_that_says_wrongly_what_it_follows():
    assert walked(NEW).seq == 1
    assert not walked(NEW).ended
    node = Node(log=LOG_2, previous={"origin": ORIGIN})
    assert code_of(walked, node) == "succession"
