"""What the town has with other communities, without one: rows as they would be.

Nobody is asked and nothing is sent: those others do not exist.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from federation.delivery import State
from federation.policy import Mode
from governance.intake import Channel
from node import actors, approvals, people, publications, stopping, submissions
from node.accounts import Visitor
from node.core import Node
from node.models.follows import Follow
from node.models.outbox import Courier, Outgoing, Target
from node.models.peers import Peer, RemoteActor
from node.models.people import Person
from node.models.publications import PublicReply, RemoteCase
from node.submissions import Told

BIRCH, CEDAR = "https://birch.example", "https://cedar.example"
CHAIN = UUID("7b0a4a4e-5a7c-4c0e-9d53-0d2f3c1b8a11")
TEXT = "Three weeks without heating. The landlord does not answer. What helped you?"
LONG = "a-very-long-word-" * 8
HTML = (
    "<p>Quote section 11. We got a repair in <strong>nine days</strong> with "
    '<a href="https://birch.example/letters/11">this letter</a>.</p>'
    f"<blockquote><p>Within a reasonable time.</p></blockquote><p>{LONG}</p>"
    f"<ol><li>Ask</li><li>Wait</li></ol><pre>{LONG}{LONG}</pre>"
)


def seed(node: Node) -> dict[str, str]:
    """Make neighbours, a public case with answers, and one that was taken back."""
    actors.make(node)
    with node.begin() as tx:
        _strangers(node, tx)
        tx.add(_elsewhere(node))
    maria = _visitor(node, "Maria Lopez")
    told = Told(
        id=uuid4(), text="It is cold. My child is four.", language="en",
        channel=Channel.WEB, source="203.0.113.9",
    )  # fmt: skip
    made = submissions.submit(node, told, by=maria)
    publications.publish(node, made.reference, "No heating", TEXT, by=maria)
    with node.begin() as tx:
        _told(node, tx)
        _reply(node, tx, made.case_id, "1" * 32)
        _reply(node, tx, made.case_id, "2" * 32)
    approvals.approve(node, made.reference, "1" * 32, by=maria)
    [(key, *_)] = publications.every(node)
    stop = stopping.address(node, maria.person_id).rpartition("/")[2]
    return {
        "public": key,
        "shared": made.reference,
        "elsewhere": str(CHAIN),
        "stop": stop,
    }


def _visitor(node: Node, name: str) -> Visitor:
    with node.read() as tx:
        names = people.names(node, tx, set(tx.scalars(select(Person.id))))
    person = next(id_ for id_, one in names.items() if one == name)
    return Visitor(
        kind="member", person_id=person, account_id=person, name=name, fresh=True
    )


def _strangers(node: Node, tx) -> None:
    own = f"{node.settings.origin}{actors.community(tx)}"
    for origin, mode, reason in (
        (BIRCH, Mode.OPEN, ""),
        (CEDAR, Mode.LIMITED, "Many answers were advertising."),
    ):
        tx.add(
            Peer(
                origin=origin, mode=mode, reason=reason, profile="", strikes=0,
                review_at=node.now() + timedelta(days=30) if reason else None,
                first_seen_at=node.now(), seen_at=node.now(),
            )
        )  # fmt: skip
        tx.add(_actor(node, f"{origin}/ap/c/moot", "moot", "Northside Tenants"))
        tx.flush()
    tx.add(_actor(node, f"{BIRCH}/ap/u/priya", "priya", "Priya"))
    for number, (one, other, state) in enumerate(
        (
            (own, f"{BIRCH}/ap/c/moot", "accepted"),
            (own, f"{CEDAR}/ap/c/moot", "pending"),
            (f"{BIRCH}/ap/c/moot", own, "accepted"),
        )
    ):
        tx.add(
            Follow(
                actor=one, object=other, id=f"{one}/follow/{number}", state=state,
                asked_at=node.now(),
            )
        )  # fmt: skip


def _actor(node: Node, id_: str, handle: str, name: str) -> RemoteActor:
    # Gone, so that nothing is ever sent there.
    return RemoteActor(
        id=id_, origin="/".join(id_.split("/")[:3]), type="Group", handle=handle,
        name=name, inbox=f"{id_}/inbox", shared_inbox="", url="",
        fetched_at=node.now(), gone_at=node.now(),
    )  # fmt: skip


def _elsewhere(node: Node) -> RemoteCase:
    return RemoteCase(
        id=f"{BIRCH}/ap/cases/1", chain_id=CHAIN, actor=f"{BIRCH}/ap/c/moot",
        name=f"Damp in the nursery {LONG}", html=HTML, number="1A2B3C4D",
        status="fm:assigned", digest=bytes(32), published_at=node.now(),
        received_at=node.now(),
    )  # fmt: skip


def _told(node: Node, tx) -> None:
    seq = tx.scalar(select(Outgoing.seq).where(Outgoing.type == "Create"))
    late = node.now() + timedelta(days=300)
    for origin in (BIRCH, CEDAR):
        tx.add(Courier(origin=origin, failures="", span=0, silent="", open_until=late))
    for origin, path, state, answer in (
        (BIRCH, "inbox", State.DONE, "202"),
        (CEDAR, "inbox", State.WAITING, "egress.unreachable"),
        (CEDAR, "other/inbox", State.PARKED, "409"),
    ):
        tx.add(
            Target(
                seq=seq, inbox=f"{origin}/{path}", lane="U", origin=origin, state=state,
                attempts=1, answer=answer, profile="", next_try_at=late,
                at=node.now(),
            )
        )  # fmt: skip


def _reply(node: Node, tx, case_id: UUID, key: str) -> None:
    tx.add(
        PublicReply(
            id=f"{BIRCH}/ap/replies/{key}", case_id=case_id, key=key,
            actor=f"{BIRCH}/ap/u/priya", in_reply_to="", html=HTML, digest=bytes(32),
            activity_id=f"{BIRCH}/ap/activities/{key}", state="pending",
            at=node.now(),
        )
    )  # fmt: skip
