"""The people of a made-up community, and what each of them does about a case."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from governance.cases import Act, Kind, Priority
from governance.resolutions import Answer
from node import (
    accounts,
    acting,
    assignments,
    cases,
    people,
    resolutions,
    threads,
)
from node import submissions as intake
from node.accounts import GUEST, Visitor
from node.core import Node
from node.generate.facts import Life
from node.ids import new_id
from node.models.accounts import GrantRow
from node.submissions import Submitted, Told
from node.threads import Words

#: For so long people hold what they are given: the year, and a while after it.
_GRANTED = timedelta(days=730)


class Town:
    """The people who live through it."""

    def __init__(self, node: Node, pause: Callable[[], None]) -> None:
        self.node = node
        self.pause = pause
        self.members: list[Visitor] = []
        self.advocates: list[Visitor] = []
        self.coordinator = GUEST

    def settle(self, members: int, advocates: int) -> None:
        """Let everybody move in."""
        self.members = [self._join(f"Member {it}") for it in range(members)]
        names = [f"Advocate {it}" for it in range(advocates)]
        self.advocates = [self._join(name, "advocate") for name in names]
        self.coordinator = self._join("Coordinator", "coordinator")

    def _join(self, name: str, *roles: str) -> Visitor:
        node, now = self.node, self.node.now()
        with node.begin() as tx:
            person = people.add(node, tx, people.Newcomer("en", name))
            accounts.open_account(node, tx, person)
            tx.add_all(self._grant(person, role, now) for role in roles)
            tx.flush()
            grants = accounts.grants_of(tx, person, at=now)
        return Visitor(
            kind="member",
            person_id=person,
            account_id=person,
            name=name,
            roles=accounts.roles_of(grants),
            grants=grants,
        )

    def _grant(self, person: UUID, role: str, now: datetime) -> GrantRow:
        return GrantRow(
            id=new_id(self.node),
            person_id=person,
            role=role,
            topics="all",
            areas="all",
            clearance="",
            from_at=now,
            expires_at=now + _GRANTED,
        )

    def live(self, life: Life) -> Iterator[timedelta]:
        """Do one act at a time; yield how long it is until the next one."""
        made = self._tell(life)
        yield life.lasts * 0.1
        reference, desk = made.reference, self.coordinator
        own = self._own(life, made)
        if life.end == "discarded":
            fields = {"reason": "An advertisement."}
            acting.act(self.node, reference, Act.DISCARD, fields, by=desk)
            return
        self._triage(life, reference)
        yield life.lasts * 0.1
        if life.end == "withdrawn":
            acting.act(self.node, reference, Act.WITHDRAW, {}, by=own)
            return
        helper = self.advocates[life.number % len(self.advocates)]
        assignments.take(self.node, reference, by=helper)
        for turn in range(life.talk):
            yield life.lasts * 0.6 / life.talk
            self._talk(reference, life, turn, helper if turn % 2 == 0 else own)
        if life.end == "open":
            return
        yield life.lasts * 0.1
        yield from self._end(life, reference, helper, own)

    def _end(
        self, life: Life, reference: str, helper: Visitor, own: Visitor
    ) -> Iterator[timedelta]:
        answers = [Answer.SOLVED]
        if life.end == "disputed":
            answers.insert(0, Answer.NOT_SOLVED)
        for answer in answers:
            resolutions.resolve(self.node, reference, self._words("Done."), by=helper)
            yield life.lasts * 0.1
            resolutions.answer(self.node, reference, answer, by=own, words=None)
            yield life.lasts * 0.1

    def _tell(self, life: Life) -> Submitted:
        told = Told(
            id=new_id(self.node),
            text=life.story,
            topic=life.topic,
            language=life.language,
            channel=life.channel,
            # Each from a place of their own, so that nobody is too many.
            source=f"made-up/{life.number}",
        )
        by = GUEST if life.member is None else self.members[life.member]
        return intake.submit(self.node, told, by=by)

    def _own(self, life: Life, made: Submitted) -> Visitor:
        if life.member is not None:
            return self.members[life.member]
        return cases.link_visitor(self.node, made.link_token) or GUEST

    def _triage(self, life: Life, reference: str) -> None:
        choice = cases.TriageChoice(
            kind=Kind.CLAIM,
            topic=life.topic,
            priority=life.priority,
            area=None,
            reason="" if life.priority is Priority.NORMAL else "So it was told.",
        )
        cases.triage(self.node, reference, choice, by=self.coordinator)

    def _talk(self, reference: str, life: Life, turn: int, by: Visitor) -> None:
        line = life.story.splitlines()[-1][turn * 40 : turn * 40 + 120]
        words = self._words(line)
        write = threads.reply if turn % 2 == 0 else threads.write
        write(self.node, reference, words, by=by)

    def _words(self, text: str) -> Words:
        return Words(new_id(self.node), text)
