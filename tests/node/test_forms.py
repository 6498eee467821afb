import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from node import forms
from node.models.forms import PendingForm
from tests.support.village import Village

TYPED = {"story": "No heating since Monday", "places": ["kitchen", "hall"], "n": 2}


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def ash(village):
    return village.build("https://ash.example")


def test_a_form_waits_with_what_was_typed_and_where_it_stood(ash):
    token = forms.keep(ash, None, "tell", "2", TYPED)

    assert forms.read(ash, token, "tell") == {**TYPED, "step": "2"}


def test_the_next_step_replaces_the_one_before(ash):
    token = forms.keep(ash, None, "tell", "2", TYPED)

    again = forms.keep(ash, token, "tell", "3", {"story": "No heating at all"})

    assert again == token
    assert forms.read(ash, token, "tell") == {"story": "No heating at all", "step": "3"}


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(max_size=20), st.text(st.characters(codec="utf-8"))))
def test_whatever_is_typed_comes_back_as_it_was(ash, typed):
    token = forms.keep(ash, None, "tell", "1", typed)

    assert forms.read(ash, token, "tell") == {**typed, "step": "1"}


@pytest.mark.parametrize("token", [None, "", "chosen by somebody else", "é"])
def test_nobody_chooses_a_token_for_somebody_else(ash, token):
    given_out = forms.keep(ash, token, "tell", "1", TYPED)

    assert given_out != token
    assert forms.read(ash, token, "tell") is None


def test_a_form_is_of_one_kind(ash):
    token = forms.keep(ash, None, "tell", "1", TYPED)

    assert forms.read(ash, token, "setup") is None
    assert forms.keep(ash, token, "setup", "1", {}) != token
    assert forms.read(ash, token, "tell") is not None


def test_a_form_waits_a_day_after_it_was_last_touched(village, ash):
    token = forms.keep(ash, None, "tell", "1", TYPED)
    village.pass_time(hours=23)
    forms.keep(ash, token, "tell", "2", TYPED)

    village.pass_time(hours=23)
    before = forms.read(ash, token, "tell")
    village.pass_time(hours=1)

    assert before is not None
    assert forms.read(ash, token, "tell") is None
    assert forms.keep(ash, token, "tell", "3", TYPED) != token


def test_a_form_that_was_sent_is_gone(ash):
    token = forms.keep(ash, None, "tell", "1", TYPED)

    forms.drop(ash, token)
    forms.drop(ash, token)
    forms.drop(ash, None)

    assert forms.read(ash, token, "tell") is None


def test_the_table_holds_neither_words_nor_token(ash):
    token = forms.keep(ash, None, "tell", "1", TYPED)

    with ash.read() as tx:
        row = tx.scalars(select(PendingForm)).one()

    assert b"heating" not in row.data
    assert token.encode() not in row.id_hash
    assert forms.read(ash, row.id_hash.hex(), "tell") is None


def test_forms_nobody_came_back_to_are_forgotten(village, ash):
    forms.keep(ash, None, "tell", "1", TYPED)
    village.pass_time(hours=12)
    young = forms.keep(ash, None, "tell", "1", TYPED)
    village.pass_time(hours=12)

    forms.forget(ash)

    with ash.read() as tx:
        assert tx.scalar(select(func.count()).select_from(PendingForm)) == 1
    assert forms.read(ash, young, "tell") is not None
