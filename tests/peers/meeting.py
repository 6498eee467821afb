"""A node of ours and its peers, each a process of its own, on loopback."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from governance.cases import State
from governance.intake import Channel
from node import approvals, assembly, consent, follows, publications, replies
from node import submissions as telling
from node.core import Node
from node.models.consent import Consent
from node.models.inbox import Received
from node.submissions import Submitted, Told
from tests.faults.rig import Rig
from tests.peers.cleo import PUBLIC, Peer, fedify
from tests.support import members
from tests.support.cast import Moot
from tests.support.processes import free_port

TITLE = "No heating for three weeks"
TEXT = "The landlord of Elm Street does not answer. Who has been there before?"
LIKED = "Cleo likes it"
PATIENCE = 20.0
_PEOPLE = {
    "ada": (),
    "cleo": ("advocate",),
    "iris": ("coordinator",),
    "dov": ("steward",),
}


class Served(Rig):
    """A node that may reach its peers without TLS."""

    peers: tuple[Peer, ...] = ()

    @property
    def words(self) -> dict[str, str]:
        """What the node's process is told."""
        hosts = ",".join(peer.host for peer in self.peers)
        told = {**super().words, "FOLKMOOT_FEDERATION_INSECURE_HOSTS": hosts}
        del told["FOLKMOOT_SMTP_URL"]
        return told


@dataclass(frozen=True, slots=True)
class Meeting:
    """Ash, served by us, and Cleo, who lives with a peer of another make."""

    served: Served
    peer: Peer
    #: Serves its actor to signed requests only.
    shy: Peer
    #: The node again, opened beside the process that serves it.
    moot: Moot

    @property
    def node(self) -> Node:
        """Ash, for what its members do."""
        return self.moot.node

    @property
    def ash(self) -> str:
        """The community's actor."""
        return f"{self.node.settings.origin}/ap/c/ash-moot"

    # What is done at Ash.

    def publish(self) -> tuple[Submitted, str]:
        """Let Ada tell something and make it public; return it and its address."""
        told = Told(
            id=uuid4(), text="Private words.", language="en", channel=Channel.API,
            source="203.0.113.9",
        )  # fmt: skip
        ada = self.moot["ada"]
        made = telling.submit(self.node, told, by=ada)
        publications.publish(self.node, made.reference, TITLE, TEXT, by=ada)
        shown = publications.shown(self.node, made.reference, by=ada)
        assert shown is not None
        self.nudge()
        return made, shown.address

    def take_back(self, made: Submitted) -> None:
        """Let Ada take her consent back."""
        with self.node.read() as tx:
            asked = select(Consent.id).where(
                Consent.case_id == made.case_id, Consent.purpose == "publish"
            )
            row = tx.scalars(asked).one()
        consent.revoke(self.node, made.reference, row, by=self.moot["ada"])
        self.nudge()

    def work_on(self, made: Submitted) -> None:
        """Let Cleo, the advocate at Ash, begin."""
        self.moot.bring(made, State.WORKING)
        self.nudge()

    def replies(self, made: Submitted) -> list[replies.ReplyLine]:
        """Return the replies to a case, as Ada sees them."""
        return replies.listed(self.node, made.reference, by=self.moot["ada"])

    def approve(self, made: Submitted) -> None:
        """Let Ada have the reply stand beside her case, once it is there."""
        [line] = awaited(lambda: self.replies(made), "a reply")
        approvals.approve(self.node, made.reference, line.key, by=self.moot["ada"])
        self.nudge()

    def befriend(self, actor: str) -> None:
        """Let Ash follow somebody."""
        follows.follow(self.node, actor, by=self.moot["dov"])
        self.nudge()

    def received(self, activity_id: str) -> int:
        """Return how many times Ash keeps an activity."""
        with self.node.read() as tx:
            asked = select(func.count()).where(Received.id == activity_id)
            return tx.scalar(asked) or 0

    def nudge(self) -> None:
        """Let the served node look for work now, as whatever comes in makes it do."""
        self.peer.tell(self.peer.says("Like", self.ash), to=self.ash)

    # What is done at the peer.

    def follow(self) -> str:
        """Let Cleo follow Ash; return the follow's id once Ash said yes."""
        activity = self.peer.says("Follow", self.ash)
        self.peer.tell(activity, to=self.ash)
        self.heard("Accept", activity["id"])
        return str(activity["id"])

    def reply(self, address: str) -> str:
        """Let Cleo answer a public case; return the reply's id."""
        note = {
            "type": "Note",
            "id": f"{self.peer.origin}/notes/{uuid4()}",
            "attributedTo": self.peer.cleo,
            "inReplyTo": address,
            "content": "<p>A letter helped.</p>",
            "to": PUBLIC,
            "cc": self.ash,
        }
        self.peer.tell(self.peer.says("Create", note, cc=[self.ash]), to=self.ash)
        return str(note["id"])

    def captured(self, profile: str, peer: Peer | None = None) -> dict[str, Any]:
        """Let Cleo say something in one profile; return the request that left."""
        peer = peer or self.peer
        peer.order("knockWith", profile=profile)
        activity = peer.says("Like", self.ash, content=LIKED)
        peer.tell(activity, to=self.ash)
        return peer.sent(activity["id"])

    def unproven(self, profile: str) -> dict[str, Any]:
        """Let Cleo say something that only the request's signature vouches for."""
        activity = self.peer.says("Like", self.ash, content=LIKED)
        assert self.knock(activity, profile=profile) == [202]
        return self.peer.sent(activity["id"])

    def knock(self, body: object, **how: object) -> list[int]:
        """Let the peer send a body signed by hand; return each answer's status."""
        inbox, text = f"{self.ash}/inbox", json.dumps(body)
        statuses: list[int] = self.peer.order("knock", body=text, inbox=inbox, **how)
        return statuses

    def heard(self, kind: str, about: str) -> dict[str, Any]:
        """Return what the peer made of our activity about something, once it came."""

        def found() -> dict[str, Any] | None:
            for one in self.peer.seen("heard"):
                if one["type"] == kind and one["objectId"] == about:
                    return one
            return None

        said: dict[str, Any] = awaited(found, f"{kind} of {about}")
        return said

    def arrivals(self, activity_id: str) -> list[dict[str, Any]]:
        """Return every request that brought an activity to the peer."""
        return [one for one in self.peer.seen("arrived") if one["id"] == activity_id]

    def passed_on(self, reply: str) -> list[dict[str, Any]]:
        """Return every request that brought a reply back in an Announce of ours."""
        said = [(one, json.loads(one["body"])) for one in self.peer.seen("arrived")]
        return [
            one
            for one, document in said
            if document["type"] == "Announce"
            and document["object"]["object"]["id"] == reply
        ]


def awaited(look: Callable[[], Any], what: str) -> Any:
    """Look until there is something; what crosses two processes takes a moment."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        found = look()
        if found:
            return found
        sleep(0.05)
    raise AssertionError(f"it never came: {what}")


@contextmanager
def meeting(folder: Path) -> Iterator[Meeting]:
    """Start all of them; whatever happens, leave no process behind."""
    with ExitStack() as stack:
        peer = stack.enter_context(fedify(folder, "peer"))
        shy = stack.enter_context(fedify(folder, "shy", signedGet=True))
        served = Served(folder, free_port(), 0)
        served.peers = (peer, shy)
        served.found()
        stack.callback(served.stop)
        served.start()
        node = assembly.assemble(served.settings)
        stack.callback(node.database.close)
        ids = {
            name: members.join(node, f"{name}@ash.example", *roles)
            for name, roles in _PEOPLE.items()
        }
        yield Meeting(served, peer, shy, Moot(None, node, ids))  # type: ignore[arg-type]  # nobody sets this clock
