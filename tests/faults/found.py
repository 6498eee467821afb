"""What a node is found to hold after a storm, compared with the clients' record.

The node is read through its tables and its keys; its word that all is well counts
for nothing here.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from hashlib import sha256
from time import monotonic, sleep

from sqlalchemy import func, select, update

from ledger import tree
from node import assembly, cases, idempotency, jobs, log, vault
from node.core import Node
from node.models.cases import Case, CaseEvent
from node.models.forms import Answered
from node.models.jobs import Job
from node.models.log import (
    LedgerCheckpoint,
    LedgerEntry,
    LedgerHead,
    LedgerOutbox,
    LedgerSeal,
)
from node.models.pledges import Pledge
from node.models.submissions import Submission
from node.settings import Settings
from tests.faults.load import Promised, Telling

_SUBJECT = "We have it: case "

#: What a process holds while it works, for how long, and until what.
_LEASES = {
    "server": (Answered.lease_until, idempotency.LEASE, Answered.status.is_(None)),
    "worker": (Job.lease_until, jobs.LEASE, Job.done_at.is_(None)),
}


@dataclass(slots=True)
class Found:
    """A node looked into from beside it."""

    node: Node

    def let_leases_end(self, killed_at: datetime, *dead: str) -> int:
        """Let what a dead process held come due, as time would; return how much."""
        ended = 0
        with self.node.begin() as tx:
            for lease, longest, open_ in (_LEASES[part] for part in dead):
                held = (open_, lease > killed_at, lease < killed_at + longest)
                done = tx.execute(
                    update(lease.class_).where(*held).values({lease: killed_at})
                )
                ended += done.rowcount
        return ended

    def submissions(self) -> dict[str, list[str]]:
        """Return every text that is kept, by its case's reference."""
        kept: dict[str, list[str]] = {}
        with self.node.read() as tx:
            rows = tx.execute(
                select(Submission, Case.reference).join(
                    Case, Case.id == Submission.case_id
                )
            )
            for row, reference in rows:
                key = vault.key_of(self.node, tx, "case", row.case_id)
                place = vault.Place("submission", "text", row.id)
                kept.setdefault(reference, []).append(
                    vault.unseal(key or b"", place, row.text)
                )
        return kept

    def check_promises(
        self, told: list[Telling], promised: dict[str, Promised]
    ) -> None:
        """Nothing that was promised is lost, doubled or changed by a byte."""
        kept = self.submissions()
        texts = Counter(text for texts in kept.values() for text in texts)

        assert texts == Counter(one.text for one in told if one.key in promised)
        for one in told:
            assert kept[promised[one.key].reference] == [one.text]

    def check_answers(
        self,
        again: list[tuple[int, bytes]],
        told: list[Telling],
        promised: dict[str, Promised],
    ) -> None:
        """What was sent once more is answered the same, byte for byte."""
        answers = [sha256(body).hexdigest() for _, body in again]
        assert answers == [promised[one.key].answer for one in told]

    def check_effects(self) -> None:
        """Every telling caused its rows exactly once, and nothing is owed."""
        with self.node.read() as tx:
            told = tx.scalar(select(func.count()).select_from(Submission))
            for table in (Case, CaseEvent):
                assert tx.scalar(select(func.count()).select_from(table)) == told
            rounds = select(func.count(Pledge.id))
            rounds = rounds.group_by(Pledge.case_id, Pledge.kind)
            assert set(tx.scalars(rounds)) == {1}
            owed = select(Job.kind, Job.last_error).where(
                Job.done_at.is_(None), Job.run_at <= self.node.now()
            )
            assert tx.execute(owed).all() == []

    def queued(self) -> bool:
        """Say whether anything waits for its index."""
        with self.node.read() as tx:
            return tx.execute(select(LedgerOutbox.oid).limit(1)).first() is not None

    def owed(self) -> bool:
        """Say whether anything that is due is not done."""
        with self.node.read() as tx:
            due = select(Job.id).where(
                Job.done_at.is_(None), Job.run_at <= self.node.now()
            )
            return tx.execute(due.limit(1)).first() is not None

    def check_ledger(self) -> int:
        """The log is what its entries say, at every size it was published with."""
        with self.node.read() as tx:
            leaves = tx.execute(
                select(LedgerEntry.idx, LedgerEntry.leaf).order_by(LedgerEntry.idx)
            ).all()
            head = tx.scalars(select(LedgerHead)).one()
            signed = {
                row.size: row.root for row in tx.scalars(select(LedgerCheckpoint))
            }
            assert tx.scalar(select(func.count()).select_from(LedgerOutbox)) == 0
        assert [row.idx for row in leaves] == list(range(len(leaves)))
        roots, edge = {}, tree.Edge()
        for size, row in enumerate(leaves, 1):
            edge, _ = tree.append(edge, [tree.leaf_hash(row.leaf)])
            if size in signed or size == head.size:
                roots[size] = tree.root(edge)
        assert head.size == len(leaves)
        assert roots == signed | {head.size: head.root}
        return head.size

    def check_receipts(self, promised: dict[str, Promised]) -> int:
        """Every entry of every case has its receipt, and each one verifies."""
        verified = 0
        with self.node.read() as tx:
            lengths = dict(
                tx.execute(
                    select(Case.reference, func.count())
                    .join(LedgerSeal, LedgerSeal.case_id == Case.id)
                    .group_by(Case.reference)
                ).all()
            )
        for one in promised.values():
            holder = cases.link_visitor(self.node, one.token)
            assert holder is not None
            for seq in range(lengths[one.reference]):
                raw = cases.receipt(self.node, one.reference, seq, by=holder)
                verdict = log.check(self.node, raw or b"")
                assert verdict.valid, verdict.findings
                assert verdict.seq == seq
                verified += 1
        return verified


@contextmanager
def look(settings: Settings) -> Iterator[Found]:
    """Look into a node from beside its processes."""
    node = assembly.assemble(settings)
    try:
        yield Found(node)
    finally:
        node.database.close()


def mails_left(
    mails: list[EmailMessage], told: list[Telling], promised: dict[str, Promised]
) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Return which mails left, and which should have: by address and case."""
    left = Counter(
        (str(one["To"]), str(one["Subject"]).removeprefix(_SUBJECT)) for one in mails
    )
    due = Counter(
        (one.contact, promised[one.key].reference)
        for one in told
        if one.contact and one.key in promised
    )
    return left, due


def until(holds: Callable[[], bool], seconds: float) -> float:
    """Wait for real processes until something holds; return how long it took."""
    began = monotonic()
    while not holds() and monotonic() < began + seconds:
        sleep(0.1)
    return monotonic() - began
