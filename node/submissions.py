"""Taking in what people say: their words, a case for them, promises and a receipt.

All of it is one transaction. Whoever holds the answer can rely on every part of it;
sending the same thing twice gives the first answer again.
"""

import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from governance.errors import ChoiceInvalid, IdempotencyMismatch
from governance.intake import Identity, check_language
from governance.people import Contact
from governance.pledges import PledgeKind, Promise
from governance.predicates import Resource
from governance.proxies import VERB
from governance.submissions import check_words
from node import authors, governance, log, people, throttle
from node.accounts.visitor import GUEST, Visitor
from node.cases import links
from node.core import Node
from node.intake import Arrival, Audience, For, Told, may_acknowledge, take_in
from node.log import Ticket
from node.models.areas import Area
from node.models.cases import Case
from node.models.pledges import Pledge
from node.models.submissions import Submission
from node.topics import STARTER

_LONGEST_LINE = 300
_IN_ORDER = list(PledgeKind)
_BEFORE = select(Submission.case_id, Submission.digest, Submission.sender).where(
    Submission.id == bindparam("id")
)

__all__ = ["Audience", "Submitted", "Told", "answer_due", "submit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What the teller holds in their hands afterwards."""

    submission_id: UUID
    case_id: UUID
    reference: str
    #: Four words that open the case together with its reference.
    words: tuple[str, ...]
    link_token: str = field(repr=False)
    track_url: str = field(repr=False)
    pledges: tuple[Promise | Pledge, ...]
    ticket: Ticket
    #: Whether this had been sent before, and this is the first answer again.
    again: bool = False


def submit(
    node: Node, told: Told, *, by: Visitor, proxy: For | None = None
) -> Submitted:
    """Take in somebody's words, open a case for them, and promise an answer.

    `proxy`: it is told by somebody else, who is then `by`, and becomes no member of it.
    """
    _check(told)
    digest, sender = _digest(node, told), _sender(node, by)
    contact = _contact(node, told.contact) if told.contact else None
    with node.begin(sealed=True) as tx:
        before = tx.connection().execute(_BEFORE, {"id": told.id}).one_or_none()
        if before is not None:
            _require_same(before.digest, before.sender, digest, sender)
            return _again(node, tx, told.id, before.case_id)
        same = authors.told_before(tx, told.authored, by=by, sender=sender)
        if same is not None:
            _require_same(same.digest, same.sender, digest, sender)
            return _again(node, tx, same.id, same.case_id)
        guest = by.kind != "member" or proxy is not None
        calm = (
            proxy is not None
            or not guest
            or throttle.count(node, tx, "submission.guest", told.source)
        )
        arrival = Arrival(
            told=told,
            by=GUEST if proxy else by,
            contact=contact,
            digest=digest,
            sender=sender,
            caution="" if calm else "too-many",
            identity=_identity(node, tx, GUEST if proxy else by, contact),
            tell=proxy is not None or not guest or may_acknowledge(node, tx, contact),
            proxy=proxy,
            received_at=node.now(),
        )
        return _take_in(node, tx, arrival)


def _identity(
    node: Node, tx: Session, by: Visitor, contact: Contact | None
) -> Identity:
    if by.kind == "member":
        return Identity.VERIFIED
    return people.identity(node, tx, contact)


def _contact(node: Node, typed: str) -> Contact:
    if "@" in typed:
        return people.contact(typed)
    with node.read() as tx:
        return people.contact(typed, people.region(tx))


def _check(told: Told) -> None:
    check_words(told.text)
    check_language(told.language)
    for text in (told.wanted, told.place, told.name, told.contact):
        if text.strip():
            check_words(text)
    if max(len(told.place), len(told.name), len(told.contact)) > _LONGEST_LINE:
        raise ChoiceInvalid(f"A line here has at most {_LONGEST_LINE} characters.")
    if told.topic and told.topic not in STARTER:
        raise ChoiceInvalid("Choose a topic from the list, or none.")


def _digest(node: Node, told: Told) -> bytes:
    said = [
        told.text, told.wanted, str(told.value), told.place, told.area, told.topic,
        told.contact, told.name, told.audience, told.language, told.channel,
        *(one.digest.hex() for one in told.files),
    ]  # fmt: skip
    return node.keys.mac("dedupe", json.dumps(said).encode())


def _sender(node: Node, by: Visitor) -> bytes:
    return node.keys.mac("dedupe", f"sender/{by.kind}/{by.person_id}".encode())


def _require_same(was: bytes, was_by: bytes, digest: bytes, sender: bytes) -> None:
    same = hmac.compare_digest(was, digest)
    if not (same and hmac.compare_digest(was_by, sender)):
        raise IdempotencyMismatch("Something else was sent under this number before.")


def _take_in(node: Node, tx: Session, arrival: Arrival) -> Submitted:
    told, by = arrival.told, arrival.by
    bylaws = governance.in_force(node, tx)
    who = governance.subject(arrival.proxy.by if arrival.proxy else by)
    verb = VERB if arrival.proxy else "case.submit"
    governance.require(bylaws, who, verb, Resource(), at=node.now())
    if told.area is not None and tx.get(Area, told.area) is None:
        raise ChoiceInvalid("Choose a place from the list, or say it is about none.")
    taken = take_in(node, tx, arrival, bylaws)
    return Submitted(
        submission_id=told.id,
        case_id=taken.case_id,
        reference=taken.reference,
        words=links.words(node, taken.case_id),
        link_token=taken.link,
        track_url=f"{node.settings.origin}/c/{taken.link}",
        pledges=taken.promises,
        ticket=taken.ticket,
    )


def _again(node: Node, tx: Session, id_: UUID, case_id: UUID) -> Submitted:
    case = tx.get_one(Case, case_id)
    link = links.first(node, tx, case.id)
    found = tx.scalars(select(Pledge).where(Pledge.case_id == case.id))
    pledges = sorted(found, key=lambda one: _IN_ORDER.index(one.kind))
    return Submitted(
        submission_id=id_,
        case_id=case.id,
        reference=case.reference,
        words=links.words(node, case.id),
        link_token=link,
        track_url=f"{node.settings.origin}/c/{link}",
        pledges=tuple(pledges),
        ticket=log.ticket(tx, case.id, 0),
        again=True,
    )


def answer_due(submitted: Submitted) -> datetime | None:
    """Return until when a human answer is promised."""
    kind = PledgeKind.FIRST_RESPONSE
    return next((one.due_at for one in submitted.pledges if one.kind is kind), None)
