"""Files of a closed case go before it does: its member is told, then they go for good.

What goes is erased like anything else: it is in the journal first, the key goes with
the rows, a public note says that something went by the rules, and the case's own chain
says how many files. Nothing of this happens while a case is held, or rests.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import retention as rules
from governance.cases import State
from governance.retention import FilesDue
from ledger.entry import Role
from node import file_days, holding, keeping, log, retention
from node.cases.hand import Hand, by_rule
from node.core import Node
from node.erasing import journal
from node.erasing.performing import perform
from node.erasing.shapes import Basis, Erasure, Level, Why
from node.ids import new_id
from node.log import Saying
from node.models.files import Attachment
from node.models.retention import FileDays, FilesGone, Retention

JOB = file_days.JOB
NOTICE = "case.files"


def due(node: Node, case_id: str) -> None:
    """Do what time made due about the files of a closed case. Safe to call twice."""
    with node.begin() as tx:
        hand = by_rule(node, tx, UUID(case_id))
        row = tx.get(Retention, UUID(case_id))
        if hand is None or row is None or hand.case.state is not State.CLOSED:
            return
        plan, days = retention.plan(row), retention.days(node, tx)
        coming = file_days.due(tx, hand.case.id, plan, days)
        if coming is None:
            return
        # The rules may have changed since the work was written down.
        held = holding.until(tx, hand.case.id, at=node.now())
        later = max(coming[1], held or coming[1])
        if later > node.now():
            file_days.put(node, tx, hand.case.id, later)
        elif coming[0] is FilesDue.TELL:
            _tell(hand, row)
        else:
            _let_go(hand)


def _tell(hand: Hand, row: Retention) -> None:
    node, tx, case_id = hand.node, hand.tx, hand.case.id
    days = retention.days(node, tx)
    files = tx.get_one(FileDays, case_id)
    files.told_at = node.now()
    tx.flush()
    told = rules.Files(files.since, files.kept, files.told_at)
    keeping.tell(hand, NOTICE, rules.files_go(told, days))
    file_days.wait(node, tx, case_id, retention.plan(row), days)


def _let_go(hand: Hand) -> None:
    node, tx, case = hand.node, hand.tx, hand.case
    log.require_writable(node)
    gone = _entries(tx, case.id)
    for seq in gone:
        part = Erasure(
            id=new_id(node), at=node.now(), level=Level.CONTENT, chain=case.id, seq=seq
        )
        journal.append(node, part)
        perform(node, tx, part, Why(Basis.RULE))
    file_days.end(tx, case.id)
    if not gone:
        return
    # The case has another key from here on.
    chain = log.chain(node, tx, case.id)
    state = case.state.value
    fields = {"action": "files", "from": state, "to": state, "reason": ""}
    said = chain.say(Saying(kind="status", role=Role.NODE, fields=fields))
    tx.add(FilesGone(case_id=case.id, entry_seq=said, at=node.now(), number=len(gone)))
    chain.write()


def _entries(tx: Session, case_id: UUID) -> list[int]:
    rows = select(Attachment.entry_seq).where(
        Attachment.case_id == case_id, Attachment.entry_seq.is_not(None)
    )
    found = tx.scalars(rows.order_by(Attachment.entry_seq))
    return [seq for seq in found if seq is not None]
