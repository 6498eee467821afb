"""The cast of the stories: a founded community, who is in it, and what they do.

It is founded once for all tests; each gets a copy, with a database of its own.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import func, select

from governance.cases import Act, Kind, Priority, State
from governance.consent import Purpose
from ledger.receipt import Verdict
from node import acting, assignments, cases, consent, log, submissions, together
from node.accounts import GUEST, Visitor
from node.cases import TriageChoice
from node.core import Node
from node.models.accounts import GrantRow
from node.models.log import LedgerEntry, LedgerSeal
from node.settings import Settings
from node.submissions import Submitted, Told
from tests.support import members
from tests.support.engines import address, copied, database_like, migrated
from tests.support.lending import lent
from tests.support.village import Village

URL = "https://ash.example"
STORY = "The heating has been off for three weeks.\r\nMy daughter is four. 🏚\n"
#: Who belongs to the community, and what they do in it.
ROLES = {
    "ada": (),
    "ben": (),
    "cleo": ("advocate",),
    "eve": ("advocate",),
    "gus": ("advocate", "coordinator"),
    "iris": ("coordinator",),
    "olga": ("coordinator",),
    "finn": ("auditor",),
}
AREAS = [{"code": "south", "name": "South side"}, {"code": "north", "name": "Ash"}]
_STARTED, _WENT_ON = 2, 3


@dataclass(frozen=True, slots=True)
class Moot:
    """One community, for one test."""

    village: Village
    node: Node
    ids: dict[str, UUID]

    def __getitem__(self, name: str) -> Visitor:
        """Return a member as a request would know them now."""
        return members.visitor(self.node, self.ids[name], name.title())

    def tell(self, *, by: Visitor = GUEST, **given: object) -> Submitted:
        """Tell the community something."""
        made = submissions.submit(self.node, told(**given), by=by)
        # The cast does one thing after the other.
        self.village.pass_time(milliseconds=1)
        return made

    def guest(self, made: Submitted) -> Visitor:
        """Return whoever holds the link of a case."""
        found = cases.link_visitor(self.node, made.link_token)
        assert found is not None
        return found

    def act(self, made: Submitted, act: Act, by: Visitor, **fields: str) -> None:
        """Do one act that a program could ask for."""
        acting.act(self.node, made.reference, act, fields, by=by)

    def triage(
        self,
        made: Submitted,
        priority: Priority = Priority.NORMAL,
        reason: str = "",
        area: str | None = None,
    ) -> None:
        """Put a case into the queue."""
        choice = TriageChoice(
            kind=Kind.CLAIM,
            topic="housing",
            priority=priority,
            area=area,
            reason=reason,
        )
        cases.triage(self.node, made.reference, choice, by=self["iris"])

    def bring(self, made: Submitted, state: State, by: str = "cleo") -> None:
        """Bring a new case to where it stands in a story, the usual way."""
        if state is State.DISCARDED:
            self.act(made, Act.DISCARD, self["iris"], reason="An advertisement.")
        if state in {State.RECEIVED, State.DISCARDED}:
            return
        self.triage(made)
        if state is State.ASSIGNED:
            assignments.assign(self.node, made.reference, self.ids[by], by=self["iris"])
        elif state is not State.QUEUED:
            assignments.take(self.node, made.reference, by=self[by])
        if state is State.WAITING_MEMBER:
            self.act(made, Act.ASK_MEMBER, self[by], text="Since when?")
        if state is State.WAITING_OTHER:
            until = (self.node.now() + timedelta(days=5)).isoformat()
            asked = {"whom": "The office", "text": "When?", "until": until}
            self.act(made, Act.ASK_OTHER, self[by], **asked)
        if state in {State.RESOLVED, State.CLOSED}:
            self.act(made, Act.RESOLVE, self[by], text="It is repaired.")
        if state is State.CLOSED:
            self.act(made, Act.CONFIRM, self.guest(made), answer="solved")

    def common(self, about: str = "One matter of many.") -> Submitted:
        """Make a common matter that other cases can join."""
        made = self.tell()
        self.bring(made, State.WORKING)
        by, purpose = self.guest(made), Purpose.JOIN_COLLECTIVE
        consent.give(self.node, made.reference, purpose, "", by=by)
        together.open_matter(self.node, made.reference, about, by=self["gus"])
        return made

    def state(self, made: Submitted) -> State:
        """Return where a case stands, as its member sees it."""
        return cases.view(self.node, made.reference, by=self.guest(made)).state

    def size(self) -> int:
        """Return how many entries were ever written, in the log or on the way."""
        with self.node.read() as tx:
            return tx.scalar(select(func.count()).select_from(LedgerSeal)) or 0

    def leaves(self) -> list[bytes]:
        """Return every leaf of the log: all that the world ever sees of it."""
        log.sequence(self.node)
        with self.node.read() as tx:
            found = select(LedgerEntry.leaf).order_by(LedgerEntry.idx)
            return list(tx.scalars(found))

    def entries(self, made: Submitted) -> list[Verdict]:
        """Return what each receipt of a case says; every one of them must hold."""
        log.sequence(self.node)
        with self.node.read() as tx:
            seqs = select(LedgerSeal.seq).where(LedgerSeal.case_id == made.case_id)
            known = list(tx.scalars(seqs.order_by(LedgerSeal.seq)))
        assert known == list(range(len(known)))
        return [self._entry(made, seq) for seq in known]

    def _entry(self, made: Submitted, seq: int) -> Verdict:
        with self.node.read() as tx:
            raw = log.receipt(self.node, tx, made.case_id, seq)
        verdict = log.check(self.node, raw or b"")
        assert verdict.valid, verdict.findings
        assert verdict.seq == seq
        return verdict

    def kinds(self, made: Submitted, *, promises: bool = False) -> list[str]:
        """Return the kinds of a case's entries, in their order; promises if asked."""
        kinds = [entry.kind for entry in self.entries(made)]
        return [kind for kind in kinds if promises or kind != "pledge"]


def told(**given: object) -> Told:
    """Return what somebody tells, with an id of its own unless one is given."""
    return replace(Told(id=uuid4(), text=STORY), **given)  # type: ignore[arg-type]  # named as the fields


@contextmanager
def moot_on(server: str, folder: Path) -> Iterator[Moot]:
    """Open a copy of the community on SQLite, or on the server that is named."""
    first, database, ids = _original(server)
    with ExitStack() as stack:
        url = stack.enter_context(lent(server, database)) if server else ""
        village = Village(folder, postgres=url, seed=_STARTED)
        stack.callback(village.close)
        home = folder / "ash.example"
        shutil.copytree(first, home)
        settings = Settings(data=home, public_url=URL, database_url=url)
        yield Moot(village, village.open(settings), dict(ids))


@contextmanager
def moot_like(first: Moot, server: str, folder: Path) -> Iterator[Moot]:
    """Open a copy of a community whose own database was closed, to go on with."""
    old = first.node.settings
    name = old.database_url.rpartition("/")[2]
    with ExitStack() as stack:
        url = stack.enter_context(database_like(server, name)) if server else ""
        village = Village(folder, postgres=url, seed=_WENT_ON)
        stack.callback(village.close)
        village.now, village.roads = first.village.now, first.village.roads
        home = folder / "ash.example"
        shutil.copytree(old.data, home)
        node = village.open(replace(old, data=home, database_url=url))
        village.roads.lead_to(node)
        yield Moot(village, node, dict(first.ids))


@cache
def _original(server: str) -> tuple[Path, str, dict[str, UUID]]:
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-cast-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    name = copied(server, migrated(server)) if server else ""
    village = Village(folder, postgres=address(server, name) if server else "")
    node = village.found(URL, areas=AREAS)
    ids = {
        name: members.join(node, f"{name}@ash.example", *roles)
        for name, roles in ROLES.items()
    }
    with node.read() as tx:
        steward = select(GrantRow.person_id).where(GrantRow.role == "steward")
        ids["dov"] = tx.scalars(steward).one()
    village.close()
    return folder / "ash.example", name, ids
