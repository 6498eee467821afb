"""Who read what: a row for each restricted read, and who gets to see the rows."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from governance.access import Field, Ground, Sent
from governance.cases import Act, State
from governance.consent import Purpose
from governance.errors import NoAgreement, NotFound, Unrecorded
from governance.handovers import Acceptance
from node import access, agreeing, cases, handovers, log, publications
from node.cases.hand import pick_up
from node.intake import Audience
from node.models.access import Access
from tests.support.neighbours import TEXT, TITLE

CEDAR = "cedar.example"


@pytest.fixture
def made(moot):
    made = moot.tell(contact="maria@mailbox.example")
    moot.bring(made, State.WORKING)
    return made


def rows(moot):
    with moot.node.read() as tx:
        return tx.scalars(select(Access).order_by(Access.id)).all()


def read(moot, made, who):
    return cases.view(moot.node, made.reference, by=moot[who])


def seen(moot, made, by=None, **page):
    by = by or moot.guest(made)
    return access.sharing(moot.node, made.reference, by=by, **page)


@pytest.mark.capability("1.6")
def test_a_member_sees_as_what_their_case_was_read_and_when(moot, made):
    at = moot.node.now()
    read(moot, made, "cleo")
    moot.village.pass_time(minutes=5)
    read(moot, made, "iris")

    iris, cleo = seen(moot, made).reads

    assert (cleo.role, cleo.field, cleo.ground) == (
        "advocate",
        Field.CASE,
        Ground.ASSIGNED,
    )
    assert (iris.role, iris.ground) == ("coordinator", Ground.OFFICE)
    assert (cleo.at, cleo.name, iris.name) == (at, "", "")


def test_what_a_member_reads_of_their_own_leaves_no_row(moot, made):
    cases.view(moot.node, made.reference, by=moot.guest(made))
    seen(moot, made)

    assert rows(moot) == []


def test_a_second_look_within_the_hour_counts_in_the_same_row(moot, made):
    read(moot, made, "cleo")
    moot.village.pass_time(minutes=59)
    read(moot, made, "cleo")
    moot.village.pass_time(minutes=1)
    read(moot, made, "cleo")

    assert [row.times for row in rows(moot)] == [2, 1]
    first = rows(moot)[0]
    assert (first.last_at - first.at).total_seconds() == 59 * 60


def test_another_part_another_way_and_another_person_are_other_rows(moot, made):
    read(moot, made, "cleo")
    cases.receipt(moot.node, made.reference, 0, by=moot["cleo"])
    log.sequence(moot.node)
    cases.receipt(moot.node, made.reference, 0, by=moot["cleo"])
    cases.bundle(moot.node, made.reference, by=moot["cleo"])
    program = replace(moot["cleo"], channel="api")
    cases.view(moot.node, made.reference, by=program)
    read(moot, made, "iris")

    found = [(row.field, row.channel) for row in rows(moot)]

    assert found == [
        (Field.CASE, "web"),
        (Field.RECEIPT, "web"),
        (Field.BUNDLE, "web"),
        (Field.CASE, "api"),
        (Field.CASE, "web"),
    ]


def test_the_story_read_at_triage_is_a_read_without_the_person(moot):
    made = moot.tell()
    cases.triage_next(moot.node, by=moot["iris"])

    (line,) = seen(moot, made).reads

    assert (line.field, line.role) == (Field.TRIAGE, "coordinator")


def test_notes_are_a_read_of_their_own_where_there_are_any(moot, made):
    cases.behind(moot.node, made.reference, by=moot["cleo"])
    assert rows(moot) == []

    moot.act(made, Act.RELEASE, moot["cleo"], reason="I am ill.", note="Call Maria.")
    cases.behind(moot.node, made.reference, by=moot["iris"])

    assert [row.field for row in rows(moot)] == [Field.NOTES]


def test_whoever_may_take_a_waiting_case_reads_it_on_that_ground(moot):
    made = moot.tell(audience=Audience.ADVOCATES)
    moot.triage(made)
    read(moot, made, "eve")

    (line,) = seen(moot, made).reads

    assert (line.ground, line.role) == (Ground.QUEUE, "advocate")


def test_what_is_missed_leaves_the_same_row_whether_or_not_it_exists(moot, made):
    for reference in (made.reference, "AS-0000000", "no reference at all"):
        with pytest.raises(NotFound):
            cases.view(moot.node, reference, by=moot["eve"])

    (row,) = rows(moot)

    assert (row.ground, row.times, row.case_id, row.role) == (
        Ground.REFUSED,
        3,
        None,
        "",
    )
    assert seen(moot, made).reads == ()


def test_a_guest_who_misses_leaves_no_row(moot, made):
    other = moot.guest(moot.tell())

    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=other)

    assert rows(moot) == []


def test_who_coordinates_sees_names_and_who_works_sees_their_own_reads(moot, made):
    read(moot, made, "cleo")
    read(moot, made, "iris")

    all_of_them = seen(moot, made, by=moot["olga"])
    own = seen(moot, made, by=moot["cleo"])

    assert [line.name for line in all_of_them.reads] == ["Iris", "Cleo"]
    assert [line.name for line in own.reads] == ["Cleo"]


def test_the_log_of_a_case_is_for_those_who_may_see_the_case(moot, made):
    for who in ("eve", "ada", "dov", "finn"):
        with pytest.raises(NotFound):
            seen(moot, made, by=moot[who])


def test_a_long_log_comes_in_pages(moot, made):
    for _ in range(52):
        read(moot, made, "cleo")
        moot.village.pass_time(hours=1)

    first = seen(moot, made)
    rest = seen(moot, made, before=first.last)

    assert (len(first.reads), len(rest.reads), rest.last) == (50, 2, None)
    assert first.reads[-1].id > rest.reads[0].id


def test_what_cannot_be_written_down_is_not_shown(moot, made):
    on_sqlite = moot.node.database.engine.dialect.name == "sqlite"
    with moot.node.begin() as tx:
        tx.execute(text("ALTER TABLE access RENAME TO elsewhere"))

    # A server says it in words of its own; either way nothing is shown.
    with pytest.raises(Unrecorded if on_sqlite else DBAPIError):
        read(moot, made, "cleo")

    assert cases.view(moot.node, made.reference, by=moot.guest(made)).story


def test_what_was_made_public_is_a_disclosure_by_that_consent(lane):
    made = lane.tell()
    publications.publish(lane.ash, made.reference, TITLE, TEXT, by=lane.ada)

    (line,) = access.sharing(lane.ash, made.reference, by=lane.ada).disclosures
    shown = publications.shown(lane.ash, made.reference, by=lane.ada)

    assert (line.what, line.recipient) == (Sent.PUBLIC_WORDS, "everybody")
    assert line.consent_id == shown.consent_id


@pytest.fixture
def drafted(moot, made):
    member = moot.guest(made)
    with moot.node.begin(sealed=True) as tx:
        hand = pick_up(moot.node, tx, made.reference, member)
        chain = log.chain(moot.node, tx, hand.case.id)
        agreeing.agree(hand, chain, Purpose.SHARE_WITH_NODE, CEDAR)
        chain.write()
    return handovers.draft(moot.node, made.reference, CEDAR, by=moot["cleo"])


def test_a_hand_over_discloses_the_offer_and_then_the_case(moot, made, drafted):
    handovers.offer(moot.node, drafted, by=moot["cleo"], gate=lambda _: None)
    promised = Acceptance(name="Rowan", answer_by=moot.node.now(), rules="1")
    handovers.accepted(moot.node, drafted, promised)
    moot.village.pass_time(minutes=1)
    handovers.delivered(moot.node, drafted)

    case, offer = seen(moot, made).disclosures

    assert (offer.what, case.what) == (Sent.OFFER, Sent.CASE)
    assert {offer.recipient, case.recipient} == {CEDAR}
    assert offer.consent_id == case.consent_id
    assert moot.kinds(made)[-3:] == ["disclosure", "disclosure", "status"]


def test_what_the_gate_holds_back_is_no_disclosure(moot, made, drafted):
    with pytest.raises(NoAgreement):
        handovers.offer(moot.node, drafted, by=moot["cleo"])

    assert seen(moot, made).disclosures == ()
    assert "disclosure" not in moot.kinds(made)
