"""A case of its own for what came in, and the bond to the one it follows."""

from governance.bonds import BondKind
from governance.intake import Identity
from governance.predicates import Resource
from ledger.entry import Role
from node import governance, intake, log, people
from node.accepting.reading import Read
from node.accounts.visitor import GUEST
from node.ids import new_id
from node.intake import Audience, Told
from node.intake.shapes import Arrival
from node.log import Saying, Ticket
from node.models.cases import Case
from node.models.people import Person
from node.models.together import CaseBond

#: From the surest to the least sure.
_SURE = list(Identity)


def begin(read: Read, *, follows: Case | None) -> Ticket:
    """Make a submission and a case of it, with all that a form would get."""
    node, tx, draft = read.node, read.tx, read.draft
    who, at = governance.subject(GUEST), node.now()
    governance.require(read.bylaws, who, "case.submit", Resource(), at=at)
    told = Told(
        id=new_id(node),
        text=read.text,
        language=draft.language,
        channel=draft.channel,
        audience=Audience.ASSIGNED,
    )
    key = node.keys.mac("dedupe", draft.dedupe_key)
    quiet = draft.quiet or _doubted(read)
    arrival = Arrival(
        told=told,
        by=GUEST,
        contact=draft.sender,
        digest=key,
        sender=key,
        caution="" if read.whole else "unread",
        identity=_identity(read, follows),
        tell=not quiet and intake.may_acknowledge(node, tx, draft.sender),
        received_at=min(draft.received_at, at),
        shown=False,
        source=draft.source,
        member_id=follows.member_id if follows else None,
        raw=read.raw,
    )
    taken = intake.take_in(node, tx, arrival, read.bylaws)
    if follows is None:
        return taken.ticket
    return _follow(read, tx.get_one(Case, taken.case_id), follows)


def _doubted(read: Read) -> bool:
    """Say whether the channel is less sure of a known contact than the contact is."""
    known = people.identity(read.node, read.tx, read.draft.sender)
    return _SURE.index(read.draft.identity) > _SURE.index(known)


def _identity(read: Read, follows: Case | None) -> Identity:
    # A channel never proves more than a contact, whatever it says.
    if follows is not None:
        return read.tx.get_one(Person, follows.member_id).identity
    known = people.identity(read.node, read.tx, read.draft.sender)
    return max(known, read.draft.identity, key=_SURE.index)


def _follow(read: Read, case: Case, before: Case) -> Ticket:
    node, tx = read.node, read.tx
    row = CaseBond(
        id=new_id(node),
        from_id=case.id,
        to_id=before.id,
        kind=BondKind.FOLLOWS,
        merged=False,
        by_id=case.member_id,
        at=node.now(),
    )
    tx.add(row)
    tx.flush()
    chain = log.chain(node, tx, case.id)
    fields = {"action": BondKind.FOLLOWS.value, "from": "", "to": "", "reason": ""}
    chain.say(Saying(kind="status", role=Role.NODE, fields=fields))
    return chain.write()
