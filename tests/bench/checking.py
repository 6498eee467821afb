"""What those pay who check: receipts verified, tags indexed, checkpoints cosigned.

V is what one thread verifies: Ed25519 signatures, a second.
"""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import cosignature, note, policy, proof, receipt
from ledger.note import Signer
from node import log, witness
from node.core import Node
from node.log import names, tags
from tests.bench.ledger import BATCH, fill, opened, r1, r1000
from tests.bench.rows import Row, alternate, at_least
from tests.support.histories import Log, witness_key
from tests.support.sealing import acknowledge

_BATCHES, _RECEIPTS, _VERIFIED, _ASKED = 4, 40, 1_000, 200
_WITNESSES, _AT = 3, 1_795_377_060
_ELM = Log()


def measure(folder: Path, *, rounds: int) -> list[Row]:
    """Alternate subject and yardstick; return the rows."""
    received = _receipts(folder)
    return [
        at_least(
            alternate(rounds, lambda: _indexed(folder), lambda: r1000(folder)),
            name="tag index (R1000)",
            unit="entries/s",
            against="raw SQLite WAL FULL, 1,000 rows of 400 B a transaction",
            gate=0.40,
        ),
        _verified(rounds, received, 0),
        _verified(rounds, received, _WITNESSES),
        at_least(
            alternate(rounds, lambda: _cosigned(folder), lambda: r1(folder)),
            name="add-checkpoint, durable (R1)",
            unit="checkpoints/s",
            against="raw SQLite WAL FULL, one row of 400 B a transaction",
            gate=0.2,
        ),
    ]


def _indexed(folder: Path) -> float:
    with opened(folder) as node:
        fill(node, _BATCHES)
        while log.sequence(node):
            pass
        began = perf_counter()
        with node.begin(flushed=True) as tx:
            tags.index(tx, _BATCHES * BATCH)
        return _BATCHES * BATCH / (perf_counter() - began)


@dataclass(frozen=True, slots=True)
class _Received:
    """What a node gave, and what whoever checks it trusts."""

    receipts: list[bytes]
    policy: str
    pins: receipt.Pins


def _receipts(folder: Path) -> _Received:
    with opened(folder) as node:
        kept = [acknowledge(node).receipt for _ in range(_RECEIPTS)]
        pins = receipt.Pins(statements=(names.statements_signer(node).vkey,))
        return _Received(kept, log.policy(node), pins)


def _verified(rounds: int, found: _Received, witnesses: int) -> Row:
    """Check receipts that so many witnesses signed, beside author and log."""
    signers = [
        witness_key(f"w{n}.example/witness", seed=20 + n) for n in range(witnesses)
    ]
    kept = [_cosign(raw, signers) for raw in found.receipts]
    trusted = policy.parse(_asking(found.policy, signers).encode())
    signatures = 2 + witnesses

    def verified() -> float:
        began = process_time()
        for raw in kept:
            if not receipt.verify(raw, trusted, found.pins, None).valid:
                raise RuntimeError("a receipt does not hold")
        return len(kept) * signatures / (process_time() - began)

    return at_least(
        alternate(rounds, verified, _signatures),
        name=f"receipts verified, times {signatures} signatures in each (V)",
        unit="a CPU second",
        against="Ed25519 verifications",
        gate=0.6,
    )


def _cosign(raw: bytes, signers: list[Signer]) -> bytes:
    found = proof.read(raw)
    text = note.parse(found.checkpoint).text
    lines = [cosignature.cosign(text, one, _AT).encode() for one in signers]
    signed = b"".join([found.checkpoint, *lines])
    return proof.write(found.extra, found.index, found.hashes, signed)


def _asking(trusted: str, signers: list[Signer]) -> str:
    if not signers:
        return trusted
    named = [f"w{n}" for n in range(len(signers))]
    keys = zip(named, signers, strict=True)
    lines = [f"witness {name} {one.vkey}" for name, one in keys]
    lines += [f"group all {len(named)} {' '.join(named)}", "quorum all"]
    return trusted.replace("quorum none\n", "") + "\n".join(lines) + "\n"


def _signatures() -> float:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    said, public = bytes(200), key.public_key()
    signature, began = key.sign(said), process_time()
    for _ in range(_VERIFIED):
        public.verify(signature, said)
    return _VERIFIED / (process_time() - began)


def _cosigned(folder: Path) -> float:
    bodies = [_ELM.asks(size, size + 1) for size in range(_ASKED)]
    with opened(folder) as node:
        witness.add(node, _ELM.vkey)
        began = perf_counter()
        for body in bodies:
            _ask(node, body)
        return _ASKED / (perf_counter() - began)


def _ask(node: Node, body: bytes) -> None:
    if witness.add_checkpoint(node, body).status != 200:
        raise RuntimeError("a fast refusal")
