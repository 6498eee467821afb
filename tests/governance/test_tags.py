"""Short words on a case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import ChoiceInvalid
from governance.tags import LONGEST, MOST, check, split


def test_tags_are_kept_once_in_their_order_whatever_their_capitals():
    assert check(["Elm  Street", "", " boiler", "elm street"]) == (
        "Elm Street",
        "boiler",
    )


def test_on_one_line_commas_stand_between():
    assert split(" boiler, Elm Street,, BOILER ") == ("boiler", "Elm Street")
    assert split("") == ()


@pytest.mark.parametrize("tag", ["x" * (LONGEST + 1), "a,b", "a\x00b", "a\u202eb"])
def test_what_is_no_short_word_is_refused(tag):
    with pytest.raises(ChoiceInvalid) as refusal:
        check(["boiler", tag])
    assert refusal.value.values["field"] == "tags"


def test_a_case_has_few():
    many = [str(number) for number in range(MOST + 1)]
    assert len(check(many[:MOST])) == MOST
    with pytest.raises(ChoiceInvalid):
        check(many)


@given(st.lists(st.text(max_size=LONGEST), max_size=MOST))
def test_what_was_kept_once_is_kept_again_as_it_is(typed):
    try:
        kept = check(typed)
    except ChoiceInvalid:
        return
    assert check(kept) == kept == split(", ".join(kept))
