"""Everything of one case outside the ledger's tables: what is left is that it was.

State, times and promises stay, without a word, so that the community's figures hold.
"""

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from governance import cases as rules
from governance.cases import Act, Outcome, Part, State
from governance.consent import Purpose
from node import (
    approvals,
    files,
    gathering,
    governance,
    ladder,
    later,
    notices,
    people,
    plans,
    pledges,
    published,
    retention,
)
from node.cases import confirming, partied, parts, reminding
from node.cases.folding import happen, next_seq
from node.core import Node
from node.erasing.copies import withdraw
from node.models.access import Glass
from node.models.assignments import Assignment
from node.models.authors import AuthorKey
from node.models.bodies import Inquiry
from node.models.cases import Case, CaseEvent, CaseLink, LinkProof
from node.models.feedback import Feedback, PeerCopy, PeerFinding
from node.models.jobs import Job
from node.models.later import LaterReply
from node.models.notes import MessageDraft, Note
from node.models.notices import Notice
from node.models.plans import Task
from node.models.pledges import Pledge
from node.models.proxies import Proxy
from node.models.publications import PublicReply
from node.models.releases import NoteRelease, NoteRequest
from node.models.retention import FileDays, FilesGone, LegalHold, Retention
from node.models.seconding import Seconding
from node.models.submissions import Claim, Submission
from node.models.threads import Message, Spoken, SpokenPledge
from node.models.together import (
    CaseBond,
    CaseJoin,
    ClaimAnswer,
    CommonMatter,
    MatterMark,
)
from node.models.walls import Wall

#: What the member does in going; all else that leads there is the rules' doing.
_OWN = frozenset({Act.WITHDRAW, Act.ERASE})
#: Tables of a case of which no row is left.
_WORDS = (
    Message, Submission, Claim, LinkProof, CaseLink, Notice, Inquiry, Seconding,
    NoteRelease, NoteRequest, Note, MessageDraft, LaterReply, Task, CaseJoin,
    ClaimAnswer, CommonMatter, MatterMark, Retention, LegalHold, Spoken,
    SpokenPledge, Proxy, FileDays, FilesGone, PeerFinding, PeerCopy, Feedback,
)  # fmt: skip
_OUTCOMES = {
    Act.WITHDRAW: Outcome.WITHDRAWN,
    Act.LAPSE: Outcome.RESOLVED_UNCONFIRMED,
}


def wipe_case(node: Node, tx: Session, case: Case, last_seq: int) -> None:
    """Destroy what was said, who said it, and every way to it."""
    published.ended(node, tx, case)
    for reply in tx.scalars(select(PublicReply).where(PublicReply.case_id == case.id)):
        approvals.forget(node, tx, reply)
        reply.entry_seq = None
    _end(node, tx, case)
    _forget_jobs(tx, case)
    retention.pass_on(node, tx, case)
    for matter in tx.scalars(confirming.matters_of(case.id)).all():
        confirming.look_again(node, tx, matter)
    files.forget_case(node, tx, case.id)
    partied.forget(tx, case.id)
    for model in _WORDS:
        tx.execute(delete(model).where(model.case_id == case.id))
    ends = or_(CaseBond.from_id == case.id, CaseBond.to_id == case.id)
    tx.execute(delete(CaseBond).where(ends))
    parts.forget(tx, case.id)
    tx.execute(
        update(CaseEvent).where(CaseEvent.case_id == case.id).values(reason=None)
    )
    tx.execute(
        update(Assignment).where(Assignment.case_id == case.id).values(note=None)
    )
    # That somebody must not know of it holds for what is left, too; why, is words.
    tx.execute(update(Wall).where(Wall.case_id == case.id).values(reason=None))
    tx.execute(
        update(Glass)
        .where(Glass.case_id == case.id)
        .values(reason=None, seal_reason=None)
    )
    tx.execute(delete(AuthorKey).where(AuthorKey.owner == case.id))
    case.title, case.place, case.priority_reason, case.area = b"", None, None, None
    case.rubric = case.tags = case.deadline_on = case.deadline_source = None
    _record(node, tx, case, last_seq)
    tx.flush()
    people.forget_guest(tx, case)


def _end(node: Node, tx: Session, case: Case) -> None:
    now = node.now()
    pledges.void(tx, case, at=now)
    withdraw(node, tx, case.id, *Purpose)
    tx.execute(
        update(Assignment)
        .where(Assignment.case_id == case.id, Assignment.ended_at.is_(None))
        .values(ended_at=now, end_reason=Act.ERASE.value)
    )
    case.open_to_advocates = False


def _forget_jobs(tx: Session, case: Case) -> None:
    # A job names the leaf that its cause waits for.
    timed = tx.scalars(select(Pledge.id).where(Pledge.case_id == case.id)).all()
    told = tx.scalars(select(Notice.id).where(Notice.case_id == case.id)).all()
    asked = tx.scalars(select(CaseEvent.seq).where(CaseEvent.case_id == case.id)).all()
    waits = select(LaterReply.id).where(LaterReply.case_id == case.id)
    steps = select(Task.id).where(Task.case_id == case.id)
    subjects = {
        later.JOB: tx.scalars(waits).all(),
        plans.JOB: tx.scalars(steps).all(),
        pledges.DUE: timed,
        pledges.WARN: timed,
        ladder.STEP: timed,
        notices.JOB: told,
        notices.ACKNOWLEDGED: told,
        gathering.JOB: told,
        reminding.JOB: [f"{case.id}/{seq}" for seq in asked],
    }
    for kind, ids in subjects.items():
        tx.execute(
            delete(Job).where(Job.kind == kind, Job.subject.in_(list(map(str, ids))))
        )


def _record(node: Node, tx: Session, case: Case, last_seq: int) -> None:
    bylaws = governance.in_force(node, tx)
    for act in rules.erasure(case.state):
        part = Part.MEMBER if act in _OWN else Part.RULE
        event = CaseEvent(
            case_id=case.id,
            seq=next_seq(tx, case),
            at=node.now(),
            act=act,
            from_state=case.state,
            to_state=rules.move(case.state, act, by=part).to,
            outcome=_OUTCOMES.get(act),
            actor_id=case.member_id if part is Part.MEMBER else None,
            rule=f"{bylaws.version}/{bylaws.identity[:15]}",
            # It has no entry of its own: only the tombstone tells of it.
            entry_seq=last_seq,
        )
        happen(tx, case, event)
    if case.state is not State.ERASED:
        raise RuntimeError("no moves lead from here to an erased case")
