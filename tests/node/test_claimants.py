"""Each claimant of a common matter says alone whether it is solved for them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from governance.cases import Act, Outcome, State
from governance.errors import NotYours, WrongState
from governance.joins import DISPUTES_LEAST, Asking, Scope, Tally
from governance.pledges import PledgeKind, PledgeState
from governance.resolutions import Answer
from node import cases, resolutions, together, work
from node.cases import folding
from node.erasing import Level, Wish
from node.models.retention import Retention
from node.models.together import ClaimAnswer
from node.resolutions import claiming
from node.threads import Words
from tests.node.test_together import (
    Common,
    agree_to_be_joined,
    opened,
    pledges,
    wall,
    words,
)
from tests.support.cast import moot_on, told
from tests.support.engines import ENGINES, server_of
from tests.support.erased import erase

SOLVED, PARTLY, NOT = Answer.SOLVED, Answer.PARTLY, Answer.NOT_SOLVED
DONE = "The owner repaired the roof."


class Street(Common):
    """A common matter with people who joined it."""

    def resolve(self):
        fields = {"text": DONE}
        self.moot.act(self.matter, Act.RESOLVE, self.moot["cleo"], **fields)

    def say(self, made, answer, text=""):
        more = Words(told().id, text) if text else None
        by = self.moot.guest(made)
        if made is self.matter:
            resolutions.answer(self.moot.node, made.reference, answer, by=by)
        else:
            claiming.answer(self.moot.node, made.reference, answer, by=by, words=more)
        work.run(self.moot.node)

    def state(self):
        return self.moot.state(self.matter)

    def outcome(self):
        by = self.moot.guest(self.matter)
        return cases.view(self.moot.node, self.ref, by=by).outcome

    def rows(self, made):
        with self.moot.node.read() as tx:
            found = select(ClaimAnswer).where(ClaimAnswer.case_id == made.case_id)
            return list(tx.scalars(found.order_by(ClaimAnswer.round)))


def street_in(moot):
    made = moot.tell(text="The whole street is damp.", topic="housing", name="Rosa")
    moot.bring(made, State.WORKING)
    agree_to_be_joined(moot, made)
    opened(moot, made)
    return Street(moot, made)


@pytest.fixture
def street(moot):
    return street_in(moot)


@pytest.fixture(params=ENGINES)
def either_street(request, tmp_path):
    with moot_on(server_of(request), tmp_path / "moot") as moot:
        yield street_in(moot)


def test_everybody_who_joined_is_asked_and_told_what_was_done(either_street):
    street = either_street
    first, second = street.joined(contact="ines@mailbox.example"), street.joined()
    assert not street.look(first).joined.may_answer

    street.resolve()

    for made in (first, second):
        by = street.moot.guest(made)
        shown = cases.view(street.moot.node, made.reference, by=by)
        assert shown.timeline[-1].text == DONE
        assert shown.state is State.CLOSED
        assert street.look(made).joined.may_answer
    street.moot.village.work(street.moot.node)
    mails = [mail["Subject"] for to, mail in street.moot.village.mails if "ines" in to]
    assert mails[-1] == f"Is it solved? Case {first.reference}"


def test_it_closes_when_everybody_has_answered_and_not_before(either_street):
    street = either_street
    first, second = street.joined(), street.joined()
    street.resolve()

    street.say(first, SOLVED)
    street.say(street.matter, SOLVED)
    assert street.state() is State.RESOLVED
    assert street.at_desk().tally == Tally(solved=2, waiting=1)
    street.say(second, SOLVED)

    assert (street.state(), street.outcome()) == (
        State.CLOSED,
        Outcome.RESOLVED_CONFIRMED,
    )
    assert list(folding.verify(street.moot.node)) == []
    assert street.moot.kinds(street.matter)[-2:] == ["status", "close"]
    assert street.moot.kinds(first)[-2:] == ["reply", "status"]


def test_its_own_member_can_be_the_last_one(street):
    made = street.joined()
    street.resolve()
    street.say(made, PARTLY)

    street.say(street.matter, SOLVED)

    assert (street.state(), street.outcome()) == (State.CLOSED, Outcome.PARTLY)
    assert street.look(made).joined.answer is PARTLY


def test_without_anybody_who_joined_its_members_word_closes_it_at_once(street):
    street.resolve()

    street.say(street.matter, SOLVED)

    assert street.state() is State.CLOSED
    assert street.rows(street.matter) == []
    assert street.at_desk().tally is None


def test_not_solved_opens_ones_own_case_again_and_nobody_elses(either_street):
    street = either_street
    made, *others = [street.joined(Scope.COUNTED) for _ in range(10)]
    street.resolve()

    street.say(made, NOT, "It drips again.")

    assert street.moot.state(made) is State.QUEUED
    by = street.moot.guest(made)
    shown = cases.view(street.moot.node, made.reference, by=by)
    assert shown.timeline[-1].text == "It drips again."
    assert street.state() is State.RESOLVED
    assert {street.moot.state(one) for one in others} == {State.CLOSED}
    assert street.at_desk().tally == Tally(not_solved=1, waiting=10)
    assert pledges(street.moot, made)[PledgeKind.FIRST_RESPONSE].due_at


def test_when_enough_say_so_it_is_open_again_and_whoever_is_responsible_hears_it(
    either_street,
):
    street = either_street
    first, second, third = (street.joined() for _ in range(3))
    street.resolve()

    street.say(first, NOT)
    assert street.state() is State.RESOLVED
    street.say(second, NOT)

    by = street.moot.guest(street.matter)
    shown = cases.view(street.moot.node, street.ref, by=by)
    assert (shown.state, shown.disputed) == (State.WORKING, True)
    assert list(folding.verify(street.moot.node)) == []
    street.moot.village.work(street.moot.node)
    told_so = {
        to
        for to, mail in street.moot.village.mails
        if mail["Subject"] == f"Not solved, say those who joined: case {street.ref}"
    }
    assert {"cleo@ash.example", "gus@ash.example"} <= told_so
    with pytest.raises(WrongState):
        street.say(third, SOLVED)


def test_who_opened_it_again_together_is_named_nowhere(street):
    first, second = street.joined(name="Ines"), street.joined(name="Omar")
    street.resolve()

    street.say(first, NOT)
    street.say(second, NOT)

    for who in (street.moot["cleo"], street.moot.guest(street.matter)):
        shown = cases.view(street.moot.node, street.ref, by=who)
        last = [one for one in shown.timeline if one.act is Act.DISPUTE][-1]
        assert (last.name, last.who, last.machine) == ("", "node", True)
        assert "Ines" not in str(shown)
        assert "Omar" not in str(shown)


def test_when_it_is_done_again_everybody_who_is_left_is_asked_anew(street):
    first, second, third = (street.joined() for _ in range(3))
    street.resolve()
    street.say(third, SOLVED)
    street.say(first, NOT)
    street.say(second, NOT)

    street.resolve()

    assert [row.standing for row in street.rows(third)] == [
        Asking.ANSWERED,
        Asking.ASKED,
    ]
    assert street.at_desk().tally == Tally(waiting=2)
    street.say(third, SOLVED)
    street.say(street.matter, SOLVED)
    assert street.state() is State.CLOSED


def test_its_own_members_no_opens_it_at_once_as_ever(street):
    made = street.joined()
    street.resolve()

    street.say(street.matter, NOT)

    assert street.state() is State.WORKING
    assert street.rows(made)[0].standing is Asking.OVER


@pytest.mark.parametrize(
    ("own", "outcome"),
    [(SOLVED, Outcome.RESOLVED_CONFIRMED), (None, Outcome.RESOLVED_UNCONFIRMED)],
)
def test_after_its_time_silence_closes_it_and_is_no_yes(street, own, outcome):
    silent, said = street.joined(), street.joined()
    street.resolve()
    street.say(said, SOLVED)
    if own is not None:
        street.say(street.matter, own)

    street.moot.village.pass_time(days=15)
    work.run(street.moot.node)

    assert (street.state(), street.outcome()) == (State.CLOSED, outcome)
    assert street.look(silent).joined.lapsed
    assert street.look(silent).joined.answer is None
    assert street.look(said).joined.answer is SOLVED
    with pytest.raises(WrongState):
        street.say(silent, SOLVED)


def test_who_has_not_answered_is_asked_again_and_who_has_is_not(street):
    silent = street.joined(contact="ines@mailbox.example")
    said = street.joined(contact="omar@mailbox.example")
    street.resolve()
    street.say(said, SOLVED)
    street.moot.village.work(street.moot.node)

    street.moot.village.pass_time(days=3, minutes=1)
    street.moot.village.work(street.moot.node)

    subjects = [
        (to.partition("@")[0], mail["Subject"])
        for to, mail in street.moot.village.mails
    ]
    assert subjects.count(("ines", f"Is it solved? Case {silent.reference}")) == 2
    assert subjects.count(("omar", f"Is it solved? Case {said.reference}")) == 1


def test_who_leaves_instead_of_answering_is_waited_for_no_more(street):
    gone, stays = street.joined(), street.joined()
    street.resolve()
    street.say(stays, SOLVED)
    street.say(street.matter, SOLVED)

    by = street.moot.guest(gone)
    together.leave(street.moot.node, gone.reference, by=by)
    work.run(street.moot.node)

    assert street.state() is State.CLOSED
    assert street.at_desk().tally == Tally(solved=2)


def test_whose_case_is_erased_is_waited_for_no_more(street):
    gone, stays = street.joined(), street.joined()
    street.resolve()
    street.say(stays, SOLVED)
    street.say(street.matter, SOLVED)

    erase(street.moot, gone, Wish(level=Level.CHAIN))
    work.run(street.moot.node)

    assert street.state() is State.CLOSED
    assert street.rows(gone) == []


def test_an_answer_can_be_changed_until_it_is_over(street):
    made, _other = street.joined(), street.joined()
    street.resolve()

    street.say(made, SOLVED)
    before = street.moot.size()
    street.say(made, SOLVED)
    assert street.moot.size() == before
    street.say(made, PARTLY)

    assert street.look(made).joined.answer is PARTLY
    assert street.at_desk().tally == Tally(partly=1, waiting=2)


def test_who_joined_reads_only_of_those_who_agreed_to_be_counted(street):
    mine = street.joined(Scope.COUNTED)
    street.joined()
    street.resolve()

    street.say(mine, SOLVED)

    assert street.look(mine).joined.tally == Tally(solved=1, waiting=1)
    assert street.at_desk().tally == Tally(solved=1, waiting=2)


def test_whom_a_wall_hides_is_asked_all_the_same_and_counted_for_nobody_behind_it(
    street,
):
    hidden, *_ = [street.joined() for _ in range(5)]
    wall(street.moot, hidden, street.moot.ids["cleo"])

    street.resolve()

    assert street.look(hidden).joined.may_answer
    by = street.moot.guest(hidden)
    shown = cases.view(street.moot.node, hidden.reference, by=by)
    assert DONE not in str(shown.timeline)
    assert street.at_desk().tally == Tally(waiting=5)
    assert street.at_desk("gus").tally == Tally(waiting=6)


def test_only_a_claimant_answers_and_only_while_they_are_asked(street):
    made = street.joined()
    node, ref = street.moot.node, made.reference
    with pytest.raises(WrongState):
        claiming.answer(node, ref, SOLVED, by=street.moot.guest(made))
    street.resolve()

    with pytest.raises(NotYours):
        claiming.answer(node, ref, SOLVED, by=street.moot["gus"])
    with pytest.raises(WrongState):
        claiming.answer(
            node, ref, SOLVED, by=street.moot.guest(made), words=words("Thanks.")
        )
    assert street.rows(made)[0].standing is Asking.ASKED


def test_no_and_why_sent_twice_are_one_no(street):
    made = street.joined()
    street.resolve()
    said, by = words("It drips again."), street.moot.guest(made)
    node, ref = street.moot.node, made.reference

    first = claiming.answer(node, ref, NOT, by=by, words=said)
    size = street.moot.size()
    again = claiming.answer(node, ref, NOT, by=by, words=said)

    assert first.case_id == again.case_id
    assert street.moot.size() == size


def test_what_becomes_of_a_joined_case_is_asked_when_the_matter_closed(street):
    made = street.joined()
    street.resolve()
    street.say(made, SOLVED)
    with street.moot.node.read() as tx:
        assert tx.get(Retention, made.case_id) is None

    street.say(street.matter, SOLVED)

    with street.moot.node.read() as tx:
        assert tx.get_one(Retention, made.case_id).since == street.moot.node.now()


def test_nothing_that_was_promised_for_a_matter_runs_on_when_it_closed(street):
    made = street.joined()
    street.resolve()
    street.say(street.matter, SOLVED)
    street.say(made, SOLVED)

    running = {PledgeState.RUNNING, PledgeState.OVERDUE, PledgeState.PAUSED}
    found = pledges(street.moot, street.matter).values()
    assert not {one.state for one in found} & running


ACTS = st.tuples(
    st.integers(0, 4), st.sampled_from(["solved", "partly", "not_solved", "leave"])
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, max_size=9), lapses=st.booleans())
def test_whatever_is_answered_each_has_an_own_outcome(tmp_path_factory, acts, lapses):
    with moot_on("", tmp_path_factory.mktemp("street")) as moot:
        street = street_in(moot)
        joined = [street.joined(Scope.COUNTED) for _ in range(4)]
        everybody = [street.matter, *joined]
        street.resolve()
        said = {}
        for number, what in acts:
            made = everybody[number]
            if not _may(street, made):
                continue
            if what == "leave" and number:
                together.leave(moot.node, made.reference, by=moot.guest(made))
                work.run(moot.node)
                said.pop(number, None)
                said[number] = "left"
            elif what != "leave":
                street.say(made, Answer(what))
                said[number] = what
        if lapses:
            moot.village.pass_time(days=15)
            work.run(moot.node)
        _hold(street, joined, said, lapses=lapses)


def _may(street, made):
    if made is street.matter:
        return street.state() is State.RESOLVED
    shown = street.look(made).joined
    return shown is not None and shown.may_answer


def _hold(street, joined, said, *, lapses):
    state = street.state()
    noes = [one for one in said if said[one] == "not_solved"]
    asked = 5 - len([one for one in said if said[one] == "left"])
    if 0 in noes or (len(noes) >= DISPUTES_LEAST and len(noes) * 5 >= asked):
        # Whoever does nothing with it for so long has it no more.
        assert state is (State.QUEUED if lapses else State.WORKING)
    elif lapses or len(said) == len(joined) + 1:
        assert state is State.CLOSED
        unsaid = said.get(0) is None
        assert (street.outcome() is Outcome.RESOLVED_UNCONFIRMED) is unsaid
    else:
        assert state is State.RESOLVED
    for number, made in enumerate(joined, 1):
        reopened = said.get(number) == "not_solved"
        assert street.moot.state(made) is (State.QUEUED if reopened else State.CLOSED)
    assert list(folding.verify(street.moot.node)) == []
