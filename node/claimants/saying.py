"""What a claimant says about their own claim: sealed in their case, and counted."""

from governance import joins as rules
from governance.cases import Act, Outcome, Part
from governance.resolutions import EFFECTS, Answer
from node.cases import confirming
from node.cases.hand import Hand, attested, role_of
from node.log import Chain, Saying
from node.models.together import ClaimAnswer


def keep(hand: Hand, chain: Chain, row: ClaimAnswer, said: Answer) -> None:
    """Seal what a claimant says, and have it looked at with what the others say."""
    fields = {"action": "answer", "from": "", "to": "", "reason": said.value}
    role, channel = role_of(hand, Part.MEMBER), attested(hand.by)
    chain.say(Saying(kind="status", role=role, channel=channel, fields=fields))
    confirming.keep(hand, row, said)


def closes_as(hand: Hand, chain: Chain, said: Answer) -> Outcome | None:
    """Keep what the member of a case says; return as what it closes by it.

    None while it waits: a common matter closes when everybody answered, or in time.
    """
    row = confirming.own(hand) if hand.own else None
    if row is None:
        return EFFECTS[said][1]
    if row.answer is not said:
        keep(hand, chain, row, said)
    act, outcome = rules.settle(confirming.all_say(hand)) or (Act.DISPUTE, None)
    return outcome if act is Act.CONFIRM else None
