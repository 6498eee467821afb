"""A copy is a case: its entries stand in the ledger, and people act on it as on any."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from governance.cases import Act, State
from governance.pledges import PledgeState
from governance.resolutions import Answer
from ledger import entry
from node import (
    acting,
    cases,
    erasing,
    generate,
    log,
    resolutions,
    search,
    threads,
    vault,
)
from node.cases import folding, links
from node.erasing import Level, Wish
from node.ids import new_id
from node.log.chains import disclosure_place
from node.models.cases import Case
from node.models.jobs import Job
from node.models.log import (
    LedgerChain,
    LedgerDisclosure,
    LedgerEntry,
    LedgerOutbox,
    LedgerSeal,
)
from node.models.pledges import Pledge
from node.models.retention import Retention
from node.models.submissions import Submission
from node.search.index import index_of
from node.threads import Words
from tests.support.members import visitor

LIVED, ALL = 12, 36


@pytest.fixture
def crowd(moot):
    """A node in which a dozen cases were lived through, and each copied twice."""
    generate.generate(moot.node, members=4, number=LIVED, seed=3)
    copies = generate.Copies(moot.node, seed=3)
    copies.grow(ALL)
    return Crowd(moot, copies)


class Crowd:
    """What of it is a copy, and who has to do with that."""

    def __init__(self, moot, copies):
        self.moot, self.node = moot, moot.node
        self.lived = {one.case["id"] for one in copies.originals}

    def all(self, question):
        with self.node.read() as tx:
            return tx.scalars(question).all()

    def copies(self, *states):
        found = self.all(select(Case).order_by(Case.received_at))
        copied = [case for case in found if case.id not in self.lived]
        return [case for case in copied if not states or case.state in states]

    def again(self, case):
        return self.all(select(Case).where(Case.id == case.id))[0]

    def advocate(self, case):
        return visitor(self.node, case.responsible_id)

    def member(self, case):
        with self.node.read() as tx:
            link = links.standing(self.node, tx, case.id)
        return cases.link_visitor(self.node, link)

    def words(self, text):
        return Words(new_id(self.node), text)

    def verified(self):
        log.sequence(self.node)
        return [*log.fsck(self.node), *folding.verify(self.node)]


def test_the_ledger_and_the_fold_hold_with_all_copies_in_them(crowd):
    chains = Counter(crowd.all(select(LedgerSeal.case_id)))

    assert len(crowd.copies()) == ALL - LIVED
    assert min(chains[case.id] for case in crowd.copies()) >= 7
    assert crowd.all(select(LedgerOutbox.oid)) == []
    assert crowd.verified() == []


def test_copies_without_entries_are_listed_and_found_and_do_not_verify(moot):
    generate.generate(moot.node, members=4, number=LIVED, seed=3)
    copies = generate.Copies(moot.node, seed=3)
    copies.chained = False
    copies.grow(ALL)
    crowd = Crowd(moot, copies)
    chains = set(crowd.all(select(LedgerSeal.case_id)))
    one = crowd.copies(State.WORKING)[0]
    by = crowd.advocate(one)

    assert len(crowd.copies()) == ALL - LIVED
    assert chains == crowd.lived
    assert cases.view(moot.node, one.reference, by=by).reference == one.reference
    assert search.find(moot.node, one.reference, by=by).lines
    missing = {it.reference for it in crowd.verified() if it.found == "none"}
    assert missing == {case.reference for case in crowd.copies()}


def test_filling_that_was_broken_off_goes_on(crowd):
    before = {case.reference for case in crowd.all(select(Case))}
    copies = generate.Copies(crowd.node, seed=3, lived=crowd.lived)
    copies.grow(2 * ALL)
    after = [case.reference for case in crowd.all(select(Case))]

    assert {one.case["id"] for one in copies.originals} == crowd.lived
    assert before < set(after)
    assert len(set(after)) == len(after) == 2 * ALL
    assert crowd.verified() == []


def test_a_leaf_that_was_changed_in_a_copy_is_found(crowd):
    copy = crowd.copies()[0]
    with crowd.node.begin() as tx:
        own = select(LedgerSeal).where(LedgerSeal.case_id == copy.id)
        tx.scalars(own.limit(1)).one().nonce = bytes(32)

    assert "seal.differs" in {one.code for one in log.fsck(crowd.node)}


def test_the_entries_of_a_copy_say_what_the_copy_says(crowd):
    case = crowd.copies(State.WORKING)[0]
    by = crowd.advocate(case)
    shown = cases.view(crowd.node, case.reference, by=by)

    disclosed = fields_of(crowd, case)
    with crowd.node.read() as tx:
        told = tx.scalars(select(Submission).where(Submission.case_id == case.id)).one()

    assert disclosed["text"] == shown.story
    assert disclosed["problem"] == shown.story
    sealed = crowd.all(select(LedgerSeal).where(LedgerSeal.case_id == case.id))
    first = entry.read_entry(min(sealed, key=lambda one: one.seq).entry)
    assert abs(first.at - told.received_at.timestamp() * 1000) < 2
    assert all(it.seal for it in shown.timeline)


def fields_of(crowd, case):
    """Return what the first entries of a chain disclose."""
    found = {}
    with crowd.node.read() as tx:
        key = vault.key_of(crowd.node, tx, "case", case.id)
        rows = select(LedgerDisclosure).join(
            LedgerSeal, LedgerSeal.oid == LedgerDisclosure.oid
        )
        mine = rows.where(LedgerSeal.case_id == case.id, LedgerSeal.seq < 3)
        for row in tx.scalars(mine):
            place = disclosure_place(row.oid, row.n)
            one = entry.read_disclosure(vault.unseal(key, place, row.disclosure))
            found[one.name] = one.value
    return found


def test_an_index_made_again_finds_what_the_first_one_found(crowd):
    case = crowd.copies(State.WORKING)[0]
    by = crowd.advocate(case)
    title = cases.view(crowd.node, case.reference, by=by).title
    word = max(title.split(), key=len).strip(".…")

    def found():
        return [one.reference for one in search.find(crowd.node, word, by=by).lines]

    before = found()
    assert search.rebuild(crowd.node) >= ALL

    assert case.reference in before
    assert sorted(found()) == sorted(before)


def test_the_index_need_not_read_what_it_was_given(crowd):
    with crowd.node.read() as tx:
        size = tx.scalar(select(LedgerEntry.idx).order_by(LedgerEntry.idx.desc()))

    assert index_of(crowd.node).place().idx == size + 1
    assert search.refresh(crowd.node) == 0


def test_a_copy_is_answered_resolved_and_confirmed_by_its_member(crowd):
    case = crowd.copies(State.WORKING)[0]
    by, own = crowd.advocate(case), crowd.member(case)

    threads.reply(crowd.node, case.reference, crowd.words("Who else?"), by=by)
    threads.write(crowd.node, case.reference, crowd.words("Only me."), by=own)
    resolutions.resolve(crowd.node, case.reference, crowd.words("It is done."), by=by)
    resolutions.answer(
        crowd.node, case.reference, Answer.SOLVED, by=own, words=crowd.words("Thanks.")
    )

    assert crowd.again(case).state is State.CLOSED
    timeline = cases.view(crowd.node, case.reference, by=own).timeline
    said = {one.text for one in timeline}
    assert {"Who else?", "Only me.", "It is done.", "Thanks."} <= said
    assert crowd.verified() == []


def test_a_member_takes_back_what_is_a_copy(crowd):
    case = crowd.copies(State.WORKING)[-1]

    acting.act(crowd.node, case.reference, Act.WITHDRAW, {}, by=crowd.member(case))

    assert crowd.again(case).state is State.CLOSED
    assert crowd.verified() == []


def test_a_copy_is_erased_and_its_twin_stays(crowd):
    first, second = crowd.copies(State.WORKING)[:2]
    twin = cases.view(crowd.node, second.reference, by=crowd.member(second))

    words = " ".join(links.words(crowd.node, first.id))
    wish = Wish(level=Level.CHAIN, words=words, source="203.0.113.9")
    erasing.erase(crowd.node, first.reference, wish, by=crowd.member(first))
    crowd.moot.village.work(crowd.node)

    assert crowd.again(first).state is State.ERASED
    with crowd.node.read() as tx:
        assert tx.get(LedgerChain, first.id).case_key is None
    by = crowd.member(second)
    assert cases.view(crowd.node, second.reference, by=by).story == twin.story
    assert crowd.verified() == []


def test_the_worker_looks_at_the_promises_of_a_copy(crowd):
    mine = {case.id for case in crowd.copies(State.WORKING)}
    owed = [
        one
        for one in crowd.all(select(Pledge).where(Pledge.state == PledgeState.RUNNING))
        if one.case_id in mine and one.due_at is not None
    ]
    subjects = set(crowd.all(select(Job.subject)))
    assert owed
    assert {str(one.id) for one in owed} <= subjects

    crowd.moot.village.now = max(one.due_at for one in owed) + timedelta(minutes=1)
    while crowd.moot.village.work(crowd.node):
        pass

    after = crowd.all(select(Pledge).where(Pledge.id.in_([one.id for one in owed])))
    assert all(one.missed_at for one in after)
    assert crowd.verified() == []


def test_what_is_over_has_no_timer_but_the_question_of_keeping_it(crowd):
    over = {str(case.id) for case in crowd.copies(State.CLOSED)}
    asked = {str(it) for it in crowd.all(select(Retention.case_id))} & over
    jobs = crowd.all(select(Job))

    kinds = {job.kind for job in jobs if job.subject.partition("/")[0] in over}
    assert kinds == {"retention.due"}
    assert asked == {job.subject for job in jobs if job.kind == "retention.due"} & over
