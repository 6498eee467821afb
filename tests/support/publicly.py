"""A case that is public, what leaves about it, and what is kept of it."""

from uuid import UUID

import pytest
from sqlalchemy import select

from federation import strict
from governance.consent import Purpose
from ledger.receipt import Verdict
from node import consent, log, publications, work
from node.core import Node
from node.models.cases import Case
from node.models.consent import Consent
from node.models.log import LedgerSeal
from node.models.publications import RemoteCase
from node.submissions import Submitted
from tests.support.cast import Moot
from tests.support.neighbours import TEXT, TITLE, Street
from tests.support.roads import Roads


def overhear(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Keep every body that one node delivers to another from now on."""
    bodies, post = list[bytes](), Roads.post

    def keep(self, url, body, fields):
        bodies.append(body)
        return post(self, url, body, fields)

    monkeypatch.setattr(Roads, "post", keep)
    return bodies


class Shown:
    """One public case of Ada's, and a neighbour that follows her community."""

    def __init__(
        self, moot: Moot, birch: Node, made: Submitted, heard: list[bytes]
    ) -> None:
        self.moot, self.birch, self.made, self.heard = moot, birch, made, heard
        self.settle()

    def settle(self) -> None:
        """Let both nodes work until nothing is left to do."""
        for _ in range(5):
            for node in (self.moot.node, self.birch):
                work.sweep(node)
            self.moot.village.pass_time(seconds=2)

    def publish(self) -> None:
        """Let Ada make her case public."""
        ada = self.moot["ada"]
        publications.publish(self.moot.node, self.made.reference, TITLE, TEXT, by=ada)
        self.settle()

    def told(self) -> list[tuple[str, str]]:
        """Return what left: the type, and the status where it has one."""
        found = [strict.loads(body) for body in self.heard]
        return [
            (one["type"], one["object"].get("fm:caseStatus", ""))
            for one in found
            if one["type"] in {"Create", "Update", "Delete"}
        ]

    def there(self) -> list[RemoteCase]:
        """Return what the neighbour keeps."""
        with self.birch.read() as tx:
            return list(tx.scalars(select(RemoteCase)))


def stored(node: Node, column: object) -> list:
    """Return one column of a table."""
    with node.read() as tx:
        return list(tx.scalars(select(column)))


def entries(node: Node, chain_id: UUID) -> list[Verdict]:
    """Return what each receipt of a chain says; every one of them holds."""
    log.sequence(node)
    with node.read() as tx:
        numbers = select(LedgerSeal.seq).where(LedgerSeal.case_id == chain_id)
        raw = [log.receipt(node, tx, chain_id, seq) for seq in tx.scalars(numbers)]
    verdicts = sorted((log.check(node, one) for one in raw), key=lambda one: one.seq)
    assert all(one.valid for one in verdicts)
    return verdicts


def chain_of(lane: Street, made: Submitted) -> UUID:
    """Return the chain of a case at Ash."""
    with lane.ash.read() as tx:
        found = select(Case.id).where(Case.reference == made.reference)
        return tx.scalars(found).one()


def withdraw_consent(lane: Street, made: Submitted) -> None:
    """Let Ada take back that her case is public."""
    with lane.ash.read() as tx:
        rows = tx.scalars(
            select(Consent).where(
                Consent.purpose == Purpose.PUBLISH, Consent.withdrawn_at.is_(None)
            )
        )
        row = rows.one()
    consent.revoke(lane.ash, made.reference, row.id, by=lane.ada)
    lane.run()
