"""Fraud files out of what a log signed and this node refused."""

from sqlalchemy.orm import Session

from ledger import fraud, policy, witness
from ledger.receipt import Pins
from node.models.witness import WitnessEvidence, WitnessLog
from node.witness.answering import vkeys_of


def fraud_file(tx: Session, kept: WitnessEvidence) -> bytes | None:
    """Return the file by which anybody can see it; None if it proves nothing.

    It was judged before it is handed out, by the log's own key and nothing else.
    """
    row = tx.get(WitnessLog, kept.origin)
    if row is None or kept.held is None or kept.reason == witness.UNPROVEN:
        return None
    asked = witness.read(kept.body)
    signed = kept.body.partition(b"\n\n")[2]
    for vkey in vkeys_of(row):
        trusted = policy.Policy(logs=(vkey,))
        if kept.reason == witness.SPLIT:
            raw = fraud.split(vkey, kept.held, signed)
        else:
            raw = fraud.rewrite(vkey, kept.held, signed, asked.proof)
        if fraud.judge(raw, trusted, Pins()).holds:
            return raw
    return None
