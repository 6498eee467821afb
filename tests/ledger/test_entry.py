import json
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import entry
from ledger.encoding import b64u, canonical
from ledger.entry import Clear, Role, Sealed, Seen, Statement
from ledger.errors import Invalid
from tests.ledger.test_encoding import values
from tests.ledger.test_note import code_of
from tests.ledger.worked import (
    AT,
    CASE,
    CASE_KEY,
    EXAMPLE,
    KC,
    ORIGIN,
    statement,
    unb64u,
)

S = EXAMPLE["statement_utf8"].encode()
E = EXAMPLE["entry_utf8"].encode()
NONCE = bytes.fromhex(EXAMPLE["nonce"])
C = bytes.fromhex(EXAMPLE["commitment"])
GENESIS = bytes.fromhex(EXAMPLE["leaves"][0])
TEXT = "Heating broken since October"


def changed(raw, **changes):
    return canonical({**json.loads(raw), **changes})


def without(raw, name):
    members = json.loads(raw)
    del members[name]
    return canonical(members)


def clear(**changes):
    fields = {
        "log": ORIGIN,
        "seq": 1,
        "prev": b"p" * 32,
        "at": AT,
        "kind": "gov.poll.opened",
        "body": {},
        "payload": {"event": b"e" * 32},
    }
    return Clear(**{**fields, **changes})


# The worked example, byte for byte


def test_the_worked_disclosures_come_out():
    made = [
        entry.disclose(b"\x14" * 16, "text", TEXT),
        entry.disclose(b"\x15" * 16, "channel", "web"),
    ]

    assert made == [one["disclosure"] for one in EXAMPLE["disclosures"]]
    digests = [b64u(entry.digest(one)) for one in made]
    assert digests == [one["digest"] for one in EXAMPLE["disclosures"]]


def test_the_worked_statement_reads_and_is_written_the_same():
    fields = tuple(unb64u(one["digest"]) for one in EXAMPLE["disclosures"])

    assert statement(fields=fields, ts=1795377007123) == S
    assert entry.statement(entry.read_statement(S)) == S


def test_the_worked_entries_read_and_are_written_the_same():
    for raw in (E, EXAMPLE["ack"]["entry_utf8"].encode()):
        assert entry.entry(entry.read_entry(raw)) == raw


def test_the_worked_commitments_and_tags_come_out():
    assert b64u(entry.key_commitment(CASE_KEY)) == EXAMPLE["kc"]
    assert entry.commit(NONCE, E) == C
    ack = EXAMPLE["ack"]
    c = entry.commit(bytes.fromhex(ack["nonce"]), ack["entry_utf8"].encode())
    assert c.hex() == ack["commitment"]
    for seq in range(3):
        assert entry.tag(CASE_KEY, seq).hex() == EXAMPLE[f"tag_seq{seq}"]


def test_the_worked_leaves_come_out():
    leaf = entry.sealed(entry.tag(CASE_KEY, 0), C)

    assert leaf.hex() == EXAMPLE["leaves"][1]
    assert entry.read_leaf(leaf) == Sealed(entry.tag(CASE_KEY, 0), C)
    assert b"\0" + EXAMPLE["genesis_utf8"].encode() == GENESIS
    genesis = entry.read_leaf(GENESIS)
    assert (genesis.kind, genesis.body["rp"]) == ("genesis", ["node.example"])
    assert entry.clear(genesis) == GENESIS


# Disclosures


@given(st.binary(min_size=16, max_size=16), st.text("abc", max_size=5), values)
def test_disclosures_read_back(salt, name, value):
    try:
        made = entry.disclose(salt, name, value)
    except Invalid:  # one level deeper than our JSON goes
        return
    assert entry.read_disclosure(made) == entry.Disclosure(salt, name, value)


def test_two_salts_hide_that_a_value_is_the_same():
    one, other = (entry.disclose(bytes([n]) * 16, "text", TEXT) for n in (1, 2))

    assert entry.digest(one) != entry.digest(other)


def test_a_value_may_have_4096_bytes_and_not_one_more():
    longest = "x" * 4094

    made = entry.disclose(b"s" * 16, "text", longest)

    assert entry.read_disclosure(made).value == longest
    assert code_of(entry.disclose, b"s" * 16, "text", longest + "x") == (
        "disclosure-malformed"
    )
    longer = b64u(canonical([b64u(b"s" * 16), "text", longest + "x"]))
    assert code_of(entry.read_disclosure, longer) == "disclosure-malformed"


@pytest.mark.parametrize("salt", [b"", b"s" * 15, b"s" * 17])
def test_a_salt_has_its_size(salt):
    assert code_of(entry.disclose, salt, "text", 1) == "disclosure-malformed"


@pytest.mark.parametrize(
    "value", [{}, [], ["a", "b"], ["a", "b", 1], ["a", 1, 1], ["a", "b", 1, 2], "a"]
)
def test_what_is_not_a_disclosure_is_refused(value):
    codes = {"disclosure-malformed", "base64"}

    assert code_of(entry.read_disclosure, b64u(canonical(value))) in codes


@given(st.text(max_size=40) | st.binary(max_size=40).map(b64u))
def test_arbitrary_text_is_a_disclosure_or_refused(text):
    try:
        found = entry.read_disclosure(text)
    except Invalid:
        return
    assert entry.disclose(found.salt, found.name, found.value) == text


# Statements


def test_the_order_of_fields_given_does_not_matter():
    fields = (b"a" * 32, b"b" * 32, b"\xff" * 32)

    assert statement(fields=fields) == statement(fields=fields[::-1])


def test_a_statement_says_what_its_author_had_seen():
    raw = statement(seen=Seen(b"r" * 32, 8), re=b"c" * 32)

    found = entry.read_statement(raw)

    assert (found.seen, found.re) == (Seen(b"r" * 32, 8), b"c" * 32)


def test_a_clear_statement_has_no_chain():
    found = entry.read_statement(statement(case=None, kc=None, kind="policy"))

    assert (found.case, found.kc) == (None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"t": "folkmoot.statement/2"},
        {"t": None},
        {"more": 1},
        {"log": 1},
        {"case": None},
        {"kc": None},
        {"case": b64u(b"a" * 15)},
        {"case": 1},
        {"kc": b64u(b"a" * 33)},
        {"fields": None},
        {"fields": [1]},
        {"fields": [b64u(b"a" * 31)]},
        {"fields": [b64u(b"a" * 32)] * 2},
        {"fields": [b64u(b"b" * 32), b64u(b"a" * 32)]},
        {"fields": sorted(b64u(bytes([n]) * 32) for n in range(65))},
        {"re": ""},
        {"re": "not base64"},
        {"seen": 1},
        {"seen": {}},
        {"seen": {"root": b64u(b"r" * 32), "size": 1, "more": 1}},
        {"seen": {"root": b64u(b"r" * 31), "size": 1}},
        {"seen": {"root": b64u(b"r" * 32), "size": -1}},
        {"ts": -1},
        {"ts": True},
        {"ts": "1"},
        {"nonce": b64u(b"n" * 17)},
    ],
)
def test_a_statement_with_a_wrong_member_is_refused(changes):
    assert code_of(entry.read_statement, changed(S, **changes)) == "statement-malformed"


@pytest.mark.parametrize("name", sorted(json.loads(S)))
def test_a_statement_without_one_of_its_members_is_refused(name):
    with pytest.raises(Invalid):
        entry.read_statement(without(S, name))


def test_64_fields_are_not_too_many():
    fields = tuple(bytes([n]) * 32 for n in range(64))

    assert len(entry.read_statement(statement(fields=fields)).fields) == 64


def test_a_statement_that_could_not_be_read_is_not_written():
    with pytest.raises(Invalid) as refused:
        statement(nonce=b"short")

    assert refused.value.code == "statement-malformed"


@pytest.mark.parametrize(
    "kind", ["", "gossip", "gov.", "gov.Poll", "gov.a.b.c", "Reply"]
)
def test_there_is_no_free_text_for_a_kind(kind):
    assert code_of(entry.read_statement, changed(S, kind=kind)) == "kind-not-allowed"
    assert code_of(entry.read_entry, changed(E, kind=kind)) == "kind-not-allowed"


@given(st.sampled_from([S, E, GENESIS[1:]]), st.data())
def test_any_changed_byte_is_noticed_or_means_something_else(raw, data):
    at = data.draw(st.integers(0, len(raw) - 1))
    other = raw[:at] + data.draw(st.binary(max_size=2)) + raw[at + 1 :]
    readers = (entry.read_statement, entry.read_entry, read_clear)
    before = [outcome(read, raw) for read in readers]

    after = [outcome(read, other) for read in readers]

    assert other == raw or not any(after) or before != after


def read_clear(raw):
    return entry.read_leaf(b"\0" + raw)


def outcome(read, raw):
    try:
        return read(raw)
    except Invalid:
        return None


@given(st.dictionaries(st.sampled_from(sorted(json.loads(E))), values))
def test_hostile_members_are_refused_and_nothing_else(members):
    for raw in (S, E, GENESIS[1:]):
        try:
            hostile = changed(raw, **members)
        except Invalid:
            continue
        outcome(entry.read_statement, hostile)
        outcome(entry.read_entry, hostile)
        outcome(read_clear, hostile)


# Entries


@pytest.mark.parametrize(
    "changes",
    [
        {"t": "folkmoot.statement/1"},
        {"more": 1},
        {"log": None},
        {"case": None},
        {"kc": None},
        {"seq": -1},
        {"seq": 1},
        {"prev": b64u(b"p" * 32)},
        {"prev": b64u(b"p" * 31), "seq": 1},
        {"at": -1},
        {"role": "king"},
        {"role": None},
        {"stmt": None},
        {"proof": b64u(b"p")},
        {"key": b64u(b"k" * 15)},
    ],
)
def test_an_entry_with_a_wrong_member_is_refused(changes):
    assert code_of(entry.read_entry, changed(E, **changes)) == "entry-malformed"


@pytest.mark.parametrize("name", sorted(json.loads(E)))
def test_an_entry_without_one_of_its_members_is_refused(name):
    with pytest.raises(Invalid):
        entry.read_entry(without(E, name))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_back(role):
    raw = changed(E, role=role.value)

    assert entry.read_entry(raw).role is role
    assert entry.entry(entry.read_entry(raw)) == raw


# Commitments and leaves


@given(st.binary(max_size=60), st.binary(min_size=32, max_size=32), st.data())
def test_no_commitment_fits_another_entry_or_nonce(raw, nonce, data):
    other = data.draw(st.binary(max_size=60).filter(lambda it: it != raw))
    again = data.draw(
        st.binary(min_size=32, max_size=32).filter(lambda it: it != nonce)
    )

    assert entry.commit(nonce, raw) != entry.commit(nonce, other)
    assert entry.commit(nonce, raw) != entry.commit(again, raw)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_keys_nonces_and_salts_have_their_size(size):
    assert code_of(entry.commit, b"n" * size, E) == "entry-malformed"
    assert code_of(entry.key_commitment, b"k" * size) == "case-key"
    assert code_of(entry.commit_payload, b"s" * size, b"") == "leaf-malformed"


def test_a_cover_leaf_looks_like_a_sealed_one():
    leaf = entry.cover(b"\x0f" * 48)

    assert len(leaf) == 49
    assert entry.read_leaf(leaf) == Sealed(b"\x0f" * 16, b"\x0f" * 32)


@pytest.mark.parametrize(("tag", "c"), [(b"", b"c" * 32), (b"t" * 16, b"c" * 31)])
def test_a_sealed_leaf_has_49_bytes(tag, c):
    assert code_of(entry.sealed, tag, c) == "leaf-malformed"


@pytest.mark.parametrize(
    "leaf", [b"", b"\1", b"\1" + b"x" * 47, b"\1" + b"x" * 49, b"\2" + b"x" * 48]
)
def test_another_leaf_is_unknown(leaf):
    assert code_of(entry.read_leaf, leaf) == "leaf-malformed"


def test_a_clear_leaf_reads_back_with_and_without_a_statement():
    for draft in (clear(), clear(stmt=b"s" * 32, proof=b"p" * 32), clear(prev=None)):
        assert entry.read_leaf(entry.clear(draft)) == draft


@pytest.mark.parametrize(
    "changes",
    [
        {"t": "folkmoot.clear/2"},
        {"more": 1},
        {"seq": -1},
        {"prev": "x"},
        {"at": None},
        {"body": []},
        {"payload": []},
        {"payload": {"event": "short"}},
        {"payload": {"event": None}},
        {"stmt": b64u(b"s" * 32)},
        {"proof": b64u(b"s" * 32)},
    ],
)
def test_a_clear_leaf_with_a_wrong_member_is_refused(changes):
    leaf = b"\0" + changed(GENESIS[1:], **changes)

    assert code_of(entry.read_leaf, leaf) == "leaf-malformed"


@pytest.mark.parametrize("kind", ["submission", "ballot.cast", "gossip"])
def test_what_is_sealed_never_stands_in_the_clear(kind):
    assert code_of(entry.clear, clear(kind=kind)) == "kind-not-allowed"


def test_a_payload_is_committed_to_with_its_salt():
    expected = sha256(b"folkmoot/payload/v1\0" + b"s" * 32 + b"words").digest()

    assert entry.commit_payload(b"s" * 32, b"words") == expected


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_a_leaf_or_refused(raw):
    for leaf in (raw, b"\0" + raw, b"\1" + raw):
        outcome(entry.read_leaf, leaf)


def test_a_draft_needs_every_member():
    with pytest.raises(TypeError):
        Statement(log=ORIGIN, case=CASE, kc=KC)


@pytest.mark.parametrize(("seq", "prev"), [(0, b"p" * 32), (1, None)])
def test_an_entry_that_could_not_be_read_is_not_written(seq, prev):
    read = replace(entry.read_entry(E), seq=seq, prev=prev)

    with pytest.raises(Invalid) as refused:
        entry.entry(read)

    assert refused.value.code == "entry-malformed"
