from dataclasses import fields, replace
from uuid import uuid4

import pytest

from governance.cases import Act, Part, Priority, State
from governance.errors import Denied, NotFound
from governance.pledges import PledgeKind
from node import assignments, cases, threads
from node.cases import CaseView
from node.intake import Audience
from node.threads import Words
from tests.support.cast import STORY
from tests.support.members import Statements

MAIL, PHONE = "ada.lovelace@mailbox.example", "+44 20 7946 0018"
ALL, HEADLINE, NOTHING = "all", "headline", "nothing"
#: Who may see what of one case: the product document's table, as far as its rows
#: exist, written down a second time.
SIGHT = {
    "its member": ALL,
    "whoever holds its link": ALL,
    "assigned advocate": ALL,
    "other advocate": HEADLINE,
    "coordinator": ALL,
    "steward": NOTHING,
    "auditor": NOTHING,
    "another member": NOTHING,
    "another guest": NOTHING,
}
READERS = [role for role, sight in SIGHT.items() if sight == ALL]
#: What depends on who looks, and not on how much they may see.
OF_THE_VIEWER = {"part", "turn", "acts", "timeline", "may_appeal", "plan"}
#: What such a case has none of at that moment, whoever looks.
NOT_NOW = {
    "outcome", "closed_at", "late_by", "queue_place", "resolution", "value",
    "lost", "waits_for", "delays", "inquiries", "deadline_on", "deadline_source",
    "tags", "sorted_by", "parties",
}  # fmt: skip
#: What somebody of the same team may know: topic, age, priority.
OF_A_HEADLINE = {
    "reference", "kind", "topic", "state", "outcome", "priority", "channel",
    "area_name", "received_at", "next_due_at", "late_by", "disputed", "turn",
}  # fmt: skip


def view(moot, made, by=None):
    return cases.view(moot.node, made.reference, by=by or moot.guest(made))


def words(text="A word."):
    return Words(uuid4(), text)


def cast(moot, made, other):
    return {
        "its member": moot["ada"],
        "whoever holds its link": moot.guest(made),
        "assigned advocate": moot["cleo"],
        "other advocate": moot["eve"],
        "coordinator": moot["iris"],
        "steward": moot["dov"],
        "auditor": moot["finn"],
        "another member": moot["ben"],
        "another guest": moot.guest(other),
    }


@pytest.fixture
def made(moot):
    """A case in which every field holds something."""
    made = moot.tell(
        by=moot["ada"], wanted="It repaired.", place="12 Elm Street", contact=MAIL
    )
    moot.triage(made, Priority.HIGH, "A small child.", "north")
    assignments.take(moot.node, made.reference, by=moot["cleo"])
    moot.act(made, Act.RESOLVE, moot["cleo"], text="Repaired.", obtained="40 EUR")
    threads.write(moot.node, made.reference, words("Not yet."), by=moot["ada"])
    moot.act(made, Act.DISPUTE, moot["ada"], text="Still cold.")
    moot.act(made, Act.ASK_MEMBER, moot["cleo"], text="Since when?")
    moot.village.work(moot.node)
    return made


@pytest.mark.parametrize("role", SIGHT)
def test_everybody_sees_of_a_case_what_the_table_says(moot, made, role):
    by, whole = cast(moot, made, moot.tell())[role], view(moot, made)
    if SIGHT[role] != ALL:
        with pytest.raises(NotFound):
            view(moot, made, by)
        return

    shown = view(moot, made, by)

    names = {field.name for field in fields(CaseView)} - OF_THE_VIEWER
    other = {name for name in names if getattr(shown, name) != getattr(whole, name)}
    empty = {name for name in names if getattr(shown, name) in {None, "", ()}}
    assert (other, empty) == (set(), NOT_NOW)


@pytest.mark.parametrize("role", SIGHT)
def test_a_timeline_and_its_receipts_are_for_those_who_see_all(moot, made, role):
    by = cast(moot, made, moot.tell())[role]
    if SIGHT[role] != ALL:
        with pytest.raises(NotFound):
            cases.receipt(moot.node, made.reference, 0, by=by)
        return

    entries = view(moot, made, by).timeline

    same = [replace(entry, who="node") for entry in entries]
    assert same == [replace(entry, who="node") for entry in view(moot, made).timeline]
    for entry in entries:
        assert cases.receipt(moot.node, made.reference, entry.seq, by=by)


@pytest.mark.parametrize("role", SIGHT)
def test_the_desk_shows_a_waiting_case_as_the_table_says(moot, role):
    made = moot.tell(by=moot["ada"], text="My secret trouble.", place="Elm Street")
    moot.triage(made, Priority.HIGH, "A small child.")
    by = cast(moot, made, moot.tell())[role]
    titles = {
        "coordinator": ["My secret trouble"],
        "other advocate": [""],
        "assigned advocate": [""],  # they are not, yet
    }
    if role not in titles:
        with pytest.raises(Denied):
            assignments.desk(moot.node, by=by)
        return

    lines = assignments.desk(moot.node, by=by).lines

    mine = [line for line in lines if line.reference == made.reference]
    assert [line.title for line in mine] == titles[role]
    for line in mine:
        filled = {field.name for field in fields(line) if getattr(line, field.name)}
        assert role == "coordinator" or filled <= OF_A_HEADLINE


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("contact", [MAIL, PHONE])
def test_no_view_of_a_case_holds_a_way_to_reach_anybody(moot, role, contact):
    made = moot.tell(contact=contact, name="Ada Lovelace")
    moot.bring(made, State.WORKING)
    by = cast(moot, made, made)[role] if role != "its member" else moot.guest(made)

    shown = repr(view(moot, made, by))

    assert "Lovelace" in shown
    assert contact not in shown
    assert "mailbox" not in shown


def test_whose_turn_it_is_depends_on_who_looks(moot, made):
    turns = {who: view(moot, made, moot[who]).turn for who in ("ada", "cleo", "iris")}
    assert turns == {"ada": True, "cleo": False, "iris": False}

    threads.write(moot.node, made.reference, words("Monday."), by=moot["ada"])

    turns = {who: view(moot, made, moot[who]).turn for who in ("ada", "cleo", "iris")}
    assert turns == {"ada": False, "cleo": True, "iris": False}


def test_everybody_knows_in_which_part_they_look(moot, made):
    parts = {who: view(moot, made, moot[who]).part for who in ("ada", "cleo", "iris")}

    assert parts == {
        "ada": Part.MEMBER, "cleo": Part.ADVOCATE, "iris": Part.COORDINATOR,
    }  # fmt: skip


@pytest.mark.capability("1.10")
def test_the_member_sees_state_place_clock_holder_and_rule(moot):
    first, made = moot.tell(), moot.tell()
    for one in (first, made):
        moot.triage(one)
    assert view(moot, made).queue_place == 2
    assignments.take(moot.node, first.reference, by=moot["eve"])
    assert view(moot, made).queue_place == 1
    assignments.take(moot.node, made.reference, by=moot["cleo"])

    shown = view(moot, made)

    assert (shown.state, shown.queue_place) == (State.WORKING, None)
    assert shown.responsible.name == "Cleo"
    assert shown.next_promise.kind is PledgeKind.FIRST_RESPONSE
    assert (shown.next_promise.rule, bool(shown.next_promise.rules)) == (
        "response-normal", True,
    )  # fmt: skip


def test_the_urgent_stand_before_whoever_came_first(moot):
    first, urgent = moot.tell(), moot.tell()
    moot.triage(first)

    moot.triage(urgent, Priority.URGENT, "No heating.")

    assert [view(moot, one).queue_place for one in (urgent, first)] == [1, 2]


@pytest.mark.parametrize("audience", Audience)
def test_the_member_reads_who_can_see_the_case_and_it_is_so(moot, audience):
    made = moot.tell(by=moot["ada"], audience=audience)
    moot.triage(made)

    parts = {(who.part, who.name) for who in view(moot, made).seen_by}

    every = {("advocates", "")} if audience is Audience.ADVOCATES else set()
    assert parts == {
        ("member", "Ada"), ("coordinator", ""), *every,
    }  # fmt: skip
    try:
        seen = bool(view(moot, made, moot["eve"]))
    except NotFound:
        seen = False
    assert seen is bool(every)


def test_entries_come_in_the_order_they_were_sealed_each_with_its_seal(moot, made):
    entries = view(moot, made).timeline

    assert [entry.seq for entry in entries] == sorted(entry.seq for entry in entries)
    assert len({entry.seal for entry in entries} - {None}) == len(entries)
    assert (entries[0].kind, entries[0].text) == ("submission", STORY)
    assert [entry.act for entry in entries if entry.act] == [
        Act.SUBMIT, Act.TRIAGE, Act.ASSIGN, Act.ACCEPT, Act.RESOLVE, Act.DISPUTE,
        Act.ASK_MEMBER,
    ]  # fmt: skip
    assert not [entry for entry in entries if entry.machine]


def test_the_version_grows_with_everything_that_happens(moot, made):
    before = view(moot, made).version

    threads.write(moot.node, made.reference, words(), by=moot["ada"])

    assert view(moot, made).version > before


def test_a_longer_case_asks_no_more_of_the_database(moot, made):
    def count():
        with Statements(moot.node) as said:
            cases.view(moot.node, made.reference, by=moot["iris"])
        return len(said)

    count()  # the first look of somebody writes a row, the next one counts in it
    few = count()
    for _ in range(5):
        threads.reply(moot.node, made.reference, words(), by=moot["cleo"])

    assert count() == few
