"""Writing down an arrival: every row that one telling causes, in one transaction.

The member's words are sealed first; everything the node adds stands behind them in
the same chain.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import cases as rules
from governance.cases import Act, Kind, Priority, State
from governance.people import Contact, ContactKind
from governance.pledges import PledgeKind, PledgeState, Promise
from governance.rules import Bylaws
from ledger.entry import Role
from node import (
    authors,
    jobs,
    language,
    log,
    marking,
    notices,
    people,
    pledges,
    throttle,
    vault,
)
from node.cases import conflicts, links
from node.cases.sorting import JOB as SORT
from node.core import Node
from node.ids import new_id
from node.intake.saying import (
    keep_words,
    say_consent,
    say_files,
    say_words,
)
from node.intake.shapes import Arrival, Audience, For, Taken
from node.log import Chain, Saying
from node.models.cases import Case, CaseEvent
from node.models.pledges import Pledge
from node.models.proxies import Proxy
from node.models.start import Community
from node.notices import About
from node.topics import UNSORTED
from node.upsert import insert_rows

#: Before triage a case is as urgent as a normal one.
_UNTRIAGED = list(Priority).index(Priority.NORMAL)
_COMMUNITY = select(Community.prefix, Community.zone, marking.sorts().label("sorts"))
_PROMISED = (PledgeKind.ACKNOWLEDGE, PledgeKind.TRIAGE, PledgeKind.FIRST_RESPONSE)


def take_in(node: Node, tx: Session, arrival: Arrival, bylaws: Bylaws) -> Taken:
    """Write down an arrival and all that follows from it."""
    told, now = arrival.told, node.now()
    begun = authors.begun(told.authored)
    case_id, case_key = begun or (new_id(node), None)
    member_id = _member(node, tx, arrival)
    chain = log.open_chain(node, tx, case_id, case_key)
    authors.pin(node, tx, told.authored, by=arrival.by, case_id=case_id)
    since = arrival.received_at
    promises = pledges.promises(bylaws, _PROMISED, Priority.NORMAL, at=since)
    community = tx.connection().execute(_COMMUNITY).one()
    reference = rules.reference(community.prefix, node.dice(rules.RANDOM_BYTES))
    due = _answer_due(promises)
    about = {"reference": reference, "member_id": member_id, "rules": bylaws.identity}
    insert_rows(tx, Case, {**_case(arrival, chain, due), **about})
    keep_words(arrival, chain)
    say_words(arrival, chain)
    say_consent(arrival, chain)
    say_files(arrival, chain, member_id)
    chain.say(Saying(kind="ack", role=Role.NODE))
    rows = _promise(arrival, chain, promises)
    _begin(arrival, chain, member_id, bylaws)
    named = (told.name or arrival.by.name, told.place)
    ties = conflicts.ties(node, tx, member_id, named)
    conflicts.put_up(node, tx, case_id, ties)
    link = links.make(node, tx, case_id)
    ticket = chain.write()
    owed = [jobs.Asked(SORT, str(case_id), now, ticket.oid)] if community.sorts else []
    for row, promise in zip(rows, promises, strict=True):
        if not _kept(arrival, promise):
            owed += pledges.timers(bylaws, row["id"], promise, ticket.oid)
    jobs.put(node, tx, *owed)
    if arrival.tell:
        written = language.moment(due, community.zone, told.language) if due else ""
        values = {
            "reference": reference,
            "link": f"{node.settings.origin}/c/{link}",
            "due": written,
        }
        kind = "submission.for-you" if arrival.proxy else "submission.received"
        _tell(chain, member_id, About(kind, values, case_id, ticket.oid))
    return Taken(
        case_id=case_id,
        reference=reference,
        link=link,
        promises=promises,
        ticket=ticket,
    )


def may_acknowledge(node: Node, tx: Session, contact: Contact | None) -> bool:
    """Say whether a stranger's contact is written to; counted, once a day for each."""
    if node.mail is None or contact is None or contact.kind is not ContactKind.EMAIL:
        return False
    address = people.digest(node, contact).hex()
    return throttle.count(node, tx, "acknowledge", address, "everybody")


def _begin(arrival: Arrival, chain: Chain, member_id: UUID, bylaws: Bylaws) -> None:
    tx, case_id, now = chain.tx, chain.case_id, chain.node.now()
    actor = arrival.actor if arrival.proxy else member_id
    insert_rows(tx, CaseEvent, _event(case_id, actor, bylaws, now))
    if arrival.proxy is not None:
        insert_rows(tx, Proxy, _proxy(arrival.proxy, case_id, now))


def _tell(chain: Chain, member_id: UUID, about: About) -> None:
    point = people.mail_of(chain.tx, member_id) if chain.node.mail else None
    if point is not None:
        notices.queue(chain.node, chain.tx, point, about)


def _member(node: Node, tx: Session, arrival: Arrival) -> UUID:
    told, by = arrival.told, arrival.by
    if by.kind == "member" and by.person_id is not None:
        return by.person_id
    if arrival.member_id is not None:
        return arrival.member_id
    newcomer = people.Newcomer(
        told.language, told.name, arrival.contact, arrival.identity
    )
    return people.add(node, tx, newcomer)


def _case(arrival: Arrival, chain: Chain, due: datetime | None) -> dict[str, object]:
    told, node, case_id = arrival.told, chain.node, chain.case_id

    def sealed(column: str, text: str) -> bytes | None:
        place = vault.Place("case", column, case_id)
        return vault.seal(node, chain.content_key, place, text) if text else None

    return {
        "id": case_id,
        "kind": Kind.CLAIM,
        "state": State.RECEIVED,
        "channel": told.channel,
        "language": told.language,
        "topic": told.topic or UNSORTED,
        "area": told.area,
        "title": sealed("title", rules.headline(told.text)),
        "place": sealed("place", told.place.strip()),
        "priority": None,
        "priority_rank": _UNTRIAGED,
        "open_to_advocates": told.audience is Audience.ADVOCATES,
        "caution": arrival.caution,
        "member_wrote_last": True,
        "disputed": False,
        "reopened": 0,
        "received_at": arrival.received_at,
        "next_due_at": due,
        "answer_due_at": due,
    }


def _promise(
    arrival: Arrival, chain: Chain, promises: tuple[Promise, ...]
) -> list[dict[str, object]]:
    node, tx, case_id = chain.node, chain.tx, chain.case_id
    rows = [pledges.row(node, case_id, promise) for promise in promises]
    for row, promise in zip(rows, promises, strict=True):
        pledges.say(chain, promise)
        if _kept(arrival, promise):
            row.update(met_at=node.now(), state=PledgeState.MET)
    if rows:
        insert_rows(tx, Pledge, rows)
    return rows


def _kept(arrival: Arrival, promise: Promise) -> bool:
    # The page or answer that carries the reference is the acknowledgement.
    return arrival.shown and promise.kind is PledgeKind.ACKNOWLEDGE


def _answer_due(promises: tuple[Promise, ...]) -> datetime | None:
    kind = PledgeKind.FIRST_RESPONSE
    return next((promise.due_at for promise in promises if promise.kind is kind), None)


def _proxy(proxy: For, case_id: UUID, now: datetime) -> dict[str, object]:
    return {
        "case_id": case_id,
        "by_id": proxy.by.person_id,
        "beside_id": proxy.beside,
        "at": now,
        "confirmed_at": None,
        "objected_at": None,
    }


def _event(
    case_id: UUID, actor: UUID | None, bylaws: Bylaws, now: datetime
) -> dict[str, object]:
    return {
        "case_id": case_id,
        "seq": 0,
        "at": now,
        "act": Act.SUBMIT,
        "from_state": None,
        "to_state": State.RECEIVED,
        "actor_id": actor,
        "rule": f"{bylaws.version}/{bylaws.identity[:15]}",
        "entry_seq": 0,
    }
