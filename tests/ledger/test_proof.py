import json
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import checkpoint, note, proof, tree
from ledger.errors import Invalid
from tests.ledger.test_note import code_of
from tests.ledger.test_tree import GO
from tests.ledger.worked import EXAMPLE

HASHES = [b"a" * 32, b"b" * 32]
FIRST = "c2sp.org/tlog-proof@v1\n"
ONE = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=\n"


def test_the_go_codes_file_proves_its_leaf_and_is_written_the_same():
    case = GO["tlog_proof"]
    found = proof.read(case["proof"].encode())
    key = note.VKey.parse(GO["cosignatures"][-1]["log_vkey"])
    stated = checkpoint.open(found.checkpoint, [key])

    assert (found.extra, found.index) == (b"hello extra", case["leaf_index"])
    leaf = tree.leaf_hash(b64decode(case["leaf"]))
    tree.verify_inclusion(found.index, stated.size, leaf, found.hashes, stated.root)
    written = proof.write(found.extra, found.index, found.hashes, found.checkpoint)
    assert written == case["proof"].encode()


def test_the_worked_example_is_written_the_same():
    found = proof.read(EXAMPLE["receipt"].encode())

    written = proof.write(found.extra, found.index, found.hashes, found.checkpoint)
    assert written == EXAMPLE["receipt"].encode()
    assert json.loads(found.extra)["t"] == "folkmoot.receipt/1"


@given(
    st.none() | st.binary(max_size=50),
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.binary(max_size=50),
)
def test_proof_files_read_back(extra, index, hashes, stated):
    found = proof.read(proof.write(extra, index, hashes, stated))

    assert found == proof.Proof(extra, index, tuple(hashes), stated)


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_a_proof_file_or_refused(raw):
    head = (FIRST + "index 1\n").encode()
    for hostile in (raw, head + raw, FIRST.encode() + raw + b"\n\n"):
        try:
            found = proof.read(hostile)
        except Invalid:
            continue
        assert hostile == proof.write(
            found.extra, found.index, found.hashes, found.checkpoint
        )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        FIRST,
        FIRST + "\n",
        FIRST + "index 1\n",
        FIRST + ONE + "\n",
        FIRST + "extra AAAA\n\n",
        FIRST + "extra !\nindex 1\n\n",
        FIRST + "index 1\nextra AAAA\n\n",
        FIRST + "index 01\n\n",
        FIRST + "index -1\n\n",
        FIRST + "index\n\n",
        FIRST + "index 1\nAAAA\n\n",
        FIRST + "index 1\n" + ONE * 64 + "\n",
        FIRST.replace("1", "2") + "index 1\n\n",
        " " + FIRST + "index 1\n\n",
        FIRST + "index é\n\n",
        FIRST.replace("\n", "\r\n") + "index 1\n\n",
    ],
)
def test_what_is_not_a_proof_file_is_refused(text):
    codes = {"proof-malformed", "base64", "number"}

    assert code_of(proof.read, text.encode()) in codes


def test_the_longest_proof_is_read():
    found = proof.read((FIRST + "index 1\n" + ONE * 63 + "\n").encode())

    assert found.hashes == (b"a" * 32,) * 63


def test_a_file_of_more_than_192_kib_is_refused():
    most = proof.write(None, 0, HASHES, b"")
    filled = most + b"x" * (192 * 1024 - len(most))

    assert proof.read(filled).index == 0
    assert code_of(proof.read, filled + b"x") == "proof-malformed"
