"""Short words on a case: sealed, read by its member, found, and gone with it."""

import pytest

from governance.cases import Act, State
from governance.errors import ChoiceInvalid, NotFound, NotYours
from node import cases, erasing, search
from node.cases import folding, tagging
from node.erasing import Level, Wish
from node.models.cases import Case
from tests.node.test_cases_triage import choice
from tests.support.erased import left, settle

TAGS = ("canary boiler", "Elm Street")


@pytest.fixture
def made(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    return made


def put(moot, made, *tags, by="cleo"):
    return tagging.put(moot.node, made.reference, tags, by=moot[by])


def tags(moot, made, by="ada"):
    return cases.view(moot.node, made.reference, by=moot[by]).tags


def found(moot, text, by="cleo"):
    moot.village.work(moot.node)
    search.refresh(moot.node)
    return [one.reference for one in search.find(moot.node, text, by=moot[by]).lines]


@pytest.mark.parametrize("by", ["cleo", "iris"])
def test_whoever_works_on_a_case_or_sorts_it_puts_tags_there(moot, made, by):
    put(moot, made, *TAGS, "ELM street", by=by)

    assert tags(moot, made) == tags(moot, made, "cleo") == TAGS
    last = moot.entries(made)[-1]
    assert (last.kind, last.role) == (
        "status", "advocate" if by == "cleo" else "coordinator",
    )  # fmt: skip
    assert list(folding.verify(moot.node)) == []


def test_they_are_sealed_and_say_nothing_in_the_log(moot, made):
    put(moot, made, *TAGS)
    settle(moot)

    with moot.node.read() as tx:
        assert b"canary" not in tx.get_one(Case, made.case_id).tags
    assert not any(b"canary" in leaf for leaf in moot.leaves())
    # Only the index of words has it open, as it has the story.
    places = left(moot.node, {"tag": b"canary boiler"})
    assert {one for one in places if "derived" not in one} == set()


def test_others_take_their_place_and_the_same_are_nothing_new(moot, made):
    put(moot, made, *TAGS)
    size = moot.size()
    assert put(moot, made, *TAGS) is None
    assert moot.size() == size

    put(moot, made, "heating")
    assert tags(moot, made) == ("heating",)
    put(moot, made)
    assert tags(moot, made) == ()


def test_triage_puts_them_there_too(moot):
    made = moot.tell(by=moot["ada"])

    cases.triage(moot.node, made.reference, choice(tags=TAGS), by=moot["iris"])
    other = moot.tell(by=moot["ada"])
    fields = {"topic": "housing", "tags": "heating, lift"}
    moot.act(other, Act.TRIAGE, moot["iris"], **fields)

    assert tags(moot, made) == TAGS
    assert tags(moot, other) == ("heating", "lift")


def test_a_tag_that_is_none_stops_triage(moot):
    made = moot.tell()

    bad = choice(tags=("x" * 41,))
    with pytest.raises(ChoiceInvalid):
        cases.triage(moot.node, made.reference, bad, by=moot["iris"])

    assert moot.state(made) is State.RECEIVED


def test_search_finds_a_case_by_them_for_whoever_may_read_it(moot, made):
    assert found(moot, "boiler") == []

    put(moot, made, *TAGS)

    assert found(moot, "boiler") == found(moot, "elm", "ada") == [made.reference]
    assert found(moot, "boiler", "eve") == []
    put(moot, made, "heating")
    assert found(moot, "boiler") == []


def test_nobody_else_puts_them_there(moot, made):
    for who, refusal in (("ada", NotYours), ("eve", NotFound), ("finn", NotFound)):
        with pytest.raises(refusal):
            put(moot, made, "heating", by=who)
    with pytest.raises(ChoiceInvalid):
        put(moot, made, "a,b")
    assert tags(moot, made) == ()


def test_they_go_with_the_case(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    put(moot, made, *TAGS)
    assert found(moot, "boiler") == [made.reference]
    moot.act(made, Act.WITHDRAW, moot.guest(made))

    wish = Wish(level=Level.CHAIN, words=" ".join(made.words))
    erasing.erase(moot.node, made.reference, wish, by=moot.guest(made))
    settle(moot)

    with moot.node.read() as tx:
        assert tx.get_one(Case, made.case_id).tags is None
    assert found(moot, "boiler") == []
