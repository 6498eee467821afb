"""Short texts of one's own: kept sealed, few, filled in for a case, read by nobody."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.cases import State
from governance.errors import (
    ChoiceInvalid,
    Denied,
    IdempotencyMismatch,
    NotFound,
    WordsMissing,
)
from governance.texts import MOST_SNIPPETS, TemplateInvalid, VariableMissing
from node import ending, own_data, people
from node.accounts import GUEST
from node.models.cases import Case
from node.models.snippets import Snippet
from node.texts import snippets
from node.texts.snippets import Short
from tests.node.test_ending import hold
from tests.support.erased import settle

WORDS = "canary: the office is open on Mondays"


def keep(moot, title="Hours", text=WORDS, by="cleo", id_=None):
    short = Short(id_ or uuid4(), title, text)
    snippets.write(moot.node, short, by=moot[by])
    return short.id


def kept(moot, by="cleo"):
    return [(it.title, it.text) for it in snippets.mine(moot.node, by=moot[by])]


def test_they_are_listed_by_title_to_their_author_alone(moot):
    keep(moot, "b  second")
    keep(moot, "A first", "One.")
    keep(moot, "Other", by="finn")

    assert kept(moot) == [("A first", "One."), ("b second", WORDS)]
    assert kept(moot, "finn") == [("Other", WORDS)]
    assert kept(moot, "iris") == []


def test_in_the_table_nobody_reads_them(moot):
    keep(moot, "canary title")

    with moot.node.read() as tx:
        (row,) = tx.scalars(select(Snippet))
        assert b"canary" not in row.title + row.body


def test_sent_twice_it_is_kept_once_and_a_number_is_never_two_texts(moot):
    id_ = keep(moot)
    keep(moot, id_=id_)
    assert len(kept(moot)) == 1

    with pytest.raises(IdempotencyMismatch):
        keep(moot, text="Something else.", id_=id_)
    with pytest.raises(IdempotencyMismatch):
        keep(moot, id_=id_, by="finn")

    moot.village.pass_time(minutes=1)
    snippets.change(moot.node, Short(id_, "Hours", "Closed."), by=moot["cleo"])
    keep(moot, id_=id_)
    assert kept(moot) == [("Hours", "Closed.")]


def test_only_their_author_changes_and_deletes_them(moot):
    id_ = keep(moot)
    for who in ("finn", "iris", "ada"):
        with pytest.raises((NotFound, Denied)):
            snippets.change(moot.node, Short(id_, "Mine", "Mine."), by=moot[who])
        with pytest.raises(NotFound):
            snippets.drop(moot.node, id_, by=moot[who])
    assert kept(moot) == [("Hours", WORDS)]

    snippets.drop(moot.node, id_, by=moot["cleo"])

    assert kept(moot) == []
    with pytest.raises(NotFound):
        snippets.drop(moot.node, id_, by=moot["cleo"])


def test_they_are_for_who_works_at_the_desk(moot):
    for who in (GUEST, moot["ada"], moot.guest(moot.tell())):
        with pytest.raises(Denied):
            snippets.write(moot.node, Short(uuid4(), "A", "B"), by=who)
    id_ = keep(moot)
    # Who is not at the desk any more still reads and deletes what they kept.
    left = replace(moot["cleo"], grants=())
    with pytest.raises(Denied):
        snippets.change(moot.node, Short(id_, "A", "B"), by=left)
    assert len(snippets.mine(moot.node, by=left)) == 1
    snippets.drop(moot.node, id_, by=left)


@pytest.mark.parametrize(
    ("title", "text", "wrong"),
    [
        (" ", "Text.", ChoiceInvalid),
        ("t" * 61, "Text.", ChoiceInvalid),
        ("Title", " ", WordsMissing),
        ("Title", "{secret}", TemplateInvalid),
        ("Title", "x" * 5_001, TemplateInvalid),
    ],
)
def test_what_is_none_is_refused_and_nothing_is_kept(moot, title, text, wrong):
    with pytest.raises(wrong):
        keep(moot, title, text)

    assert kept(moot) == []


def test_one_keeps_so_many_and_no_more(moot):
    first = keep(moot)
    for number in range(1, MOST_SNIPPETS):
        keep(moot, f"Number {number}")

    with pytest.raises(ChoiceInvalid) as refusal:
        keep(moot, "One more")
    assert refusal.value.values["field"] == "title"
    keep(moot, by="finn")

    snippets.drop(moot.node, first, by=moot["cleo"])
    keep(moot, "One more")
    assert len(kept(moot)) == MOST_SNIPPETS


@pytest.mark.capability("2.13")
def test_variables_are_filled_in_and_what_the_case_lacks_is_refused_by_name(moot):
    id_ = keep(moot, text="{member_name}, about {reference}: yes")
    named = moot.tell(contact="ada@mailbox.example", name="Ada Low")
    nameless = moot.tell()
    for made in (named, nameless):
        moot.bring(made, State.WORKING)

    def filled(made, by="cleo"):
        return snippets.fill(moot.node, made.reference, id_, by=moot[by])

    assert filled(named) == f"Ada Low, about {named.reference}: yes"
    with pytest.raises(VariableMissing) as refusal:
        filled(nameless)
    assert refusal.value.values == {"names": "member_name"}
    with pytest.raises(NotFound):
        filled(named, by="finn")


def test_a_case_that_one_may_not_know_of_fills_nothing_in(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    id_ = keep(moot, by="eve")

    with pytest.raises(NotFound):
        snippets.fill(moot.node, made.reference, id_, by=moot["eve"])


def test_they_stand_in_what_their_author_takes_away_and_in_nobody_elses(moot):
    keep(moot)

    assert WORDS in str(own_data.export(moot.node, by=moot["cleo"]))
    assert WORDS not in str(own_data.export(moot.node, by=moot["finn"]))


def test_they_go_with_the_person(moot):
    made = moot.tell(contact="zoe@mailbox.example")
    with moot.node.read() as tx:
        case = tx.scalar(select(Case).where(Case.reference == made.reference))
        member_id = case.member_id
    keep(moot)
    # Somebody who once was at the desk, and has no account any more.
    once = replace(moot["cleo"], person_id=member_id, aliases=())
    snippets.write(moot.node, Short(uuid4(), "Old", "Words."), by=once)

    with moot.node.begin() as tx:
        case = tx.scalar(select(Case).where(Case.reference == made.reference))
        assert people.forget_guest(tx, case)

    assert snippets.mine(moot.node, by=once) == ()
    with moot.node.read() as tx:
        assert [row.person_id for row in tx.scalars(select(Snippet))] == [
            moot.ids["cleo"]
        ]


def test_they_go_when_an_account_ends_also_while_a_case_of_theirs_is_held(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    # Ada once was at the desk.
    short = Short(uuid4(), "Old", "Words.")
    snippets.write(
        moot.node, short, by=replace(moot["ada"], grants=moot["cleo"].grants)
    )
    hold(moot, made, 30)

    ending.end(moot.node, by=moot["ada"])
    settle(moot)

    with moot.node.read() as tx:
        assert tx.scalars(select(Snippet)).all() == []


def test_whoever_two_people_turned_out_to_be_has_the_texts_of_both(moot):
    keep(moot)
    keep(moot, "Other", by="finn")
    both = replace(moot["finn"], aliases=(moot.ids["cleo"],))

    found = snippets.mine(moot.node, by=both)

    assert [it.title for it in found] == ["Hours", "Other"]
    for one in found:
        snippets.change(moot.node, Short(one.id, one.title, "New."), by=both)
    assert kept(moot) == [("Hours", "New.")]
