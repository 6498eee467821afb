"""The other implementation, asked a question a line: `{"ask": ..., ...}` as JSON.

Runs in an environment of its own and knows nothing of ours. Bytes are hexadecimal.
"""

import json
import sys
import threading
from pathlib import Path

import aics_tlog as tlog
import aics_witness as theirs
from aics_tlog.checkpoint import checkpoint_from_note
from aics_tlog.note import ed25519_public_key_problem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def _bytes(texts):
    return [bytes.fromhex(text) for text in texts]


def _hex(raws):
    return [raw.hex() for raw in raws]


def _key(seed):
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))


# Trees and tiles


def tree(leaves, index, older):
    """Return the root over some leaves, and two proofs."""
    made = tlog.MerkleTree(_bytes(leaves))
    return {
        "root": made.root().hex(),
        "inclusion": _hex(made.inclusion_proof(index)),
        "consistency": _hex(made.consistency_proof(older)),
    }


def inclusion(index, size, leaf, proof, root):
    """Say whether a leaf is in a tree."""
    leaf, root = _bytes([leaf, root])
    return tlog.verify_leaf_inclusion(leaf, index, size, _bytes(proof), root)


def consistency(older, newer, proof, roots):
    """Say whether one tree begins with another."""
    return tlog.verify_consistency(older, newer, *_bytes(roots), _bytes(proof))


def tiles(leaves):
    """Return all files of a log with these leaves."""
    found = tlog.TileWriter(_bytes(leaves)).materialise()
    return {path: raw.hex() for path, raw in found.items()}


def _reader(files):
    held = {path: bytes.fromhex(raw) for path, raw in files.items()}
    return tlog.MemoryTileReader(held)


def audit(files, size, root):
    """Check all files of a log against its root."""
    found = tlog.audit_tiles(_reader(files), size, bytes.fromhex(root))
    return [found.size, found.tiles, found.bundles]


def proofs(files, size, index, older):
    """Return two proofs from the files of a log."""
    reader = _reader(files)
    return {
        "inclusion": _hex(tlog.inclusion_proof_from_tiles(reader, index, size)),
        "consistency": _hex(tlog.consistency_proof_from_tiles(reader, older, size)),
    }


# Notes


def sign(seed, name, origin, size, root):
    """Return a signed checkpoint."""
    stated = tlog.Checkpoint(origin, size, bytes.fromhex(root))
    return tlog.sign_checkpoint(stated, _key(seed), name).to_bytes().hex()


def vkeys(seed, name):
    """Return the verifier keys of a log and of a witness."""
    public = _key(seed).public_key()
    log = tlog.vkey_from_ed25519(name, public)
    keys = (log, tlog.cosignature_vkey(name, public))
    return [tlog.format_vkey(key) for key in keys]


def cosign(seed, name, at, note):
    """Return a note with a witness's line."""
    stated, found = checkpoint_from_note(bytes.fromhex(note))
    _, line = tlog.sign_cosignature(
        _key(seed), name, at, stated.origin, stated.size, stated.root
    )
    lines = (*found.signatures, line)
    return tlog.Note(text=found.text, signatures=lines).to_bytes().hex()


def verify(note, log, witnesses, quorum):
    """Say who signed a note, and whether that is enough."""
    found = tlog.verify_checkpoint(
        tlog.parse_note(bytes.fromhex(note)),
        tlog.parse_vkey(log),
        [tlog.parse_vkey(one) for one in witnesses],
        quorum,
    )
    return [found.ok, found.log_ok]


def weak(keys):
    """Say of each key whether it is refused."""
    return [ed25519_public_key_problem(key) is not None for key in _bytes(keys)]


# Witnessing


def witness(seed, name, logs, at, folder):
    """Serve a witness for some logs, whose clock stands; return where."""
    store = theirs.WitnessStore(Path(folder) / "witness.db", create=True)
    known = [theirs.LogConfig.from_strings(*one) for one in logs]
    made = theirs.Witness(name, _key(seed), store, known, clock=lambda: at)
    server = theirs.make_server(made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return [server.url, made.vkey_text]


def feed(url, vkey, note, leaves, at):
    """Show a checkpoint to a witness; return the lines it answered with."""
    made = tlog.MerkleTree(_bytes(leaves))
    with theirs.WitnessClient(url, vkey, clock=lambda: at, max_attempts=1) as client:
        return client.submit(bytes.fromhex(note), made.consistency_proof)


ASKED = (
    tree, inclusion, consistency, tiles, audit, proofs, sign, vkeys, cosign, verify,
    weak, witness, feed,
)  # fmt: skip


def main():
    """Answer each line; what goes wrong is an answer too."""
    questions = {one.__name__: one for one in ASKED}
    for line in sys.stdin:
        given = json.loads(line)
        try:
            said = {"said": questions[given.pop("ask")](**given)}
        except Exception as no:  # noqa: BLE001 - whoever asked wants to know
            said = {"no": f"{type(no).__name__}: {no}"}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
