"""When a member who was asked something is asked again."""

from datetime import timedelta

from sqlalchemy.orm import Session

from governance import pledges as rules
from governance.cases import Act
from node import jobs
from node.core import Node
from node.models.cases import CaseEvent

JOB = "case.remind"
#: What asks the member something, and on which days after it is looked at again. How
#: long "is it solved?" stays open at most is a pledge of the bylaws.
PLANS: dict[Act, tuple[timedelta, ...]] = {
    Act.ASK_MEMBER: (*rules.ASK_AGAIN, rules.GIVE_UP),
    Act.RESOLVE: rules.ASK_AGAIN,
    Act.PEER_CLOSED: rules.ASK_AGAIN,
}


def plan(node: Node, tx: Session, event: CaseEvent) -> None:
    """Write down when the member is asked again, if the move asked them something."""
    subject = f"{event.case_id}/{event.seq}"
    jobs.put(
        node,
        tx,
        *(
            jobs.Asked(JOB, subject, event.at + after, None, f"{JOB}/{subject}/{n}")
            for n, after in enumerate(PLANS.get(event.act, ()), start=1)
        ),
    )
