"""A case that begins as a part of another one: the same member, words and promises.

The desk writes it down, and every entry says so. What the member said is not changed
by it, and nobody gets more time: each promise counts from when it was made.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from governance import cases as rules
from governance import pledges as promising
from governance.cases import Act, Kind, State
from ledger.entry import Role
from node import consent_rows, jobs, log, pledges, vault
from node.cases import links
from node.cases.hand import Hand, attested, role_of
from node.ids import new_id
from node.log import Chain, Saying
from node.models.cases import Case, CaseEvent
from node.models.pledges import Pledge
from node.models.start import Community
from node.models.submissions import Claim, Submission
from node.splitting.carrying import Owed, agreed, still_owed, wall_off
from node.topics import UNSORTED
from node.upsert import insert_rows

#: As the case it came from, for as long as nobody has looked at it by itself.
_SAME = (
    "member_id", "channel", "language", "area", "priority_rank", "wished_id",
    "open_to_advocates", "caution", "rules", "received_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Begun:
    """A case that was made of a part of another one."""

    id: UUID
    reference: str


def begin(hand: Hand, piece_id: UUID, words: str) -> Begun:
    """Make a case of some words of the one in hand, with all that holds for it."""
    node, tx = hand.node, hand.tx
    chain = log.open_chain(node, tx, new_id(node))
    prefix = tx.scalars(select(Community.prefix)).one()
    reference = rules.reference(prefix, node.dice(rules.RANDOM_BYTES))
    owed = still_owed(hand)
    insert_rows(tx, Case, _case(hand, chain, reference, words, owed))
    _keep(hand, chain, words)
    _say(hand, chain, piece_id, words)
    rows = [pledges.row(node, chain.case_id, one.promise) for one in owed]
    for one in owed:
        pledges.say(chain, one.promise)
    insert_rows(tx, Pledge, rows)
    insert_rows(tx, CaseEvent, _event(hand, chain.case_id))
    wall_off(hand, chain)
    consent_rows.carry_over(node, tx, agreed(hand), chain.case_id)
    links.make(node, tx, chain.case_id)
    ticket = chain.write()
    for row, one in zip(rows, owed, strict=True):
        timers = pledges.timers(one.bylaws, row["id"], one.promise, ticket.oid)
        jobs.put(node, tx, *timers)
    return Begun(chain.case_id, reference)


def _case(
    hand: Hand, chain: Chain, reference: str, words: str, owed: list[Owed]
) -> dict[str, object]:
    node, old, id_ = hand.node, hand.case, chain.case_id
    where = vault.words(hand.key(), vault.Place("case", "place", old.id), old.place)

    def sealed(column: str, text: str) -> bytes | None:
        place = vault.Place("case", column, id_)
        return vault.seal(node, chain.content_key, place, text) if text else None

    owes = [it.promise for it in owed if it.promise.kind in promising.TO_MEMBER]
    first = promising.PledgeKind.FIRST_RESPONSE
    answers = [it.due_at for it in owes if it.kind is first]
    return {
        **{name: getattr(old, name) for name in _SAME},
        "id": id_,
        "reference": reference,
        "kind": Kind.CLAIM,
        "state": State.RECEIVED,
        "topic": UNSORTED,
        "title": sealed("title", rules.headline(words)),
        # What a wall may be put up for later, it is put up for here, too.
        "place": sealed("place", where),
        "priority": None,
        "member_wrote_last": True,
        "disputed": False,
        "reopened": 0,
        "next_due_at": min((it.due_at for it in owes), default=None),
        "answer_due_at": min(answers, default=None),
    }


def _keep(hand: Hand, chain: Chain, words: str) -> None:
    node, tx, id_ = hand.node, hand.tx, new_id(hand.node)
    told = tx.scalars(
        select(Submission).where(Submission.case_id == hand.case.id).limit(1)
    ).one()
    place = vault.Place("submission", "text", id_)
    row = {
        "id": id_,
        "case_id": chain.case_id,
        "channel": told.channel,
        "source": told.source,
        "identity": told.identity,
        "language": told.language,
        "text": vault.seal(node, chain.content_key, place, words),
        # Nobody sent it: no sending is ever the same.
        "digest": b"",
        "sender": b"",
        "received_at": told.received_at,
    }
    insert_rows(tx, Submission, row)
    insert_rows(tx, Claim, {"case_id": chain.case_id, "wanted": None, "value": None})


def _say(hand: Hand, chain: Chain, piece_id: UUID, words: str) -> None:
    """Seal the words as what somebody at the desk wrote down, and where they are from.

    The ledger knows no other role for a submission on behalf than an advocate's.
    """
    for kind, fields in (
        ("submission", {"text": words, "channel": hand.case.channel.value}),
        ("claim", {"problem": words}),
    ):
        facts = {"piece": str(piece_id), "method": hand.by.kind}
        chain.say(
            Saying(
                kind=kind,
                role=Role.ADVOCATE,
                channel=attested(hand.by),
                facts=facts,
                fields=fields,
            )
        )
    came = {"action": "part_of", "reason": hand.case.reference}
    role = role_of(hand, hand.part(Act.TRIAGE))
    channel = attested(hand.by)
    chain.say(Saying(kind="status", role=role, channel=channel, fields=came))
    chain.say(Saying(kind="ack", role=Role.NODE))


def _event(hand: Hand, case_id: UUID) -> dict[str, object]:
    bylaws = hand.bylaws
    return {
        "case_id": case_id,
        "seq": 0,
        "at": hand.node.now(),
        "act": Act.SUBMIT,
        "from_state": None,
        "to_state": State.RECEIVED,
        "actor_id": hand.by.person_id,
        "rule": f"{bylaws.version}/{bylaws.identity[:15]}",
        "entry_seq": 0,
    }
