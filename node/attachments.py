"""The files of a case: adding one without words, and opening one."""

from dataclasses import dataclass
from uuid import UUID

from governance.cases import Part
from governance.errors import NotFound, NotYours, WrongState
from governance.threads import OPEN
from node import files, log, proofs
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, as_given_out, attested, pick_up, role_of
from node.core import Node
from node.files import FileLine, Upload
from node.log import Ticket
from node.models.cases import Case
from node.models.files import Attachment


@dataclass(frozen=True, slots=True)
class Opened:
    """A file, and what to say of it."""

    line: FileLine
    raw: bytes


def opened(
    node: Node, file_id: UUID, *, by: Visitor, reference: str | None = None
) -> Opened:
    """Return a file to whoever may see its case; to all others there is none.

    With a `reference` it has to be a file of that case.
    """
    with node.read() as tx:
        row = tx.get(Attachment, file_id)
        case = tx.get(Case, row.case_id) if row and row.case_id else None
        known = case.reference if case else ""
        if reference is not None and as_given_out(reference) != known:
            known = ""
        try:
            hand = pick_up(node, tx, known, by, lock=False)
        except NotFound as error:
            raise NotFound("There is no such file here.") from error
        proofs.require(hand)
        found = files.opener(node, tx, hand.case.id, file_id)
    if found is None:
        raise NotFound("There is no such file here.")
    line, key = found
    return Opened(line, files.raw(node, file_id, key))


@dataclass(frozen=True, slots=True)
class Added:
    """A file that was added, and what to wait for."""

    id: UUID
    seq: int
    ticket: Ticket


def attach(node: Node, reference: str, upload: Upload, *, by: Visitor) -> Added:
    """Add a file to a case: its member's, or of the advocate who works on it."""
    with files.taken(node, [upload]) as kept, node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        chain = log.chain(node, tx, hand.case.id)
        files.add(chain, kept, whose(hand, part_of(hand)))
        return Added(kept[0].id, chain.next_seq - 1, chain.write())


def part_of(hand: Hand) -> Part:
    """Return in which part somebody adds a file; refuse who has none."""
    if hand.case.state not in OPEN:
        raise WrongState(f"A case that is {hand.case.state} takes no new files.")
    if hand.own:
        return Part.MEMBER
    if not hand.may("case.reply"):
        raise NotYours("Files are added by its member, and by who works on the case.")
    return Part.ADVOCATE


def whose(hand: Hand, part: Part) -> files.By:
    """Return who adds files, as the ledger has it."""
    by = hand.by
    return files.By(by.person_id, role_of(hand, part), attested(by), by.kind)
