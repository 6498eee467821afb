"""A case as one viewer may see it: where it stands, what happened, who can see it.

The member and the desk see the same facts; whose turn it is depends on who looks.
"""

from dataclasses import replace

from governance import parties
from governance.access import Field
from governance.consent import Purpose
from governance.errors import NotFound
from governance.parties import Standing
from governance.pledges import TO_MEMBER
from node import log
from node.accounts.visitor import Visitor
from node.cases import chances, choosing, looks, partied, reads
from node.cases.delays import delays, inquiries
from node.cases.glass import look_at
from node.cases.hand import Hand
from node.cases.lists import late
from node.cases.looks import Look
from node.cases.planned import plan
from node.cases.shapes import (
    CaseView,
    ConsentLine,
    Named,
    PledgeLine,
    SeenBy,
)
from node.cases.timelines import timeline
from node.core import Node
from node.models.areas import Area


def view(node: Node, reference: str, *, by: Visitor) -> CaseView:
    """Return a case as this viewer may see it."""
    try:
        with node.read() as tx:
            hand = look_at(node, tx, reference, by)
            shown, look = show(looks.take(hand)), reads.of_case(hand, Field.CASE)
    except NotFound:
        reads.missed(node, Field.CASE, by=by)
        raise
    reads.keep(node, look)
    return shown


def readers(hand: Hand) -> tuple[SeenBy, ...]:
    """Return who can see the case, for whoever may see it."""
    return _seen_by(looks.take(hand))


def show(look: Look) -> CaseView:
    """Put together everything a page or program shows of a case."""
    others = tuple(partied.line(look.key, row) for row in look.parties)
    return replace(_of_member_and_desk(look), parties=others)


def _of_member_and_desk(look: Look) -> CaseView:
    case, hand = look.case, look.hand
    entries, asked = timeline(look), inquiries(look)
    return CaseView(
        reference=case.reference,
        title=look.of_case("title", case.title) or case.reference,
        state=case.state,
        outcome=case.outcome,
        kind=case.kind,
        topic=case.topic,
        priority=case.priority,
        priority_reason=look.of_case("priority_reason", case.priority_reason),
        tags=tuple(look.of_case("tags", case.tags).splitlines()),
        sorted_by=case.sorted_by or "",
        deadline_on=case.deadline_on,
        deadline_source=case.deadline_source,
        language=case.language,
        channel=case.channel,
        received_at=case.received_at,
        closed_at=case.closed_at,
        late_by=late(case, hand.node.now()),
        disputed=case.disputed,
        part=chances.part(hand),
        turn=chances.turn(hand),
        member_name=look.names.get(case.member_id, ""),
        responsible=_responsible(look),
        chosen=choosing.chosen(hand),
        place=look.of_case("place", case.place),
        area_name=_area(look),
        story=looks.story(look),
        wanted=look.open("claim", "wanted", case.id, look.claim.wanted),
        value=looks.value(look),
        queue_place=chances.queue_place(hand),
        ask=looks.ask(look),
        waits_for=looks.waits_for(hand),
        inquiries=asked,
        delays=delays(look, asked),
        resolution=looks.resolution(look),
        timeline=entries,
        lost=log.lost(hand.tx, case.id),
        plan=plan(hand),
        pledges=_pledges(look),
        next_promise=_next(look, _pledges(look)),
        seen_by=_seen_by(look),
        consents=_consents(look),
        acts=chances.acts(hand),
        may_reopen=chances.may_reopen(hand),
        may_appeal=hand.own and chances.may_appeal(hand),
        version=entries[-1].seq,
    )


def _pledges(look: Look) -> tuple[PledgeLine, ...]:
    return tuple(
        PledgeLine(
            row.id,
            row.kind,
            row.due_at,
            row.state,
            row.met_at,
            row.missed_at,
            row.cause,
            row.rung,
            row.rule,
            row.rules,
        )
        for row in look.pledges
    )


def _next(look: Look, pledges: tuple[PledgeLine, ...]) -> PledgeLine | None:
    due = look.case.next_due_at
    mine = (one for one in pledges if one.kind in TO_MEMBER and not one.met_at)
    return next((one for one in mine if one.due_at == due), None)


def _responsible(look: Look) -> Named | None:
    who = look.case.responsible_id
    return Named(who, look.names.get(who, "")) if who else None


def _area(look: Look) -> str:
    area = look.case.area and look.hand.tx.get(Area, look.case.area)
    return area.name if area else ""


def _seen_by(look: Look) -> tuple[SeenBy, ...]:
    case = look.case
    seen = [SeenBy("member", look.names.get(case.member_id, ""))]
    if case.responsible_id:
        seen.append(SeenBy("advocate", look.names.get(case.responsible_id, "")))
    lead = look.hand.lead
    if lead is not None:
        seen.append(SeenBy("advocate", look.names.get(lead, "")))
    if case.open_to_advocates and case.responsible_id is None:
        seen.append(SeenBy("advocates", ""))
    seen += [
        SeenBy("party", partied.name(look.key, row))
        for row in look.parties
        if parties.standing(row) is Standing.PRESENT
    ]
    return (*seen, SeenBy("coordinator", ""))


def _consents(look: Look) -> tuple[ConsentLine, ...]:
    given = [
        ConsentLine(
            row.id, row.purpose, row.recipient or "", row.given_at, row.withdrawn_at
        )
        for row in look.hand.consents()
        if row.given_at is not None
    ]
    # What was agreed to at once begins with what all else rests on.
    rests = Purpose.HANDLE_CASE
    given.sort(key=lambda one: (one.given_at, one.purpose is not rests, one.id))
    return tuple(given)
