"""A made-up year: the same facts from the same seed, and no shortcut past the rules."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from governance.cases import State
from node import assignments, cases, generate, log, search
from node.cases import folding
from node.core import Collision
from node.generate import NotEmpty, facts, living
from node.generate.together import Together
from node.models.accounts import GrantRow
from node.models.cases import Case, CaseEvent
from node.models.log import LedgerSeal
from node.models.submissions import Submission
from node.models.throttle import Bucket
from tests.support.commands import typed
from tests.support.members import visitor
from tests.support.village import MONDAY

YEAR = timedelta(days=365)


def made_up(seed, cases, people=20):
    return list(facts.lives(seed, people=people, cases=cases, until=MONDAY, span=YEAR))


@given(st.integers(0, 2**32), st.integers(1, 60))
@settings(max_examples=20, deadline=None)
def test_the_same_seed_makes_up_the_same_facts(seed, cases):
    found = made_up(seed, cases)

    assert found == made_up(seed, cases)
    assert [life.number for life in found] == list(range(cases))
    assert found == sorted(found, key=lambda life: life.told_at)
    assert all(MONDAY - YEAR <= life.told_at <= MONDAY for life in found)


def test_another_seed_makes_up_other_facts():
    assert made_up(1, 30) != made_up(2, 30)


def test_what_is_told_follows_the_laws_it_names():
    found = made_up(7, 6000)

    topics = Counter(life.topic for life in found)
    assert [topic for topic, _ in topics.most_common(2)] == ["housing", "benefits"]
    shares = Counter(life.end for life in found)
    assert 0.23 < shares["open"] / len(found) < 0.29
    hours = Counter(life.told_at.replace(minute=0, second=0) for life in found)
    busiest = sum(count for _, count in hours.most_common(round(365 * 24 * 0.01)))
    assert busiest / len(found) > 0.25
    firsts = [set(life.story.lower().split()) for life in found]
    near = sum(len(one & other) > 0.8 * len(one) for one, other in pairwise(firsts))
    assert 0.10 < near / len(found) < 0.20


@pytest.fixture
def node(moot):
    """A community in which nobody has said anything yet, on each engine."""
    return moot.node


def test_a_made_up_year_is_lived_by_the_rules(node):
    told = []

    made = generate.generate(node, members=5, number=40, seed=3, say=told.append)

    assert list(folding.verify(node)) == []
    assert told == [0]
    with node.read() as tx:
        states = Counter(tx.scalars(select(Case.state)))
        events = tx.scalar(select(func.count()).select_from(CaseEvent))
        stories = tx.scalar(select(func.count()).select_from(Submission))
    assert made.cases == 40 == stories == states.total()
    assert states[State.CLOSED] > states[State.WORKING] > 0
    assert events > 2 * made.cases
    assert made.acts > made.cases


def test_its_ledger_is_whole_and_its_words_are_found(node):
    generate.generate(node, members=5, number=20, seed=4)

    assert list(log.fsck(node)) == []
    with node.read() as tx:
        where = (Case.state == State.WORKING, Case.responsible_id.is_not(None))
        case = tx.scalars(select(Case).where(*where).limit(1)).one()
    by = visitor(node, case.responsible_id)
    title = cases.view(node, case.reference, by=by).title
    word = max(title.split(), key=len).strip(".…")
    found = {hit.reference for hit in search.find(node, word, by=by).lines}
    assert case.reference in found


def test_nothing_made_up_is_mixed_with_what_members_said(moot):
    moot.tell()

    with pytest.raises(NotEmpty, match="a folder of its own"):
        generate.generate(moot.node, members=2, number=2, seed=1)


def test_parts_of_one_transaction_see_each_other_and_fail_together(node):
    committed = []
    together = Together(node.database, lambda: committed.append(1))

    def part():
        return together.writing(sealed=True, durable=True)

    with part() as tx:
        tx.add(Bucket(bucket=b"made up", tokens=1.0, updated_at=0))
    with together.reading() as tx:
        assert tx.get(Bucket, b"made up") is not None
    with pytest.raises(Collision), part() as tx:
        tx.add(Bucket(bucket=b"made up", tokens=1.0, updated_at=0))
    together.close()

    assert committed == [1]
    with node.read() as tx:
        assert tx.get(Bucket, b"made up") is None


def test_the_command_says_what_it_made(moot):
    done = typed(moot, "generate", "--people", "2", "--cases", "3", "--seed", "1")

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("3 cases, 2 members, ")
    again = typed(moot, "generate", "--cases", "1")
    assert again.exit_code == 1
    assert "This node has cases." in again.stderr


@pytest.fixture
def hurried(monkeypatch):
    """As if more than ten cases were too many to live through."""
    monkeypatch.setattr(living, "LIVED", 10)
    monkeypatch.setattr(living, "ORIGINALS", 10)


def fill(node, say=lambda _: None, seed=3):
    return generate.generate(node, members=4, number=34, seed=seed, say=say)


def rows(node, question):
    with node.read() as tx:
        return tx.scalars(question).all()


@pytest.mark.usefixtures("hurried")
def test_of_very_many_a_few_are_lived_through_and_the_rest_are_copies(node):
    told = []

    made = fill(node, told.append)

    states = Counter(rows(node, select(Case.state)))
    assert (made.cases, made.copies, states.total()) == (34, 24, 34)
    assert told == [0, 10]
    assert min(states.values()) >= 3
    assert made.acts < 34 * 4
    assert len(set(rows(node, select(Case.reference)))) == 34
    assert list(folding.verify(node)) == []
    assert list(log.fsck(node)) == []


@pytest.mark.usefixtures("hurried")
def test_a_copy_is_opened_listed_and_found_like_any_other_case(node):
    fill(node)
    # What was lived through stands in its first entries, in order.
    lived = set(rows(node, select(LedgerSeal.case_id).order_by(LedgerSeal.oid))[:40])
    held = select(Case).where(Case.id.not_in(lived), Case.state == State.WORKING)
    case = rows(node, held)[-1]
    by = visitor(node, case.responsible_id)

    shown = cases.view(node, case.reference, by=by)

    stories = Counter(
        cases.view(node, one.reference, by=by_of(node, one)).story
        for one in rows(node, select(Case))
        if one.responsible_id
    )
    assert shown.story in stories
    assert set(stories.values()) == {1}
    assert shown.title.rstrip("…").casefold() in shown.story.casefold()
    assert all(entry.seal for entry in shown.timeline)
    assert case.reference in listed(node, by)
    for word in (case.reference, max(shown.title.split(), key=len)):
        found = search.find(node, word.strip("."), by=by).lines
        assert case.reference in {line.reference for line in found}


def by_of(node, case):
    return visitor(node, case.responsible_id)


def listed(node, by):
    return {line.reference for line in assignments.desk(node, by=by).lines}


@pytest.mark.usefixtures("hurried")
def test_everybody_has_their_part_of_the_copies(node):
    fill(node)

    held = Counter(rows(node, select(Case.responsible_id)))
    advocates = set(
        rows(node, select(GrantRow.person_id).where(GrantRow.role == "advocate"))
    )

    assert advocates <= set(held) <= advocates | {None}


@pytest.mark.usefixtures("hurried")
def test_copies_say_the_same_again_for_the_same_seed(village):
    said = []
    for name, seed in (("ash", 3), ("elm", 3), ("oak", 4)):
        node = village.found(f"https://{name}.example")
        fill(node, seed=seed)
        found = rows(node, select(Case).order_by(Case.received_at, Case.id))
        said.append(
            {(one.received_at, one.state, one.topic, one.language) for one in found}
        )

    assert said[0] == said[1] != said[2]


def test_what_a_node_lived_through_itself_can_be_copied_too(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WAITING_MEMBER)
    log.sequence(moot.node)
    moot.village.pass_time(minutes=1)

    generate.Copies(moot.node, seed=1).grow(3)

    several = rows(moot.node, select(Case).where(Case.id != made.case_id))
    for case in several:
        shown = cases.view(moot.node, case.reference, by=by_of(moot.node, case))
        assert shown.ask.text == "Since when?"
    assert len(several) == 2
