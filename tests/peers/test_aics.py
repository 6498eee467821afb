"""What we write, an implementation by others accepts; what it writes, we accept."""

import json
from dataclasses import replace
from hashlib import sha256
from time import monotonic

import pytest

from federation.fetch import Guard
from ledger import (
    audit,
    author,
    checkpoint,
    cosignature,
    note,
    policy,
    proof,
    receipt,
    tiles,
    tree,
)
from ledger.audit import Audited
from ledger.checkpoint import Checkpoint
from ledger.errors import Invalid
from ledger.note import COSIGNATURE, ED25519, Signer, VKey
from node import log, witness
from node.log import names
from tests.ledger.honest import Chain, Node
from tests.ledger.test_audit import served
from tests.ledger.worked import EXAMPLE, LOG, ORIGIN, VECTORS, WITNESS, seed
from tests.peers.oracle import Refused
from tests.support.logs import grow, leaves_served
from tests.support.serving import local, serving

pytestmark = pytest.mark.network

#: Around what changes a tile: the first leaves, a full one, two levels.
SIZES = [1, 2, 3, 7, 8, 255, 256, 257, 300, 512, 700]
#: Theirs, and the second when their clock stands.
SEED, AT = "07" * 32, 1_795_400_000


def leaf(number):
    return b"\1" + (sha256(b"%d" % number).digest() * 2)[:48]


LEAVES = [leaf(number) for number in range(max(SIZES))]


def hexes(raws):
    return [raw.hex() for raw in raws]


def of(size):
    """Return a tree with these leaves: its root, and its tiles as we cut them."""
    node = Node()
    node.leaves = LEAVES[:size]
    edge, _ = tree.append(tree.Edge(), [tree.leaf_hash(it) for it in LEAVES[:size]])
    return node, tree.root(edge)


# Trees and tiles


@pytest.mark.parametrize("size", SIZES)
def test_roots_and_proofs_are_the_same(others, size):
    node, root = of(size)

    for index, older in {(0, 1), (size // 2, (size + 1) // 2), (size - 1, size)}:
        theirs = others.ask(
            "tree", leaves=hexes(LEAVES[:size]), index=index, older=older
        )

        ours = tiles.inclusion(index, size, node.read)
        growth = tiles.consistency(older, size, node.read)
        assert theirs["root"] == root.hex()
        assert theirs["inclusion"] == hexes(ours)
        assert theirs["consistency"] == hexes(growth)


@pytest.mark.parametrize("size", SIZES)
def test_every_file_of_a_log_is_the_same(others, size):
    node, root = of(size)
    ours = {path: raw.hex() for path, raw in served(node).items()}

    theirs = others.ask("tiles", leaves=hexes(node.leaves))

    assert theirs == ours
    last, _, bundles = others.ask("audit", files=ours, size=size, root=root.hex())
    assert (last, bundles) == (size, -(-size // tiles.FULL))


def test_our_audit_accepts_their_files_and_theirs_refuses_a_changed_one(others):
    size = 700
    node, root = of(size)
    theirs = others.ask("tiles", leaves=hexes(node.leaves))
    files = {path: bytes.fromhex(raw) for path, raw in theirs.items()}

    found = audit.advance(Audited(origin=ORIGIN), Checkpoint(ORIGIN, size, root), files)

    assert [one.code for one in found.findings if not one.ok] == []
    for path, raw in theirs.items():
        broken = theirs | {path: raw[:-2] + f"{int(raw[-2:], 16) ^ 1:02x}"}
        with pytest.raises(Refused, match="TileVerificationError"):
            others.ask("audit", files=broken, size=size, root=root.hex())


def test_proofs_are_accepted_by_each_other_and_damaged_ones_by_neither(others):
    size, older, index = 700, 300, 299
    node, root = of(size)
    _, root_before = of(older)
    files = {path: raw.hex() for path, raw in served(node).items()}
    theirs = others.ask("proofs", files=files, size=size, index=index, older=older)
    path = [bytes.fromhex(it) for it in theirs["inclusion"]]
    growth = [bytes.fromhex(it) for it in theirs["consistency"]]

    def they_say(path, growth):
        place = {"index": index, "size": size, "leaf": LEAVES[index].hex()}
        roots = hexes([root_before, root])
        sizes = {"older": older, "newer": size, "roots": roots}
        return (
            others.ask("inclusion", proof=hexes(path), root=root.hex(), **place),
            others.ask("consistency", proof=hexes(growth), **sizes),
        )

    hashed = tree.leaf_hash(LEAVES[index])
    tree.verify_inclusion(index, size, hashed, path, root)
    tree.verify_consistency(older, size, root_before, root, growth)
    assert they_say(path, growth) == (True, True)
    for at in range(len(path)):
        damaged = [*path[:at], bytes(32), *path[at + 1 :]]
        with pytest.raises(Invalid):
            tree.verify_inclusion(index, size, hashed, damaged, root)
        assert they_say(damaged, growth[:-1]) == (False, False)


# Notes, checkpoints and cosignatures


def test_verifier_keys_are_spelled_alike(others):
    ours = Signer("node.example/ledger", ED25519, seed(7))
    witness_ = Signer("node.example/ledger", COSIGNATURE, seed(7))

    assert others.ask("vkeys", seed=SEED, name=ours.name) == [
        str(ours.vkey),
        str(witness_.vkey),
    ]


def test_a_checkpoint_of_theirs_is_ours_byte_for_byte(others):
    ours = note.sign(checkpoint.text(ORIGIN, 8, b"r" * 32), Signer(ORIGIN, 1, seed(7)))

    theirs = others.ask(
        "sign", seed=SEED, name=ORIGIN, origin=ORIGIN, size=8, root=(b"r" * 32).hex()
    )

    assert bytes.fromhex(theirs) == ours


def test_a_line_of_their_witness_is_ours_byte_for_byte(others):
    signed = note.sign(checkpoint.text(ORIGIN, 8, b"r" * 32), LOG)
    own = Signer("theirs.example/witness", COSIGNATURE, seed(7))
    text = note.parse(signed).text

    theirs = others.ask("cosign", seed=SEED, name=own.name, at=AT, note=signed.hex())

    raw = bytes.fromhex(theirs)
    assert raw == signed + cosignature.cosign(text, own, AT).encode()
    known = policy.parse(
        f"log {LOG.vkey}\nwitness them {own.vkey}\nquorum them\n".encode()
    )
    found = receipt.verify(_receipt(raw), known, receipt.Pins())
    assert found.findings[7].ok


def _receipt(signed):
    shown = proof.read(EXAMPLE["receipt"].encode())
    return proof.write(shown.extra, shown.index, shown.hashes, signed)


def test_our_notes_are_accepted_and_changed_ones_are_not(others):
    node = Node()
    signed = node.note(at=AT)
    keys = {"log": str(LOG.vkey), "witnesses": [str(WITNESS.vkey)], "quorum": 1}

    def accepted(raw):
        try:
            return others.ask("verify", note=raw.hex(), **keys)[0]
        except Refused:
            return False

    def accepted_here(raw):
        try:
            found = note.parse(raw)
            stated = checkpoint.open(raw, [LOG.vkey])
            lines = [it for it in found.lines if it.by(WITNESS.vkey)]
            times = [cosignature.verify(found.text, it, WITNESS.vkey) for it in lines]
        except Invalid:
            return False
        return stated.origin == ORIGIN and bool(times)

    assert accepted(signed)
    assert accepted_here(signed)
    apart = {}
    for at in range(len(signed)):
        raw = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        if accepted(raw) != accepted_here(raw):
            apart[at] = raw[max(at - 20, 0) : at + 20]
    assert apart == {}


def test_no_key_is_weak_for_one_and_not_for_the_other(others):
    cases = json.loads((VECTORS / "cctv-ed25519/ed25519vectors.json").read_text())
    keys = sorted({bytes.fromhex(case["key"]) for case in cases})

    theirs = others.ask("weak", keys=hexes(keys))

    for key, refused in zip(keys, theirs, strict=True):
        try:
            author.check_key(key)
        except Invalid:
            continue  # ours also refuses keys of mixed order
        assert not refused, key.hex()


# A proof file: they have none, but everything in it


def test_all_that_a_receipt_proves_holds_for_them_too(others):
    node, case = Node(), Chain("mine")
    for _ in range(300):
        node.cover()
    node.say(case)
    shown = proof.read(node.receipt(case, 0, at=AT))
    stated = checkpoint.parse(note.parse(shown.checkpoint).text)

    held = others.ask(
        "inclusion", index=shown.index, size=stated.size, proof=hexes(shown.hashes),
        leaf=node.leaves[shown.index].hex(), root=stated.root.hex(),
    )  # fmt: skip
    signed = others.ask(
        "verify", note=shown.checkpoint.hex(), log=str(LOG.vkey),
        witnesses=[str(WITNESS.vkey)], quorum=1,
    )  # fmt: skip

    assert held is True
    assert signed == [True, True]


# Witnessing over HTTP


@pytest.fixture
def ours(tmp_path):
    village, node = local(tmp_path / "village")
    grow(village, node, 40)
    yield village, node
    node.database.close()


def test_their_witness_cosigns_our_log_as_it_grows(others, ours, tmp_path):
    village, node = ours
    vkey = names.log_signer(node).vkey
    later = int(village.now.timestamp()) + 60
    url, key = others.ask(
        "witness", seed=SEED, name="theirs.example/witness", at=later,
        folder=str(tmp_path),
        logs=[[names.origin(node), [str(vkey)]]],
    )  # fmt: skip
    host = url.partition("//")[2]
    guard = Guard("x", insecure=frozenset({host}), monotonic=monotonic)
    node = replace(node, network=guard)
    witness.add(node, key, url)

    for entries in (0, 300, 7):
        if entries:
            grow(village, node, entries)
        for name in witness.due(node):
            witness.run(node, name)

        [line] = [
            it
            for it in note.parse(log.checkpoint(node)).lines
            if it.name == "theirs.example/witness"
        ]
        text = note.parse(log.checkpoint(node)).text
        assert cosignature.verify(text, line, VKey.parse(key)) == later
        [listed] = [it for it in witness.listed(node) if it.name == line.name]
        assert not listed.problem


def test_their_feeder_is_served_by_our_witness(others, ours):
    village, node = ours
    theirs = Signer("theirs.example/ledger", ED25519, seed(7))
    witness.add(node, str(theirs.vkey), "https://theirs.example/ledger")
    key = names.witness_signer(node).vkey
    at = int(village.now.timestamp())

    with serving(node) as origin:
        for size in (8, 8, 300, 700):
            _, root = of(size)
            signed = note.sign(checkpoint.text(theirs.name, size, root), theirs)
            lines = others.ask(
                "feed", url=f"{origin}/witness", vkey=str(key), at=at,
                note=signed.hex(), leaves=hexes(LEAVES[:size]),
            )  # fmt: skip
            text = note.parse(signed).text
            [line] = note.read_lines(lines.encode())
            assert cosignature.verify(text, line, key) == at
        forked = [*LEAVES[:9], *LEAVES[:9]]
        edge, _ = tree.append(tree.Edge(), [tree.leaf_hash(it) for it in forked * 60])
        other = checkpoint.text(theirs.name, edge.size, tree.root(edge))
        with pytest.raises(Refused, match="422"):
            others.ask(
                "feed", url=f"{origin}/witness", vkey=str(key), at=at,
                note=note.sign(other, theirs).hex(), leaves=hexes(forked * 60),
            )  # fmt: skip


def test_their_audit_accepts_the_log_that_our_node_publishes(others, ours):
    village, node = ours
    grow(village, node, 300)
    stated = checkpoint.parse(note.parse(log.checkpoint(node)).text)
    leaves = leaves_served(node, stated.size)
    paths = others.ask("tiles", leaves=hexes(leaves))

    files = {path: log.tile(node, path).hex() for path in paths}

    found = others.ask("audit", files=files, size=stated.size, root=stated.root.hex())
    assert found[0] == stated.size
