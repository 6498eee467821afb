# The worked example of the ledger's design, and what the tests make from it.
import json
from base64 import urlsafe_b64decode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import author, checkpoint, entry, policy, tiles, tree
from ledger.cosignature import cosign
from ledger.note import COSIGNATURE, ED25519, Signer, VKey, join, sign
from ledger.receipt import SealedEntry, make

VECTORS = Path(__file__).parents[1] / "vectors" / "ledger"
EXAMPLE = json.loads((VECTORS / "folkmoot-v1/worked-example.json").read_text())
ORIGIN = "node.example/ledger"
CASE_KEY = bytes.fromhex(EXAMPLE["case_key"])
CASE = b"\x0b" * 16
KC = entry.key_commitment(CASE_KEY)
AT = 1795377007200


def seed(byte):
    return Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32)


LOG = Signer(ORIGIN, ED25519, seed(1))
WITNESS = Signer("partner.example/witness", COSIGNATURE, seed(2))
ADA = Signer("ada", ED25519, seed(3))
STATEMENTS = Signer("node.example/statements", ED25519, seed(4))
POLICY = policy.Policy(
    logs=(LOG.vkey,), witnesses={"partner": WITNESS.vkey}, quorum="partner"
)


def vkey(name):
    return VKey.parse(EXAMPLE[f"{name}_vkey"])


def unb64u(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def example_entry():
    return SealedEntry(
        e=EXAMPLE["entry_utf8"].encode(),
        s=EXAMPLE["statement_utf8"].encode(),
        p=EXAMPLE["proof_utf8"].encode(),
        nonce=bytes.fromhex(EXAMPLE["nonce"]),
        d=tuple(one["disclosure"] for one in EXAMPLE["disclosures"]),
        case_key=CASE_KEY,
        vkeys=(EXAMPLE["log_vkey"], EXAMPLE["witness_vkey"]),
    )


def statement(**changes):
    fields = {
        "log": ORIGIN,
        "case": CASE,
        "kc": KC,
        "kind": "submission",
        "fields": (),
        "re": None,
        "seen": None,
        "ts": AT,
        "nonce": b"\x0c" * 16,
    }
    return entry.statement(entry.Statement(**{**fields, **changes}))


def placed(s, p, **changes):
    fields = {
        "log": ORIGIN,
        "case": CASE,
        "kc": KC,
        "kind": entry.read_statement(s).kind,
        "seq": 0,
        "prev": None,
        "at": AT,
        "role": entry.Role.MEMBER,
        "stmt": tree.sha256(s).digest(),
        "proof": tree.sha256(p).digest(),
        "key": author.key_id(author.read(p).pub),
    }
    return entry.entry(entry.Entry(**{**fields, **changes}))


def sealed(s, p, **changes):
    e = placed(s, p, **changes)
    return SealedEntry(e=e, s=s, p=p, nonce=b"\x0d" * 32, case_key=CASE_KEY)


def leaf_of(contents):
    e = entry.read_entry(contents.e)
    c = entry.commit(contents.nonce, contents.e)
    return entry.sealed(entry.tag(CASE_KEY, e.seq), c)


def published(leaf, *, at=1795377060, origin=ORIGIN):
    # A log of three leaves with this one in the middle: its proof and its checkpoint.
    hashes = [tree.leaf_hash(data) for data in (b"before", leaf, b"after")]
    edge, _ = tree.append(tree.Edge(), hashes)
    proof = tiles.inclusion(1, 3, lambda level, _: edge.levels[level])
    text = checkpoint.text(origin, 3, tree.root(edge))
    signed = sign(text, LOG)
    lines = [] if at is None else [cosign(text, WITNESS, at)]
    return proof, signed + join(text, lines).removeprefix(text + b"\n")


def receipt_of(contents, leaf=None, **changes):
    hashes, signed = published(leaf or leaf_of(contents), **changes)
    return make(contents, 1, hashes, signed)
