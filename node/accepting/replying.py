"""What came in goes on in its thread: the member's words, others', and machines'."""

from governance.cases import Act, Part, State
from governance.intake import Machine
from governance.threads import Direction, MessageKind
from ledger.entry import Role
from node import files, log, messages, pledges, threads
from node.accepting.reading import Read
from node.accounts.visitor import Visitor
from node.attachments import whose
from node.attesting import attested
from node.cases.hand import RULE, Hand
from node.cases.moving import Step, move
from node.ids import new_id
from node.log import Chain, Ticket
from node.messages import Body, Voice
from node.models.cases import Case
from node.resolutions.returning import brought_back
from node.threads import Words

#: Shown where a message names no sender at all.
_NOBODY = "?"


def append(read: Read, case: Case, *, own: bool) -> Ticket:
    """Keep what somebody wrote; what waits for the member goes on.

    Who has the thread's token and is not its member is shown with their address, and
    says yes to nothing for them.
    """
    if not own:
        return _keep(read, case)
    hand = _hand(read, case)
    chain = log.chain(read.node, read.tx, case.id)
    threads.hear(hand, chain, Words(new_id(read.node), read.text))
    files.bind(chain, read.raw, whose(hand, Part.MEMBER))
    return chain.write()


def reopen(read: Read, case: Case) -> Ticket:
    """Bring the member's closed case back, with what they wrote."""
    hand = _hand(read, case)
    chain = log.chain(read.node, read.tx, case.id)
    brought_back(hand, chain, Act.REOPEN, Words(new_id(read.node), read.text))
    files.bind(chain, read.raw, whose(hand, Part.MEMBER))
    return chain.write()


def note(read: Read, case: Case) -> Ticket:
    """Keep what a machine answered. It moves nothing and keeps no promise."""
    return _keep(read, case)


def _hand(read: Read, case: Case) -> Hand:
    # As a link of their own would have it.
    by = Visitor(
        person_id=case.member_id, case_id=case.id, channel=read.draft.channel.value
    )
    return Hand(read.node, read.tx, case, by, read.bylaws)


def _keep(read: Read, case: Case) -> Ticket:
    node, draft = read.node, read.draft
    log.require_writable(node)
    hand = Hand(node, read.tx, case, RULE, read.bylaws)
    chain = log.chain(node, read.tx, case.id)
    human, first = draft.machine is Machine.HUMAN, not case.member_wrote_last
    voice = Voice(
        direction=Direction.IN,
        kind=MessageKind.REPLY,
        author=None,
        channel=draft.channel,
        role=Role.GUEST,
        attested=attested(draft.channel),
        facts={"machine": draft.machine.value},
        human=human,
        sender=draft.sender.value if draft.sender else _NOBODY,
    )
    messages.keep(hand, chain, Body(id=new_id(node), text=read.text), voice)
    by = files.By(None, Role.GUEST, attested(draft.channel), RULE.kind)
    files.bind(chain, read.raw, by)
    if human:
        _go_on(hand, chain, first=first)
    return chain.write()


def _go_on(hand: Hand, chain: Chain, *, first: bool) -> None:
    if hand.case.state is State.WAITING_MEMBER and hand.case.restricted_at is None:
        move(hand, chain, Step(act=Act.MEMBER_REPLIED, part=Part.RULE))
    book = pledges.Book(hand.tx, chain, hand.case, hand.bylaws)
    pledges.heard(book, first=first)
