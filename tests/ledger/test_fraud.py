import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import checkpoint, entry, fraud, note, proof
from ledger.cosignature import cosign
from ledger.encoding import b64u, canonical, parse, unb64u
from ledger.included import Included
from ledger.note import ED25519, Signer, VKey
from ledger.policy import Policy
from ledger.receipt import ClearEntry, Pins, head_note, make, read_head
from tests.ledger.honest import PINS, START, TRUSTED, Chain, Node, noise
from tests.ledger.test_note import code_of
from tests.ledger.test_receipt import with_extra
from tests.ledger.worked import LOG, ORIGIN, STATEMENTS, VECTORS, WITNESS, seed

CASES = json.loads((VECTORS / "folkmoot-v1/fraud-cases.json").read_text())
POLICY = Policy(
    logs=(VKey.parse(CASES["log_vkey"]),),
    witnesses={"partner": VKey.parse(CASES["witness_vkey"])},
    quorum="partner",
)
KEYS = Pins(statements=(VKey.parse(CASES["statements_vkey"]),))
OTHER = Signer("other.example/ledger", ED25519, seed(9))


def judged(raw, policy=TRUSTED, pins=PINS):
    return fraud.judge(raw, policy, pins)


def code(raw, **more):
    verdict = judged(raw, **more)
    assert verdict.holds == (verdict.code == "")
    assert verdict.text.endswith(".")
    return verdict.code


def changed(raw, **members):
    given = parse(raw, limit=fraud.LIMIT) | members
    kept = {name: value for name, value in given.items() if value is not None}
    return canonical(kept, limit=fraud.LIMIT)


# The vectors


@pytest.mark.parametrize(
    "case", CASES["cases"], ids=[case["why"] for case in CASES["cases"]]
)
def test_the_true_cases_hold_and_the_false_ones_do_not(case):
    raw = canonical(case["fraud"], limit=fraud.LIMIT)

    assert judged(raw, POLICY, KEYS).holds is case["valid"]


@pytest.mark.parametrize("kind", ["split", "rewrite", "twin", "withheld", "rollback"])
def test_each_kind_convinces_nobody_who_does_not_know_the_keys(kind):
    case = next(
        case["fraud"]
        for case in CASES["cases"]
        if case["valid"] and case["fraud"]["kind"] == kind
    )
    raw = canonical(case, limit=fraud.LIMIT)

    assert code(raw, policy=Policy(), pins=KEYS) == "log-unknown"
    if "statements" in case:
        assert code(raw, policy=POLICY, pins=Pins()) == "statements-unknown"
    if "witness" in case:
        logs = Policy(logs=POLICY.logs)
        assert code(raw, policy=logs, pins=KEYS) == "witness-unknown"


@pytest.mark.parametrize(
    "case", CASES["cases"], ids=[case["why"] for case in CASES["cases"]]
)
def test_the_builders_write_the_vectors(case):
    given = case["fraud"]
    log, notes = VKey.parse(given["log"]), given.get("notes", [])
    raw = [one.encode() for one in notes]
    match given["kind"]:
        case "split":
            made = fraud.split(log, *raw)
        case "rewrite":
            made = fraud.rewrite(log, *raw, [unb64u(one) for one in given["path"]])
        case "twin":
            leaves = [
                Included(
                    one["index"],
                    unb64u(one["leaf"]),
                    tuple(unb64u(part) for part in one["proof"]),
                )
                for one in given["leaves"]
            ]
            made = fraud.twin(log, *raw, *leaves)
        case "withheld":
            told = fraud.Told(VKey.parse(given["statements"]), given["head"].encode())
            made = fraud.withheld(log, told, given["receipt"].encode())
        case "rollback":
            told = fraud.Told(VKey.parse(given["statements"]), given["head"].encode())
            made = fraud.rollback(log, told, VKey.parse(given["witness"]), *raw)

    assert made == canonical(given, limit=fraud.LIMIT)


# True ones, from dishonest logs


def forked(size=40):
    # Two logs under one key that agree on their first leaves only.
    one, other = Node(), Node()
    for n in range(size - 1):
        one.cover()
        other.put(one.leaves[-1] if n < 10 else entry.cover((noise("x", n) * 2)[:48]))
    return one, other


def test_two_roots_for_one_size_are_a_split():
    one, other = forked()

    assert code(fraud.split(LOG.vkey, one.note(), other.note())) == ""


@given(st.integers(1, 39), st.integers(2, 40))
@settings(deadline=None, max_examples=40)
def test_a_larger_log_that_does_not_begin_with_the_smaller_is_a_rewrite(m, n):
    m, n = sorted((m, n))
    one, other = forked()
    if m == n:
        return
    path = fraud.explicit(m, n, other.read if n == 40 else cut(other, n).read)

    raw = fraud.rewrite(LOG.vkey, one.note(m), other.note(n), path)

    assert code(raw) == ("" if m > 11 else "no-rewrite")


def cut(node, size):
    shorter = Node()
    shorter.leaves = node.leaves[:size]
    return shorter


def twins():
    node, case = Node(), Chain("mine")
    index = node.say(case)
    again = node.put(entry.sealed(entry.tag(case.key, 0), noise("other")))
    node.cover()
    return node, index, again


def shown(node, index):
    return Included(index, node.leaves[index], tuple(node.proof(index)))


def test_one_tag_on_two_leaves_is_a_twin():
    node, one, other = twins()

    raw = fraud.twin(LOG.vkey, node.note(), shown(node, one), shown(node, other))

    assert code(raw) == ""


def replied():
    node, case = Node(), Chain("mine")
    node.say(case)
    node.say(case, kind="ack")
    node.cover()
    return node, case


def lying(node, case, **changes):
    honest = read_head(node.head(case), [STATEMENTS.vkey])
    told = head_note(replace(honest, **changes), STATEMENTS)
    return fraud.Told(STATEMENTS.vkey, told)


@pytest.mark.parametrize(
    ("seq", "changes", "expected"),
    [
        (1, {"count": 1}, ""),
        (0, {"count": 0, "head": None}, ""),
        (1, {"head": b"x" * 32}, ""),
        (1, {"head": None}, ""),
        (1, {}, "no-withheld"),
        (0, {}, "no-withheld"),
        (0, {"count": 1}, ""),
        (1, {"count": 3}, "no-withheld"),
        (1, {"size": 2, "count": 1}, "no-withheld"),
        (1, {"kc": b"k" * 32, "count": 1}, "no-withheld"),
        (1, {"log": "node.example/ledger/2", "count": 1}, "no-withheld"),
        (1, {"log": "other.example/ledger", "count": 1}, "head-foreign"),
    ],
)
def test_a_receipt_that_a_head_note_denies_proves_it_was_withheld(
    seq, changes, expected
):
    node, case = replied()
    receipt = node.receipt(case, seq)

    raw = fraud.withheld(LOG.vkey, lying(node, case, **changes), receipt)

    assert code(raw) == expected


def test_a_smaller_log_than_a_witness_saw_is_a_rollback():
    node, case = replied()
    seen = node.note(at=START)
    for later, size, expected in [
        (301, 2, ""),
        (300, 2, "no-rollback"),
        (301, 4, "no-rollback"),
    ]:
        told = lying(node, case, size=size, at=START + later)
        raw = fraud.rollback(LOG.vkey, told, WITNESS.vkey, seen)
        assert code(raw) == expected


def test_the_earliest_time_of_a_witness_counts_and_zero_is_none():
    node, case = replied()
    told = lying(node, case, size=2, at=START + 400)
    for times, expected in [
        ([START + 200, START], ""),
        ([0], "no-rollback"),
        ([0, START], ""),
        ([START + 200], "no-rollback"),
    ]:
        lines = b"".join(cosign(node.text(), WITNESS, at).encode() for at in times)
        raw = fraud.rollback(LOG.vkey, told, WITNESS.vkey, node.note() + lines)
        assert code(raw) == expected


def test_a_cosignature_that_fails_or_is_missing_is_no_proof():
    node, case = replied()
    told = lying(node, case, size=2, at=START + 400)
    forged = replace(cosign(node.text(), WITNESS, START), body=b"\0" * 72).encode()
    for lines, expected in [(forged, "cosignature"), (b"", "no-rollback")]:
        raw = fraud.rollback(LOG.vkey, told, WITNESS.vkey, node.note() + lines)
        assert code(raw) == expected


# False ones


def test_a_receipt_must_hold_in_the_steps_that_matter():
    node, case = replied()
    told = lying(node, case, count=1)
    good = node.receipt(case, 1)
    other = Chain("other")
    node.say(other)
    for receipt, expected in [
        (with_extra(good, case_key=None), "case-key-missing"),
        (with_extra(good, case_key=b64u(other.key)), "case-key"),
        (with_extra(good, nonce=b64u(b"n" * 32)), "inclusion"),
        (good.replace(b"index 2", b"index 1"), "inclusion"),
        (b"hello", "proof-malformed"),
        (node.receipt(other, 0), "no-withheld"),
    ]:
        assert code(fraud.withheld(LOG.vkey, told, receipt)) == expected


def test_words_and_witnesses_of_the_receipt_do_not_matter():
    node, case = replied()
    receipt = with_extra(node.receipt(case, 1), d=["WyJhIiwiYiIsMV0"])

    raw = fraud.withheld(LOG.vkey, lying(node, case, count=1), receipt)

    assert code(raw) == "base64"  # it is not well formed: step 1
    silent = proof.read(node.receipt(case, 1))
    receipt = proof.write(silent.extra, silent.index, silent.hashes, node.note())
    raw = fraud.withheld(LOG.vkey, lying(node, case, count=1), receipt)
    assert code(raw) == ""


def test_a_clear_entry_is_never_withheld():
    node, case = replied()
    genesis = make(ClearEntry(node.leaves[0]), 0, node.proof(0), node.note())

    assert code(fraud.withheld(LOG.vkey, lying(node, case), genesis)) == "no-withheld"


def test_another_nodes_statements_do_not_accuse_this_one():
    # Both are pinned, and yet neither may speak for the other.
    node, case = replied()
    foreign = Signer("other.example/statements", ED25519, seed(9))
    honest = read_head(node.head(case), [STATEMENTS.vkey])
    told = fraud.Told(foreign.vkey, head_note(replace(honest, count=1), foreign))
    pins = Pins(statements=(STATEMENTS.vkey, foreign.vkey))

    raw = fraud.withheld(LOG.vkey, told, node.receipt(case, 1))

    assert code(raw, pins=pins) == "head-foreign"


@pytest.mark.parametrize("size", [39, 40])
def test_a_note_of_another_log_is_no_proof(size):
    node, other = forked()
    foreign = note.sign(checkpoint.text("other.example/ledger", size, b"r" * 32), OTHER)

    assert code(fraud.split(LOG.vkey, node.note(), foreign)) == "log-unknown"
    mine = note.sign(checkpoint.text("other.example/ledger", 40, b"r" * 32), LOG)
    assert code(fraud.split(LOG.vkey, node.note(), mine)) == "log-unknown"
    if size == 39:
        raw = fraud.split(LOG.vkey, node.note(39), other.note(40))
        assert code(raw) == "no-split"


def test_a_forged_signature_is_no_proof():
    node, _ = forked()
    line = note.parse(node.note(39)).lines[0].encode()
    forged = node.text() + b"\n" + line

    assert code(fraud.split(LOG.vkey, node.note(), forged)) == "log-signature"


def test_twins_are_two_sealed_leaves_that_are_in_the_log():
    node, one, other = twins()
    first, second = shown(node, one), shown(node, other)
    for pair, expected in [
        ((first, first), "no-twin"),
        ((shown(node, 0), second), "no-twin"),
        ((shown(node, 3), second), "no-twin"),
        ((first, replace(second, index=3)), "inclusion"),
        ((first, replace(second, index=99)), "inclusion"),
        ((first, replace(second, leaf=leaf_of_tag(first))), "inclusion"),
        ((first, replace(second, proof=(b"h" * 32,) * 64)), "fraud-malformed"),
        ((first, replace(second, proof=(b"h" * 32,) * 63)), "inclusion"),
    ]:
        assert code(fraud.twin(LOG.vkey, node.note(), *pair)) == expected


def leaf_of_tag(shown):
    return entry.sealed(shown.leaf[1:17], noise("never recorded"))


def test_two_clear_leaves_with_equal_bytes_are_no_twins():
    node = Node()
    node.put(node.leaves[0])

    raw = fraud.twin(LOG.vkey, node.note(), shown(node, 0), shown(node, 1))

    assert code(raw) == "no-twin"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ([b"h" * 32] * 64, "fraud-malformed"),
        ([b"h" * 31], "fraud-malformed"),
        ([], "consistency"),
        ([b"h" * 32] * 3, "consistency"),
        ([b"h" * 32] * 20, "consistency"),
    ],
)
def test_a_path_of_another_shape_proves_nothing(path, expected):
    one, other = forked()

    raw = fraud.rewrite(LOG.vkey, one.note(20), other.note(40), path)

    assert code(raw) == expected


@pytest.mark.parametrize(("m", "n"), [(0, 40), (40, 40), (40, 20)])
def test_sizes_that_cannot_be_compared_prove_nothing(m, n):
    one, other = forked()

    raw = fraud.rewrite(LOG.vkey, one.note(m), other.note(n), [b"h" * 32])

    assert code(raw) == "consistency"


# Bad input


TRUE = fraud.split(LOG.vkey, forked()[0].note(), forked()[1].note())


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"t": "folkmoot.fraud/2"}, "fraud-malformed"),
        ({"t": None}, "fraud-malformed"),
        ({"kind": "murder"}, "fraud-malformed"),
        ({"kind": None}, "fraud-malformed"),
        ({"kind": "rewrite"}, "fraud-malformed"),
        ({"more": 1}, "fraud-malformed"),
        ({"notes": []}, "fraud-malformed"),
        ({"notes": ["a", "b", "c"]}, "fraud-malformed"),
        ({"notes": ["a", 1]}, "fraud-malformed"),
        ({"notes": ["a", "b"]}, "note-malformed"),
        ({"log": "x"}, "base64"),
        ({"log": str(OTHER.vkey)}, "log-unknown"),
        ({"log": str(WITNESS.vkey)}, "log-unknown"),
    ],
)
def test_what_is_not_a_fraud_file_says_why(members, expected):
    assert code(changed(TRUE, **members)) in {expected, "vkey"}


@pytest.mark.parametrize(
    "leaves",
    [
        [],
        [{}, {}],
        [1, 2],
        "x",
        [{"index": -1, "leaf": "", "proof": []}] * 2,
        [{"index": 1, "leaf": "", "proof": [], "more": 1}] * 2,
    ],
)
def test_leaves_of_another_shape_are_refused(leaves):
    node, one, other = twins()
    raw = fraud.twin(LOG.vkey, node.note(), shown(node, one), shown(node, other))

    assert code(changed(raw, leaves=leaves)) == "fraud-malformed"


def test_no_file_is_written_of_what_is_no_text_or_too_long():
    node = forked()[0].note()

    assert code_of(fraud.split, LOG.vkey, node, b"\xff") == "fraud-malformed"
    assert code_of(fraud.split, LOG.vkey, node, b"x" * fraud.LIMIT) == "json-too-long"


def test_a_file_in_another_spelling_is_refused():
    assert code(TRUE + b"\n") == "not-canonical"
    assert code(b"") == "json-malformed"
    assert code(b"[]") == "json-malformed"


def test_a_file_of_a_gigabyte_is_refused_without_being_read():
    class Huge(bytes):
        def __len__(self):
            return 1 << 30

    assert code(Huge()) == "json-too-long"


@given(st.binary(max_size=200), st.integers(0, len(TRUE) - 1))
@settings(deadline=None)
def test_arbitrary_bytes_are_judged_and_never_hold(noise_, at):
    assert not judged(noise_).holds
    assert not judged(TRUE[:at] + noise_ + TRUE[at + len(noise_) + 1 :]).holds


def test_a_verdict_says_who_did_what():
    verdict = judged(TRUE)

    assert (verdict.kind, verdict.log) == ("split", ORIGIN)
    assert "two roots for size 40" in verdict.text


# An honest node


@st.composite
def histories(draw):
    # An honest log with two chains, some of its checkpoints, heads and receipts.
    node, chains = Node(), [Chain("a"), Chain("b")]
    for place in draw(st.lists(st.integers(0, 2), min_size=2, max_size=20)):
        node.cover() if place == 2 else node.say(chains[place])
    return node, chains


@given(histories(), st.data())
@settings(deadline=None, max_examples=60)
def test_an_honest_node_is_never_accused(history, data):
    node, chains = history

    def size():
        return data.draw(st.integers(1, node.size))

    m, n = size(), size()
    # A witness's clock and the node's differ by at most 300 seconds.
    skew = data.draw(st.integers(-300, 300))
    seen = [cut(node, one).note(at=START + one + skew) for one in (m, n)]
    path = data.draw(
        st.lists(st.sampled_from([noise("forged"), *map(noise, range(3))]), max_size=6)
    )
    first, second = (data.draw(st.integers(0, node.size - 1)) for _ in range(2))
    accusations = [
        fraud.split(LOG.vkey, *seen),
        fraud.rewrite(LOG.vkey, *seen, path),
        fraud.twin(LOG.vkey, node.note(), shown(node, first), shown(node, second)),
    ]
    if m < n:
        true = fraud.explicit(m, n, cut(node, n).read)
        accusations.append(fraud.rewrite(LOG.vkey, *seen, true))
        accusations.append(fraud.rewrite(LOG.vkey, *seen, [noise("forged"), *true[1:]]))
    for chain in chains:
        told = fraud.Told(STATEMENTS.vkey, node.head(chain, n, at=START + n))
        accusations.append(fraud.rollback(LOG.vkey, told, WITNESS.vkey, seen[0]))
        for seq in range(len(chain.entries)):
            accusations += [
                fraud.withheld(LOG.vkey, told, node.receipt(one, seq))
                for one in chains
                if seq < len(one.entries)
            ]

    assert not any(judged(raw).holds for raw in accusations)


def test_a_witness_whose_clock_differs_by_less_than_five_minutes_accuses_nobody():
    node, case = replied()
    old = node.head(case, 2, at=START + 299)
    told = fraud.Told(STATEMENTS.vkey, old)

    raw = fraud.rollback(LOG.vkey, told, WITNESS.vkey, node.note(at=START))

    assert code(raw) == "no-rollback"


def test_keys_of_witnesses_do_not_sign_for_logs():
    policy = replace(TRUSTED, logs=(WITNESS.vkey,))
    one, other = forked()

    raw = fraud.split(WITNESS.vkey, one.note(at=1), other.note(at=1))

    assert not judged(raw, policy).holds
