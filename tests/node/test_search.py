"""Finding cases by their words: what is found, by whom, and what is forgotten."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from governance.cases import Act, State
from node import cases, consent, log, search, threads, work
from node.cases import links
from node.erasing import Level, Wish
from node.search import Order, words
from node.search.index import index_of
from node.threads import Words
from tests.support import erased, members
from tests.support.commands import typed

STORY = "The lift in Sågverksgatan is broken. 我的电梯坏了。"


@pytest.fixture
def made(moot):
    made = moot.tell(text=STORY, by=moot["ada"], wanted="A working elevator")
    work.sweep(moot.node)
    return made


def found(moot, text, by="iris", **more):
    by = moot[by] if isinstance(by, str) else by
    return [
        line.reference for line in search.find(moot.node, text, by=by, **more).lines
    ]


@pytest.mark.parametrize(
    "text",
    ["lift", "LIFT broken", "sagverksgatan", "Sågverks", "elevat work", "电梯", "sag"],
)
def test_a_case_is_found_by_words_and_by_how_they_begin(moot, made, text):
    assert found(moot, text) == [made.reference]


@pytest.mark.parametrize("text", ["stairs", "lift stairs", "ift", "li", "火"])
def test_all_the_words_have_to_be_there(moot, made, text):
    del made
    assert found(moot, text) == []


@pytest.mark.parametrize(
    "text", ["", "  ", '"', "*", "NEAR(", "title:", "!&|()", "'", "%" * 1_000, "--"]
)
def test_what_holds_no_word_finds_nothing_and_breaks_nothing(moot, made, text):
    del made
    assert found(moot, text) == []


@pytest.mark.parametrize(
    "text", ['"lift"', "lift*", "lift OR x", "title : lift", "lift;"]
)
def test_signs_of_a_query_language_are_no_more_than_signs(moot, made, text):
    expected = [] if text in {"lift OR x", "title : lift"} else [made.reference]

    assert found(moot, text) == expected


def test_the_newest_come_first_or_those_whose_title_holds_the_words(moot):
    first = moot.tell(text="The boiler leaks.")
    second = moot.tell(text="It is cold.\nThe boiler leaks, too.")
    work.sweep(moot.node)

    assert found(moot, "boiler") == [second.reference, first.reference]
    best = found(moot, "boiler", order=Order.BEST)
    assert best == [first.reference, second.reference]


@pytest.mark.capability("2.11")
def test_what_was_written_later_is_found_too(moot, made):
    said = Words(uuid4(), "Also the hallway is dark.")
    threads.write(moot.node, made.reference, said, by=moot["ada"])
    assert found(moot, "hallway") == []

    work.sweep(moot.node)

    assert found(moot, "hallway lift") == [made.reference]


@pytest.mark.parametrize(
    ("who", "sees"),
    [("ada", True), ("iris", True), ("gus", True), ("cleo", False), ("eve", False),
     ("ben", False), ("finn", False), ("dov", False)],
)  # fmt: skip
def test_only_who_may_read_a_case_finds_it(moot, made, who, sees):
    assert found(moot, "lift", by=who) == ([made.reference] if sees else [])


def test_who_holds_its_link_finds_that_case_and_no_other(moot, made):
    other = moot.tell(text="Another lift.")
    work.sweep(moot.node)

    assert found(moot, "lift", by=moot.guest(made)) == [made.reference]
    assert found(moot, "lift", by=moot.guest(other)) == [other.reference]


def test_an_advocate_finds_what_they_have_and_what_is_open_to_them(moot, made):
    moot.bring(made, State.WORKING)

    assert found(moot, "lift", by="cleo") == [made.reference]
    assert found(moot, "lift", by="eve") == []


def test_nobody_coordinates_their_own_case_by_looking_for_it(moot):
    mine = moot.tell(text="My lift.", by=moot["iris"])
    work.sweep(moot.node)

    (line,) = search.find(moot.node, "lift", by=moot["iris"]).lines
    assert line.reference == mine.reference
    assert found(moot, "lift", by="olga") == [mine.reference]


def test_a_grant_for_one_place_finds_what_lies_there(moot, made):
    here = moot.tell(text="The lift at the station.", area="north")
    work.sweep(moot.node)
    nils = members.join(moot.node, "nils@ash.example", "coordinator")
    by = members.visitor(moot.node, nils)
    narrow = replace(by, grants=(replace(by.grants[0], areas=frozenset({"north"})),))

    assert found(moot, "lift", by=narrow) == [here.reference]
    assert made.reference in found(moot, "lift", by=by)


def test_who_took_back_that_anybody_works_on_it_is_found_by_nobody_else(moot, made):
    moot.act(made, Act.WITHDRAW, moot["ada"])
    line = cases.view(moot.node, made.reference, by=moot["ada"]).consents[0]
    consent.revoke(moot.node, made.reference, line.id, by=moot["ada"])

    assert found(moot, "lift", by="iris") == []
    assert found(moot, "lift", by="ada") == [made.reference]


@pytest.mark.parametrize("level", [Level.CONTENT, Level.CHAIN])
def test_what_was_erased_is_found_by_nobody_and_is_in_no_store(moot, level):
    rare = "Rindfleischetikettierung"
    made = moot.tell(text=f"{rare} is a word.")
    other = moot.tell(text="Something else.")
    work.sweep(moot.node)
    assert found(moot, rare) == [made.reference]
    assert erased.left(moot.node, {"word": rare.lower().encode()})
    seq = None if level is Level.CHAIN else 0

    erased.erase(moot, made, Wish(level=level, seq=seq))
    for _ in range(2):
        moot.village.pass_time(minutes=1)
        work.sweep(moot.node)

    assert found(moot, rare) == []
    assert erased.left(moot.node, {"word": rare.lower().encode()}) == set()
    assert found(moot, "something") == [other.reference]


def test_what_is_erased_while_it_is_read_does_not_come_back(moot, monkeypatch):
    rare = "Rindfleischetikettierung"
    made = moot.tell(text=f"{rare} is a word.")
    log.sequence(moot.node)
    index, put = type(index_of(moot.node)), type(index_of(moot.node)).put

    def late(self, entries, place):
        monkeypatch.setattr(index, "put", put)
        erased.erase(moot, made, Wish(level=Level.CONTENT, seq=0))
        search.renew(moot.node, made.case_id)
        put(self, entries, place)

    monkeypatch.setattr(index, "put", late)
    search.refresh(moot.node)

    assert found(moot, rare) == []


def test_the_index_is_made_again_by_a_command(moot, made):
    index_of(moot.node).clear()
    assert found(moot, "lift") == []

    done = typed(moot, "search", "rebuild")

    assert (done.exit_code, "1 cases read" in done.stderr) == (0, True)
    assert found(moot, "lift") == [made.reference]


def test_a_lost_index_is_made_again_by_itself(moot, made):
    index_of(moot.node).clear()

    work.sweep(moot.node)

    assert found(moot, "lift") == [made.reference]


def test_reading_the_log_twice_changes_nothing(moot, made):
    place = index_of(moot.node).place()

    assert search.refresh(moot.node) == 0
    search.renew(moot.node, made.case_id)

    assert index_of(moot.node).place() == place
    assert found(moot, "lift") == [made.reference]


def test_a_link_of_a_case_is_no_word_of_it(moot, made):
    four = links.words(moot.node, made.case_id)

    assert found(moot, " ".join(four)) == []


@given(st.text(max_size=300))
def test_whatever_is_typed_becomes_letters_and_digits(text):
    asked = words.asked(text)

    assert len(asked) <= words.MOST_ASKED
    assert all(word.isalnum() for word in asked)
    assert len(set(asked)) == len(asked)


@example("\N{MATHEMATICAL BOLD ITALIC CAPITAL A}")
@given(st.text(max_size=300))
def test_whatever_is_kept_is_found_by_any_word_of_it(text):
    kept = words.kept(text).split()

    assert set(words.asked(text)) <= set(kept)
    assert words.kept(words.kept(text)) == words.kept(text)
