import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import HEADLINE_LIMIT, headline


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("No heating since Friday. My son is ill.", "No heating since Friday"),
        ("Can you help me? I have no bed.", "Can you help me?"),
        ("Mr. Smith did not come. Again.", "Mr. Smith did not come"),
        ("Help! The roof leaks! It rains in.", "Help! The roof leaks!"),
        ("  The  roof\tleaks \n and more", "The roof leaks"),
        ("Rent went up by 3.5 percent in May", "Rent went up by 3.5 percent in May"),
        ("Help", "Help"),
        ("...", "…"),
        ("屋根が漏れています。 助けて", "屋根が漏れています。 助けて"),
    ],
)
def test_a_headline_is_the_first_sentence(words, title):
    assert headline(words) == title


def test_a_long_sentence_is_cut_at_a_word():
    words = (
        "The landlord has not repaired the heating, although we wrote, and it is cold"
    )

    assert headline(words) == (
        "The landlord has not repaired the heating, although we wrote, and it…"
    )


def test_a_comma_before_the_cut_goes_with_it():
    assert headline("a" * 60 + ", " + "b" * 20) == "a" * 60 + "…"


def test_a_word_without_end_is_cut_anywhere():
    assert headline("a" * 100) == "a" * (HEADLINE_LIMIT - 1) + "…"


def test_what_just_fits_is_left_whole():
    assert headline("a " * 34 + "bc") == "a " * 34 + "bc"
    assert headline("a " * 34 + "bcd").endswith("a…")


@given(st.text(min_size=1).filter(str.strip))
def test_a_headline_is_never_empty_and_never_long(words):
    title = headline(words)

    assert title.strip()
    assert len(title) <= HEADLINE_LIMIT
    assert "\n" not in title


@given(st.text(min_size=1).filter(str.strip))
def test_a_headline_says_nothing_the_member_did_not(words):
    said = headline(words).removesuffix("…").strip()

    assert said in " ".join(words.split())
