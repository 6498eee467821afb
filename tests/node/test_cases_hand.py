from uuid import uuid4

import pytest

from governance.cases import Priority, State, reference
from governance.errors import AuthRequired, Denied, NotFound, Refusal
from governance.resolutions import Answer
from node import assignments, cases, consent, resolutions, threads
from node.accounts import GUEST
from node.cases import TriageChoice
from node.threads import Words
from tests.support.cast import STORY

ABSENT = reference("AM", b"\x01\x02\x03\x04")
CHOICE = TriageChoice(
    kind="claim", topic="housing", priority=Priority.NORMAL, area=None
)
#: Every door that a reference is carried to.
DOORS = {
    "view": lambda node, ref, by: cases.view(node, ref, by=by),
    "receipt": lambda node, ref, by: cases.receipt(node, ref, 0, by=by),
    "head": lambda node, ref, by: cases.receipt_head(node, ref, by=by),
    "triage": lambda node, ref, by: cases.triage(node, ref, CHOICE, by=by),
    "withdraw": lambda node, ref, by: cases.withdraw(node, ref, by=by),
    "write": lambda node, ref, by: threads.write(node, ref, words(), by=by),
    "reply": lambda node, ref, by: threads.reply(node, ref, words(), by=by),
    "ask": lambda node, ref, by: threads.ask(node, ref, words(), by=by),
    "resolve": lambda node, ref, by: resolutions.resolve(node, ref, words(), by=by),
    "answer": lambda node, ref, by: resolutions.answer(node, ref, Answer.SOLVED, by=by),
    "reopen": lambda node, ref, by: resolutions.reopen(node, ref, by=by),
    "take": lambda node, ref, by: assignments.take(node, ref, by=by),
    "accept": lambda node, ref, by: assignments.accept(node, ref, by=by),
    "decline": lambda node, ref, by: assignments.decline(node, ref, "Away.", by=by),
    "assign": lambda node, ref, by: assignments.assign(node, ref, uuid4(), by=by),
    "revoke": lambda node, ref, by: consent.revoke(node, ref, uuid4(), by=by),
}


def words():
    return Words(uuid4(), "A word.")


def refusal(moot, door, ref, by):
    """Return all that somebody can learn from being refused."""
    with pytest.raises(NotFound) as no:
        DOORS[door](moot.node, ref, by)
    return type(no.value), no.value.reason, no.value.code, dict(no.value.values)


def visitor(moot, who):
    if who == "other guest":
        return moot.guest(moot.tell())
    return moot[who] if who else GUEST


@pytest.mark.parametrize("who", ["", "other guest", "ada", "eve", "dov", "finn"])
def test_a_case_of_others_and_no_case_at_all_answer_alike(moot, who):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    by, before = visitor(moot, who), moot.size()

    for door in DOORS:
        foreign = refusal(moot, door, made.reference, by)

        assert foreign == refusal(moot, door, ABSENT, by), door
        assert foreign == refusal(moot, door, "no reference", by), door
        assert moot.size() == before, door


@pytest.mark.parametrize("state", [State.RECEIVED, State.QUEUED, State.WORKING])
@pytest.mark.parametrize("who", ["cleo", "iris", "gus"])
def test_on_their_own_case_people_of_the_desk_are_its_member_only(moot, state, who):
    made = moot.tell(by=moot[who])
    if state is not State.RECEIVED:
        moot.village.pass_time(minutes=1)
        cases.triage(moot.node, made.reference, CHOICE, by=moot["olga"])
    if state is State.WORKING:
        assignments.take(moot.node, made.reference, by=moot["eve"])
    before = moot.size()

    for door in ("triage", "take", "assign", "accept", "reply", "ask", "resolve"):
        with pytest.raises(Refusal):
            DOORS[door](moot.node, made.reference, moot[who])

    assert (moot.state(made), moot.size()) == (state, before)
    assert cases.view(moot.node, made.reference, by=moot[who]).part == "member"


@pytest.mark.parametrize("of", ["ada", "cleo", "iris"])
def test_a_link_opens_its_one_case_whatever_else_its_person_may(moot, of):
    mine, other = moot.tell(by=moot[of]), moot.tell(by=moot[of])
    foreign = moot.tell()
    holder = moot.guest(mine)

    assert cases.view(moot.node, mine.reference, by=holder).story == STORY
    for made in (other, foreign):
        for door in DOORS:
            assert refusal(moot, door, made.reference, holder)
    assert holder.person_id == moot.ids[of]
    assert holder.grants == ()


def test_a_link_is_not_a_member_signed_in(moot):
    made = moot.tell(by=moot["ada"])
    holder = moot.guest(made)

    with pytest.raises(AuthRequired):
        cases.mine(moot.node, by=holder)
    with pytest.raises(Denied):
        assignments.desk(moot.node, by=holder)


TYPED = {
    "in small letters": str.lower,
    "without the stroke": lambda ref: ref.replace("-", ""),
    "with spaces": lambda ref: f" {ref[:2]} {ref[3:6]} {ref[6:]} ",
    "misread": lambda ref: ref[:3] + ref[3:].replace("0", "O").replace("1", "l"),
}


@pytest.mark.parametrize("how", TYPED)
def test_a_reference_is_known_however_it_was_typed(moot, how):
    made = moot.tell()

    found = cases.view(moot.node, TYPED[how](made.reference), by=moot.guest(made))

    assert found.reference == made.reference


@pytest.mark.parametrize("odd", ["", "\0", "AM-", "🏚" * 10, "AM-0000000", "x" * 5000])
def test_what_is_no_reference_is_no_case(moot, odd):
    for door in DOORS:
        assert refusal(moot, door, odd, moot["iris"])
