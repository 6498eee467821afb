import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.likeness import (
    Known,
    Likeness,
    band,
    likeness,
    name_likeness,
    sounds,
    words,
)

NAMES = st.text(max_size=30)
PEOPLE = st.builds(
    Known,
    name=NAMES,
    birth_year=st.none() | st.integers(1920, 2020),
    area=st.none() | st.sampled_from(["north", "south"]),
)


@given(PEOPLE, PEOPLE)
def test_two_are_as_alike_from_either_side(one, other):
    figure = likeness(one, other)

    assert figure == likeness(other, one)
    assert 0 <= figure <= 1


@given(PEOPLE)
def test_nobody_is_more_like_somebody_than_they_themselves(one):
    figure = likeness(one, one)

    alone = one.birth_year is None and one.area is None
    expected = 0.0 if not words(one.name) else 0.8 if alone else 1.0
    assert figure == pytest.approx(expected)


@given(NAMES, NAMES)
def test_a_name_alone_is_never_likely(one, other):
    assert band(likeness(Known(one), Known(other))) is not Likeness.LIKELY


@given(st.lists(st.text("abcdé", min_size=1), min_size=1, max_size=4), st.randoms())
def test_the_order_of_the_words_in_a_name_counts_for_nothing(parts, chance):
    shuffled = list(parts)
    chance.shuffle(shuffled)

    assert sounds(" ".join(parts)) == sounds(" ".join(shuffled))
    assert name_likeness(" ".join(parts), " ".join(shuffled)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Meier", "Mayer"),
        ("Philip", "Filip"),
        ("Schmidt", "Smith"),
        ("Müller", "Mueller"),
        ("Böck", "Bock"),
        ("Groß", "Gross"),
        ("Clara", "Klara"),
    ],
)
def test_names_that_are_written_as_they_sound_sound_alike(one, other):
    assert sounds(one) == sounds(other)


def test_what_is_no_latin_letter_is_compared_as_it_stands():
    assert sounds("Ольга") != sounds("Анна")
    assert name_likeness("Ольга Анна", "анна ольга") == pytest.approx(1)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Known("Ada Marsh", 1980), Known("Ada Marsh", 1980), Likeness.LIKELY),
        (Known("Ada Marsh", None, "n"), Known("Marsh, Ada", 1980, "n"), "likely"),
        (Known("Ada Marsh", 1980), Known("Ada Marsh", 1950), Likeness.POSSIBLE),
        (Known("Ada Marsh"), Known("Ada Marsh"), Likeness.POSSIBLE),
        (Known("Ada Marsh"), Known("Ben Ito"), None),
        (Known("Ada Marsh", 1980, "n"), Known("Ben Ito", 1980, "n"), None),
        (Known("", 1980, "n"), Known("", 1980, "n"), None),
        (Known("...", 1980), Known("Ada", 1980), None),
    ],
)
def test_how_alike_two_people_look_is_one_of_three_answers(one, other, expected):
    assert band(likeness(one, other)) == expected


@pytest.mark.parametrize(
    ("figure", "expected"),
    [(0.85, "likely"), (0.8499, "possible"), (0.6, "possible"), (0.5999, None)],
)
def test_the_two_borders_are_where_the_design_has_them(figure, expected):
    assert band(figure) == expected
