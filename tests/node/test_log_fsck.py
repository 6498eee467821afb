import re
import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import text

from ledger import proof, tree
from node import log
from node.log.founding import CLEAR
from node.models.log import LedgerChain, LedgerPayload
from tests.support.logs import announce, grow, inside, published, root_of

LEAVES = 600


@pytest.fixture
def whole(moot):
    """A log with cases, covers, clear entries, full tiles, and something on its way."""
    for words in ("It leaks.", "It is cold."):
        moot.tell(text=words)
    announce(moot.node)
    grow(moot.village, moot.node, LEAVES)
    moot.tell()
    log.sequence(moot.node)
    moot.tell()
    return moot.node


def codes(node):
    return {found.code for found in log.fsck(node)}


def say(node, *statements):
    """Change rows behind the node's back; FIRST and LAST are seals of two cases."""
    with node.begin() as tx:
        for statement in statements:
            words = statement.replace("FIRST", FIRST)
            tx.execute(text(re.sub(r"LAST\((\w+)\)", LAST, words)))


FIRST = "oid = (SELECT min(oid) FROM ledger_seal)"
LAST = r"(SELECT \1 FROM ledger_seal ORDER BY oid DESC LIMIT 1)"


def unlock(node):
    """Take away what refuses to change the log."""
    on = " ON ledger_entry" if node.database.engine.name == "postgresql" else ""
    say(node, *(f"DROP TRIGGER ledger_entry_no_{act}{on}" for act in LOCKS))


LOCKS = ("update", "delete")


def test_nothing_is_found_where_nothing_is_wrong(whole):
    assert list(log.fsck(whole)) == []


def test_an_empty_log_is_whole(either):
    assert list(log.fsck(either.build("https://ash.example"))) == []


DAMAGES = {
    "UPDATE ledger_tile SET data = (SELECT data FROM ledger_tile WHERE n = 1)":
        {"tile.differs"},
    "DELETE FROM ledger_tile WHERE n = 1": {"tile.differs"},
    "INSERT INTO ledger_tile (level, n, data) SELECT 0, 77, data FROM ledger_tile"
    " WHERE n = 1": {"tile.extra"},
    "UPDATE ledger_edge SET data = substr(data, 33) WHERE level = 0": {"edge.differs"},
    "DELETE FROM ledger_edge WHERE level = 1": {"edge.differs"},
    "UPDATE ledger_head SET size = size - 1": {"head.differs"},
    "UPDATE ledger_head SET note = (SELECT note FROM ledger_checkpoint"
    " ORDER BY size LIMIT 1)":
        {"head.differs"},
    "UPDATE ledger_checkpoint SET root = (SELECT root FROM ledger_head)":
        {"checkpoint.differs"},
    "UPDATE ledger_checkpoint SET size = 9999 WHERE size > 100":
        {"checkpoint.differs", "tag.missing"},
    "DELETE FROM ledger_tag WHERE idx = 9": {"tag.missing"},
    "UPDATE ledger_tag SET idx = 100000 WHERE idx = 9": {"tag.twin", "tag.extra"},
    "UPDATE ledger_tag SET tag = substr(tag, 2) WHERE idx = 9": {"tag.missing"},
    "INSERT INTO ledger_tag (tag, idx) SELECT substr(tag, 2), 100000 FROM ledger_tag"
    " WHERE idx = 9": {"tag.extra"},
    "UPDATE ledger_chain SET head = kc WHERE case_id = LAST(case_id)":
        {"chain.differs"},
    "UPDATE ledger_chain SET next_seq = 0 WHERE case_id = LAST(case_id)":
        {"chain.differs"},
    "UPDATE ledger_chain SET kc = substr(kc, 2) WHERE case_id ="
    " LAST(case_id)": {"chain.differs", "seal.differs"},
    "UPDATE ledger_chain SET next_seq = next_seq + 1 WHERE kc IS NULL":
        {"chain.differs"},
    "UPDATE ledger_seal SET nonce = LAST(nonce) WHERE FIRST":
        {"seal.differs"},
    "UPDATE ledger_seal SET entry = LAST(entry) WHERE FIRST":
        {"seal.differs"},
    "UPDATE ledger_seal SET stmt = LAST(stmt) WHERE FIRST":
        {"seal.differs", "disclosure.differs"},
    "UPDATE ledger_seal SET proof = LAST(proof) WHERE FIRST":
        {"seal.differs"},
    "UPDATE ledger_seal SET eid = nonce WHERE FIRST": {"seal.differs"},
    "UPDATE ledger_seal SET evidence = nonce WHERE FIRST": {"seal.differs"},
    "UPDATE ledger_seal SET oid = 99999 WHERE FIRST":
        {"seal.lost", "disclosure.differs"},
    "UPDATE ledger_disclosure SET digest = substr(digest, 2) WHERE FIRST":
        {"disclosure.differs"},
    "UPDATE ledger_disclosure SET disclosure = digest WHERE FIRST":
        {"disclosure.differs"},
    "UPDATE ledger_disclosure SET oid = 99999 WHERE oid ="
    " (SELECT max(oid) FROM ledger_disclosure)": {"disclosure.differs"},
    "INSERT INTO ledger_erasure (id, level, case_id, seq, n, at) SELECT case_id,"
    " 'redact', case_id, seq, 0, 0 FROM ledger_seal WHERE FIRST": {"erased.remains"},
    "INSERT INTO ledger_erasure (id, level, case_id, seq, at) SELECT case_id,"
    " 'content', case_id, seq, 0 FROM ledger_seal WHERE FIRST": {"erased.remains"},
    "INSERT INTO ledger_erasure (id, level, case_id, seq, at) SELECT case_id,"
    " 'entry', case_id, seq, 0 FROM ledger_seal WHERE FIRST": {"erased.remains"},
    "INSERT INTO ledger_erasure (id, level, case_id, at) SELECT case_id, 'chain',"
    " case_id, 0 FROM ledger_seal WHERE FIRST": {"erased.remains"},
    "UPDATE ledger_payload SET data = salt": {"payload.differs"},
    "UPDATE ledger_payload SET oid = 99999": {"payload.differs"},
    "UPDATE ledger_payload SET commitment = salt": {"payload.differs"},
    "UPDATE ledger_payload SET salt = substr(salt, 2)": {"payload.differs"},
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_was_changed_beside_the_log_is_found_and_named(whole, damage):
    say(whole, damage)

    assert codes(whole) == DAMAGES[damage]


def test_a_leaf_that_was_changed_is_found_by_everything_above_it(whole):
    unlock(whole)
    say(
        whole,
        "UPDATE ledger_entry SET leaf ="
        " (SELECT leaf FROM ledger_entry WHERE idx = 300) WHERE idx = 301",
    )

    found = {(one.code, one.where) for one in log.fsck(whole)}

    assert {("tile.differs", "0/1"), ("tag.twin", "301"), ("edge.differs", SIZE)} <= {
        (code, SIZE if code == "edge.differs" else where) for code, where in found
    }
    assert {"head.differs", "checkpoint.differs"} <= {code for code, _ in found}


SIZE = "the size"


def test_a_leaf_that_is_missing_is_named_and_ends_the_look_at_the_tree(whole):
    unlock(whole)
    say(whole, "DELETE FROM ledger_entry WHERE idx = 400")

    found = [(one.code, one.where) for one in log.fsck(whole)]

    assert ("entry.gap", "400") in found
    assert "head.differs" not in {code for code, _ in found}


def test_a_leaf_of_no_kind_we_know_is_named(whole):
    unlock(whole)
    say(whole, "UPDATE ledger_entry SET leaf = substr(leaf, 2) WHERE idx = 300")

    assert ("entry.unknown", "300") in {(f.code, f.where) for f in log.fsck(whole)}


def test_a_clear_entry_that_does_not_follow_is_named(moot):
    announce(moot.node)
    with moot.node.begin() as tx:
        tx.get(LedgerChain, CLEAR).next_seq = 1
        tx.query(LedgerPayload).delete()
    announce(moot.node)

    assert codes(moot.node) == {"clear.gap"}


def test_what_was_erased_is_not_missed(whole):
    say(
        whole,
        "DELETE FROM ledger_disclosure WHERE FIRST",
        "DELETE FROM ledger_seal WHERE FIRST",
        "DELETE FROM ledger_payload",
    )

    assert list(log.fsck(whole)) == []


def test_a_chain_whose_key_was_destroyed_is_checked_as_far_as_can_be(whole):
    say(whole, "DELETE FROM content_key", "UPDATE ledger_chain SET case_key = NULL")
    assert list(log.fsck(whole)) == []

    say(whole, "UPDATE ledger_seal SET eid = nonce WHERE FIRST")
    assert codes(whole) == {"seal.differs"}


def test_every_code_has_a_sentence_and_every_sentence_a_test():
    tested = set().union(*DAMAGES.values())

    others = {"entry.gap", "entry.unknown", "clear.gap", "past.differs"}
    assert set(log.SENTENCES) - tested == others
    assert tested <= set(log.SENTENCES)


def test_every_code_is_explained_in_the_documents():
    said = Path("docs/ledger.md").read_text()

    assert all(f"| `{code}` |" in said and words in said for code, words in WORDS)


WORDS = log.SENTENCES.items()


def peak(node):
    tracemalloc.start()
    try:
        assert not any(found.code == "tile.differs" for found in log.fsck(node))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_log_six_times_as_long_needs_no_more_memory(moot):
    grow(moot.village, moot.node, 4000)
    peak(moot.node)
    short = peak(moot.node)
    for _ in range(5):
        grow(moot.village, moot.node, 4000)

    assert peak(moot.node) < 2 * short + 1_000_000


def included(raw, leaf, root):
    found = proof.read(raw)
    size = int(found.checkpoint.split(b"\n")[1])
    tree.verify_inclusion(found.index, size, tree.leaf_hash(leaf), found.hashes, root)
    return size


def test_an_entry_is_proven_at_the_newest_size_and_at_older_ones(whole):
    leaves, newest = inside(whole).leaves, published(whole)
    first = int(log.checkpoints(whole)[-1].split(b"\n")[1])

    for index in (0, 1, first - 1):
        raw = log.prove(whole, index, size=first)
        assert included(raw, leaves[index], root_of(leaves[:first])) == first
    for index in (0, 255, 256, newest.size - 1):
        raw = log.prove(whole, index)
        assert included(raw, leaves[index], newest.root) == newest.size


@pytest.mark.parametrize(
    ("index", "size"), [(-1, None), (10**6, None), (0, 7), (0, 2**62)]
)
def test_what_is_not_published_is_not_proven(whole, index, size):
    with pytest.raises(log.NotPublished):
        log.prove(whole, index, size=size)


def test_what_is_sequenced_and_not_published_is_not_proven(whole):
    size = published(whole).size

    assert inside(whole).size > size
    with pytest.raises(log.NotPublished):
        log.prove(whole, size)
