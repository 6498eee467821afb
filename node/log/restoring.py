"""Taking back the private part of an entry that was lost, from a receipt of it."""

from uuid import UUID

from sqlalchemy.orm import Session

from ledger import entry, receipt
from ledger.receipt import Opened
from node import vault
from node.core import Node
from node.errors import NotRecovered
from node.log.chains import disclosure_place, evidence_place
from node.log.trusting import check
from node.models.log import LedgerDisclosure, LedgerLost, LedgerSeal


def restore(node: Node, raw: bytes) -> int:
    """Take back what a receipt holds of a lost entry; return its number in its chain.

    Only what the log commits to is taken. Raises `NotRecovered` for anything else.
    """
    verdict = check(node, raw)
    if not verdict.valid:
        wrong = next(one for one in verdict.findings if not one.ok)
        raise NotRecovered(f"This receipt does not hold. {wrong.text}")
    content = receipt.read(raw).content
    if not isinstance(content, Opened):
        raise NotRecovered("This is the receipt of a public entry; none is missing.")
    case_id, seq = UUID(bytes=content.entry.case), content.entry.seq
    with node.begin() as tx:
        lost = tx.get(LedgerLost, (case_id, seq), with_for_update=True)
        key = vault.key_of(node, tx, "case", case_id)
        if lost is None or key is None or lost.c != verdict.c:
            raise NotRecovered("Nothing of this entry is missing here.")
        _keep(node, tx, content, lost, key)
        tx.delete(lost)
    return seq


def _keep(
    node: Node, tx: Session, content: Opened, lost: LedgerLost, key: bytes
) -> None:
    given, oid, case_id, seq = content.raw, lost.oid, lost.case_id, lost.seq
    evidence = None
    if given.evidence is not None:
        words = f"{given.evidence.salt.hex()} {given.evidence.facts.decode()}"
        place = evidence_place(case_id, seq)
        evidence = vault.seal(node, key, place, words)
    tx.add(
        LedgerSeal(
            oid=oid,
            eid=content.entry.stmt,
            case_id=case_id,
            seq=seq,
            nonce=given.nonce,
            entry=given.e,
            stmt=given.s,
            proof=given.p,
            evidence=evidence,
        )
    )
    for n, one in enumerate(given.d):
        sealed = vault.seal(node, key, disclosure_place(oid, n), one)
        row = {"digest": entry.digest(one), "disclosure": sealed}
        tx.add(LedgerDisclosure(oid=oid, n=n, **row))
