"""Any life a case can have, by whoever tries whatever: what holds all along."""

import shutil
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import hypothesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select

from governance.cases import LIVE, MOVES, Act, State
from governance.consent import Purpose
from governance.errors import Refusal
from governance.pledges import PledgeKind, PledgeState
from node import acting, cases, consent, resolutions, threads
from node.cases import folding
from node.core import Collision
from node.models.cases import Case, CaseEvent
from node.models.consent import Consent
from node.models.pledges import Pledge
from node.models.seconding import Seconding
from node.models.threads import Message
from node.models.together import CaseJoin
from node.threads import Words
from tests.support.cast import moot_on

WHO = ("guest", "other guest", "ada", "cleo", "eve", "gus", "iris", "dov")
#: Who is likely to do each act, so that a life gets somewhere.
LIKELY = {
    Act.TRIAGE: ("iris",),
    Act.ASSIGN: ("cleo", "eve"),
    Act.ACCEPT: ("cleo", "eve"),
    Act.DECLINE: ("cleo", "eve"),
    Act.ASK_MEMBER: ("cleo", "eve", "iris"),
    Act.RESOLVE: ("cleo", "eve"),
    Act.ASK_OTHER: ("cleo", "eve", "iris"),
    Act.OTHER_REPLIED: ("cleo", "eve"),
    Act.FOLLOW_UP_DUE: ("iris", "olga"),
    Act.RESUME: ("cleo", "eve", "iris"),
    Act.RELEASE: ("cleo", "eve", "iris"),
    Act.REFUSE: ("iris", "olga"),
    Act.DISCARD: ("iris", "olga"),
    Act.RESTORE: ("guest", "iris", "dov"),
    Act.JOIN: ("guest", "iris"),
}
ADVOCATES = ("cleo", "eve", "gus")
WORKED_ON = LIVE | {State.RESOLVED}
NO = (Refusal, Collision)
#: What a well-meant request carries, whatever the act.
FIELDS = {
    "topic": "housing",
    "text": "I have looked into it.",
    "reason": "Away.",
    "note": "They promised to write.",
    "whom": "The office",
    "heard": "yes",
}


class CaseLife(RuleBasedStateMachine):
    """One case, and everybody who could want something of it."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.stack = ExitStack()
        self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.moot = self.stack.enter_context(moot_on("", self.folder))
        self.made = self.moot.tell(contact="ada@mailbox.example", topic="housing")
        other = self.moot.tell(text="Another matter.", topic="housing")
        self.common = self.moot.common()
        #: As they came by their links, which end a while after a case is over.
        self.guests = {
            "guest": self.moot.guest(self.made),
            "other guest": self.moot.guest(other),
        }

    def visitor(self, name):
        return self.guests[name] if name in self.guests else self.moot[name]

    def snapshot(self):
        """Return all that an act could change: rows, entries and messages."""
        with self.moot.node.read() as tx:
            case = tx.get_one(Case, self.made.case_id)
            columns = Case.__table__.columns.keys()
            counts = tuple(
                tx.scalar(select(func.count()).select_from(table))
                for table in (CaseEvent, Message, Pledge, Seconding)
            )
        return [getattr(case, name) for name in columns], counts, self.moot.size()

    def attempt(self, do):
        before = self.snapshot()
        try:
            do()
        except NO:
            assert self.snapshot() == before
            return False
        return True

    @property
    def case(self):
        with self.moot.node.read() as tx:
            return tx.get_one(Case, self.made.case_id)

    @rule(data=st.data())
    def somebody_acts(self, data):
        state = self.case.state
        likely = [act for from_, act in MOVES if from_ is state and act in acting.ACTS]
        act = data.draw(st.sampled_from(likely or sorted(acting.ACTS)), label="act")
        name = data.draw(st.sampled_from(LIKELY.get(act, ("guest",))), label="who")
        self.do(act, name, data)

    @rule(data=st.data(), act=st.sampled_from(sorted(Act)), name=st.sampled_from(WHO))
    def anybody_tries_anything(self, data, act, name):
        self.do(act, name, data)

    def do(self, act, name, data):
        fields = {**FIELDS, "matter": self.common.reference}
        fields["until"] = (self.moot.node.now() + timedelta(days=3)).isoformat()
        if act is Act.ASSIGN and name == "iris":
            chosen = data.draw(st.sampled_from(ADVOCATES), label="advocate")
            fields["advocate"] = str(self.moot.ids[chosen])
        by, before = self.visitor(name), self.case.state
        offered = self.offered(by)
        done = self.attempt(
            lambda: acting.act(self.moot.node, self.made.reference, act, fields, by=by)
        )
        if offered is not None:
            assert done == (act in offered), (before, act, name)

    @rule(name=st.sampled_from(("iris", "olga", "gus", "cleo", "guest")))
    def somebody_is_the_second_person(self, name):
        node, ref, by = self.moot.node, self.made.reference, self.visitor(name)
        with node.read() as tx:
            row = tx.scalar(select(Seconding).where(Seconding.ended_at.is_(None)))
        if row is not None:
            agree = cases.seen if row.act is Act.DISCARD else resolutions.agree
            self.attempt(lambda: agree(node, ref, row.id, by=by))

    def offered(self, by):
        try:
            view = cases.view(self.moot.node, self.made.reference, by=by)
        except Refusal:
            return None
        return view.acts & acting.ACTS

    @rule(name=st.sampled_from(WHO), kind=st.sampled_from(["write", "reply", "ask"]))
    def somebody_writes(self, name, kind):
        words = Words(UUID(bytes=self.moot.node.dice(16), version=4), "A word.")
        by, do = self.visitor(name), getattr(threads, kind)
        self.attempt(lambda: do(self.moot.node, self.made.reference, words, by=by))

    @rule(name=st.sampled_from(WHO), which=st.integers(0, 5))
    def somebody_takes_consent_back(self, name, which):
        node, by = self.moot.node, self.visitor(name)
        lines = cases.view(node, self.made.reference, by=self.visitor("guest")).consents
        line = lines[which % len(lines)]
        done = self.attempt(
            lambda: consent.revoke(node, self.made.reference, line.id, by=by)
        )
        assert done <= (name == "guest")

    @rule(hours=st.sampled_from([1, 30, 24 * 40, 24 * 91]))
    def time_goes_by(self, hours):
        self.moot.village.pass_time(hours=hours)
        self.moot.village.work(self.moot.node)

    def events(self):
        mine = select(CaseEvent).where(CaseEvent.case_id == self.made.case_id)
        with self.moot.node.read() as tx:
            return tx.scalars(mine.order_by(CaseEvent.seq)).all()

    @invariant()
    def nobody_at_the_desk_closes_a_case_alone(self):
        last, case = self.events()[-1], self.case
        if case.state is State.CLOSED:
            if last.act in {Act.LAPSE, Act.NO_ANSWER}:
                assert last.actor_id is None
                return
            by_itself = {Act.CONFIRM, Act.WITHDRAW, Act.REFUSE, Act.JOIN}
            assert last.act in by_itself
            if last.act is Act.JOIN:
                # Whoever pressed the button, its member said yes to it.
                assert self.agreed_to_join() or self.left()
                return
            assert last.act is Act.REFUSE or last.actor_id == case.member_id
            assert last.act is not Act.REFUSE or self.two_people_refused(last)

    def agreed_to_join(self):
        agreed = select(Consent.id).where(
            Consent.case_id == self.made.case_id,
            Consent.recipient == self.common.reference,
            Consent.withdrawn_at.is_(None),
        )
        with self.moot.node.read() as tx:
            return tx.scalars(agreed).first() is not None

    def left(self):
        joins = select(CaseJoin).where(CaseJoin.case_id == self.made.case_id)
        with self.moot.node.read() as tx:
            return all(row.left_at is not None for row in tx.scalars(joins))

    def two_people_refused(self, event):
        agreed = select(Seconding).where(Seconding.agreed, Seconding.act == Act.REFUSE)
        with self.moot.node.read() as tx:
            row = tx.scalars(agreed.order_by(Seconding.ended_at.desc())).first()
        return row.asked_by == event.actor_id and row.second_id not in {
            None,
            event.actor_id,
        }

    @invariant()
    def the_row_is_the_fold_of_its_events(self):
        state = None
        for number, event in enumerate(self.events()):
            assert (event.seq, event.from_state) == (number, state)
            assert event.to_state is MOVES[state, event.act].to
            state = event.to_state
        assert self.case.state is state
        assert list(folding.verify(self.moot.node)) == []

    @invariant()
    def the_queue_knows_until_when_an_answer_is_promised(self):
        promised = select(func.min(Pledge.due_at)).where(
            Pledge.case_id == self.made.case_id,
            Pledge.kind == PledgeKind.FIRST_RESPONSE,
            Pledge.met_at.is_(None),
            Pledge.state != PledgeState.VOID,
        )
        with self.moot.node.read() as tx:
            due = tx.scalar(promised)
        if self.case.state in LIVE:
            assert self.case.answer_due_at == due
        elif self.case.state in {State.CLOSED, State.DISCARDED, State.ERASED}:
            assert self.case.answer_due_at is None

    @invariant()
    def a_live_case_has_a_queue_or_a_name(self):
        case = self.case
        waits = case.state in {State.RECEIVED, State.QUEUED}
        if case.state in WORKED_ON:
            assert waits == (case.responsible_id is None)
        assert case.responsible_id not in {case.member_id, self.moot.ids["ada"]}

    @invariant()
    def nobody_works_on_a_case_without_consent(self):
        agreed = select(Consent.id).where(
            Consent.case_id == self.made.case_id,
            Consent.purpose == Purpose.HANDLE_CASE,
            Consent.withdrawn_at.is_(None),
        )
        with self.moot.node.read() as tx:
            held = len(tx.scalars(agreed).all())
        assert held <= 1
        assert held or self.case.state not in LIVE

    @invariant()
    def a_miss_stays_a_miss(self):
        with self.moot.node.read() as tx:
            mine = select(Pledge).where(Pledge.case_id == self.made.case_id)
            for pledge in tx.scalars(mine):
                if pledge.missed_at is not None:
                    late = {PledgeState.OVERDUE, PledgeState.MET_LATE}
                    assert pledge.state in late
                if pledge.state is PledgeState.MET and pledge.met_at:
                    on_the_day = pledge.kind is PledgeKind.FOLLOW_UP
                    assert (
                        on_the_day
                        or not pledge.due_at
                        or (pledge.met_at < pledge.due_at)
                    )

    def teardown(self):
        hypothesis.event(f"ends {self.case.state}")
        try:
            self.everything_accepted_is_in_the_ledger_once()
        finally:
            self.stack.close()

    def everything_accepted_is_in_the_ledger_once(self):
        entries, events = self.moot.entries(self.made), self.events()
        mine = select(Message.entry_seq).where(Message.case_id == self.made.case_id)
        with self.moot.node.read() as tx:
            said = tx.scalars(mine).all()
        for event in events:
            listed = MOVES[event.from_state, event.act]
            assert entries[event.entry_seq].kind == listed.ledger
        assert {entries[seq].kind for seq in said} <= {"reply"}
        ours = {event.entry_seq for event in events} | set(said)
        assert len(ours) == len(events) + len(said)
        others = {
            "claim",
            "consent.give",
            "consent.revoke",
            "ack",
            "pledge",
            "escalate",
        }
        assert {one.kind for one in entries if one.seq not in ours} <= others


CaseLife.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyLifeOfACase = CaseLife.TestCase
