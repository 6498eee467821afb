"""What a party says themselves: yes, no, that they leave, and words in the case."""

from governance import parties as rules
from governance.access import Sent
from governance.cases import Act, Part, State
from governance.intake import Channel
from governance.parties import SPEAKS, Ending, Standing
from governance.submissions import check_words
from governance.threads import check_writing
from ledger.entry import Role as Sealed
from node import log, messages, pledges, threads
from node.accounts.visitor import Visitor
from node.cases import conflicts, disclosures, sealing
from node.cases.hand import Hand, attested
from node.cases.moving import Step, move
from node.core import Node
from node.messages import Body, Voice
from node.models.parties import Party
from node.parties.naming import over
from node.parties.reaching import enter
from node.threads import Words, Written


def confirm(node: Node, reference: str, *, by: Visitor) -> None:
    """Say yes, as whom the member wants in the case. Safe twice."""
    with node.begin(sealed=True) as tx:
        hand, row = enter(node, tx, reference, by, lock=True)
        if row.confirmed_at is not None:
            return
        row.confirmed_at = node.now()
        ticket = sealing.say(hand, Sealed.GUEST, "party.confirm")
        _disclose(hand, row)
        threads.reach(hand, "party.answered", ticket.oid)


def _disclose(hand: Hand, row: Party) -> None:
    # From this moment they can see it: that is when it left.
    chain = log.chain(hand.node, hand.tx, hand.case.id)
    for share in rules.shares(row.fields.split()):
        left = disclosures.Left(Sent(share.value), row.role.value)
        disclosures.write(hand, chain, left)
    if row.fields:
        chain.write()


def leave(node: Node, reference: str, *, by: Visitor) -> None:
    """Say no, or leave: the link opens nothing from then on."""
    with node.begin(sealed=True) as tx:
        hand, row = enter(node, tx, reference, by, lock=True)
        present = rules.standing(row) is Standing.PRESENT
        over(row, Ending.LEFT if present else Ending.DECLINED, at=node.now())
        conflicts.forget_notices(tx, hand.case.id, [row.person_id])
        ticket = sealing.say(hand, Sealed.GUEST, "party.leave")
        threads.reach(hand, "party.answered", ticket.oid)


def write(node: Node, reference: str, words: Words, *, by: Visitor) -> Written:
    """Add a party's words to the case, under their own name.

    Who speaks for the member is promised an answer like the member, who gets it. What
    a witness says is a paper of the case, and asks for nothing.
    """
    check_words(words.text)
    with node.begin(sealed=True) as tx:
        hand, row = enter(node, tx, reference, by, lock=True)
        rules.check_writes(row, row.role)
        before = threads.said_before(hand, words)
        if before is not None:
            return before
        log.require_writable(node)
        direction = check_writing(hand.case.state, words.kind, by=Part.MEMBER)
        chain, wrote = log.chain(node, tx, hand.case.id), hand.case.member_wrote_last
        voice = Voice(
            direction=direction,
            kind=words.kind,
            author=by.person_id,
            channel=Channel(by.channel),
            role=Sealed.GUEST,
            attested=attested(by),
            facts={"party": row.role.value},
        )
        seq = messages.keep(hand, chain, Body(id=words.id, text=words.text), voice)
        if row.role in SPEAKS:
            if hand.case.state is State.WAITING_MEMBER:
                # The member said that they speak for them: the rules say what it means.
                step = Step(act=Act.MEMBER_REPLIED, part=Part.RULE)
                move(hand, chain, step)
            book = pledges.Book(tx, chain, hand.case, hand.bylaws)
            pledges.heard(book, first=not wrote)
        else:
            hand.case.member_wrote_last = wrote
        ticket = chain.write()
        threads.reach(hand, "party.wrote", ticket.oid)
        return Written(seq, ticket)
