from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger import author, checkpoint, entry, note, policy, proof, receipt, tiles, tree
from ledger.author import Channel
from ledger.cosignature import cosign
from ledger.encoding import b64u, canonical, parse
from ledger.note import COSIGNATURE, ML_DSA, Line, Signer
from ledger.receipt import ClearEntry, Evidence, Level, Pins
from tests.ledger.test_note import code_of
from tests.ledger.worked import (
    ADA,
    AT,
    CASE_KEY,
    EXAMPLE,
    LOG,
    ORIGIN,
    POLICY,
    STATEMENTS,
    WITNESS,
    example_entry,
    leaf_of,
    published,
    receipt_of,
    sealed,
    seed,
    statement,
)

RECEIPT = EXAMPLE["receipt"].encode()
NO_PINS = Pins()
LEAF = bytes.fromhex(EXAMPLE["leaves"][1])


def verify(raw, *, policy=POLICY, pins=NO_PINS, **more):
    return receipt.verify(raw, policy, pins, **more)


def failures(verdict):
    return {found.step: found.code for found in verdict.findings if not found.ok}


def with_extra(raw, **changes):
    # Change or, with None, leave out members of the unsigned line.
    found = proof.read(raw)
    members = parse(found.extra, limit=proof.LIMIT) | changes
    kept = {name: value for name, value in members.items() if value is not None}
    extra = canonical(kept, limit=proof.LIMIT)
    return proof.write(extra, found.index, found.hashes, found.checkpoint)


def with_checkpoint(raw, stated):
    found = proof.read(raw)
    return proof.write(found.extra, found.index, found.hashes, stated)


def signed(s=None, **changes):
    s = statement() if s is None else s
    return sealed(s, author.sign(s, ADA), **changes)


# The worked example


def test_the_worked_receipt_is_written_the_same():
    found = proof.read(RECEIPT)

    made = receipt.make(example_entry(), 1, found.hashes, found.checkpoint)

    assert made == RECEIPT


def test_the_worked_receipt_can_be_made_from_the_log_alone():
    leaves = [bytes.fromhex(leaf) for leaf in EXAMPLE["leaves"]]
    edge, _ = tree.append(tree.Edge(), [tree.leaf_hash(leaf) for leaf in leaves])
    hashes = tiles.inclusion(1, 8, lambda level, _: edge.levels[level])
    text = checkpoint.text(ORIGIN, 8, tree.root(edge))
    line = cosign(text, WITNESS, 1795377060).encode()

    made = receipt.make(example_entry(), 1, hashes, note.sign(text, LOG) + line)

    assert made == RECEIPT


def test_a_receipt_for_others_is_made_without_the_case_key():
    found = proof.read(RECEIPT)
    public = replace(example_entry(), case_key=None, d=(), vkeys=())

    made = receipt.make(public, 1, found.hashes, found.checkpoint)

    assert made == with_extra(RECEIPT, case_key=None, d=[], vkeys=None)


def test_the_worked_receipt_holds_in_nine_steps():
    verdict = verify(RECEIPT)

    assert verdict.valid
    assert [found.step for found in verdict.findings] == list(range(1, 10))
    assert failures(verdict) == {}
    assert verdict.level is Level.WITNESSED


def test_the_worked_receipt_says_what_was_recorded():
    verdict = verify(RECEIPT)

    assert (verdict.log, verdict.index, verdict.seq) == (ORIGIN, 1, 0)
    assert (verdict.kind, verdict.role) == ("submission", "member")
    assert (verdict.at, verdict.ts) == (1795377007200, 1795377007123)
    assert verdict.c.hex() == EXAMPLE["commitment"]
    assert (verdict.not_before, verdict.not_after) == (None, 1795377060)
    assert verdict.disclosed == (
        ("text", "Heating broken since October"),
        ("channel", "web"),
    )


def test_every_finding_is_a_sentence():
    for raw in (RECEIPT, b"", with_extra(RECEIPT, d=[])):
        for found in verify(raw).findings:
            assert found.text[0].isupper()
            assert found.text.endswith(".")


def test_every_step_has_its_name():
    names = [found.name for found in verify(RECEIPT).findings]

    assert names == [
        "form",
        "fields",
        "chain",
        "author",
        "leaf",
        "inclusion",
        "log",
        "witnesses",
        "report",
    ]
    assert [found.name for found in verify(b"").findings] == names


# Whose words they are


def test_a_key_nobody_knows_is_what_the_node_says_it_is():
    assert verify(RECEIPT).author == "stated by the node to be a member"
    raw = receipt_of(signed(role=entry.Role.ADVOCATE))
    assert verify(raw).author == "stated by the node to be an advocate"


def test_a_key_the_reader_knows_is_named():
    key = author.key_id(ADA.vkey.key)

    verdict = verify(RECEIPT, pins=Pins(authors={key: "Ada"}))

    assert verdict.author == "Ada, pinned"
    assert verdict.findings[3].text == "Signed by Ada, whose key you know."


def test_the_nodes_own_acts_are_known_by_its_statements_key():
    s = statement(kind="ack")
    raw = receipt_of(sealed(s, author.sign(s, STATEMENTS), role=entry.Role.NODE))

    assert verify(raw).author == "stated by the node to be the node"
    pinned = verify(raw, pins=Pins(statements=(STATEMENTS.vkey,)))
    assert pinned.author == "the node, node.example/statements"


def attested(evidence=b"e" * 32):
    s = statement()
    return sealed(s, author.attest(s, Channel.IN_PERSON, evidence, STATEMENTS))


def test_words_without_a_key_are_never_passed_off_as_signed():
    verdict = verify(receipt_of(attested()), pins=Pins(statements=(STATEMENTS.vkey,)))

    assert verdict.valid
    assert verdict.author == "node-attested, channel in_person"
    text = verdict.findings[3].text
    assert text.startswith("Your node made this key. You did not sign this yourself.")
    assert "in person" in text


def test_only_the_pinned_node_may_vouch():
    raw = receipt_of(attested())

    assert verify(raw).valid
    verdict = verify(raw, pins=Pins(statements=(ADA.vkey,)))
    assert failures(verdict) == {4: "attester-unknown", 9: "not-checked"}


def test_the_evidence_shown_is_what_was_attested():
    held = author.evidence(b"s" * 32, b'{"id":"a"}')
    contents = attested(held)

    fitting = replace(contents, evidence=Evidence(b"s" * 32, b'{"id":"a"}'))
    other = replace(contents, evidence=Evidence(b"s" * 32, b'{"id":"b"}'))

    assert verify(receipt_of(fitting)).valid
    assert failures(verify(receipt_of(other)))[4] == "evidence"


def test_evidence_beside_a_signature_is_foreign():
    contents = replace(signed(), evidence=Evidence(b"s" * 32, b"{}"))

    assert failures(verify(receipt_of(contents)))[4] == "evidence"


# What is shown and what is not


def test_a_field_may_be_kept_back():
    raw = with_extra(RECEIPT, d=[EXAMPLE["disclosures"][0]["disclosure"]])

    verdict = verify(raw)

    assert verdict.valid
    assert verdict.disclosed == (("text", "Heating broken since October"),)
    assert verdict.findings[1].text == "Fields shown: 1 of 2."


def test_a_field_shown_twice_is_refused():
    raw = with_extra(RECEIPT, d=[EXAMPLE["disclosures"][0]["disclosure"]] * 2)

    assert failures(verify(raw)) == {2: "field-twice", 9: "not-checked"}


def test_a_field_that_was_never_signed_is_refused():
    raw = with_extra(RECEIPT, d=[entry.disclose(b"s" * 16, "text", "All is well")])

    assert failures(verify(raw)) == {2: "field-foreign", 9: "not-checked"}


def test_fields_of_more_than_64_kib_are_refused():
    shown = [entry.disclose(bytes([n]) * 16, "a", "x" * 4000) for n in range(13)]

    assert verify(with_extra(RECEIPT, d=shown[:12])).findings[0].ok
    assert failures(verify(with_extra(RECEIPT, d=shown)))[1] == "receipt-malformed"


# Parts that do not belong together


def test_another_log_did_not_take_this_in():
    raw = receipt_of(signed(), origin="other.example/ledger")

    assert failures(verify(raw))[3] == "log-mismatch"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"stmt": b"x" * 32}, "statement-altered"),
        ({"proof": b"x" * 32}, "proof-altered"),
        ({"kind": "claim"}, "chain-mismatch"),
        ({"case": b"x" * 16}, "chain-mismatch"),
        ({"kc": b"x" * 32}, "chain-mismatch"),
        ({"key": b64u(b"x" * 16)}, "key-mismatch"),
    ],
)
def test_an_entry_that_does_not_fit_its_statement_is_refused(changes, code):
    verdict = verify(receipt_of(signed(**changes)))

    assert failures(verdict) == {3: code, 9: "not-checked"}


def test_a_statement_for_another_log_is_refused():
    raw = receipt_of(signed(statement(log="other.example/ledger")))

    assert failures(verify(raw))[3] == "chain-mismatch"


def test_a_case_key_of_another_case_is_refused():
    other = b"k" * 32

    given = failures(verify(RECEIPT, case_key=other))
    inside = failures(verify(with_extra(RECEIPT, case_key=b64u(other))))

    expected = {3: "case-key", 6: "inclusion", 9: "not-checked"}
    assert given == inside == expected


def test_swapped_proofs_are_refused():
    other = signed(statement(nonce=b"o" * 16))
    theirs = proof.read(receipt_of(other))
    mine = proof.read(receipt_of(signed()))
    swapped = proof.write(mine.extra, 1, theirs.hashes, theirs.checkpoint)

    assert failures(verify(swapped)) == {6: "inclusion", 9: "not-checked"}


def test_a_statement_signed_by_somebody_else_is_refused():
    s = statement()
    forged = author.write(author.Proof("ed25519", ADA.vkey.key, b"x" * 64))

    assert failures(verify(receipt_of(sealed(s, forged))))[4] == "statement-unsigned"


# Without the case's key


def test_without_the_key_the_leaf_must_come_from_elsewhere():
    raw = with_extra(RECEIPT, case_key=None)

    assert failures(verify(raw)) == {
        5: "case-key-missing",
        6: "case-key-missing",
        9: "not-checked",
    }
    assert verify(raw, case_key=CASE_KEY).valid
    verdict = verify(raw, leaf=LEAF)
    assert verdict.valid
    assert verdict.findings[4].text.endswith("Its chain was not checked.")


@pytest.mark.parametrize(
    ("leaf", "code"),
    [
        (bytes.fromhex(EXAMPLE["leaves"][2]), "leaf-foreign"),
        (bytes.fromhex(EXAMPLE["leaves"][0]), "leaf-foreign"),
        (b"", "leaf-malformed"),
    ],
)
def test_a_leaf_of_something_else_is_refused(leaf, code):
    raw = with_extra(RECEIPT, case_key=None)

    assert failures(verify(raw, leaf=leaf))[5] == code


# Logs, witnesses and time


def test_a_log_that_is_not_pinned_is_not_believed():
    verdict = verify(RECEIPT, policy=policy.Policy())

    assert failures(verdict) == {7: "log-unknown", 9: "not-checked"}
    assert verdict.level is None


def test_hints_about_keys_are_never_trusted():
    stranger = replace(POLICY, logs=(ADA.vkey,))

    assert failures(verify(RECEIPT, policy=stranger))[7] == "log-unknown"


def test_a_receipt_nobody_witnessed_is_received_and_no_more():
    alone = receipt_of(signed(), at=None)

    strict = verify(alone)
    lenient = verify(alone, policy=replace(POLICY, quorum="none"))

    assert failures(strict) == {8: "quorum"}
    assert (strict.level, strict.valid) == (Level.RECEIVED, False)
    assert (lenient.level, lenient.valid) == (Level.RECEIVED, True)
    assert "No witness says when." in lenient.findings[8].text


def test_witnesses_nobody_asked_for_do_not_raise_the_level():
    verdict = verify(RECEIPT, policy=replace(POLICY, quorum="none"))

    assert (verdict.level, verdict.valid) == (Level.RECEIVED, True)
    assert (
        verdict.findings[7].text
        == "You ask for no witnesses; of those you know, 1 saw it."
    )


def test_a_cosignature_that_fails_refuses_the_file():
    broken = Line(WITNESS.name, WITNESS.vkey.id, b"x" * 72).encode()
    raw = RECEIPT + broken

    for quorum in ("partner", "none"):
        verdict = verify(raw, policy=replace(POLICY, quorum=quorum))
        assert failures(verdict)[8] == "cosignature"
        assert verdict.level is None


def test_a_stranger_may_cosign_without_harm():
    stranger = Signer("stranger.example", COSIGNATURE, seed(9))
    raw = RECEIPT + Line(stranger.name, stranger.vkey.id, b"x" * 72).encode()

    assert verify(raw).valid


def test_the_earliest_time_of_all_witnesses_counts():
    strong = Signer("pq.example", ML_DSA, MLDSA44PrivateKey.from_seed_bytes(b"s" * 32))
    found = note.parse(proof.read(RECEIPT).checkpoint)
    lines = [cosign(found.text, WITNESS, at).encode() for at in (5000, 3000, 4000)]
    lines.append(cosign(found.text, strong, 2000).encode())
    raw = RECEIPT + b"".join(lines)

    both = replace(POLICY, witnesses={**POLICY.witnesses, "pq": strong.vkey})

    assert verify(raw).not_after == 3000
    assert verify(raw, policy=both).not_after == 2000


def test_a_witness_without_a_clock_counts_but_says_no_time():
    verdict = verify(receipt_of(signed(), at=0))

    assert (verdict.valid, verdict.not_after) == (True, None)


def test_times_after_all_calendars_are_still_shown():
    verdict = verify(receipt_of(signed(), at=2**62))

    assert f"before second {2**62}" in verdict.findings[8].text


def cited(at):
    # An older checkpoint that the author had seen, and the note of it they kept.
    text = checkpoint.text(ORIGIN, 5, b"r" * 32)
    kept = note.sign(text, LOG) + cosign(text, WITNESS, at).encode()
    return entry.Seen(b"r" * 32, 5), kept


def test_what_its_author_had_seen_bounds_the_time_from_below():
    seen, kept = cited(1795370000)
    raw = receipt_of(signed(statement(seen=seen)))
    _, older = cited(1795360000)
    other = proof.read(RECEIPT).checkpoint

    assert verify(raw).not_before is None
    verdict = verify(raw, pins=Pins(notes=(other, older, kept)))
    assert verdict.not_before == 1795370000
    assert "after 2026-11-22 17:53:20 UTC and before" in verdict.findings[8].text


def test_a_statement_that_cites_nothing_has_no_lower_bound():
    _, kept = cited(1795370000)

    assert verify(RECEIPT, pins=Pins(notes=(kept,))).not_before is None


def test_a_kept_note_that_is_damaged_is_named():
    seen, kept = cited(1795370000)
    raw = receipt_of(signed(statement(seen=seen)))

    verdict = verify(raw, pins=Pins(notes=(kept[:-1],)))

    assert failures(verdict) == {9: "note-malformed"}


def test_a_lower_bound_without_an_upper_one_is_shown():
    seen, kept = cited(1795370000)
    raw = receipt_of(signed(statement(seen=seen)), at=None)

    verdict = verify(
        raw, policy=replace(POLICY, quorum="none"), pins=Pins(notes=(kept,))
    )

    assert "recorded after 2026-11-22 17:53:20 UTC." in verdict.findings[8].text


@pytest.mark.parametrize(("apart", "told"), [(600_000, False), (600_001, True)])
def test_clocks_far_apart_are_told(apart, told):
    raw = receipt_of(signed(statement(ts=AT - apart)))

    assert ("far apart" in verify(raw).findings[8].text) is told


# Clear entries


def clear_receipt(**changes):
    fields = {
        "log": ORIGIN,
        "seq": 3,
        "prev": b"p" * 32,
        "at": AT,
        "kind": "policy",
        "body": {"policy": "quorum none\n"},
        "payload": {},
    }
    leaf = entry.clear(entry.Clear(**{**fields, **changes}))
    hashes, signed_note = published(leaf)
    return receipt.make(ClearEntry(leaf), 1, hashes, signed_note)


def test_a_clear_entry_is_the_nodes_own_word():
    verdict = verify(clear_receipt())

    assert verdict.valid
    assert (verdict.kind, verdict.author, verdict.seq) == ("policy", "the node", 3)
    assert (verdict.c, verdict.role, verdict.ts, verdict.disclosed) == (
        None,
        "",
        None,
        (),
    )


def test_a_clear_entry_does_not_say_who_signed_its_statement():
    verdict = verify(clear_receipt(stmt=b"s" * 32, proof=b"p" * 32))

    assert (verdict.valid, verdict.author) == (True, "not shown")


def test_a_clear_entry_of_another_log_is_refused():
    assert failures(verify(clear_receipt(log="other.example/ledger")))[3] == (
        "log-mismatch"
    )


def test_a_clear_receipt_shows_the_leaf_and_nothing_else():
    raw = with_extra(clear_receipt(), nonce=b64u(b"n" * 32))

    assert failures(verify(raw))[1] == "receipt-malformed"


def test_a_sealed_leaf_alone_is_no_receipt():
    raw = with_extra(clear_receipt(), leaf=b64u(LEAF))

    assert failures(verify(raw))[1] == "receipt-malformed"


# Damage


@pytest.mark.parametrize(
    "changes",
    [
        {"t": "folkmoot.receipt/2"},
        {"t": None},
        {"e": None},
        {"e": "!"},
        {"e": b64u(b"{}")},
        {"s": b64u(b"{}")},
        {"p": b64u(b"{}")},
        {"nonce": b64u(b"short")},
        {"d": None},
        {"d": "text"},
        {"d": [1]},
        {"d": ["!"]},
        {"case_key": "short"},
        {"ev": 1},
        {"ev": {}},
        {"ev": {"salt": b64u(b"s"), "json": b64u(b"{}")}},
        {"vkeys": 1},
        {"more": 1},
    ],
)
def test_a_receipt_that_cannot_be_read_fails_at_the_first_step(changes):
    verdict = verify(with_extra(RECEIPT, **changes))

    assert 1 in failures(verdict)
    assert len(verdict.findings) == 9
    assert set(failures(verdict)) == set(range(1, 10))
    assert not any(found.ok for found in verdict.findings)
    assert verdict.level is None


def test_a_rotation_beside_it_does_no_harm():
    assert verify(with_extra(RECEIPT, rot=[])).valid


def test_a_proof_file_of_somebody_else_is_no_receipt():
    found = proof.read(RECEIPT)

    for extra in (None, b"", b"hello"):
        raw = proof.write(extra, found.index, found.hashes, found.checkpoint)
        assert failures(verify(raw))[1] == "json-malformed"


@given(st.binary(max_size=100))
def test_arbitrary_bytes_are_a_verdict_and_never_a_traceback(raw):
    head = RECEIPT.partition(b"\n\n")[0] + b"\n\n"
    for hostile in (raw, RECEIPT + raw, head + raw, RECEIPT[: len(raw) * 30] + raw):
        assert len(verify(hostile).findings) == 9


def test_every_changed_byte_of_a_receipt_fails_at_a_named_step():
    raw = with_extra(RECEIPT, vkeys=None)  # hints are not signed, so not protected
    overlooked = []

    for at in range(len(raw)):
        damaged = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        failed = failures(verify(damaged))
        if not failed or not all(failed.values()):
            overlooked.append(at)

    assert overlooked == []


@pytest.mark.parametrize(
    ("part", "steps"),
    [("e", {1, 3, 6}), ("s", {1, 3}), ("p", {1, 3}), ("nonce", {6}), ("case_key", {3})],
)
def test_every_changed_byte_inside_fails_where_it_is_checked(part, steps):
    contents = example_entry()
    inside = getattr(contents, part)
    found = proof.read(RECEIPT)

    for at in range(len(inside)):
        damaged = inside[:at] + bytes([inside[at] ^ 4]) + inside[at + 1 :]
        raw = receipt.make(
            replace(contents, **{part: damaged}), 1, found.hashes, found.checkpoint
        )
        assert failures(verify(raw)).keys() & steps


def test_every_changed_byte_of_a_field_fails_where_it_is_checked():
    inside = EXAMPLE["disclosures"][0]["disclosure"]

    for at in range(len(inside)):
        damaged = inside[:at] + chr(ord(inside[at]) ^ 4) + inside[at + 1 :]
        assert failures(verify(with_extra(RECEIPT, d=[damaged]))).keys() & {1, 2}


def test_another_index_or_hash_fails_the_inclusion():
    found = proof.read(RECEIPT)
    flipped = (bytes([found.hashes[0][0] ^ 1]) + found.hashes[0][1:], *found.hashes[1:])

    for index, hashes in ((0, found.hashes), (1, flipped), (9, found.hashes), (1, ())):
        raw = proof.write(found.extra, index, hashes, found.checkpoint)
        assert failures(verify(raw)) == {6: "inclusion", 9: "not-checked"}


def test_another_tree_fails_the_log_and_the_witness():
    found = proof.read(RECEIPT)
    raw = with_checkpoint(RECEIPT, found.checkpoint.replace(b"\n8\n", b"\n9\n"))

    failed = failures(verify(raw))

    assert (failed[7], failed[8]) == ("log-signature", "cosignature")


def test_what_a_damaged_receipt_says_has_no_level():
    raw = with_extra(RECEIPT, nonce=b64u(b"n" * 32))

    verdict = verify(raw)

    assert verdict.level is None
    assert verdict.findings[8].text == "What fails a step proves nothing."


# Short forms


def test_the_seal_line_is_the_index_and_four_bytes():
    c = bytes.fromhex("7f3a9c21") + bytes(28)

    assert receipt.seal(1903, c) == "#1903 7f3a 9c21"


def test_eight_words_are_the_first_88_bits():
    wordlist = [str(n) for n in range(2048)]
    c = bytes.fromhex(EXAMPLE["commitment"])

    spoken = receipt.words(c, wordlist)

    bits = "".join(f"{int(word):011b}" for word in spoken)
    assert len(spoken) == 8
    assert bits == f"{int.from_bytes(c, 'big'):0256b}"[:88]


def test_a_list_of_other_length_is_no_wordlist():
    assert code_of(receipt.words, b"c" * 32, ["one", "two"]) == "wordlist"


def test_the_leaf_of_the_worked_receipt_is_the_one_in_the_log():
    assert leaf_of(example_entry()) == LEAF
