"""What a member wants to become of a closed case: keep it, without the name, or not.

Who does not answer is asked twice more; then the case loses its name. Kept, it is
asked about again. Nothing of this happens while a case is held.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from governance import retention as rules
from governance.cases import State
from governance.consent import Purpose, Standing
from governance.errors import NotYours, WrongState
from governance.retention import Choice, Due, Phase
from node import (
    agreeing,
    anonymising,
    erasing,
    file_days,
    holding,
    jobs,
    log,
    notices,
    people,
)
from node import retention as rows
from node.accounts.visitor import Visitor
from node.cases import links
from node.cases.hand import Hand, agreed, by_rule, pick_up
from node.core import Node
from node.erasing import Basis, Level, Wish
from node.holding import Hold
from node.log import Ticket
from node.models.cases import CaseLink
from node.models.retention import FileDays, Retention

JOB = rows.JOB
NOTICE = "case.keep"
#: What a consent to keep a case says where its files are kept as long.
WITH_FILES = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where the question stands, as the member reads it."""

    reference: str
    phase: Phase | None
    since: datetime | None
    #: What comes next without an answer, and when; nothing while it is not closed.
    next: Due | None
    due_at: datetime | None
    #: Until when it is kept if its member says so now, and when its name goes if
    #: they never say anything.
    kept_until: datetime
    goes_at: datetime | None
    #: What becomes of its files; None while there is nothing to say of any.
    files: file_days.Line | None
    #: Whether it rests: see `restricting`.
    restricted_at: datetime | None
    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a member chose, and how they show that it is them."""

    choice: Choice
    #: The four words of the case, for whoever came by its link.
    words: str = field(default="", repr=False)
    #: The network block it came from, for the throttle only.
    source: str = field(default="", repr=False)
    #: Whether the files of a case that is kept are kept as long.
    files: bool = False


def show(node: Node, reference: str, *, by: Visitor) -> Kept:
    """Return what becomes of a member's own case, and when."""
    with node.read() as tx:
        hand = _own(node, tx, reference, by, lock=False)
        row = tx.get(Retention, hand.case.id)
        days = rows.days(node, tx)
        coming = rules.due(rows.plan(row), days) if row else None
        asked = row is not None and row.phase is Phase.ASKED
        plan = rows.plan(row) if row else None
        return Kept(
            reference=hand.case.reference,
            phase=row.phase if row else None,
            since=row.since if row else None,
            next=coming[0] if coming else None,
            due_at=coming[1] if coming else None,
            kept_until=node.now() + timedelta(days=days.case_closed),
            goes_at=rules.last_day(rows.plan(row), days) if row and asked else None,
            files=file_days.line(tx, hand.case.id, plan, days),
            restricted_at=hand.case.restricted_at,
            holds=holding.shown(hand),
        )


def choose(node: Node, reference: str, chosen: Chosen, *, by: Visitor) -> Ticket | None:
    """Do with a closed case what its member wants; what goes asks who it is.

    Returns what to wait for; None where nothing is told in public.
    """
    if chosen.choice is Choice.DELETE:
        wish = Wish(level=Level.CHAIN, words=chosen.words, source=chosen.source)
        return erasing.erase(node, reference, wish, by=by)
    goes = chosen.choice is Choice.NAMELESS
    if goes:
        erasing.prove(node, reference, chosen.words, chosen.source, by=by)
    with node.begin(sealed=not goes) as tx:
        hand = _own(node, tx, reference, by)
        row = tx.get(Retention, hand.case.id)
        if row is None or hand.case.state is not State.CLOSED:
            raise WrongState("This is asked when a case is closed.")
        plan = rules.answer(rows.plan(row), chosen.choice, at=node.now())
        if goes:
            holding.require_free(tx, hand.case.id, at=node.now())
            return anonymising.anonymise(hand, Basis.CONSENT).ticket
        files = tx.get(FileDays, hand.case.id)
        if files is not None:
            file_days.choose(files, kept=chosen.files)
        rows.keep(node, tx, hand.case, plan)
        return _agree(hand, WITH_FILES if files and files.kept else "")


def _agree(hand: Hand, what: str) -> Ticket:
    node, tx, case = hand.node, hand.tx, hand.case
    log.require_writable(node)
    rows.settle(node, tx, case, Standing.EXPIRED)
    row = tx.get_one(Retention, case.id)
    chain = log.chain(node, tx, case.id)
    agreeing.agree(hand, chain, Purpose.KEEP_AFTER_CLOSE, what, row.due_at)
    return chain.write()


def _own(
    node: Node, tx: Session, reference: str, by: Visitor, *, lock: bool = True
) -> Hand:
    hand = pick_up(node, tx, reference, by, lock=lock)
    if not hand.own:
        raise NotYours("Only its member decides what becomes of a case.")
    return hand


def due(node: Node, case_id: str) -> None:
    """Do what time made due about a closed case. Safe to call twice."""
    with node.begin() as tx:
        hand = by_rule(node, tx, UUID(case_id))
        row = tx.get(Retention, UUID(case_id))
        if hand is None or row is None or row.due_at is None or row.due_at > node.now():
            return
        coming = rules.due(rows.plan(row), rows.days(node, tx))
        if coming is None or hand.case.state is not State.CLOSED:
            return
        held = holding.until(tx, hand.case.id, at=node.now())
        if held is not None:
            key = f"{JOB}/{case_id}/{held.isoformat()}"
            jobs.put(node, tx, jobs.Asked(JOB, case_id, held, dedupe_key=key))
            return
        if coming[0] is Due.ANONYMISE:
            anonymising.anonymise(hand, Basis.RULE)
            return
        _go_on(hand, row, coming[0])


def _go_on(hand: Hand, row: Retention, what: Due) -> None:
    node, tx, case = hand.node, hand.tx, hand.case
    if what is Due.ASK_AGAIN:
        rows.end(node, tx, case)
        rows.begin(node, tx, case)
        now = tx.get_one(Retention, case.id)
    else:
        plan = rules.happen(rows.plan(row), what, at=node.now())
        now = rows.keep(node, tx, case, plan)
    tell(hand, NOTICE, rules.last_day(rows.plan(now), rows.days(node, tx)))


def tell(hand: Hand, kind: str, end: datetime) -> None:
    """Write to the member, where they agreed to that; the link lasts until then."""
    node, tx, case = hand.node, hand.tx, hand.case
    point = people.mail_of(tx, case.member_id)
    if point is None or not agreed(tx, case.id, Purpose.CONTACT_CASE, at=node.now()):
        return
    tx.execute(
        update(CaseLink)
        .where(CaseLink.case_id == case.id, CaseLink.expires_at < end)
        .values(expires_at=end)
    )
    link = links.first(node, tx, case.id)
    values = {
        "reference": case.reference,
        "day": f"{end:%Y-%m-%d}",
        "link": f"{node.settings.origin}/c/{link}",
    }
    notices.queue(node, tx, point, notices.About(kind, values, case.id))
