from datetime import timedelta
from uuid import uuid4

import pytest

from governance.cases import MOVES, Act, State
from governance.errors import ChoiceInvalid, ReasonMissing, Refusal, WrongState
from node import acting, cases
from node.cases.chances import ASKED

#: Every state that a case reaches as yet.
STATES = (
    State.RECEIVED,
    State.QUEUED,
    State.ASSIGNED,
    State.WORKING,
    State.WAITING_MEMBER,
    State.WAITING_OTHER,
    State.RESOLVED,
    State.CLOSED,
    State.DISCARDED,
)
WHO = ("guest", "other guest", "ada", "cleo", "eve", "gus", "iris", "dov", "finn")
#: What comes with an act when nothing is wanting.
WHOLE = {
    "topic": "housing",
    "text": "I have looked into it.",
    "reason": "Away.",
    "note": "They promised to write.",
    "whom": "The office",
    "heard": "yes",
}
#: What a member does by writing, and not by asking for it.
BY_WORDS = {Act.MEMBER_REPLIED, Act.MEMBER_WROTE}
#: What somebody may do to a case that they cannot read, so that no page offers it.
UNSEEN = {"dov": {Act.RESTORE}}


class Stage:
    """A case in one state, put up again after every act that moved it."""

    def __init__(self, moot, state):
        self.moot, self.state = moot, state
        self.other, self.common = moot.tell(), moot.common()
        self.put_up()

    def put_up(self):
        self.made = self.moot.tell()
        self.moot.bring(self.made, self.state)

    def visitor(self, name):
        guests = {"guest": self.made, "other guest": self.other}
        return self.moot.guest(guests[name]) if name in guests else self.moot[name]

    def offered(self, by):
        try:
            return cases.view(self.moot.node, self.made.reference, by=by).acts
        except Refusal:
            return frozenset()

    def accepts(self, act, name):
        fields = {**WHOLE, "matter": self.common.reference}
        if act is Act.ASSIGN:
            fields["advocate"] = str(self.moot.ids["cleo"])
        fields["until"] = (self.moot.node.now() + timedelta(days=3)).isoformat()
        before = self.moot.size()
        try:
            self.moot.act(self.made, act, self.visitor(name), **fields)
        except Refusal:
            assert self.moot.size() == before
            return False
        # A refusal is only proposed: it takes a second person.
        after = self.state if act is Act.REFUSE else MOVES[self.state, act].to
        assert self.moot.state(self.made) is after
        self.put_up()
        return True


@pytest.mark.parametrize("state", STATES)
def test_an_act_is_offered_exactly_to_those_who_may_do_it_now(moot, state):
    stage = Stage(moot, state)
    for name in WHO:
        offered = stage.offered(stage.visitor(name)) - BY_WORDS

        accepted = {act for act in Act if stage.accepts(act, name)}

        unseen = UNSEEN.get(name, set()) if state is State.DISCARDED else set()
        assert accepted == offered | unseen, name


def test_assigning_without_naming_anybody_is_taking_it(moot):
    made = moot.tell()
    moot.bring(made, State.QUEUED)

    moot.act(made, Act.ASSIGN, moot["cleo"])

    assert moot.state(made) is State.WORKING


def test_what_can_be_asked_for_is_what_is_offered():
    assert acting.ACTS == ASKED - BY_WORDS


def test_words_are_asked_for_where_the_member_is(moot):
    stage = Stage(moot, State.WAITING_MEMBER)

    assert Act.MEMBER_REPLIED in stage.offered(stage.visitor("guest"))
    assert Act.MEMBER_REPLIED not in stage.offered(moot["cleo"])


@pytest.mark.parametrize("act", sorted(set(Act) - acting.ACTS))
def test_what_nobody_can_ask_for_is_refused_with_a_sentence(moot, act):
    made = moot.tell()

    with pytest.raises(WrongState, match="as yet"):
        moot.act(made, act, moot.guest(made))


@pytest.mark.parametrize(
    ("state", "act", "fields", "refusal"),
    [
        (State.RECEIVED, Act.TRIAGE, {}, ChoiceInvalid),
        (State.RECEIVED, Act.TRIAGE, {"topic": "weather"}, ChoiceInvalid),
        (
            State.RECEIVED, Act.TRIAGE,
            {"topic": "housing", "priority": "soon"}, ChoiceInvalid,
        ),
        (
            State.RECEIVED, Act.TRIAGE,
            {"topic": "housing", "priority": "high"}, ReasonMissing,
        ),
        (State.QUEUED, Act.ASSIGN, {"advocate": "cleo"}, ChoiceInvalid),
        (State.QUEUED, Act.ASSIGN, {"advocate": str(uuid4())}, ChoiceInvalid),
        (State.ASSIGNED, Act.DECLINE, {}, ChoiceInvalid),
        (State.WORKING, Act.ASK_MEMBER, {"text": " "}, ChoiceInvalid),
        (State.WORKING, Act.RESOLVE, {}, ChoiceInvalid),
        (State.WORKING, Act.RELEASE, {"reason": "Away."}, ChoiceInvalid),
        (State.WORKING, Act.ASK_OTHER, {"whom": "Her", "text": "?"}, ChoiceInvalid),
        (
            State.WORKING, Act.ASK_OTHER,
            {"whom": "Her", "text": "?", "until": "2026-03-09T10:00:00"}, ChoiceInvalid,
        ),
        (State.WORKING, Act.REFUSE, {"text": "No.", "outcome": "lost"}, ChoiceInvalid),
        (State.WORKING, Act.REFUSE, {"proposal": "7"}, ChoiceInvalid),
        (State.RESOLVED, Act.CONFIRM, {"answer": "maybe"}, ChoiceInvalid),
        (State.RESOLVED, Act.CONFIRM, {"answer": "not_solved"}, ChoiceInvalid),
    ],
)  # fmt: skip
def test_an_act_without_what_it_needs_changes_nothing(
    moot, state, act, fields, refusal
):
    stage = Stage(moot, state)
    who = next(name for name in WHO if act in stage.offered(stage.visitor(name)))
    before = moot.size()

    with pytest.raises(refusal):
        moot.act(stage.made, act, stage.visitor(who), **fields)

    assert (moot.state(stage.made), moot.size()) == (state, before)


def test_partly_is_an_answer_of_its_own(moot):
    made = moot.tell()
    moot.bring(made, State.RESOLVED)

    moot.act(made, Act.CONFIRM, moot.guest(made), answer="partly", text="Half of it.")

    shown = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert shown.outcome == "partly"
    assert shown.timeline[-2].text == "Half of it."
