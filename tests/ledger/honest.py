# An honest node in memory: what the tests start from, and what the hostile ones bend.
from dataclasses import dataclass, field
from hashlib import sha256

from ledger import author, checkpoint, entry, note, receipt, tiles, tree
from ledger.cosignature import cosign
from ledger.encoding import b64u
from ledger.note import ED25519, Signer
from ledger.policy import Policy
from ledger.receipt import Head, Pins, SealedEntry
from tests.ledger.worked import ADA, LOG, ORIGIN, STATEMENTS, WITNESS, seed

#: When the first entry is sealed, in seconds; each further one a second later.
START = 1_795_377_000
RECOVERY = [Signer(f"recovery-{n}", ED25519, seed(40 + n)) for n in range(3)]
TRUSTED = Policy(
    logs=(LOG.vkey,), witnesses={"partner": WITNESS.vkey}, quorum="partner"
)
PINS = Pins(statements=(STATEMENTS.vkey,))


def noise(*words):
    # What a real node would draw at random.
    return sha256(repr(words).encode()).digest()


@dataclass
class Chain:
    name: str
    #: What is sealed, and the index of its leaf.
    entries: list[SealedEntry] = field(default_factory=list)
    indexes: list[int] = field(default_factory=list)
    case: bytes = b""

    def __post_init__(self):
        self.case = self.case or noise("case", self.name)[:16]

    @property
    def key(self):
        return noise("key", self.name)

    @property
    def kc(self):
        return entry.key_commitment(self.key)

    def c(self, seq):
        return entry.commit(self.entries[seq].nonce, self.entries[seq].e)


class Node:
    def __init__(self, *, log=LOG, statements=STATEMENTS, witness=WITNESS):
        self.log, self.statements, self.witness = log, statements, witness
        self.leaves = []
        self.clear_seq, self.clear_prev = 0, None
        self.clear("genesis", self.genesis())

    def genesis(self):
        return {
            "epoch": 1,
            "keys": [str(self.log.vkey)],
            "statements": str(self.statements.vkey),
            "witness": str(self.witness.vkey),
            "rp": ["node.example"],
            "recovery": {
                "m": 2,
                "keys": [author_key(one) for one in RECOVERY],
            },
            "previous": None,
        }

    @property
    def now(self):
        return START + len(self.leaves)

    @property
    def size(self):
        return len(self.leaves)

    # What is recorded

    def clear(self, kind, body, at=None):
        leaf = entry.clear(
            entry.Clear(
                log=ORIGIN,
                seq=self.clear_seq,
                prev=self.clear_prev,
                at=self.now * 1000 if at is None else at,
                kind=kind,
                body=body,
                payload={},
            )
        )
        self.clear_seq, self.clear_prev = self.clear_seq + 1, tree.leaf_hash(leaf)
        return self.put(leaf)

    def cover(self):
        return self.put(entry.cover((noise("cover", self.size) * 2)[:48]))

    def put(self, leaf):
        self.leaves.append(leaf)
        return self.size - 1

    def say(self, chain, **more):
        self.write(chain, **more)
        index = self.put(leaf_of(chain, len(chain.entries) - 1))
        chain.indexes.append(index)
        return index

    def write(self, chain, *, by=ADA, kind="reply", seen=None, fields=(), **changes):
        seq = len(chain.entries)
        at = self.now * 1000
        s = entry.statement(
            entry.Statement(
                log=ORIGIN,
                case=chain.case,
                kc=chain.kc,
                kind=kind,
                fields=fields,
                re=None,
                seen=seen,
                ts=at,
                nonce=noise("nonce", chain.name, seq, self.size)[:16],
            )
        )
        p = author.sign(s, by)
        placed = {
            "log": ORIGIN,
            "case": chain.case,
            "kc": chain.kc,
            "kind": kind,
            "seq": seq,
            "prev": chain.c(seq - 1) if seq else None,
            "at": at,
            "role": entry.Role.MEMBER,
            "stmt": sha256(s).digest(),
            "proof": sha256(p).digest(),
            "key": author.key_id(by.vkey.key),
        }
        e = entry.entry(entry.Entry(**placed | changes))
        blind = noise("blind", chain.name, seq, self.size)
        chain.entries.append(
            SealedEntry(e=e, s=s, p=p, nonce=blind, case_key=chain.key)
        )

    # What is shown

    def text(self, size=None):
        size = self.size if size is None else size
        edge, _ = tree.append(
            tree.Edge(), [tree.leaf_hash(leaf) for leaf in self.leaves[:size]]
        )
        return checkpoint.text(ORIGIN, size, tree.root(edge))

    def note(self, size=None, *, at=None):
        # Signed by the log; with `at`, by the witness as well.
        text = self.text(size)
        lines = [] if at is None else [cosign(text, self.witness, at).encode()]
        return note.sign(text, self.log) + b"".join(lines)

    def read(self, level, n):
        # Tile n of a level, as wide as the log makes it.
        size, row = self.size, [tree.leaf_hash(leaf) for leaf in self.leaves]
        for _ in range(level):
            row = [
                tree.fold(b"".join(row[at : at + 256]))
                for at in range(0, len(row) - len(row) % 256, 256)
            ]
        width = tiles.width(level, n, size)
        return b"".join(row[n * 256 : n * 256 + width])

    def proof(self, index, size=None):
        return tiles.inclusion(index, size or self.size, self.read)

    def receipt(self, chain, seq, size=None, *, at=None):
        index = chain.indexes[seq]
        signed = self.note(size, at=self.now if at is None else at)
        proof = self.proof(index, size)
        return receipt.make(chain.entries[seq], index, proof, signed)

    def receipts(self, chain, size=None):
        numbers = range(len(chain.entries))
        return [self.receipt(chain, seq, size) for seq in numbers]

    def head(self, chain, size=None, *, at=None):
        size = self.size if size is None else size
        counted = [index for index in chain.indexes if index < size]
        return receipt.head_note(
            Head(
                log=ORIGIN,
                kc=chain.kc,
                size=size,
                count=len(counted),
                head=chain.c(len(counted) - 1) if counted else None,
                at=self.now if at is None else at,
            ),
            self.statements,
        )


def leaf_of(chain, seq):
    return entry.sealed(entry.tag(chain.key, seq), chain.c(seq))


def author_key(signer):
    return b64u(signer.vkey.key)
