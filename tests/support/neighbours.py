"""Two communities that know each other: Ash tells, Birch answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from governance.intake import Channel
from node import (
    actors,
    advocates,
    answers,
    approvals,
    follows,
    neighbours,
    publications,
    replies,
    submissions,
)
from node.accounts import GUEST, Visitor
from node.core import Node
from node.submissions import Submitted, Told
from tests.support import members
from tests.support.cast import Moot
from tests.support.village import Village

ASH, BIRCH = "https://ash.example", "https://birch.example"
TITLE = "No heating for three weeks"
TEXT = "The landlord of Elm Street does not answer. Who has been there before?"
REPLY = "We had the same in Birch. A letter by the council's form helped."


@dataclass(frozen=True, slots=True)
class Street:
    """Ash and Birch, with Ada at Ash, Cleo an advocate at Birch, and two stewards."""

    village: Village
    ash: Node
    birch: Node
    ada: Visitor
    cleo: Visitor
    #: The stewards, by the name of their community.
    stewards: dict[str, Visitor]

    def run(self) -> None:
        """Let both nodes work until nothing is left to do."""
        for _ in range(12):
            done = [self.village.work(node) for node in (self.ash, self.birch)]
            self.village.pass_time(seconds=2)
            if not any(done):
                return

    def acquaint(self) -> None:
        """Let Birch follow Ash."""
        follows.follow(self.birch, f"{ASH}/ap/c/ash", by=self.stewards["birch"])
        self.run()

    def advocate(self, name: str) -> Visitor:
        """Return one more advocate of Birch, with a public name."""
        person = members.join(self.birch, f"{name}@birch.example", "advocate")
        found = members.visitor(self.birch, person)
        advocates.open_actor(self.birch, name, name.title(), by=found)
        return found

    def tell(self) -> Submitted:
        """Let Ada tell Ash what happened."""
        told = Told(
            id=uuid4(), text="Private words.", language="en", channel=Channel.API,
            source="203.0.113.9",
        )  # fmt: skip
        made = submissions.submit(self.ash, told, by=self.ada)
        self.village.pass_time(milliseconds=1)
        return made

    def publish(self, made: Submitted) -> None:
        """Let Ada make her case public."""
        publications.publish(self.ash, made.reference, TITLE, TEXT, by=self.ada)
        self.run()

    def answer(self) -> None:
        """Let Cleo answer what she sees at Birch."""
        [case] = neighbours.every(self.birch, by=self.cleo)
        answers.answer(self.birch, case.chain_id, uuid4(), REPLY, by=self.cleo)
        self.run()

    def approve(self, made: Submitted) -> None:
        """Let Ada have the reply stand beside her case."""
        [line] = replies.listed(self.ash, made.reference, by=self.ada)
        approvals.approve(self.ash, made.reference, line.key, by=self.ada)
        self.run()


@contextmanager
def street(folder: Path) -> Iterator[Street]:
    """Found both communities, each with its people."""
    village = Village(folder)
    ash, birch = (village.found(url) for url in (ASH, BIRCH))
    ada = members.join(ash, "ada@ash.example")
    cleo = members.join(birch, "cleo@birch.example", "advocate")
    stewards = {
        name: _steward(node, name) for name, node in (("ash", ash), ("birch", birch))
    }
    visitors = members.visitor(ash, ada), members.visitor(birch, cleo)
    advocates.open_actor(birch, "cleo", "Cleo", by=visitors[1])
    village.connect(ash, birch)
    try:
        yield Street(village, ash, birch, *visitors, stewards)
    finally:
        village.close()


@contextmanager
def following(moot: Moot, folder: Path) -> Iterator[Node]:
    """Found a community that has just asked whether it may follow another one."""
    village = Village(folder)
    village.roads = moot.village.roads
    birch = village.found(BIRCH)
    steward = _steward(birch, "birch")
    village.connect(birch)
    moot.village.connect(moot.node)
    with moot.node.read() as tx:
        there = f"{moot.node.settings.origin}{actors.community(tx)}"
    follows.follow(birch, there, by=steward)
    village.work(birch)
    try:
        yield birch
    finally:
        village.close()


def _steward(node: Node, name: str) -> Visitor:
    return members.visitor(node, members.join(node, f"dov2@{name}.example", "steward"))


__all__ = ["ASH", "BIRCH", "GUEST", "REPLY", "TEXT", "TITLE", "Street", "street"]
