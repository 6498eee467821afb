"""A community that writes to others, whatever they answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from federation import cases as wire
from federation.cases import PublicCase
from governance.cases import State
from node import actors, follows, outbox
from node.accounts import Visitor
from node.core import Node
from node.ids import iri
from node.models.outbox import Courier, Outgoing, Target
from node.models.peers import RemoteActor
from node.outbox import Sending
from node.settings import Settings
from tests.support import members
from tests.support.byways import Byways, Stranger
from tests.support.neighbours import ASH, BIRCH
from tests.support.village import Village

ELM, FIR = "https://elm.example", "https://fir.example"
ACTOR, INBOX = f"{ELM}/ap/c/elm", f"{ELM}/inbox"
#: Where all of Birch is written to.
SHARED = f"{BIRCH}/ap/inbox"
#: How often somebody looks at what is due.
_LOOK = timedelta(minutes=5)


@dataclass(slots=True)
class Desk:
    """Ash, which writes; Elm and Fir, which run other software."""

    village: Village
    roads: Byways
    ash: Node
    elm: Stranger
    fir: Stranger
    #: The ids of what was said, by the name a test gave it.
    ids: dict[str, str] = field(default_factory=dict)

    def say(
        self,
        name: str,
        context: str = "one",
        *,
        kind: str = "Create",
        to: tuple[str, ...] = (INBOX,),
        state: State = State.RECEIVED,
        **more: Any,
    ) -> int:
        """Write something about a public case down; return its number."""
        document = told(self.ash, context, kind, state, title=name) | more.pop(
            "as_", {}
        )
        self.ids[name] = str(document["id"])
        with self.ash.begin() as tx:
            sending = Sending(
                document=document, actor="/ap/c/ash", context=context, **more
            )
            outbox.put(self.ash, tx, sending, to)
            found = select(Outgoing.seq).where(Outgoing.activity_id == self.ids[name])
            return tx.scalars(found).one()

    def send(self, origin: str = ELM) -> int:
        """Send what is due to one origin."""
        return outbox.send(self.ash, origin)

    def wait(self, **length: float) -> None:
        """Let time go by, and whoever sends look every five minutes.

        Looks that would find nothing are left out: till then nobody is due.
        """
        until = self.village.now + timedelta(**length)
        while self.village.now < until:
            self.village.now = min(until, self._next_look())
            for origin in outbox.due(self.ash):
                outbox.send(self.ash, origin)

    def _next_look(self) -> datetime:
        with self.ash.read() as tx:
            couriers = list(tx.scalars(select(Courier)))
        soonest = min(
            (max(one.next_try_at, one.lease_until or one.next_try_at)
             for one in couriers if one.next_try_at is not None),
            default=datetime.max.replace(tzinfo=UTC) - _LOOK,
        )  # fmt: skip
        looks = -((self.village.now - soonest) // _LOOK)  # rounded up
        return self.village.now + max(1, looks) * _LOOK

    def names(self, stranger: Stranger | None = None) -> list[str]:
        """Return what a stranger took, by name, in the order in which it came."""
        by_id = {one: name for name, one in self.ids.items()}
        return [by_id[one] for one in (stranger or self.elm).taken]

    def tried(self) -> list[str]:
        """Return what was posted to Elm, by name, taken or not."""
        by_id = {one: name for name, one in self.ids.items()}
        return [by_id[one.id] for one in self.elm.posts]

    def row(self, name: str, inbox: str = INBOX) -> Target:
        """Return how it stands with one thing for one inbox."""
        with self.ash.read() as tx:
            found = select(Target).join(Outgoing, Outgoing.seq == Target.seq)
            found = found.where(Outgoing.activity_id == self.ids[name])
            return tx.scalars(found.where(Target.inbox == inbox)).one()

    def states(self) -> dict[str, str]:
        """Return how everything stands that goes to Elm."""
        return {name: self.row(name).state.value for name in self.ids}

    def courier(self, origin: str = ELM) -> Courier:
        """Return how sending to an origin goes."""
        with self.ash.read() as tx:
            return tx.get_one(Courier, origin)

    def knows(self, inbox: str = INBOX, actor: str = ACTOR) -> None:
        """Let Ash know an actor at Elm, and let it follow Ash."""
        with self.ash.begin() as tx:
            row = {"id": actor, "origin": ELM, "type": "Group", "handle": "elm"}
            row |= {"name": "Elm", "inbox": inbox, "shared_inbox": "", "url": ""}
            tx.add(RemoteActor(**row, fetched_at=self.ash.now(), gone_at=None))

    def known(self, actor: str = ACTOR) -> RemoteActor:
        """Return what Ash knows of an actor."""
        with self.ash.read() as tx:
            return tx.get_one(RemoteActor, actor)

    def again(self) -> Node:
        """Start Ash on its folder once more, as another process would."""
        return self.village.open(self.ash.settings)


def told(
    node: Node, context: str, kind: str, state: State, *, title: str = "No heating"
) -> dict[str, object]:
    """Return what a community says about a public case."""
    origin, now = node.settings.origin, node.now()
    address = f"{origin}/ap/cases/{context}"
    id_ = iri(node, "activities")
    if kind == "Delete":
        return wire.delete(address, group=f"{origin}/ap/c/ash", iri=id_, at=now)
    facts = PublicCase(
        id=address,
        group=f"{origin}/ap/c/ash",
        number="AAAA",
        title=title,
        words="No heating for three weeks.",
        language="en",
        page=f"{origin}/public/{context}",
        state=state,
        published=now,
    )
    make = wire.create if kind == "Create" else wire.update
    return make(facts, iri=id_, at=now)


def actor_of_elm(inbox: str) -> dict[str, object]:
    """Return Elm's actor, as it serves it."""
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": ACTOR,
        "type": "Group",
        "preferredUsername": "elm",
        "name": "Elm",
        "inbox": inbox,
    }


@contextmanager
def desk_in(village: Village) -> Iterator[Desk]:
    """Found Ash in a village, with two strangers on its roads."""
    village.roads = Byways()
    ash = village.found(ASH)
    actors.make(ash)
    yield _desk(village, ash)


def desk_at(village: Village, settings: Settings) -> Desk:
    """Open an Ash that was founded before."""
    village.roads = Byways()
    return _desk(village, village.open(settings))


def _desk(village: Village, ash: Node) -> Desk:
    roads = village.roads
    assert isinstance(roads, Byways)
    for origin in (ELM, FIR):
        roads.strangers[origin] = Stranger(lambda: village.now)
    return Desk(village, roads, ash, roads.strangers[ELM], roads.strangers[FIR])


class Beside(Village):
    """Another village under the same clock and on the same roads."""

    def __init__(self, folder: Path, first: Village, **more: Any) -> None:
        self._first = first
        super().__init__(folder, **more)
        self.roads = first.roads

    @property
    def now(self) -> datetime:
        """What the first village's clock says."""
        return self._first.now

    @now.setter
    def now(self, at: datetime) -> None:
        self._first.now = at


@contextmanager
def birch_beside(desk: Desk, folder: Path, seed: int = 3) -> Iterator[Node]:
    """Found Birch, on a database of its own, and let it follow Ash."""
    there = Beside(folder, desk.village, seed=seed)
    birch = there.found(BIRCH)
    there.connect(birch)
    desk.village.roads.lead_to(desk.ash)
    follows.follow(birch, f"{ASH}/ap/c/ash", by=steward(birch))
    for _ in range(3):
        there.work(birch)
        desk.village.work(desk.ash)
    yield birch
    there.close()


def steward(node: Node) -> Visitor:
    """Return somebody who decides whom a community follows."""
    mail = f"{node.dice(4).hex()}@mailbox.example"
    person = members.join(node, mail, "steward")
    return members.visitor(node, person)
