"""Hand-overs of a case that end because of what happened to the case here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import handovers as rules
from governance.handovers import Step
from node.models.handovers import Handover


def end(tx: Session, case_id: UUID, *, at: datetime) -> None:
    """End every hand-over of a case, as when its member takes consent or case back."""
    rows = tx.scalars(
        select(Handover).where(
            Handover.case_id == case_id, Handover.state.in_(rules.OPEN)
        )
    )
    for row in rows:
        what = Step.REVOKE if (row.state, Step.REVOKE) in rules.STEPS else Step.UNDO
        row.state, row.moved_at = rules.step(row.state, what), at
    tx.flush()
