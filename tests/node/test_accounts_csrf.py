from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import Invalid
from node import accounts
from tests.support.authenticator import b64u, unb64u
from tests.support.village import Village

TOKEN, OTHER = "the-token-of-ada", "the-token-of-ben"


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    village = Village(tmp_path_factory.mktemp("village"))
    yield village
    village.close()


@pytest.fixture(scope="module")
def ash(village):
    return village.build("https://ash.example")


def test_a_form_made_for_a_session_holds_for_it(ash):
    assert accounts.csrf_holds(ash, TOKEN, accounts.csrf(ash, TOKEN))


def test_a_form_token_never_looks_the_same_twice(ash):
    assert accounts.csrf(ash, TOKEN) != accounts.csrf(ash, TOKEN)


def test_a_form_made_for_another_session_does_not_hold(ash):
    assert not accounts.csrf_holds(ash, OTHER, accounts.csrf(ash, TOKEN))


def test_a_form_token_of_another_node_does_not_hold(village, ash):
    birch = village.build("https://birch.example")

    assert not accounts.csrf_holds(birch, TOKEN, accounts.csrf(ash, TOKEN))


@given(st.text(max_size=100))
def test_no_other_text_holds(ash, given_text):
    assert not accounts.csrf_holds(ash, TOKEN, given_text)


@given(st.integers(0, 511))
def test_no_bit_of_a_form_token_can_be_changed(ash, bit):
    raw = bytearray(unb64u(accounts.csrf(ash, TOKEN)))

    raw[bit // 8] ^= 1 << bit % 8

    assert not accounts.csrf_holds(ash, TOKEN, b64u(bytes(raw)))


def test_a_form_without_a_session_tells_its_age(ash):
    shown = ash.now()
    token = accounts.form_token(ash, shown)

    age = accounts.form_age(ash, token, shown + timedelta(hours=25))

    assert age == timedelta(hours=25) > accounts.OLDEST
    assert timedelta(seconds=2) < accounts.QUICKEST


def test_a_form_shown_after_now_has_a_negative_age(ash):
    token = accounts.form_token(ash, ash.now() + timedelta(hours=1))

    assert accounts.form_age(ash, token, ash.now()) < accounts.QUICKEST


@given(st.integers(0, 383))
def test_no_bit_of_a_timed_token_can_be_changed(ash, bit):
    raw = bytearray(unb64u(accounts.form_token(ash, ash.now())))

    raw[bit // 8] ^= 1 << bit % 8

    with pytest.raises(Invalid):
        accounts.form_age(ash, b64u(bytes(raw)), ash.now())


@given(st.text(max_size=100))
def test_no_other_text_is_a_timed_token(ash, given_text):
    with pytest.raises(Invalid):
        accounts.form_age(ash, given_text, ash.now())
