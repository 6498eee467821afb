import json
from base64 import b64decode
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import tree
from ledger.errors import Invalid
from tests.ledger.worked import EXAMPLE, VECTORS

GO = json.loads((VECTORS / "generated-from-go/tlog_note_cosig.json").read_text())
LEAVES = [tree.leaf_hash(b64decode(leaf)) for leaf in GO["leaves"]]
MERKLE = VECTORS / "transparency-dev-merkle"
sizes = st.integers(1, 600)


# The tree of RFC 9162, 2.1, written as the RFC says it: recursively, over all leaves.


def split(count):
    k = 1
    while 2 * k < count:
        k *= 2
    return k


def mth(hashes):
    if not hashes:
        return sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return sha256(b"\1" + mth(hashes[:k]) + mth(hashes[k:])).digest()


def inclusion(m, hashes):
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    if m < k:
        return [*inclusion(m, hashes[:k]), mth(hashes[k:])]
    return [*inclusion(m - k, hashes[k:]), mth(hashes[:k])]


def consistency(m, hashes, *, whole=True):
    if m == len(hashes):
        return [] if whole else [mth(hashes)]
    k = split(len(hashes))
    if m <= k:
        return [*consistency(m, hashes[:k], whole=whole), mth(hashes[k:])]
    return [*consistency(m - k, hashes[k:], whole=False), mth(hashes[:k])]


def grown(hashes):
    edge, _ = tree.append(tree.Edge(), hashes)
    return edge


def numbered(count):
    return [tree.leaf_hash(at.to_bytes(4, "big")) for at in range(count)]


def flipped(raw, bit):
    return bytes([*raw[: bit // 8], raw[bit // 8] ^ 1 << bit % 8, *raw[bit // 8 + 1 :]])


def files(kind):
    found = sorted((MERKLE / "testdata" / kind).rglob("*.json"))
    return [
        pytest.param(path, id=path.relative_to(MERKLE).as_posix()) for path in found
    ]


def hashes_of(case):
    return [b64decode(one) for one in case["proof"] or []]


def refuses(check, *arguments):
    try:
        check(*arguments)
    except Invalid as no:
        return no.code in {"inclusion", "consistency"}
    return False


@pytest.mark.parametrize("path", files("inclusion"))
def test_inclusion_is_judged_as_others_judge_it(path):
    case = json.loads(path.read_text())
    root, leaf = b64decode(case["root"]), b64decode(case["leafHash"])
    place = (case["leafIdx"], case["treeSize"])

    refused = refuses(tree.verify_inclusion, *place, leaf, hashes_of(case), root)

    assert refused is case["wantErr"]


@pytest.mark.parametrize("path", files("consistency"))
def test_consistency_is_judged_as_others_judge_it(path):
    case = json.loads(path.read_text())
    roots = [b64decode(case["root1"]), b64decode(case["root2"])]
    between = (case["size1"], case["size2"])

    refused = refuses(tree.verify_consistency, *between, *roots, hashes_of(case))

    assert refused is case["wantErr"]


def test_the_roots_of_rfc_6962_come_out():
    known = json.loads((MERKLE / "rfc6962-roots.json").read_text())
    hashes = [tree.leaf_hash(bytes.fromhex(one)) for one in known["leaf_inputs_hex"]]

    roots = [tree.root(grown(hashes[:size])).hex() for size in range(9)]

    assert roots == known["roots_hex_by_size"]


@pytest.mark.parametrize("known", GO["trees"], ids=lambda known: str(known["size"]))
def test_the_roots_of_the_go_code_come_out(known):
    assert tree.root(grown(LEAVES[: known["size"]])) == b64decode(known["root"])


def test_the_proofs_of_the_go_code_hold():
    for case in GO["inclusion"]:
        leaf, root = LEAVES[case["index"]], b64decode(case["root"])
        tree.verify_inclusion(case["index"], case["size"], leaf, hashes_of(case), root)
    for case in GO["consistency"]:
        roots = [b64decode(case["root1"]), b64decode(case["root2"])]
        tree.verify_consistency(case["size1"], case["size2"], *roots, hashes_of(case))


def test_the_worked_example_has_its_hashes_and_root():
    hashes = [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in EXAMPLE["leaves"]]

    assert [one.hex() for one in hashes] == EXAMPLE["leaf_hashes"]
    assert tree.root(grown(hashes)).hex() == EXAMPLE["root"]
    assert tree.root(grown(hashes[:3])).hex() == EXAMPLE["old_root_size3"]


def test_an_empty_tree_has_the_empty_root():
    assert tree.root(tree.Edge()) == tree.EMPTY == mth([])
    assert tree.Edge().size == 0
    assert tree.append(tree.Edge(), []) == (tree.Edge(), [])


@given(sizes, st.lists(st.integers(0, 600), max_size=6))
def test_any_way_to_cut_batches_gives_the_same_tree(size, cuts):
    hashes = numbered(size)
    bounds = sorted({0, size, *[cut for cut in cuts if cut < size]})
    edge, tiles = tree.Edge(), []

    for start, end in pairwise(bounds):
        edge, full = tree.append(edge, hashes[start:end])
        tiles += full

    at_once, expected = tree.append(tree.Edge(), hashes)
    assert (edge, sorted(tiles)) == (at_once, sorted(expected))
    assert (edge.size, tree.root(edge)) == (size, mth(hashes))


def test_full_tiles_come_out_once_at_each_level():
    hashes = numbered(256 * 256 + 300)

    edge, full = tree.append(tree.Edge(), hashes)

    assert [(level, n) for level, n, _ in full] == [
        *[(0, n) for n in range(257)],
        (1, 0),
    ]
    assert full[1][2] == b"".join(hashes[256:512])
    assert [len(row) // 32 for row in edge.levels] == [44, 1, 1]
    assert tree.root(edge) == mth(hashes)


def test_a_large_tree_numbers_its_tiles_on_every_level():
    nearly = tree.Edge((b"a" * 32 * 255, b"b" * 32 * 255, b"c" * 32 * 2))

    edge, full = tree.append(nearly, [b"d" * 32])

    assert edge.size == nearly.size + 1 == 3 * 256**2
    assert [(level, n) for level, n, _ in full] == [(0, 767), (1, 2)]
    assert full[1][2] == b"b" * 32 * 255 + tree.fold(full[0][2])


@given(sizes, st.data())
def test_every_inclusion_proof_holds_and_no_changed_bit_does(size, data):
    hashes = numbered(size)
    index = data.draw(st.integers(0, size - 1))
    proof, root, leaf = inclusion(index, hashes), mth(hashes), hashes[index]

    tree.verify_inclusion(index, size, leaf, proof, root)

    bit = data.draw(st.integers(0, 255))
    assert refuses(tree.verify_inclusion, index, size, flipped(leaf, bit), proof, root)
    assert refuses(tree.verify_inclusion, index, size, leaf, proof, flipped(root, bit))
    for at, one in enumerate(proof):
        changed = [*proof[:at], flipped(one, bit), *proof[at + 1 :]]
        assert refuses(tree.verify_inclusion, index, size, leaf, changed, root)
        shorter = [*proof[:at], *proof[at + 1 :]]
        assert refuses(tree.verify_inclusion, index, size, leaf, shorter, root)
    assert refuses(tree.verify_inclusion, index, size, leaf, [*proof, leaf], root)


@given(sizes, st.data())
def test_every_consistency_proof_holds_and_no_changed_bit_does(n, data):
    hashes = numbered(n)
    m = data.draw(st.integers(1, n))
    old, new, proof = mth(hashes[:m]), mth(hashes), consistency(m, hashes)

    tree.verify_consistency(m, n, old, new, proof)

    bit = data.draw(st.integers(0, 255))
    assert refuses(tree.verify_consistency, m, n, flipped(old, bit), new, proof)
    assert refuses(tree.verify_consistency, m, n, old, flipped(new, bit), proof)
    for at, one in enumerate(proof):
        changed = [*proof[:at], flipped(one, bit), *proof[at + 1 :]]
        assert refuses(tree.verify_consistency, m, n, old, new, changed)
        shorter = [*proof[:at], *proof[at + 1 :]]
        assert refuses(tree.verify_consistency, m, n, old, new, shorter)
    assert refuses(tree.verify_consistency, m, n, old, new, [*proof, old])


@given(st.integers(2, 200), st.data())
def test_a_rewritten_past_shows_in_the_folded_path(n, data):
    # What a fraud proof rests on: the new root admits one old root and no other.
    hashes = numbered(n)
    m = data.draw(st.integers(1, n - 1))
    proof = consistency(m, hashes)
    path = [mth(hashes[:m]), *proof] if m & (m - 1) == 0 else proof

    assert tree.fold_consistency(m, n, path) == (mth(hashes[:m]), mth(hashes))


@pytest.mark.parametrize(("m", "n"), [(0, 1), (2, 1), (-1, 3), (1, 1)])
def test_sizes_that_have_no_path_between_them_are_refused(m, n):
    assert refuses(tree.fold_consistency, m, n, [b"a" * 32])


def test_a_path_without_hashes_proves_nothing():
    assert refuses(tree.fold_consistency, 1, 2, [])


@pytest.mark.parametrize("proof", [[b"short"], [b"a" * 33], [b"a" * 32] * 64])
def test_proofs_that_are_too_long_or_no_hashes_are_refused(proof):
    assert refuses(tree.verify_inclusion, 0, 2**62, b"a" * 32, proof, b"b" * 32)
    assert refuses(tree.verify_consistency, 3, 2**62, b"a" * 32, b"b" * 32, proof)


def test_63_hashes_are_the_longest_proof_there_is():
    root = b"a" * 32
    for _ in range(63):
        root = tree.node(root, b"b" * 32)
    beyond = tree.node(root, b"b" * 32)

    tree.verify_inclusion(0, 2**63, b"a" * 32, [b"b" * 32] * 63, root)
    assert refuses(tree.verify_inclusion, 0, 2**64, b"a" * 32, [b"b" * 32] * 64, beyond)


@pytest.mark.parametrize(("index", "size"), [(-1, 1), (1, 1), (0, 0)])
def test_an_index_outside_of_the_tree_is_refused(index, size):
    assert refuses(tree.verify_inclusion, index, size, b"a" * 32, [], b"a" * 32)
