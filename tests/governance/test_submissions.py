import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import CharactersInvalid, WordsMissing, WordsTooLong
from governance.submissions import WORDS_LIMIT, check_words, readable

NOT_TEXT = {*range(9), 11, 12, *range(14, 32)}
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    str.strip
)


@given(words)
def test_words_are_kept_exactly_as_they_came(text):
    assert check_words(text) == text


def test_blanks_and_line_ends_around_words_are_kept():
    assert check_words(" \tNo heating.\r\n ") == " \tNo heating.\r\n "


@pytest.mark.parametrize("text", ["", " ", "\n\t\r\n", "\u2003\u00a0"])
def test_blanks_alone_are_no_words(text):
    with pytest.raises(WordsMissing):
        check_words(text)


def test_words_have_a_length_that_is_said():
    assert check_words("a" * WORDS_LIMIT)
    with pytest.raises(WordsTooLong, match="50,000") as no:
        check_words("a" * (WORDS_LIMIT + 1))
    assert no.value.values == {"limit": WORDS_LIMIT}


@pytest.mark.parametrize("point", range(32))
def test_of_the_controls_only_tab_and_line_ends_are_text(point):
    text = f"No{chr(point)}heating"

    if point in NOT_TEXT:
        with pytest.raises(CharactersInvalid):
            check_words(text)
    else:
        assert check_words(text) == text


@given(st.integers(0xD800, 0xDFFF))
def test_half_a_character_is_no_text(point):
    with pytest.raises(CharactersInvalid):
        check_words(f"No heating {chr(point)}")


@given(st.text())
def test_what_can_be_kept_of_any_text_is_words_or_nothing(text):
    kept, whole = readable(text)

    assert len(kept) == min(len(text), WORDS_LIMIT)
    if whole:
        assert check_words(kept) == text
    else:
        assert kept != text or not text.strip()


def test_what_is_too_long_is_cut_and_said_to_be():
    kept, whole = readable("x" * (WORDS_LIMIT + 1))

    assert (len(kept), whole) == (WORDS_LIMIT, False)
