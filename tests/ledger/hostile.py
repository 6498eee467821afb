# A node that does one thing it must not, and those around it who look.
#
# Each of `Hostile`'s methods is one attack. The roles below it hold what a member, an
# auditor and a partner hold in life, and nothing of the node's.
from copy import deepcopy
from dataclasses import dataclass, field, replace
from hashlib import sha256

from ledger import audit, checkpoint, entry, fraud, note, tiles, tree
from ledger.audit import Audited
from ledger.cosignature import cosign
from ledger.errors import Invalid
from ledger.receipt import Held, verify_thread
from tests.ledger.honest import PINS, TRUSTED, Chain, Node, leaf_of, noise
from tests.ledger.test_audit import served
from tests.ledger.worked import LOG, ORIGIN, STATEMENTS, WITNESS


class Hostile(Node):
    def fork(self):
        # Another history for somebody else: the last leaf is different.
        other = deepcopy(self)
        other.leaves[-1] = entry.cover((noise("fork") * 2)[:48])
        return other

    def rewrite(self, index):
        # The same log, with an earlier leaf replaced, and grown since.
        other = deepcopy(self)
        other.leaves[index] = entry.cover((noise("rewritten") * 2)[:48])
        other.cover()
        return other

    def withhold(self, chain):
        # What the member is shown: everything but the last entry, and a note on it.
        shown = deepcopy(chain)
        del shown.entries[-1], shown.indexes[-1]
        return shown

    def duplicate(self, chain, seq):
        # The number of an entry is given a second time, to other words.
        twin = Chain(chain.name, chain.entries[:seq], chain.indexes[:seq])
        self.say(twin, kind="status")
        return twin

    def roll_back(self, size):
        # Yesterday's backup is restored and signing goes on.
        other = deepcopy(self)
        del other.leaves[size:]
        return other

    def split_keys(self, chain, name):
        # Half of a case is kept under a key of its own.
        other = Chain(name, case=chain.case)
        self.say(other)
        return other

    def alter(self, chain, seq):
        # The words are changed and everything that the node makes is made again.
        raw = chain.entries[seq]
        s = raw.s.replace(b'"kind":"reply"', b'"kind":"close"')
        e = raw.e.replace(b'"kind":"reply"', b'"kind":"close"')
        old = entry.read_entry(e)
        e = entry.entry(replace(old, stmt=sha256(s).digest()))
        chain.entries[seq] = replace(raw, s=s, e=e)
        self.leaves[chain.indexes[seq]] = leaf_of(chain, seq)

    def bucket(self, prefix, leave_out=()):
        # The answer to a look-up of tags, which can leave some out.
        found = [
            leaf[1:17] + index.to_bytes(8, "big")
            for index, leaf in enumerate(self.leaves)
            if leaf[:1] == b"\1" and leaf[1:17].hex().startswith(prefix)
        ]
        return b"".join(row for row in found if row[:16] not in leave_out)


@dataclass
class Member:
    # Holds the key of a case, receipts, and what the node said about its head.
    chain: Chain
    receipts: dict[int, bytes] = field(default_factory=dict)
    heads: list[bytes] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)

    def keep(self, node, chain=None, *, at=None):
        chain = chain or self.chain
        for seq in range(len(self.receipts), len(chain.entries)):
            self.receipts[seq] = node.receipt(chain, seq, at=at)
        self.heads.append(node.head(chain, at=at))

    def check(self, leaves, signed, receipts=None):
        held = Held(
            receipts=list(self.receipts.values()) if receipts is None else receipts,
            checkpoint=signed,
            case_key=self.chain.key,
            head=self.heads[-1] if self.heads else None,
        )
        pins = replace(PINS, notes=tuple(self.notes))
        return verify_thread(held, leaves, TRUSTED, pins)

    def accusations(self, seen):
        # All that this member could accuse the node of, with these cosigned notes.
        for head in self.heads:
            told = fraud.Told(STATEMENTS.vkey, head)
            for raw in self.receipts.values():
                yield fraud.withheld(LOG.vkey, told, raw)
            for signed in seen:
                yield fraud.rollback(LOG.vkey, told, WITNESS.vkey, signed)


@dataclass
class Auditor:
    # Follows the static files, and compares all tags.
    here: Audited = field(default_factory=lambda: Audited(origin=ORIGIN))
    tags: dict[bytes, int] = field(default_factory=dict)

    def visit(self, node):
        stated = checkpoint.parse(node.text())
        first = self.here.size
        found = audit.advance(self.here, stated, served(node))
        self.here = found.reached
        twin = audit.tags(node.leaves[first:], self.tags, first=first)
        return [one.code for one in found.findings if not one.ok], twin


@dataclass
class Partner:
    # Witnesses one growing history, and keeps what it cosigned.
    size: int = 0
    root: bytes = tree.EMPTY
    seen: list[bytes] = field(default_factory=list)

    def add_checkpoint(self, node, at):
        # The check of section 3.6, without its transport: 200, 409 or 422.
        stated = checkpoint.open(node.note(), [LOG.vkey])
        if stated.size < self.size:
            return 409
        try:
            if self.size:
                proof = tiles.consistency(self.size, stated.size, node.read)
                tree.verify_consistency(
                    self.size, stated.size, self.root, stated.root, proof
                )
        except Invalid:
            return 422
        self.size, self.root = stated.size, stated.root
        line = cosign(node.text(), WITNESS, at)
        self.seen.append(node.note() + line.encode())
        return 200

    def accusations(self, node):
        # All that what it kept proves against what the node shows now.
        newest = node.note()
        for kept in self.seen:
            yield fraud.split(LOG.vkey, kept, newest)
            older = checkpoint.parse(note.parse(kept).text)
            if older.size < node.size:
                path = fraud.explicit(older.size, node.size, node.read)
                yield fraud.rewrite(LOG.vkey, kept, newest, path)


def guilty(accusations):
    # Of what a node is guilty, in the eyes of anybody with the keys.
    verdicts = [fraud.judge(raw, TRUSTED, PINS) for raw in accusations]
    return {verdict.kind for verdict in verdicts if verdict.holds}
