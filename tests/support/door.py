"""A node whose inboxes strangers knock at: what it answers, and what it keeps."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import func, inspect, select
from werkzeug.wrappers import Response

from governance.intake import Channel
from node import follows, publications, submissions
from node.accounts import Visitor
from node.core import Node
from node.models.follows import Follow
from node.models.inbox import Received, Tombstone
from node.models.jobs import Job
from node.models.log import LedgerEntry
from node.models.outbox import Outgoing, Target
from node.models.peers import Peer, RemoteActor, RemoteKey
from node.submissions import Told
from tests.support import members
from tests.support.engines import village_on
from tests.support.stranger import Stranger
from tests.support.village import Village

ASH = "https://ash.example"
FEP = "https://w3id.org/fep/c180#"
ACCEPTED = 'sig1=("@method" "@target-uri" "content-digest");created'
#: What nothing that is refused may leave behind.
KEPT = (Received, Job, Outgoing, Target, Tombstone, LedgerEntry)
_numbers = count(1)


class Place:
    """A node, and a new stranger for each test: nobody's past counts."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.node = settle(village)
        self.steward = visitor(self.node, "dov2@ash.example", "steward")
        self.ada = visitor(self.node, "ada@ash.example")

    def stranger(self, name: str = "", **says: object) -> Stranger:
        """Return somebody nobody here has met, at their own origin or a given one."""
        name = name or f"cedar{next(_numbers)}.example"
        return Stranger(self.village, self.node, f"https://{name}/u/eve", says=says)

    @contextmanager
    def nothing_kept(self) -> Iterator[None]:
        """Hold that nothing is stored, queued or sealed while this is entered."""
        before = counted(self.node)
        yield
        assert counted(self.node) == before

    def forget_lines(self) -> None:
        """Have the node note every refusal anew, whatever it has folded."""
        self.node.memory.pop("log.folds", None)

    def publish(self) -> tuple[str, str]:
        """Let Ada tell something in public; return its reference and its id."""
        told = Told(
            id=uuid4(), text="Private words.", language="en", channel=Channel.API,
            source="203.0.113.9",
        )  # fmt: skip
        made = submissions.submit(self.node, told, by=self.ada)
        self.village.pass_time(seconds=1)
        publications.publish(
            self.node, made.reference, "No heat", "Three weeks.", by=self.ada
        )
        self.work()
        shown = publications.shown(self.node, made.reference, by=self.ada)
        assert shown is not None
        return made.reference, shown.address

    def follow(self, stranger: Stranger) -> str:
        """Let the community follow a stranger, who accepts; return the follow's id."""
        follows.follow(self.node, stranger.id, by=self.steward)
        with self.node.read() as tx:
            asked = tx.get_one(Follow, (stranger.group, stranger.id)).id
        assert self.take(stranger, stranger.act("Accept", asked)) == ["done"]
        return asked

    def work(self) -> None:
        """Let the node do what it owes until nothing is left."""
        while self.village.work(self.node):
            pass

    def take(self, stranger: Stranger, *documents: Mapping[str, Any]) -> list[str]:
        """Have the node take these in and act on them; return what became of each."""
        for each in documents:
            assert stranger.send(each).status_code == 202
        self.work()
        rows = [got(self.node, each) for each in documents]
        return [f"{row.state} {row.problem}".strip() if row else "" for row in rows]


def visitor(node: Node, mail: str, *roles: str) -> Visitor:
    """Make a member, and return them as they come in."""
    person = members.join(node, mail, *roles)
    return members.visitor(node, person)


@contextmanager
def place_on(server: str, folder: Path) -> Iterator[Place]:
    """Open a place on SQLite, or on a database of the server that is named."""
    with village_on(server, folder) as village:
        yield Place(village)


def refused(answer: Response, status: int, problem: str = "", code: str = "") -> bool:
    """Hold an answer against a row: status, problem and what goes with a status."""
    said = answer.json or {}
    kind = f"{FEP}{problem}" if problem else f"{ASH}/problems/{said.get('code')}"
    assert (answer.status_code, said.get("status")) == (status, status), answer.data
    assert answer.content_type == "application/problem+json"
    assert said["type"] == kind
    assert code in {"", said["code"]}
    wanted = ACCEPTED if status == 401 else None
    assert answer.headers.get("Accept-Signature") == wanted
    assert ("Retry-After" in answer.headers) == (status in {429, 503})
    return True


def counted(node: Node, *models: Any) -> dict[str, int]:
    """Return how many rows there are of each kind that a refusal must not leave."""
    with node.read() as tx:
        return {
            model.__tablename__: tx.scalar(select(func.count()).select_from(model)) or 0
            for model in models or KEPT
        }


def all_of(node: Node, model: Any) -> list[Any]:
    """Return every row of a table, in the order of its keys."""
    with node.read() as tx:
        rows = list(tx.scalars(select(model).order_by(*inspect(model).primary_key)))
        tx.expunge_all()
        return rows


def got(node: Node, document: Mapping[str, Any]) -> Received | None:
    """Return what became of an activity, if it was taken in."""
    with node.read() as tx:
        row = tx.get(Received, document["id"])
        tx.expunge_all()
        return row


def known(
    node: Node, stranger: Stranger
) -> tuple[RemoteActor | None, RemoteKey | None]:
    """Return what is remembered of an actor and of its key."""
    with node.read() as tx:
        found = tx.get(RemoteActor, stranger.id), tx.get(RemoteKey, stranger.key_id)
        tx.expunge_all()
        return found


def treat(node: Node, where: str, mode: str) -> None:
    """Have the members of a node limit or block an origin."""
    now = node.now()
    row = Peer(
        origin=where, mode=mode, reason="", profile="", strikes=0, first_seen_at=now
    )
    with node.begin() as tx:
        tx.merge(row)


def settle(village: Village, name: str = "ash") -> Node:
    """Found a community that strangers can reach."""
    community = {
        "name": f"{name.title()} Moot",
        "slug": name,
        "zone": "Etc/UTC",
        "preset": "cooperative",
    }
    node = village.found(f"https://{name}.example", community=community)
    village.connect(node)
    return node
