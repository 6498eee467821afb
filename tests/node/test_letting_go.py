"""Files of a closed case: told before they go, gone for good, or kept on request."""

import shutil
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from governance.cases import State
from governance.consent import Purpose, Standing
from governance.errors import NotFound
from governance.retention import CaseRests, Choice
from node import (
    attachments,
    cases,
    consent,
    consent_records,
    erasing,
    file_days,
    holding,
    keeping,
    letting_go,
    log,
    resolutions,
    restricting,
    threads,
)
from node.cases import folding
from node.erasing import Level
from node.files import store
from node.keeping import Chosen
from node.models.files import Attachment
from node.models.jobs import Job
from node.models.retention import FileDays, FilesGone
from node.models.vault import ContentKey
from node.threads import Words
from tests.support import members
from tests.support.erased import erase, left, put_back, settle, tombstones, wish
from tests.support.pictures import PDF, upload
from tests.support.publicly import stored

MAIL = "ada@mailbox.example"


@pytest.fixture
def made(moot):
    """A closed case with two files."""
    made = moot.tell(by=moot["ada"], contact=MAIL)
    moot.bring(made, State.WORKING)
    files = upload(PDF, "canary letter.pdf"), upload(b"A note.", "note.txt")
    words = Words(uuid4(), "See these.", files=files)
    threads.write(moot.node, made.reference, words, by=moot["ada"])
    moot.act(made, "resolve", moot["cleo"], text="It is repaired.")
    moot.act(made, "confirm", moot["ada"], answer="solved")
    moot.village.work(moot.node)
    return made


def choose(moot, made, *, files=False):
    chosen = Chosen(Choice.KEEP, files=files)
    keeping.choose(moot.node, made.reference, chosen, by=moot["ada"])


def show(moot, made):
    return keeping.show(moot.node, made.reference, by=moot["ada"]).files


def view(moot, made):
    return cases.view(moot.node, made.reference, by=moot["ada"])


def shown(moot, made):
    return [one.file for one in view(moot, made).timeline if one.file]


def went(moot, made):
    found = view(moot, made).timeline
    return [one for one in found if one.kind == "files_gone"]


def days(moot, count):
    """Let days pass, some at a time, with the worker at it."""
    for _ in range(count // 5):
        moot.village.pass_time(days=5)
        moot.village.work(moot.node)


def told(moot):
    return [mail for _, mail in moot.village.mails if "The files" in mail["Subject"]]


def sealed(node):
    folder = node.settings.data / "files"
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.capability("5.17")
def test_files_go_half_a_year_after_closing_and_the_case_stays(moot, made):
    days(moot, 100)
    choose(moot, made)
    closed = view(moot, made).closed_at
    first = shown(moot, made)[0].id
    by = moot["ada"]
    assert (show(moot, made).number, show(moot, made).kept) == (2, False)
    assert show(moot, made).go_at == closed + timedelta(days=180)

    days(moot, 75)
    assert len(shown(moot, made)) == 2
    days(moot, 10)

    assert shown(moot, made) == []
    (line,) = went(moot, made)
    assert (line.number, line.who, line.seal is not None) == (2, "node", True)
    assert line.at >= closed + timedelta(days=180)
    assert show(moot, made) is None
    assert "See these." in {one.text for one in view(moot, made).timeline}
    with pytest.raises(NotFound):
        attachments.opened(moot.node, first, by=by)


def test_what_went_is_in_no_store_and_everything_still_holds(moot, made):
    first = shown(moot, made)[0].id
    secret = {"sealed bytes": store.of(moot.node).get(store.path(first))}
    with moot.node.read() as tx:
        secret["name"] = tx.get_one(Attachment, first).name
        secret["wrapped"] = tx.get_one(ContentKey, ("file", first)).wrapped
    settle(moot)
    assert len(left(moot.node, secret)) >= 3

    choose(moot, made)
    days(moot, 190)
    settle(moot)

    assert left(moot.node, secret) == set()
    assert sealed(moot.node) == []
    assert [one.body["basis"] for one in tombstones(moot)] == ["rule", "rule"]
    assert list(folding.verify(moot.node)) == []
    assert list(log.fsck(moot.node)) == []
    assert moot.entries(made)[-1].kind == "status"


def test_its_member_is_told_a_month_before_and_the_link_opens_the_case(moot, made):
    choose(moot, made)
    days(moot, 145)
    assert told(moot) == []
    days(moot, 10)

    (mail,) = told(moot)
    body = mail.get_content()
    assert f"{show(moot, made).go_at:%Y-%m-%d}" in body
    assert "letter" not in body
    link = body.split("/c/")[1].split()[0]
    assert cases.open_link(moot.node, link).reference == made.reference
    days(moot, 40)
    assert len(told(moot)) == 1


def test_files_that_its_member_asks_to_keep_stay_until_it_is_asked_again(moot, made):
    choose(moot, made)
    days(moot, 155)
    choose(moot, made, files=True)
    assert (show(moot, made).kept, show(moot, made).go_at) == (True, None)
    found = consent_records.records(moot.node, made.reference, by=moot["ada"])
    (held,) = (it for it in found if it.purpose is Purpose.KEEP_AFTER_CLOSE and it.held)
    assert held.recipient == keeping.WITH_FILES

    days(moot, 360)
    assert len(shown(moot, made)) == 2

    days(moot, 10)
    again = moot.node.now()
    choose(moot, made)
    assert show(moot, made).go_at - again > timedelta(days=170)


def test_a_consent_to_keep_files_says_so_and_names_nobody_who_gets_them(moot, made):
    choose(moot, made, files=True)
    by = moot["ada"]
    found = consent_records.records(moot.node, made.reference, by=by)
    (row,) = (it for it in found if it.purpose is Purpose.KEEP_AFTER_CLOSE and it.held)

    exported = consent_records.receipt(moot.node, made.reference, row.id, by=by)

    assert "and its files" in exported["dpv:hasNotice"]["fm:text"]
    assert exported["dpv:hasRecipient"] == []


def test_taking_back_that_files_are_kept_lets_them_go_after_a_last_word(moot, made):
    choose(moot, made, files=True)
    days(moot, 200)
    by = moot["ada"]
    found = consent_records.records(moot.node, made.reference, by=by)
    (row,) = (it for it in found if it.purpose is Purpose.KEEP_AFTER_CLOSE and it.held)

    consent.revoke(moot.node, made.reference, row.id, by=by)

    assert not show(moot, made).kept
    days(moot, 5)
    assert len(told(moot)) == 1
    assert len(shown(moot, made)) == 2
    days(moot, 35)
    assert shown(moot, made) == []
    assert view(moot, made).state is State.CLOSED


def test_a_hold_keeps_files_and_they_go_when_it_is_over(moot, made):
    choose(moot, made)
    days(moot, 160)
    end = moot.node.now() + timedelta(days=100)
    id_ = holding.put_up(moot.node, made.reference, "A court.", end, by=moot["dov"])
    vera = members.join(moot.node, "vera@ash.example", "steward")
    holding.agree(moot.node, id_, by=members.visitor(moot.node, vera, "Vera"))

    days(moot, 95)
    assert len(shown(moot, made)) == 2

    days(moot, 15)
    assert shown(moot, made) == []


def test_a_case_that_rests_keeps_its_files(moot, made):
    choose(moot, made)
    restricting.restrict(moot.node, made.reference, by=moot["ada"])
    days(moot, 200)
    assert len(shown(moot, made)) == 2
    with pytest.raises(CaseRests):
        letting_go.due(moot.node, str(made.case_id))

    restricting.lift(moot.node, made.reference, by=moot["ada"])
    days(moot, 5)
    assert len(told(moot)) == 1
    days(moot, 35)
    assert shown(moot, made) == []


def test_a_case_that_is_opened_again_keeps_its_files_and_counts_anew(moot, made):
    choose(moot, made)
    days(moot, 80)
    resolutions.reopen(moot.node, made.reference, by=moot["ada"])
    assert stored(moot.node, FileDays.case_id) == []
    days(moot, 120)

    assert len(shown(moot, made)) == 2
    assert told(moot) == []


def test_what_is_due_twice_is_done_once(moot, made):
    choose(moot, made)
    moot.village.pass_time(days=151)
    for _ in range(2):
        letting_go.due(moot.node, str(made.case_id))
    moot.village.pass_time(days=31)
    for _ in range(2):
        letting_go.due(moot.node, str(made.case_id))

    assert len(went(moot, made)) == 1
    letting_go.due(moot.node, str(uuid4()))


def test_work_that_comes_too_early_comes_back_on_its_day(moot, made):
    choose(moot, made)
    with moot.node.begin() as tx:
        mine = Job.kind == letting_go.JOB
        for row in tx.scalars(select(Job).where(mine)).all():
            tx.delete(row)

    letting_go.due(moot.node, str(made.case_id))

    assert told(moot) == []
    days(moot, 190)
    assert len(told(moot)) == len(went(moot, made)) == 1


def test_a_case_without_files_waits_for_nothing(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.CLOSED)

    assert stored(moot.node, FileDays.case_id) == []
    with moot.node.read() as tx:
        kinds = select(func.count()).select_from(Job).where(Job.kind == letting_go.JOB)
        assert tx.scalar(kinds) == 0
    assert show(moot, made) is None


def test_files_that_their_member_erased_before_are_not_let_go_again(moot, made):
    for one in [one for one in view(moot, made).timeline if one.file]:
        erase(moot, made, wish(Level.CONTENT, one.seq), by=moot["ada"])
    choose(moot, made)
    days(moot, 190)

    assert went(moot, made) == []
    assert show(moot, made) is None


def test_erasing_the_case_takes_the_note_of_what_went_along(moot, made):
    choose(moot, made)
    days(moot, 190)

    erase(moot, made, wish(Level.CHAIN, 0), by=moot["ada"])

    assert stored(moot.node, FilesGone.number) == []


# Only there the copy of a folder holds the database.
@pytest.mark.parametrize("moot", ["sqlite"], indirect=True)
def test_a_restore_from_before_brings_no_file_back(moot, made, tmp_path):
    choose(moot, made)
    moot.node.database.close()
    shutil.copytree(moot.node.settings.data, tmp_path / "copy")
    days(moot, 190)
    assert went(moot, made)
    moot.node.database.close()
    put_back(moot.node, tmp_path / "copy")
    assert len(shown(moot, made)) == 2

    assert erasing.replay(moot.node) == 2

    assert shown(moot, made) == []


def test_a_line_about_files_is_of_closed_cases_alone(moot, made):
    with moot.node.read() as tx:
        assert file_days.number(tx, made.case_id) == 2
    other = moot.tell(by=moot["ada"])
    assert show(moot, other) is None
    assert Standing.GIVEN in {one.state for one in records(moot, made)}


def records(moot, made):
    return consent_records.records(moot.node, made.reference, by=moot["ada"])
