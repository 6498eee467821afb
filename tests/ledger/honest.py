# An honest node in memory: what the tests start from, and what the hostile ones bend.
from dataclasses import dataclass, field, replace
from hashlib import sha256

from ledger import (
    author,
    checkpoint,
    entry,
    note,
    origins,
    receipt,
    succession,
    tiles,
    tree,
)
from ledger.cosignature import cosign
from ledger.encoding import b64u
from ledger.note import ED25519, Signer
from ledger.policy import Policy
from ledger.receipt import Head, Pins, SealedEntry
from tests.ledger.worked import ADA, LOG, STATEMENTS, WITNESS, seed

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
    def __init__(
        self,
        *,
        log=LOG,
        statements=STATEMENTS,
        witness=WITNESS,
        previous=None,
        start=START,
    ):
        self.log, self.statements, self.witness = log, statements, witness
        self.previous, self.start = previous, start
        self.leaves = []
        self.clear_seq, self.clear_prev = 0, None
        self.clear("genesis", self.genesis())

    def genesis(self):
        return {
            "epoch": origins.split(self.origin)[1],
            "keys": [str(self.log.vkey)],
            "statements": str(self.statements.vkey),
            "witness": str(self.witness.vkey),
            "rp": ["node.example"],
            "recovery": {
                "m": 2,
                "keys": [author_key(one) for one in RECOVERY],
            },
            "previous": self.previous,
        }

    @property
    def origin(self):
        return self.log.name

    @property
    def now(self):
        return self.start + len(self.leaves)

    @property
    def size(self):
        return len(self.leaves)

    # What is recorded

    def clear(self, kind, body, at=None):
        leaf = entry.clear(
            entry.Clear(
                log=self.origin,
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
                log=self.origin,
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
            "log": self.origin,
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
        return checkpoint.text(self.origin, size, tree.root(edge))

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
                log=self.origin,
                kc=chain.kc,
                size=size,
                count=len(counted),
                head=chain.c(len(counted) - 1) if counted else None,
                at=self.now if at is None else at,
            ),
            self.statements,
        )


def ended(old, *, by=RECOVERY[:2], key=None, at=None):
    # What follows a log that ended, and the word of recovery keys on it.
    new = origins.following(old.origin)
    log = key or Signer(new, ED25519, seed(50 + origins.split(new)[1]))
    cited = old.note(at=old.now if at is None else at).decode()
    told = succession.Succession(
        log=log.name, key=log.vkey, previous=old.origin, note=cited
    )
    return log, told, [(one.vkey.key, one.key.sign(told.message)) for one in by]


def following(old, **more):
    # The log that begins when this one has ended.
    log, told, words = ended(old, **more)
    previous = succession.previous(told, words)
    return Node(log=log, previous=previous, start=old.now + 60)


class Moved:
    # A case of which some entries stand in a log that ended, and others in later ones.
    def __init__(self, *counts):
        self.nodes, self.case, other = [Node()], Chain("mine"), Chain("theirs")
        #: The log of each entry.
        self.where = []
        for number, count in enumerate(counts):
            if number:
                self.nodes.append(following(self.nodes[-1]))
            for _ in range(count):
                self.say(number)
                self.nodes[number].say(other)

    def say(self, number, **more):
        self.nodes[number].say(self.case, **more)
        self.where.append(number)

    def receipts(self, *without):
        return [
            self.nodes[number].receipt(self.case, seq)
            for seq, number in enumerate(self.where)
            if seq not in without
        ]

    def head(self, number, size=None):
        # The node counts the whole chain, up to this size of this log.
        node = self.nodes[number]
        size = node.size if size is None else size
        counted = [
            seq
            for seq, log in enumerate(self.where)
            if log < number or (log == number and self.case.indexes[seq] < size)
        ]
        return receipt.head_note(
            Head(
                log=node.origin,
                kc=self.case.kc,
                size=size,
                count=len(counted),
                head=self.case.c(counted[-1]) if counted else None,
                at=node.now,
            ),
            node.statements,
        )

    @property
    def policy(self):
        return replace(TRUSTED, logs=tuple([node.log.vkey for node in self.nodes]))


def leaf_of(chain, seq):
    return entry.sealed(entry.tag(chain.key, seq), chain.c(seq))


def author_key(signer):
    return b64u(signer.vkey.key)
