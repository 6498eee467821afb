"""Promised times, frozen with the rules that promised them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.pledges import PledgeKind, PledgeState
from node.database import Model
from node.models.kinds import word


class Pledge(Model):
    """One promise to one member. A miss stays a miss, also when it is met later."""

    __tablename__ = "pledge"
    __table_args__ = (UniqueConstraint("case_id", "kind", "round"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[PledgeKind] = mapped_column(word(PledgeKind))
    #: Grows when a reopened case is promised anew.
    round: Mapped[int]
    need_minutes: Mapped[int]
    rule: Mapped[str]
    rules: Mapped[str]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    state: Mapped[PledgeState] = mapped_column(word(PledgeState))
