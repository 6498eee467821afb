"""What other nodes are told of a public case: that it is there, changed, or gone.

Only the words its member agreed to ever leave, and only while they agree.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation import cases as wire
from federation import threads
from federation.activities import Activity
from federation.cases import PublicCase
from governance.cases import State
from governance.consent import in_force
from node import actors, outbox
from node.core import Node
from node.ids import iri
from node.models.cases import Case
from node.models.consent import Consent
from node.models.outbox import Outgoing, Target
from node.models.publications import EndedPublication, Publication
from node.outbox import Sending


def address(node: Node, publication: Publication) -> str:
    """Return the id of the public case."""
    return iri_of(node, publication.key)


def iri_of(node: Node, key: str) -> str:
    """Return the id that goes with a key, whatever became of the case."""
    return f"{node.settings.origin}/ap/cases/{key}"


def shown(node: Node, tx: Session, publication: Publication) -> PublicCase:
    """Return the case as everybody may see it."""
    case = tx.get_one(Case, publication.case_id)
    changed = publication.updated_at != publication.published_at
    return PublicCase(
        id=address(node, publication),
        group=f"{node.settings.origin}{actors.community(tx)}",
        # A public number would open a door: the reference stays with its member.
        number=publication.key[:8].upper(),
        title=publication.title,
        words=publication.text,
        language=case.language,
        page=f"{node.settings.origin}/public/{publication.key}",
        state=case.state,
        published=publication.published_at,
        changed=publication.updated_at if changed else None,
    )


def ended_at(tx: Session, key: str) -> datetime | None:
    """Return when what was public under a key was taken back; None if it was not."""
    row = tx.scalar(select(Publication).where(Publication.key == key))
    if row is not None:
        return row.ended_at
    former = tx.get(EndedPublication, key)
    return former.ended_at if former is not None else None


def created(node: Node, tx: Session, publication: Publication, oid: int) -> None:
    """Tell everybody who follows the community that a case is public."""
    facts, now = shown(node, tx, publication), node.now()
    document = wire.create(facts, iri=iri(node, "activities"), at=now)
    said = sending(node, tx, publication, document, oid)
    outbox.put(node, tx, said, followers(node, tx))


def moved(node: Node, tx: Session, case: Case) -> None:
    """Tell everybody who knows a public case where it stands now."""
    publication = living(tx, case)
    if publication is None:
        return
    before, after = State(publication.told_state), case.state
    agreed = in_force(tx.get_one(Consent, publication.consent_id), at=node.now())
    # Thrown away, or erased, or not agreed to any more: nobody keeps it.
    if after not in wire.STATUSES or not agreed:
        ended(node, tx, case)
        return
    if wire.STATUSES.get(before) == wire.STATUSES.get(after):
        return
    publication.told_state, publication.updated_at = after, node.now()
    facts = shown(node, tx, publication)
    document = wire.update(facts, iri=iri(node, "activities"), at=node.now())
    said = sending(node, tx, publication, document)
    outbox.put(node, tx, said, known_to(node, tx, publication))


def ended(node: Node, tx: Session, case: Case) -> None:
    """Take a public case back, here at once and from everybody who was told of it."""
    publication = living(tx, case)
    if publication is None:
        return
    now = node.now()
    to = known_to(node, tx, publication)
    publication.title = publication.text = ""
    publication.ended_at = publication.updated_at = now
    document = wire.delete(
        address(node, publication),
        group=f"{node.settings.origin}{actors.community(tx)}",
        iri=iri(node, "activities"),
        at=now,
    )
    _forget_words(node, tx, publication)
    outbox.put(node, tx, sending(node, tx, publication, document), to)


def passed_on(node: Node, tx: Session, case_id: UUID, said: Activity) -> None:
    """Pass on, unchanged, what somebody else says about a public case."""
    publication = tx.get_one(Publication, case_id)
    facts = shown(node, tx, publication)
    document = threads.announce(
        said.document, group=facts.group, iri=iri(node, "activities"), at=node.now()
    )
    to = known_to(node, tx, publication)
    outbox.put(node, tx, sending(node, tx, publication, document), to)


def living(tx: Session, case: Case) -> Publication | None:
    """Return the publication of a case that is public now."""
    found = tx.get(Publication, case.id)
    return found if found is not None and found.ended_at is None else None


def known_to(node: Node, tx: Session, publication: Publication) -> list[str]:
    """Return every inbox that was ever told of it, and who follows by now."""
    told = (
        select(Target.inbox)
        .join(Outgoing, Outgoing.seq == Target.seq)
        .where(Outgoing.context == address(node, publication))
    )
    return sorted({*tx.scalars(told.distinct()), *followers(node, tx)})


def followers(node: Node, tx: Session) -> list[str]:
    """Return the inboxes of everybody who follows the community."""
    return outbox.followers(tx, f"{node.settings.origin}{actors.community(tx)}")


def sending(
    node: Node,
    tx: Session,
    publication: Publication,
    document: dict[str, object],
    oid: int | None = None,
) -> Sending:
    """Return what the community says about a public case, in that case's order."""
    return Sending(
        document=document,
        actor=actors.community(tx),
        context=address(node, publication),
        oid=oid,
    )


def _forget_words(node: Node, tx: Session, publication: Publication) -> None:
    # What was not sent yet is not sent any more, and our own copies go.
    rows = tx.scalars(
        select(Outgoing).where(Outgoing.context == address(node, publication))
    )
    outbox.forget(tx, [row.seq for row in rows])
