"""What was erased: none of it may stand here again."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from node.log.fsck.findings import Finding
from node.models.log import (
    LedgerChain,
    LedgerDisclosure,
    LedgerErasure,
    LedgerSeal,
)
from node.models.vault import ContentKey

_BATCH = {"yield_per": 256}


def compare(tx: Session) -> Iterator[Finding]:
    """Yield the erasures of which something is still, or again, in the tables."""
    found = select(LedgerErasure.case_id, LedgerErasure.seq).where(_remains())
    for chain, seq in tx.execute(found.distinct(), execution_options=_BATCH):
        yield Finding("erased.remains", str(chain) if seq is None else f"{chain}/{seq}")


def _remains() -> ColumnElement[bool]:
    level = LedgerErasure.level
    seal = select(LedgerSeal.oid).where(
        LedgerSeal.case_id == LedgerErasure.case_id, LedgerSeal.seq == LedgerErasure.seq
    )
    field = seal.join(LedgerDisclosure, LedgerDisclosure.oid == LedgerSeal.oid)
    meant = field.where(LedgerDisclosure.n == LedgerErasure.n)
    shown = seal.where(LedgerSeal.evidence.is_not(None))
    return or_(
        and_(
            level == "redact",
            meant.exists(),
        ),
        and_(level == "content", field.exists()),
        and_(level == "content", shown.exists()),
        and_(level == "entry", seal.exists()),
        and_(level == "chain", _opened()),
    )


def _opened() -> ColumnElement[bool]:
    key = select(ContentKey.owner).where(
        ContentKey.kind == "case", ContentKey.owner == LedgerErasure.case_id
    )
    kept = select(LedgerChain.case_id).where(
        LedgerChain.case_id == LedgerErasure.case_id, LedgerChain.case_key.is_not(None)
    )
    sealed = select(LedgerSeal.oid).where(LedgerSeal.case_id == LedgerErasure.case_id)
    return or_(key.exists(), kept.exists(), sealed.exists())
