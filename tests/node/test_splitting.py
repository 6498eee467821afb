"""One message, several matters: split at triage, told, kept honest, and undone."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from governance.cases import Act, Priority, State
from governance.consent import Purpose
from governance.errors import (
    ConsentMissing,
    IdempotencyMismatch,
    NotFound,
    NotYours,
    WrongState,
)
from governance.pledges import PledgeKind, PledgeState
from governance.splits import PieceForeign, PieceKnown, PieceMissing
from governance.walls import Cause
from node import assignments, bonds, cases, consent, log, splitting, threads
from node.bonds import BondLine
from node.cases import folding
from node.intake import Audience
from node.models.cases import Case, CaseEvent
from node.models.consent import Consent
from node.models.pledges import Pledge
from node.models.submissions import Piece, Submission
from node.models.threads import Message
from node.models.walls import Wall
from node.splitting import Marked
from node.threads import Words
from tests.node.test_bonds import wall
from tests.support import publicly
from tests.support.members import Statements
from tests.support.publicly import stored
from tests.support.races import at_once

HEATING = "The heating has been off for three weeks."
LAMP = "And the lamp in Elm Street\r\nhas been broken since May. 🏚"
STORY = f"{HEATING}\r\n{LAMP}\r\nPlease help."
MAIL = "ada@mailbox.example"


def tell(moot, **given):
    return moot.tell(**{"text": STORY, "contact": MAIL, **given})


def split(moot, made, *pieces, who="iris", token=None):
    marked = Marked(token or uuid4(), pieces or (LAMP,))
    return splitting.split(moot.node, made.reference, marked, by=moot[who])


def piece_of(moot, made, *pieces):
    """Split a case, and return the new one as its row is."""
    (reference,) = split(moot, made, *pieces).references
    return row(moot, reference)


def row(moot, reference):
    with moot.node.read() as tx:
        return tx.scalars(select(Case).where(Case.reference == reference)).one()


def parts(moot, made, by):
    return splitting.parts_of(moot.node, made.reference, by=by)


def undo(moot, made, who="iris"):
    (line,) = parts(moot, made, moot[who]).pieces
    return splitting.undo(moot.node, made.reference, line.id, by=moot[who])


def guest_of(moot, made):
    """Return whoever opens the new case by the link that stands at the first one."""
    (line,) = parts(moot, made, moot.guest(made)).pieces
    found = cases.link_visitor(moot.node, line.path.removeprefix("/c/"))
    assert found is not None
    return found


def promised(moot, case_id):
    with moot.node.read() as tx:
        rows = tx.scalars(select(Pledge).where(Pledge.case_id == case_id)).all()
    return {
        it.kind: (it.need_minutes, it.started_at, it.due_at, it.rule, it.rules)
        for it in rows
        if it.kind is not PledgeKind.ACKNOWLEDGE
    }


def entries(moot, case_id):
    """Return kind, role and fields of every entry of a chain; every one holds."""
    found = publicly.entries(moot.node, case_id)
    return [(it.kind, it.role, dict(it.disclosed)) for it in found]


@pytest.mark.capability("5.46", "1.9")
def test_a_marked_part_becomes_a_case_of_its_own_that_waits_for_triage(moot):
    made = tell(moot)

    new = piece_of(moot, made)

    assert (new.state, new.topic, new.priority) == (State.RECEIVED, "unsorted", None)
    first = cases.triage_next(moot.node, by=moot["iris"])
    assert (first.reference, first.waiting) == (made.reference, 2)
    assert first.story == STORY
    moot.triage(made)
    second = cases.triage_next(moot.node, by=moot["iris"])
    assert (second.reference, second.story) == (new.reference, LAMP)
    assert list(folding.verify(moot.node)) == []


def test_what_was_told_stays_byte_for_byte_what_it_was(moot):
    made = tell(moot)
    with moot.node.read() as tx:
        before = tx.get_one(Submission, made.submission_id).text
    told = entries(moot, made.case_id)[0]

    split(moot, made)

    with moot.node.read() as tx:
        assert tx.get_one(Submission, made.submission_id).text == before
    assert entries(moot, made.case_id)[0] == told
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (view.story, view.state) == (STORY, State.RECEIVED)


@pytest.mark.parametrize("hours", [0, 5, 400])
def test_every_promise_counts_from_when_it_was_told_however_late_it_is_split(
    moot, hours
):
    made = tell(moot)
    moot.village.pass_time(hours=hours)

    new = piece_of(moot, made)

    assert promised(moot, new.id) == promised(moot, made.case_id)
    assert new.received_at == row(moot, made.reference).received_at
    assert new.next_due_at == row(moot, made.reference).next_due_at


def test_what_is_late_when_it_is_split_is_a_miss_of_both(moot):
    made = tell(moot)
    moot.village.pass_time(days=10)
    moot.village.work(moot.node)

    new = piece_of(moot, made)
    moot.village.work(moot.node)

    for case_id in (made.case_id, new.id):
        with moot.node.read() as tx:
            rows = tx.scalars(select(Pledge).where(Pledge.case_id == case_id))
            late = {it.kind: it.state for it in rows}
        assert late[PledgeKind.TRIAGE] is PledgeState.OVERDUE
        assert late[PledgeKind.FIRST_RESPONSE] is PledgeState.OVERDUE


def test_the_desk_answers_for_it_in_both_chains_and_never_the_member(moot):
    made = tell(moot)

    new = piece_of(moot, made)

    said = entries(moot, new.id)
    assert [kind for kind, _, _ in said if kind != "pledge"] == [
        "submission", "claim", "status", "ack",
    ]  # fmt: skip
    assert {role for _, role, _ in said} == {"advocate", "coordinator", "node"}
    assert said[0][2] == {"text": LAMP, "channel": "web"}
    assert said[2][2] == {"action": "part_of", "reason": made.reference}
    kind, role, fields = entries(moot, made.case_id)[-1]
    assert (kind, role) == ("status", "coordinator")
    assert fields == {"action": "split", "reason": new.reference}
    with moot.node.read() as tx:
        (event,) = tx.scalars(select(CaseEvent).where(CaseEvent.case_id == new.id))
        assert (event.act, event.actor_id) == (Act.SUBMIT, moot.ids["iris"])
    assert list(log.fsck(moot.node)) == []


def test_its_member_reads_in_both_cases_that_the_desk_did_it(moot):
    made = tell(moot)
    new = piece_of(moot, made)

    old = cases.view(moot.node, made.reference, by=moot.guest(made))
    own = cases.view(moot.node, new.reference, by=guest_of(moot, made))

    last, first = old.timeline[-1], own.timeline[0]
    assert (last.kind, last.name, last.other) == ("split", "Iris", new.reference)
    assert (first.kind, first.who, first.name) == ("piece", "advocate", "Iris")
    assert (first.text, first.other) == (LAMP, made.reference)
    assert own.part.value == "member"


def test_its_member_is_told_by_mail_with_the_reference_and_none_of_the_words(moot):
    made = tell(moot)
    moot.village.work(moot.node)

    new = piece_of(moot, made)
    moot.village.work(moot.node)

    to, mail = moot.village.mails[-1]
    assert to == MAIL
    text = mail.get_content()
    assert new.reference in text
    assert made.reference in mail["Subject"]
    assert "lamp" not in str(mail)


def test_who_agreed_to_no_mail_gets_none_and_finds_it_in_the_case(moot):
    made = tell(moot)
    by = moot.guest(made)
    given = cases.view(moot.node, made.reference, by=by).consents
    (mail,) = (it for it in given if it.purpose is Purpose.CONTACT_CASE)
    consent.revoke(moot.node, made.reference, mail.id, by=by)
    moot.village.work(moot.node)
    before = len(moot.village.mails)

    new = piece_of(moot, made)
    moot.village.work(moot.node)

    assert len(moot.village.mails) == before
    assert parts(moot, made, by).pieces[0].reference == new.reference
    theirs = cases.view(moot.node, new.reference, by=guest_of(moot, made))
    assert [it.purpose for it in theirs.consents] == [Purpose.HANDLE_CASE]


@pytest.mark.parametrize("audience", Audience)
def test_what_was_agreed_to_and_who_may_see_it_is_the_same(moot, audience):
    made = tell(moot, audience=audience)
    new = piece_of(moot, made)

    old = cases.view(moot.node, made.reference, by=moot.guest(made))
    own = cases.view(moot.node, new.reference, by=guest_of(moot, made))

    def agreed(view):
        return [(it.purpose, it.recipient, it.given_at) for it in view.consents]

    assert agreed(own) == agreed(old)
    assert [it.part for it in own.seen_by] == [it.part for it in old.seen_by]


def test_stopping_a_consent_in_one_case_does_not_stop_it_in_the_other(moot):
    made = tell(moot)
    new = piece_of(moot, made)
    by = guest_of(moot, made)
    first = cases.view(moot.node, new.reference, by=by).consents[0]

    consent.revoke(moot.node, new.reference, first.id, by=by)

    moot.triage(made)
    assert cases.view(moot.node, made.reference, by=moot["iris"])
    with pytest.raises(NotFound):
        cases.view(moot.node, new.reference, by=moot["iris"])


def test_the_link_of_the_part_opens_the_part_alone(moot):
    made = tell(moot)
    new = piece_of(moot, made)

    by = guest_of(moot, made)

    assert cases.view(moot.node, new.reference, by=by).reference == new.reference
    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=by)
    assert parts(moot, new, by).origin.path == ""
    assert parts(moot, new, by).origin.reference == made.reference


def test_a_member_has_both_among_their_own(moot):
    made = tell(moot, by=moot["ada"])

    new = piece_of(moot, made)

    mine = cases.mine(moot.node, by=moot["ada"])
    assert {it.reference for it in mine.open} == {made.reference, new.reference}
    (line,) = parts(moot, made, moot["ada"]).pieces
    assert (line.path, line.yours) == (f"/cases/{new.reference}", False)


def test_whoever_must_not_know_of_the_whole_must_not_know_of_the_part(moot):
    made = tell(moot, audience=Audience.ADVOCATES)
    wall(moot, made, "cleo")
    with moot.node.begin() as tx:
        lifted = tx.scalars(select(Wall)).one()
        second = Wall(
            **{name: getattr(lifted, name) for name in Wall.__table__.columns.keys()}  # noqa: SIM118 - a collection of columns
        )
        second.id, second.person_id, second.stands = uuid4(), moot.ids["eve"], False
        second.cause, second.lifted_at = Cause.INTEREST, moot.node.now()
        tx.add(second)

    new = piece_of(moot, made)

    with moot.node.read() as tx:
        rows = tx.scalars(select(Wall).where(Wall.case_id == new.id)).all()
        found = {(it.person_id, it.cause, it.stands) for it in rows}
    assert found == {
        (moot.ids["cleo"], Cause.CHALLENGE, True),
        (moot.ids["eve"], Cause.INTEREST, False),
    }
    moot.triage(made)
    cases.triage(
        moot.node,
        new.reference,
        cases.TriageChoice(
            kind=new.kind, topic="services", priority=Priority.NORMAL, area=None
        ),
        by=moot["iris"],
    )
    for reference in (made.reference, new.reference):
        with pytest.raises(NotFound):
            assignments.take(moot.node, reference, by=moot["cleo"])
    assert assignments.take_next(moot.node, by=moot["cleo"]) is None


def test_a_part_that_is_walled_off_later_is_in_no_line_of_the_whole(moot):
    made = tell(moot)
    new = piece_of(moot, made)
    wall(moot, SimpleNamespace(case_id=new.id), "olga")
    moot.triage(made)

    shown = cases.view(moot.node, made.reference, by=moot["olga"])

    assert parts(moot, made, moot["olga"]).pieces == ()
    assert new.reference not in repr(shown)
    assert len(parts(moot, made, moot["iris"]).pieces) == 1


def test_whoever_works_on_one_reads_that_there_is_another_and_no_more(moot):
    made = tell(moot)
    new = piece_of(moot, made)
    moot.triage(made)
    assignments.take(moot.node, made.reference, by=moot["cleo"])

    (line,) = parts(moot, made, moot["cleo"]).pieces

    assert (line.reference, line.title, line.state) == (new.reference, "", None)
    assert (line.path, line.yours) == ("", False)
    with pytest.raises(NotFound):
        parts(moot, new, moot["cleo"])


@pytest.mark.parametrize(
    ("pieces", "refusal"),
    [
        (("The lamp is fine.",), PieceForeign),
        (("  \r\n",), PieceMissing),
        ((STORY,), PieceKnown),
        ((LAMP, LAMP), PieceKnown),
        ((LAMP, "Not said."), PieceForeign),
    ],
)
def test_what_is_no_piece_of_it_makes_no_case(moot, pieces, refusal):
    made = tell(moot)
    size = moot.size()

    with pytest.raises(refusal):
        split(moot, made, *pieces)

    assert moot.size() == size
    assert stored(moot.node, Case.reference) == [made.reference]


def test_no_words_are_split_off_twice_until_they_were_put_back(moot):
    made = tell(moot)
    first = piece_of(moot, made)
    with pytest.raises(PieceKnown):
        split(moot, made)

    undo(moot, made)

    assert piece_of(moot, made).reference != first.reference


def test_several_pieces_are_several_cases_at_once(moot):
    made = tell(moot)

    done = split(moot, made, LAMP, HEATING)

    stories = []
    for line in parts(moot, made, moot.guest(made)).pieces:
        by = cases.link_visitor(moot.node, line.path.removeprefix("/c/"))
        stories.append(cases.view(moot.node, line.reference, by=by).story)
    assert stories == [LAMP, HEATING]
    assert len(set(done.references)) == 2


def test_the_same_token_splits_once(moot):
    made, token = tell(moot), uuid4()

    first = split(moot, made, token=token)
    size = moot.size()
    second = split(moot, made, token=token)

    assert (second.references, second.again) == (first.references, True)
    assert moot.size() == size


@pytest.mark.parametrize("other", ["words", "person", "case"])
def test_a_token_that_was_used_for_something_else_is_refused(moot, other):
    made, token = tell(moot), uuid4()
    split(moot, made, token=token)

    case = tell(moot) if other == "case" else made
    words = HEATING if other == "words" else LAMP
    who = "olga" if other == "person" else "iris"

    with pytest.raises(IdempotencyMismatch):
        split(moot, case, words, token=token, who=who)


def test_two_who_split_at_once_make_one_case(moot):
    made, token = tell(moot), uuid4()

    done = at_once(
        moot.node,
        made.case_id,
        lambda who: split(moot, made, token=token, who=who).references,
        ["iris", "iris"],
    )

    assert len(set(done)) == 1
    assert len(stored(moot.node, Piece.id)) == 1


@pytest.mark.parametrize("who", ["cleo", "ben", "dov", "finn"])
def test_whoever_does_not_triage_splits_nothing(moot, who):
    made = tell(moot)

    with pytest.raises(NotFound):
        split(moot, made, who=who)


def test_its_member_does_not_split_it_as_the_desk(moot):
    made = tell(moot)
    marked = Marked(uuid4(), (LAMP,))

    with pytest.raises(NotYours):
        splitting.split(moot.node, made.reference, marked, by=moot.guest(made))
    own = tell(moot, by=moot["iris"])
    with pytest.raises(NotYours):
        split(moot, own)


@pytest.mark.parametrize("state", [State.QUEUED, State.WORKING, State.DISCARDED])
def test_only_what_waits_for_triage_is_split(moot, state):
    made = tell(moot)
    moot.bring(made, state)

    with pytest.raises(WrongState):
        split(moot, made)


def test_without_consent_that_anybody_works_on_it_nothing_is_split(moot):
    made = tell(moot)
    with moot.node.begin() as tx:
        works = (Consent.case_id == made.case_id, Consent.purpose == "handle_case")
        tx.scalars(select(Consent).where(*works)).one().valid_until = moot.node.now()
    moot.village.pass_time(minutes=1)

    with pytest.raises(ConsentMissing):
        split(moot, made)


def linked(moot, reference) -> tuple[BondLine, ...]:
    return bonds.bonds_of(moot.node, reference, by=moot["iris"])


def test_the_desk_sees_how_they_hang_together(moot):
    made = tell(moot)

    new = piece_of(moot, made)

    (line,) = linked(moot, new.reference)
    assert (line.reference, line.kind, line.first) == (made.reference, "part_of", True)
    assert (line.merged, line.by_name) == (False, "Iris")


def cells(moot, *case_ids):
    """Return every row of some cases that could be looked at or answered."""
    found = {}
    with moot.node.read() as tx:
        for model, column in (
            (Case, Case.id), (CaseEvent, CaseEvent.case_id),
            (Pledge, Pledge.case_id), (Message, Message.case_id),
            (Submission, Submission.case_id), (Wall, Wall.case_id),
        ):  # fmt: skip
            names = model.__table__.columns.keys()
            rows = tx.scalars(select(model).where(column.in_(case_ids)))
            found[model] = sorted(
                [tuple(getattr(it, name) for name in names) for it in rows], key=repr
            )
    return found


def test_splitting_and_putting_together_leaves_everything_as_it_was(moot):
    made = tell(moot)
    before = cells(moot, made.case_id)
    waiting = cases.triage_next(moot.node, by=moot["iris"])

    new = piece_of(moot, made)
    assert cells(moot, made.case_id) == before
    undo(moot, made)

    assert cells(moot, made.case_id) == before
    assert cases.triage_next(moot.node, by=moot["iris"]) == waiting
    assert linked(moot, made.reference) == ()
    assert row(moot, new.reference).state is State.DISCARDED
    with moot.node.read() as tx:
        open_ones = select(Pledge.kind).where(
            Pledge.case_id == new.id, Pledge.state == PledgeState.RUNNING
        )
        assert tx.scalars(open_ones).all() == []
    assert list(folding.verify(moot.node)) == []
    assert list(log.fsck(moot.node)) == []


def test_putting_together_is_said_in_both_and_told_to_the_member(moot):
    made = tell(moot)
    new = piece_of(moot, made)
    by = guest_of(moot, made)

    undo(moot, made)
    moot.village.work(moot.node)

    old = cases.view(moot.node, made.reference, by=moot.guest(made))
    own = cases.view(moot.node, new.reference, by=by)
    assert (old.timeline[-1].kind, old.timeline[-1].other) == ("unsplit", new.reference)
    assert own.timeline[-1].act is Act.DISCARD
    assert own.timeline[-1].reason
    assert new.reference in moot.village.mails[-1][1].get_content()
    (line,) = parts(moot, made, moot.guest(made)).pieces
    assert line.undone


def test_putting_together_twice_is_once_and_works_from_either_end(moot):
    made = tell(moot)
    new = piece_of(moot, made)
    line = parts(moot, new, moot["iris"]).origin
    assert line.yours
    splitting.undo(moot.node, new.reference, line.id, by=moot["iris"])
    size = moot.size()

    splitting.undo(moot.node, made.reference, line.id, by=moot["iris"])

    assert moot.size() == size


def test_what_was_put_together_waits_for_a_second_person_like_all_that_is_set_aside(
    moot,
):
    made = tell(moot)
    new = piece_of(moot, made)

    undo(moot, made)

    (mine,) = cases.set_aside(moot.node, by=moot["iris"])
    (theirs,) = cases.set_aside(moot.node, by=moot["olga"])
    assert (mine.reference, mine.yours) == (new.reference, False)
    assert theirs.yours


def test_its_member_can_insist_on_a_case_of_its_own(moot):
    made = tell(moot)
    new = piece_of(moot, made)
    by = guest_of(moot, made)
    undo(moot, made)

    cases.restore(moot.node, new.reference, by=by)

    assert row(moot, new.reference).state is State.RECEIVED
    (line,) = parts(moot, made, moot["iris"]).pieces
    assert (line.undone, line.yours) == (False, False)
    with pytest.raises(PieceKnown):
        split(moot, made)


@pytest.mark.parametrize("done", ["triaged", "written"])
def test_what_somebody_looked_after_is_not_put_together_any_more(moot, done):
    made = tell(moot)
    new = piece_of(moot, made)
    line = parts(moot, made, moot["iris"]).pieces[0]
    if done == "triaged":
        choice = cases.TriageChoice(
            kind=new.kind, topic="services", priority=Priority.NORMAL, area=None
        )
        cases.triage(moot.node, new.reference, choice, by=moot["iris"])
    else:
        words = Words(uuid4(), "It flickers at night.")
        by = guest_of(moot, made)
        threads.write(moot.node, new.reference, words, by=by)

    with pytest.raises(WrongState):
        splitting.undo(moot.node, made.reference, line.id, by=moot["iris"])


def test_nobody_puts_together_what_they_could_not_split(moot):
    made = tell(moot)
    split(moot, made)
    (line,) = parts(moot, made, moot["iris"]).pieces

    for who in ("cleo", "dov"):
        with pytest.raises(NotFound):
            splitting.undo(moot.node, made.reference, line.id, by=moot[who])
    with pytest.raises(NotYours):
        splitting.undo(moot.node, made.reference, line.id, by=moot.guest(made))
    with pytest.raises(NotFound):
        splitting.undo(moot.node, made.reference, UUID(int=1), by=moot["iris"])
    with pytest.raises(NotFound):
        splitting.undo(moot.node, tell(moot).reference, line.id, by=moot["iris"])


def test_after_the_split_each_case_goes_its_own_way(moot):
    made = tell(moot)
    new = piece_of(moot, made)
    by = guest_of(moot, made)

    cases.withdraw(moot.node, made.reference, by=moot.guest(made))

    assert row(moot, new.reference).state is State.RECEIVED
    moot.village.pass_time(hours=1)
    words = Words(uuid4(), "The lamp still flickers.")
    threads.write(moot.node, new.reference, words, by=by)
    view = cases.view(moot.node, new.reference, by=by)
    assert view.timeline[-1].text == "The lamp still flickers."
    assert moot.node.now() - view.received_at > timedelta(minutes=59)


def test_more_parts_ask_no_more_of_the_database(moot):
    made, counts = tell(moot), []
    guest = moot.guest(made)
    for piece in (HEATING, LAMP):
        split(moot, made, piece)
        with Statements(moot.node) as said:
            view = cases.view(moot.node, made.reference, by=guest)
        counts.append((len(said), [one.kind for one in view.timeline].count("split")))

    assert counts == [(counts[0][0], 1), (counts[0][0], 2)]
