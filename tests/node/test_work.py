from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.assignments import Method
from governance.cases import Kind as CaseKind
from governance.cases import Priority, State
from governance.data_requests import Kind
from governance.notices import Family, Pace
from governance.plans import Owner
from governance.retention import Choice
from governance.rubric import Finding
from governance.walls import InterestKind
from node import (
    access,
    accounts,
    actors,
    attachments,
    cases,
    data_requests,
    ending,
    feedback,
    files,
    interests,
    jobs,
    keeping,
    ladder,
    later,
    leaving,
    log,
    marking,
    notes,
    peers,
    plans,
    preferences,
    releases,
    retention,
    reviews,
    rotation,
    suggesting,
    teams,
    threads,
    tidying,
    work,
)
from node.accepting import accept
from node.access import breaches
from node.cases import TriageChoice, confirming
from node.core import Collision
from node.database import Model
from node.erasing import Level, Wish
from node.feedback import Prepared
from node.hearing import Wishes
from node.jobs import LEASE, Asked
from node.keeping import Chosen
from node.log import exporting
from node.models.jobs import Job
from node.models.peers import Peer
from node.models.pledges import Pledge
from node.notes import Noted
from node.plans import NewStep
from node.teams import Described, Place
from node.threads import Words
from node.together import marks
from node.witness import warning
from tests.node.test_absences import away
from tests.node.test_feedback import closed, give
from tests.support import members, pictures
from tests.support.cast import moot_like, moot_on
from tests.support.drafts import draft, mail
from tests.support.engines import ENGINES, server_of
from tests.support.erased import erase
from tests.support.members import HERE
from tests.support.neighbours import following

MAIL = "ada.lovelace@mailbox.example"
LIFT = "lin@mailbox.example"


@pytest.fixture
def busy(moot, tmp_path):
    """A community that owes one of every kind of work."""
    with owing(moot, tmp_path) as busy:
        yield busy


@pytest.fixture(scope="module", params=ENGINES)
def after(request, tmp_path_factory):
    """The busy community a month later, for copies, and the server it is on."""
    folder, server = tmp_path_factory.mktemp("after"), server_of(request)
    with moot_on(server, folder) as moot, owing(moot, folder) as busy:
        work.sweep(busy.node)
        busy.village.pass_time(days=30)
        log.publish(busy.node, at=busy.node.now())
        busy.node.database.close()
        yield busy, server


@contextmanager
def owing(moot, folder):
    with following(moot, folder / "birch") as birch:
        with moot.node.begin() as tx:
            actors.ask(moot.node, tx, "test")
            peers.ask(moot.node, tx, f"{birch.settings.origin}/ap/node")
            peers.meet(moot.node, tx, birch.settings.origin)
            known = tx.get_one(Peer, birch.settings.origin)
            known.review_at = moot.node.now() + timedelta(days=7)
            reviews.plan(moot.node, tx, known)
        settings = replace(moot.node.settings, ledger_export=str(folder / "out"))
        moot = replace(moot, node=replace(moot.node, settings=settings))
        with moot.node.begin() as tx:
            exporting.ask(moot.node, tx, 8)
            warning.plan(moot.node, tx)
        rotation.ask(moot.node)
        ask(moot.node, f"{birch.settings.origin}/u/bob", kind=leaving.JOB)
        owe(moot)
        yield moot


def owe(moot):
    """Let people do what leaves work behind."""
    moot.tell(contact=MAIL)
    erase(moot, moot.tell(), Wish(level=Level.CONTENT, seq=0))
    accounts.ask_link(moot.node, "ben@ash.example", source=HERE)
    tidying.begin(moot.node)
    put_aside(moot, moot.tell())
    wait(moot)
    watch(moot)
    plan(moot)
    ask(moot.node, str(uuid4()), kind=files.JOB)
    ask(moot.node, str(uuid4()), kind=retention.JOINED)
    ask(moot.node, str(uuid4()), kind=confirming.JOB)
    ask(moot.node, str(uuid4()), kind=marks.JOB)
    danger(moot, moot.tell())
    accept(moot.node, draft(moot, mail("The lift is broken.", sender=LIFT)))
    sort(moot)
    danger(moot, moot.tell(), Finding.LOSS)
    made = closed(moot)
    give(moot, made)
    copy = Prepared("They were kind, and slow.", looked=True)
    feedback.prepare(moot.node, made.reference, copy, by=moot["iris"])
    moot.ids["hal"] = members.join(moot.node, "hal@ash.example")
    moot.tell(by=moot["hal"])
    ending.end(moot.node, by=moot["hal"])


def sort(moot):
    """Let somebody tell what a rule sorts by itself."""
    suggesting.change(moot.node, "work", {CaseKind.CLAIM: ["wages"]}, by=moot["iris"])
    marking.ask(moot.node, "work", CaseKind.CLAIM, ["today"], by=moot["iris"])
    marking.agree(moot.node, "work", "work.claim/2", by=moot["olga"])
    moot.tell(text="They keep back my wages.")


def danger(moot, made, found=Finding.DANGER):
    """Let triage find that somebody is in danger, or will lose their home."""
    choice = TriageChoice(
        kind=CaseKind.CLAIM,
        topic="housing",
        priority=Priority.URGENT,
        area=None,
        reason="He was threatened.",
        found=frozenset({found}),
    )
    cases.triage(moot.node, made.reference, choice, by=moot["iris"])


def plan(moot):
    """Let people say what shall happen, or what they want to hear, later."""
    keep(moot, moot.tell(by=moot["ada"]))
    made = moot.tell()
    moot.bring(made, State.WORKING)
    words, at = Words(uuid4(), "Tomorrow."), moot.node.now() + timedelta(days=1)
    later.schedule(moot.node, made.reference, words, at, by=moot["cleo"])
    away(moot, "eve", first=1)
    wishes = Wishes("Etc/UTC", 0, 0, {Family.REPLY: Pace.DAILY})
    preferences.save(moot.node, wishes, by=moot["ada"])
    theirs = moot.tell(by=moot["ada"])
    moot.bring(theirs, State.WORKING)
    notes.write(moot.node, theirs.reference, Noted(uuid4(), "Afraid."), by=moot["cleo"])
    releases.ask(moot.node, theirs.reference, by=moot["ada"])
    soon = moot.node.now().date() + timedelta(days=2)
    step = NewStep(uuid4(), "Write.", Owner.ADVOCATE, soon)
    plans.add(moot.node, theirs.reference, step, by=moot["cleo"])
    answer = Words(uuid4(), "We come tomorrow.")
    threads.reply(moot.node, theirs.reference, answer, by=moot["cleo"])


def keep(moot, made):
    """Let a member keep a closed case with a file."""
    by = moot["ada"]
    attachments.attach(moot.node, made.reference, pictures.upload(), by=by)
    moot.bring(made, State.WORKING)
    moot.act(made, "resolve", moot["cleo"], text="It is repaired.")
    moot.act(made, "confirm", by, answer="solved")
    keeping.choose(moot.node, made.reference, Chosen(Choice.KEEP), by=by)


def wait(moot):
    """Let cases wait for somebody: who was offered one, a lot, or their member."""
    moot.bring(moot.tell(), State.WAITING_MEMBER)
    moot.bring(moot.tell(), State.ASSIGNED)
    lots = Described("Lots", Method.LOTTERY)
    made = teams.create(moot.node, lots, by=moot["iris"])
    teams.place(moot.node, made, moot.ids["gus"], Place.MEMBER, by=moot["iris"])
    drawn = moot.tell()
    moot.triage(drawn)
    with moot.node.read() as tx:
        mine = select(Pledge.id).where(Pledge.case_id == drawn.case_id).limit(1)
        pledge = tx.scalars(mine).one()
    ask(moot.node, str(pledge), kind=ladder.STEP)


def watch(moot):
    """Let somebody look at a case as an exception, and what else has a clock."""
    made = moot.tell()
    moot.bring(made, State.WORKING)
    moot.ids["sam"] = members.join(moot.node, "sam@ash.example", "steward")
    asked = access.ask(moot.node, made.reference, "A threat.", by=moot["dov"])
    access.answer(moot.node, asked, agree=True, by=moot["sam"])
    cases.view(moot.node, made.reference, by=moot["dov"])
    breaches.report(moot.node, "A list was lost.", timedelta(), 4, by=moot["dov"])
    wish = data_requests.Wish(Kind.ACCESS, "Who wrote that note?")
    data_requests.ask(moot.node, wish, by=moot["ada"])
    answered = data_requests.ask(moot.node, wish, by=moot["finn"])
    said = data_requests.Answer("It was Cleo.")
    data_requests.settle(moot.node, answered, said, by=moot["dov"])
    interests.declare(moot.node, InterestKind.KIN, "Ada Lovelace", by=moot["eve"])


def put_aside(moot, made):
    """Set a case aside, and let a second person look at it."""
    cases.discard(moot.node, made.reference, "Empty.", by=moot["iris"])
    (found,) = cases.set_aside(moot.node, by=moot["olga"])
    cases.seen(moot.node, made.reference, found.proposal, by=moot["olga"])


@pytest.fixture
def errands(monkeypatch):
    """One more kind of work, which writes down whom it was done for."""
    done = []
    monkeypatch.setitem(
        work.KINDS, "errand", lambda _node, subject: done.append(subject)
    )
    return done


def ask(node, *subjects, kind="errand"):
    with node.begin() as tx:
        jobs.put(node, tx, *(Asked(kind, subject, node.now()) for subject in subjects))


def owed(node):
    with node.read() as tx:
        rows = tx.scalars(select(Job).where(Job.done_at.is_(None)).order_by(Job.id))
        return list(rows)


def everything(node):
    """Return all rows that mean something, to see whether anything changed."""
    left_out = {"job", "flush_mark"}
    tables = [one for one in Model.metadata.sorted_tables if one.name not in left_out]
    with node.read() as tx:
        return {
            table.name: sorted(map(str, tx.execute(select(table)))) for table in tables
        }


def test_every_kind_of_work_is_owed_by_somebody(busy):
    work.sweep(busy.node)
    with busy.node.read() as tx:
        kinds = set(tx.scalars(select(Job.kind)))

    assert kinds == set(work.KINDS)


@pytest.mark.parametrize("kind", sorted(work.KINDS))
def test_doing_work_twice_has_one_effect(after, kind, tmp_path):
    with moot_like(*after, tmp_path) as moot:
        with moot.node.read() as tx:
            jobs_ = tx.scalars(select(Job.subject).where(Job.kind == kind)).all()
        for subject in jobs_:
            work.KINDS[kind](moot.node, subject)
        before, mails = everything(moot.node), len(moot.village.mails)

        for subject in jobs_:
            work.KINDS[kind](moot.node, subject)

        assert jobs_
        assert everything(moot.node) == before
        assert len(moot.village.mails) == mails


def test_a_sweep_does_all_that_is_due_and_a_second_one_nothing(busy):
    first = work.sweep(busy.node)
    sent = len(busy.village.mails)

    second = work.sweep(busy.node)

    assert first > 0
    assert asked_for(busy) == ["ada.lovelace@mailbox.example", "ben@ash.example"]
    assert (second, len(busy.village.mails)) == (0, sent)


def test_sweeps_at_once_do_everything_once(busy):
    with ThreadPoolExecutor(3) as crowd:
        list(crowd.map(lambda _: work.sweep(busy.node), range(6)))

    assert asked_for(busy) == ["ada.lovelace@mailbox.example", "ben@ash.example"]


def asked_for(moot):
    """Return whom mail went to that they wait for: what they told, and a way in."""
    return sorted(to for to, _ in moot.village.mails if to in {MAIL, "ben@ash.example"})


def test_a_job_that_fails_hurts_no_other_and_says_only_its_kind_of_failure(
    moot, errands, monkeypatch, capsys
):
    def fail(_node, _subject):
        raise LookupError("Ada's words")

    monkeypatch.setitem(work.KINDS, "broken", fail)
    ask(moot.node, "bad", kind="broken")
    ask(moot.node, "good")

    work.sweep(moot.node)

    (left,) = [job for job in owed(moot.node) if job.kind == "broken"]
    assert errands == ["good"]
    assert (left.attempts, left.last_error) == (1, "LookupError")
    assert left.run_at > moot.node.now()
    assert "Ada's words" not in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("error", "problem"),
    [(jobs.Later("mail.refused"), "mail.refused"), (Collision("busy"), "collision")],
)
def test_what_is_not_possible_now_is_tried_later(moot, monkeypatch, error, problem):
    def refuse(_node, _subject):
        raise error

    monkeypatch.setitem(work.KINDS, "later", refuse)
    ask(moot.node, "one", kind="later")

    work.sweep(moot.node)

    (left,) = [job for job in owed(moot.node) if job.kind == "later"]
    assert (left.last_error, left.lease_until) == (problem, None)


def test_a_kind_nobody_knows_is_parked_after_its_attempts(moot):
    ask(moot.node, "one", kind="from another version")

    for _ in range(jobs.MOST_ATTEMPTS):
        work.sweep(moot.node)
        moot.village.pass_time(hours=2)

    (left,) = [job for job in owed(moot.node) if job.dead_at]
    assert left.last_error == "KeyError"


def test_a_worker_killed_in_the_middle_loses_nothing(moot, errands):
    ask(moot.node, "one", "two")
    killed = jobs.lease(moot.node, "killed")
    errands.append(killed[0].subject)

    before = work.run(moot.node)
    moot.village.pass_time(seconds=LEASE.total_seconds())
    after = work.run(moot.node)

    assert (before, after) == (0, 2)
    assert sorted(errands) == ["one", "one", "two"]


def test_a_slow_job_does_not_make_the_others_be_done_twice(moot, errands, monkeypatch):
    def dawdle(node, subject):
        moot.village.pass_time(seconds=20)
        if subject == "slow-2":
            # By now the lease of the batch is over, and another worker looks.
            work.run(node)

    monkeypatch.setitem(work.KINDS, "slow", dawdle)
    ask(moot.node, "slow-1", "slow-2", kind="slow")
    ask(moot.node, "quick")

    work.run(moot.node)

    assert errands == ["quick"]


def test_work_that_leaves_work_is_followed_up_at_once(moot, errands, monkeypatch):
    monkeypatch.setitem(work.KINDS, "parent", lambda node, _: ask(node, "child"))
    ask(moot.node, "any", kind="parent")

    work.sweep(moot.node)

    assert errands == ["child"]


def test_without_work_a_sweep_asks_and_writes_nothing(moot):
    work.sweep(moot.node)
    before = everything(moot.node)

    assert work.sweep(moot.node) == 0
    assert everything(moot.node) == before


def test_health_is_the_age_of_what_is_owed(moot):
    ask(moot.node, "one")

    well = work.health(moot.node)
    moot.village.pass_time(minutes=6)
    late = work.health(moot.node)

    assert (well.database, well.ledger, well.ready) == (True, True, True)
    assert (late.oldest_due, late.ready) == (timedelta(minutes=6), False)


def test_tidying_is_owed_once_however_often_it_is_begun(moot):
    tidying.begin(moot.node)
    tidying.begin(moot.node)
    work.sweep(moot.node)
    tidying.begin(moot.node)

    with moot.node.read() as tx:
        rows = tx.scalars(select(Job).where(Job.kind == tidying.JOB)).all()

    assert sorted(row.done_at is None for row in rows) == [False, True]


def test_tidying_comes_again_every_six_hours(moot):
    tidying.begin(moot.node)
    done = []
    for _ in range(9):
        work.sweep(moot.node)
        with moot.node.read() as tx:
            rows = select(Job).where(Job.kind == tidying.JOB, Job.done_at.is_not(None))
            done.append(len(tx.scalars(rows).all()))
        moot.village.pass_time(hours=3)

    assert done[0] == 1
    assert 4 <= done[-1] <= 5
