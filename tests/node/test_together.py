"""Going on together: opening a common matter, joining it, reading of it, leaving it."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from governance.cases import Act, Outcome, State
from governance.consent import Purpose
from governance.errors import (
    ConsentMissing,
    NoMessage,
    NotFound,
    NotYours,
    WordsMissing,
    WordsTooLong,
    WrongState,
)
from governance.joins import LONGEST, Scope
from governance.pledges import PledgeKind, PledgeState
from governance.walls import Cause
from node import cases, consent, consent_records, resolutions, together
from node.cases import folding
from node.erasing import Level, Wish
from node.models.pledges import Pledge
from node.models.together import CaseJoin, CommonMatter
from node.models.walls import Wall
from node.threads import Words
from node.together import Joining
from tests.support.cast import Moot, told
from tests.support.erased import erase
from tests.support.publicly import stored

ABOUT = "Damp in the houses of Mill Street. We write to the owner together."
HER = {"text": "It is damp in our kitchen.", "topic": "housing"}
ALL = frozenset(Scope)


@dataclass
class Common:
    """A common matter that others can join."""

    moot: Moot
    matter: object

    @property
    def ref(self):
        return self.matter.reference

    def tell(self, **given):
        return self.moot.tell(**{**HER, **given})

    def join(self, made, *agrees, by=None):
        joining = Joining(matter=self.ref, agrees=frozenset(agrees))
        by = by or self.moot.guest(made)
        return together.join(self.moot.node, made.reference, joining, by=by)

    def joined(self, *agrees, **given):
        made = self.tell(**given)
        self.join(made, *agrees)
        return made

    def look(self, made):
        by = self.moot.guest(made)
        return together.look(self.moot.node, made.reference, by=by)

    def at_desk(self, who="cleo"):
        return together.at_desk(self.moot.node, self.ref, by=self.moot[who])


def agree_to_be_joined(moot, made):
    purpose = Purpose.JOIN_COLLECTIVE
    by = moot.guest(made)
    consent.give(moot.node, made.reference, purpose, "", by=by)


def opened(moot, made, about=ABOUT, who="gus"):
    return together.open_matter(moot.node, made.reference, about, by=moot[who])


def pledges(moot, made):
    with moot.node.read() as tx:
        rows = tx.scalars(select(Pledge).where(Pledge.case_id == made.case_id))
        return {row.kind: row for row in rows}


@pytest.fixture
def worked(moot):
    made = moot.tell(text="The whole street is damp.", topic="housing", name="Rosa")
    moot.bring(made, State.WORKING)
    return made


@pytest.fixture
def common(moot, worked):
    agree_to_be_joined(moot, worked)
    opened(moot, worked)
    return Common(moot, worked)


def test_others_join_a_case_once_its_member_agreed_and_the_desk_said_what_it_is(
    moot, worked
):
    other = moot.tell(**HER)
    before = together.look(moot.node, other.reference, by=moot.guest(other))
    with pytest.raises(ConsentMissing):
        opened(moot, worked)

    agree_to_be_joined(moot, worked)
    opened(moot, worked)

    assert before.offers == ()
    after = together.look(moot.node, other.reference, by=moot.guest(other))
    (line,) = after.offers
    assert (line.reference, line.about, line.joined) == (worked.reference, ABOUT, 0)
    assert moot.kinds(worked)[-1] == "status"


def test_when_its_member_takes_that_back_nobody_joins_it_any_more(moot, common):
    made, by = common.tell(), moot.guest(common.matter)
    lines = consent_records.records(moot.node, common.ref, by=by)
    (row,) = (it for it in lines if it.purpose is Purpose.JOIN_COLLECTIVE)

    consent.revoke(moot.node, common.ref, row.id, by=by)

    assert common.look(made).offers == ()
    with pytest.raises(NotFound):
        common.join(made)


@pytest.mark.parametrize("who", ["cleo", "guest"])
def test_who_does_not_coordinate_opens_no_common_matter(moot, worked, who):
    agree_to_be_joined(moot, worked)
    by = moot.guest(worked) if who == "guest" else moot[who]

    with pytest.raises(NotYours):
        together.open_matter(moot.node, worked.reference, ABOUT, by=by)


@pytest.mark.parametrize(
    ("about", "refusal"), [("  ", WordsMissing), ("x" * (LONGEST + 1), WordsTooLong)]
)
def test_what_it_is_about_is_said_and_short_enough_to_be_read(
    moot, worked, about, refusal
):
    agree_to_be_joined(moot, worked)
    before = moot.size()

    with pytest.raises(refusal):
        opened(moot, worked, about)

    assert moot.size() == before


def test_what_nobody_has_read_yet_is_no_common_matter(moot):
    made = moot.tell(**HER)
    agree_to_be_joined(moot, made)

    with pytest.raises(WrongState):
        opened(moot, made)


def test_what_it_is_about_can_be_said_better_later(moot, common):
    opened(moot, common.matter, "Damp in Mill Street and Mill Lane.")

    (line,) = common.look(common.tell()).offers
    assert line.about == "Damp in Mill Street and Mill Lane."


@pytest.mark.parametrize("state", [State.RECEIVED, State.QUEUED])
def test_a_case_that_joins_is_closed_as_joined_and_stays_its_members(
    moot, common, state
):
    made = common.tell()
    moot.bring(made, state)

    common.join(made)

    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (view.state, view.outcome) == (State.CLOSED, Outcome.JOINED)
    assert view.story == HER["text"]
    assert moot.kinds(made)[-2:] == ["consent.give", "close"]
    assert list(folding.verify(moot.node)) == []
    shown = common.look(made).joined
    assert (shown.reference, shown.about, shown.state) == (
        common.ref,
        ABOUT,
        State.WORKING,
    )


def test_of_the_four_questions_only_what_was_said_yes_to_holds(common):
    none, some = common.joined(), common.joined(Scope.COUNTED, Scope.CONTACT)

    assert common.look(none).joined.agrees == frozenset()
    assert common.look(some).joined.agrees == {Scope.COUNTED, Scope.CONTACT}


def test_each_question_is_a_record_in_its_own_words(moot, common):
    made = common.joined(*ALL)

    lines = consent_records.records(moot.node, made.reference, by=moot.guest(made))

    words = {it.words for it in lines if it.purpose is Purpose.JOIN_COLLECTIVE}
    assert len(words) == 5
    assert all(words)


def test_a_number_is_of_those_who_agreed_to_be_counted(common):
    common.joined(Scope.COUNTED)
    common.joined(Scope.COUNTED)
    hidden = common.joined()

    assert common.at_desk().joined == 2
    assert common.look(hidden).joined.joined == 2


def test_who_works_on_it_reads_the_names_of_those_who_agreed_and_no_case(moot, common):
    named = common.joined(Scope.JOINERS, name="Ines")
    common.joined(Scope.RESPONDENT, name="Omar")
    common.joined(Scope.COUNTED, name="Noor")

    desk = common.at_desk()

    assert (desk.to_joiners, desk.to_respondent) == (("Ines",), ("Omar",))
    with pytest.raises(NotFound):
        cases.view(moot.node, named.reference, by=moot["cleo"])


def test_who_joined_reads_of_others_only_who_agreed_to_that(common):
    common.joined(Scope.JOINERS, name="Ines")
    common.joined(Scope.RESPONDENT, Scope.COUNTED, Scope.CONTACT, name="Omar")
    mine = common.joined(Scope.JOINERS, name="Noor")

    assert common.look(mine).joined.names == ("Ines",)


def test_the_first_answer_is_still_promised_to_who_joined_and_all_else_passes_on(
    moot, common
):
    made = common.tell()
    moot.triage(made)
    due = pledges(moot, made)[PledgeKind.FIRST_RESPONSE].due_at

    common.join(made)

    found = pledges(moot, made)
    first = found[PledgeKind.FIRST_RESPONSE]
    assert (first.state, first.due_at) == (PledgeState.RUNNING, due)
    assert found[PledgeKind.RESOLUTION].state is PledgeState.VOID
    assert found[PledgeKind.TRIAGE].state is PledgeState.MET


def words(text="They promised to come on Monday."):
    return Words(told().id, text)


def test_one_update_is_the_first_answer_to_everybody_who_joined(moot, common):
    first, second = common.joined(), common.joined()

    written = together.update(moot.node, common.ref, words(), by=moot["cleo"])

    for made in (first, second, common.matter):
        view = cases.view(moot.node, made.reference, by=moot.guest(made))
        assert view.timeline[-1].text == "They promised to come on Monday."
        assert view.timeline[-1].name == "Cleo"
        found = pledges(moot, made)[PledgeKind.FIRST_RESPONSE]
        assert found.state is PledgeState.MET
    assert written.seq == len(moot.entries(common.matter)) - 2


def test_an_update_that_is_sent_twice_is_read_once(moot, common):
    made, said = common.joined(), words()

    for _ in range(2):
        together.update(moot.node, common.ref, said, by=moot["cleo"])

    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert [one.text for one in view.timeline].count(said.text) == 1


@pytest.mark.parametrize("who", ["iris", "guest"])
def test_only_who_works_on_it_writes_to_all(moot, common, who):
    by = moot.guest(common.matter) if who == "guest" else moot[who]

    with pytest.raises(NotYours):
        together.update(moot.node, common.ref, words(), by=by)


def test_who_left_gets_no_news_of_it(moot, common):
    made = common.joined(*ALL)
    together.leave(moot.node, made.reference, by=moot.guest(made))

    together.update(moot.node, common.ref, words(), by=moot["cleo"])

    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert "Monday" not in view.timeline[-1].text
    assert common.look(made).joined is None


def test_leaving_takes_name_number_and_consents_along_and_nothing_else(moot, common):
    made = common.joined(*ALL, name="Ines")
    before = common.at_desk()

    together.leave(moot.node, made.reference, by=moot.guest(made))

    after = common.at_desk()
    assert (before.joined, before.to_joiners) == (1, ("Ines",))
    assert (after.joined, after.to_joiners, after.to_respondent) == (0, (), ())
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    held = {one.purpose for one in view.consents if not one.withdrawn_at}
    assert Purpose.JOIN_COLLECTIVE not in held
    assert (view.state, view.story) == (State.CLOSED, HER["text"])
    assert view.may_reopen


def test_taking_back_that_it_goes_on_with_others_is_leaving(moot, common):
    made = common.joined(*ALL)
    by = moot.guest(made)
    lines = consent_records.records(moot.node, made.reference, by=by)
    (row,) = (it for it in lines if it.recipient == common.ref)

    consent.revoke(moot.node, made.reference, row.id, by=by)

    assert common.look(made).joined is None
    assert common.at_desk().joined == 0


def test_taking_back_one_answer_leaves_the_others(moot, common):
    made = common.joined(*ALL)
    by = moot.guest(made)
    lines = consent_records.records(moot.node, made.reference, by=by)
    (row,) = (it for it in lines if it.recipient.endswith("/counted"))

    consent.revoke(moot.node, made.reference, row.id, by=by)

    assert common.at_desk().joined == 0
    assert common.look(made).joined.agrees == ALL - {Scope.COUNTED}


def test_who_wants_theirs_taken_up_alone_opens_it_again_whenever_that_is(moot, common):
    made = common.joined(*ALL)
    promised = pledges(moot, made)[PledgeKind.FIRST_RESPONSE].due_at
    moot.village.pass_time(hours=1)

    resolutions.reopen(moot.node, made.reference, by=moot.guest(made))

    assert moot.state(made) is State.QUEUED
    assert common.look(made).joined is None
    assert common.at_desk().joined == 0
    assert pledges(moot, made)[PledgeKind.FIRST_RESPONSE].due_at == promised
    moot.village.pass_time(days=400)
    again = common.joined()
    moot.village.pass_time(days=400)
    resolutions.reopen(moot.node, again.reference, by=moot.guest(again))


def test_what_the_desk_opens_again_goes_on_by_itself_too(moot, common):
    made = common.joined(*ALL)

    resolutions.reopen(moot.node, made.reference, by=moot["gus"])

    assert common.look(made).joined is None
    assert common.at_desk().to_joiners == ()
    lines = consent_records.records(moot.node, made.reference, by=moot.guest(made))
    states = {it.state for it in lines if it.purpose is Purpose.JOIN_COLLECTIVE}
    assert states == {"expired"}


def test_only_its_member_leaves_and_only_what_was_joined(moot, common):
    made = common.joined()
    with pytest.raises(NotYours):
        together.leave(moot.node, made.reference, by=moot["gus"])
    together.leave(moot.node, made.reference, by=moot.guest(made))

    with pytest.raises(WrongState):
        together.leave(moot.node, made.reference, by=moot.guest(made))


def by_desk(moot, common, made, who="gus", **given):
    said = {"heard": True, "words": words("As we said: it is one matter.")}
    joining = Joining(matter=common.ref, **{**said, **given})
    return together.join(moot.node, made.reference, joining, by=moot[who])


def test_the_desk_joins_what_its_member_agreed_to_when_they_were_read_the_words(
    moot, common
):
    made = common.tell()

    by_desk(moot, common, made, agrees=frozenset({Scope.COUNTED}))

    assert moot.state(made) is State.CLOSED
    assert common.at_desk().joined == 1
    lines = consent_records.records(moot.node, made.reference, by=moot.guest(made))
    told_so = [it for it in lines if it.purpose is Purpose.JOIN_COLLECTIVE]
    assert {it.evidence for it in told_so} == {"read_out"}
    assert moot.kinds(made)[-4:] == ["consent.give", "consent.give", "reply", "close"]
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert "As we said: it is one matter." in [one.text for one in view.timeline]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [({"heard": False}, ConsentMissing), ({"words": None}, NoMessage)],
)
def test_the_desk_joins_nothing_without_consent_or_in_silence(
    moot, common, given, refusal
):
    made = common.tell()
    before = moot.size()

    with pytest.raises(refusal):
        by_desk(moot, common, made, **given)

    assert (moot.size(), moot.state(made)) == (before, State.RECEIVED)


def test_who_only_works_on_cases_joins_none(moot, common):
    made = common.tell()
    moot.triage(made)

    with pytest.raises((NotFound, NotYours)):
        by_desk(moot, common, made, who="cleo")


@pytest.mark.parametrize("state", [State.ASSIGNED, State.WORKING, State.RESOLVED])
def test_what_somebody_works_on_joins_nothing(moot, common, state):
    made = common.tell()
    moot.bring(made, state)

    with pytest.raises(WrongState):
        common.join(made)

    assert common.look(made).offers == ()


@pytest.mark.parametrize("named", ["", "AM-0000000", "own"])
def test_what_is_no_common_matter_is_not_joined(moot, common, named):
    made = common.tell()
    joining = Joining(matter=made.reference if named == "own" else named)

    with pytest.raises(NotFound):
        together.join(moot.node, made.reference, joining, by=moot.guest(made))


def test_a_matter_that_is_over_is_joined_by_nobody(moot, common):
    made = common.tell()
    moot.act(common.matter, Act.WITHDRAW, moot.guest(common.matter))

    assert common.look(made).offers == ()
    with pytest.raises(NotFound):
        common.join(made)


def test_nobody_joins_their_own_other_case(moot):
    ada = moot["ada"]
    matter = moot.tell(by=ada, topic="housing")
    moot.bring(matter, State.QUEUED)
    consent.give(moot.node, matter.reference, Purpose.JOIN_COLLECTIVE, "", by=ada)
    opened(moot, matter)
    made = moot.tell(by=ada, topic="housing")

    found = together.look(moot.node, made.reference, by=ada)

    assert found.offers == ()


def wall(moot, made, person):
    """Put somebody behind a wall of a case, as a decision would."""
    with moot.node.begin() as tx:
        row = Wall(
            id=told().id,
            case_id=made.case_id,
            person_id=person,
            cause=Cause.CHALLENGE,
            stands=True,
            raised_at=moot.node.now(),
        )
        tx.add(row)


def test_for_somebody_behind_a_wall_of_it_there_is_no_such_matter(moot, common):
    ben = moot["ben"]
    made = moot.tell(by=ben, **HER)
    before = together.look(moot.node, made.reference, by=ben)
    wall(moot, common.matter, moot.ids["ben"])

    after = together.look(moot.node, made.reference, by=ben)

    assert (len(before.offers), after.offers) == (1, ())
    said = "There is no such common matter here"
    for ref in (common.ref, "AM-0000000"):
        joining = Joining(matter=ref)
        with pytest.raises(NotFound, match=said):
            together.join(moot.node, made.reference, joining, by=ben)
    # Nor does a coordinator lead them to it.
    desk = together.at_desk(moot.node, made.reference, by=moot["gus"])
    assert desk.offers == ()


def test_whoever_must_not_know_of_a_case_that_joined_reads_nothing_of_it(moot, common):
    for name in ("Ines", "Omar", "Noor", "Kim"):
        common.joined(Scope.COUNTED, Scope.JOINERS, name=name)
    hidden = common.joined(Scope.COUNTED, Scope.JOINERS, name="Lena")
    before = common.at_desk()
    wall(moot, hidden, moot.ids["cleo"])

    after = common.at_desk()

    assert (before.joined, "Lena" in before.to_joiners) == (5, True)
    assert (after.joined, "Lena" in after.to_joiners) == (4, False)
    together.update(moot.node, common.ref, words(), by=moot["cleo"])
    view = cases.view(moot.node, hidden.reference, by=moot.guest(hidden))
    assert "Monday" not in view.timeline[-1].text


def test_a_small_number_is_withheld_from_whoever_stands_behind_a_wall(moot, common):
    hidden = common.joined(Scope.COUNTED)
    common.joined(Scope.COUNTED)

    wall(moot, hidden, moot.ids["cleo"])

    assert common.at_desk().joined is None


def test_a_case_that_is_erased_is_one_of_nobody_any_more(moot, common):
    made = common.joined(*ALL, name="Ines")

    erase(moot, made, Wish(level=Level.CHAIN))

    desk = common.at_desk()
    assert (desk.joined, desk.to_joiners) == (0, ())
    assert stored(moot.node, CaseJoin.id) == []


def test_of_a_matter_that_is_erased_no_word_is_left_and_who_joined_goes_on_alone(
    moot, common
):
    made = common.joined(*ALL)

    erase(moot, common.matter, Wish(level=Level.CHAIN))

    assert stored(moot.node, CommonMatter.about) == []
    shown = common.look(made).joined
    assert (shown.about, shown.state) == ("", State.ERASED)
    resolutions.reopen(moot.node, made.reference, by=moot.guest(made))
    assert moot.state(made) is State.QUEUED
