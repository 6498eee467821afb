"""Which words of a message can be a case of their own."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from governance.errors import ChoiceInvalid
from governance.splits import (
    MOST,
    PieceForeign,
    PieceKnown,
    PieceMissing,
    Span,
    check,
    find,
)

STORY = "The heating is off.\r\nAnd the lamp in our street is broken. 🏚\n"
LAMP = "And the lamp in our street is broken."


def test_a_piece_is_found_where_it_stands_and_has_the_words_as_they_came():
    span = find(STORY, LAMP)

    assert span == Span(21, 58)
    assert span.of(STORY) == LAMP


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_form_may_end_lines_in_its_own_way(end):
    marked = f"is off.{end}And the lamp"

    assert find(STORY, marked).of(STORY) == "is off.\r\nAnd the lamp"


def test_space_around_what_was_marked_does_not_count():
    assert find(STORY, f"\r\n  {LAMP} \n") == find(STORY, LAMP)


@pytest.mark.parametrize("marked", ["", "   ", "\r\n\t"])
def test_no_words_are_no_piece(marked):
    with pytest.raises(PieceMissing):
        check(STORY, [marked], ())


def test_nothing_marked_is_nothing_to_split():
    with pytest.raises(PieceMissing):
        check(STORY, [], ())


@pytest.mark.parametrize(
    "marked",
    [
        "the lamp in your street",
        "AND THE LAMP",
        "The heating is off. And the lamp",
        f"{LAMP} And more.",
    ],
)
def test_what_was_never_said_like_this_is_no_piece(marked):
    with pytest.raises(PieceForeign):
        check(STORY, [marked], ())


def test_of_an_erased_message_nothing_is_a_piece():
    with pytest.raises(PieceForeign):
        check("", [LAMP], ())


@pytest.mark.parametrize("marked", [STORY, STORY.strip(), STORY.replace("\r\n", "\n")])
def test_the_whole_message_is_the_case_that_it_is_already(marked):
    with pytest.raises(PieceKnown):
        check(STORY, [marked], ())


def test_no_words_become_a_case_twice():
    known = find(STORY, LAMP)

    with pytest.raises(PieceKnown):
        check(STORY, [LAMP], {known})
    with pytest.raises(PieceKnown):
        check(STORY, [LAMP, LAMP], ())


def test_several_pieces_keep_the_order_in_which_they_were_marked():
    found = check(STORY, [LAMP, "The heating"], ())

    assert [span.of(STORY) for span in found] == [LAMP, "The heating"]


def test_a_message_is_not_split_into_more_than_somebody_can_look_at():
    story = " ".join(f"matter{number}" for number in range(MOST + 2))
    marked = [f"matter{number} " for number in range(MOST + 1)]

    assert len(check(story, marked[:MOST], ())) == MOST
    with pytest.raises(ChoiceInvalid):
        check(story, marked, ())


@given(
    story=st.text(alphabet="ab \r\n🏚é", min_size=1, max_size=40),
    data=st.data(),
)
def test_whatever_is_cut_out_of_a_message_is_found_in_it(story, data):
    start = data.draw(st.integers(0, len(story) - 1))
    end = data.draw(st.integers(start + 1, len(story)))
    marked = story[start:end]
    assume(marked.strip())

    found = find(story, marked).of(story)

    def plain(text):
        return text.replace("\r\n", "\n").replace("\r", "\n")

    assert found in story
    assert plain(found) == plain(marked.strip())
