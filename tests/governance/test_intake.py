from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import State
from governance.errors import FileTooLarge, LanguageInvalid
from governance.intake import (
    LARGEST_MESSAGE,
    REOPENS_A_DAY,
    Channel,
    Course,
    Draft,
    Identity,
    Machine,
    Source,
    Thread,
    check_language,
    check_message_size,
    course,
)


@pytest.mark.parametrize("tag", ["en", "de", "pt-BR", "zh-Hant-TW", "hsb"])
def test_a_language_is_named_by_its_tag(tag):
    assert check_language(tag) == tag


@pytest.mark.parametrize(
    "tag", ["", "e", "EN", "english", "en_GB", "en-", "en\n", "-en"]
)
def test_what_is_no_tag_is_refused(tag):
    with pytest.raises(LanguageInvalid):
        check_language(tag)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_tag_or_refused(text):
    try:
        assert check_language(text).isascii()
    except LanguageInvalid:
        assert text not in {"en", "de"}


def draft(**given):
    """Return a draft, with what a test does not care about."""
    named = {
        "channel": Channel.EMAIL,
        "source": Source.EMAIL,
        "transport_id": "7:1",
        "raw": b"No heating",
        "text": "No heating",
        "received_at": datetime(2026, 1, 1, tzinfo=UTC),
        "language": "en",
        "identity": Identity.ANONYMOUS,
    }
    return Draft(**(named | given))


@pytest.mark.capability("5.3")
def test_a_draft_says_where_a_member_met_us():
    told = draft(source=Source.OFFICE)

    assert (told.source, told.machine) == (Source.OFFICE, Machine.HUMAN)
    assert told.sender is None


def test_a_draft_shows_nobodys_words():
    assert "heating" not in repr(draft())


deliveries = st.tuples(
    st.sampled_from(Channel), st.text(max_size=6), st.binary(max_size=6)
)


def key(delivery):
    channel, transport_id, raw = delivery
    return draft(channel=channel, transport_id=transport_id, raw=raw).dedupe_key


@given(deliveries, deliveries)
def test_two_deliveries_have_one_key_if_and_only_if_they_are_the_same(one, other):
    assert (key(one) == key(other)) is (one == other)


def test_nothing_moves_from_the_name_of_a_delivery_into_its_bytes():
    assert key((Channel.EMAIL, "7\0", b"1")) != key((Channel.EMAIL, "7", b"\x001"))


def test_when_and_how_surely_it_came_make_it_no_other_delivery():
    later = draft(received_at=datetime(2027, 1, 1, tzinfo=UTC), text="")

    assert later.dedupe_key == draft().dedupe_key


threads = st.builds(
    Thread,
    state=st.sampled_from(State),
    own=st.booleans(),
    reopens=st.booleans(),
    brought_back=st.integers(0, 5),
)
_WORDS = {Course.ANEW, Course.FOLLOW, Course.APPEND, Course.REOPEN}


@given(st.sampled_from(Machine), st.none() | threads, st.booleans())
def test_only_what_a_person_wrote_is_anybodys_words(machine, thread, ours):
    found = course(machine, thread, ours=ours)

    assert (found in _WORDS) is (machine is Machine.HUMAN)


@given(st.none() | threads, st.booleans())
def test_what_comes_of_a_persons_words_hangs_on_their_thread_alone(thread, ours):
    found = course(Machine.HUMAN, thread, ours=ours)

    assert found is course(Machine.HUMAN, thread, ours=not ours)
    if thread is None:
        assert found is Course.ANEW


@given(threads)
def test_a_closed_case_comes_back_for_its_own_member_in_time_and_not_for_ever(thread):
    found = course(Machine.HUMAN, thread, ours=True)
    closed, own = thread.state is State.CLOSED, thread.own

    calm = thread.brought_back < REOPENS_A_DAY
    assert (found is Course.REOPEN) is (closed and own and thread.reopens and calm)
    assert (found in {Course.REOPEN, Course.FOLLOW}) is (closed and own)


@given(threads)
def test_no_state_swallows_words(thread):
    found = course(Machine.HUMAN, thread, ours=True)
    gone = {State.CLOSED, State.DISCARDED, State.ERASED}

    assert (found is Course.APPEND) is (thread.state not in gone)


@given(st.sampled_from([Machine.BOUNCE, Machine.ABUSE_REPORT]), st.none() | threads)
def test_whoever_knows_no_message_of_ours_silences_nobody(machine, thread):
    assert course(machine, thread, ours=False) is Course.ASIDE
    assert course(machine, thread, ours=True) in {Course.UNREACHED, Course.SILENCE}


@given(st.none() | threads, st.booleans())
def test_a_list_stays_with_its_channel(thread, ours):
    assert course(Machine.LIST, thread, ours=ours) is Course.ASIDE


@given(st.none() | threads, st.booleans())
def test_a_machines_answer_is_kept_where_the_conversation_goes_on(thread, ours):
    found = course(Machine.AUTO_REPLY, thread, ours=ours)
    goes_on = thread is not None and thread.state not in {
        State.CLOSED,
        State.DISCARDED,
        State.ERASED,
    }

    assert found is (Course.NOTE if goes_on else Course.ASIDE)


def test_a_message_has_at_most_25_megabytes():
    check_message_size(LARGEST_MESSAGE)
    with pytest.raises(FileTooLarge):
        check_message_size(LARGEST_MESSAGE + 1)


def test_the_sources_are_those_of_the_product():
    assert " ".join(Source) == (
        "town_hall clinic event office doorstep street phone voicemail email sms "
        "letter web social partner api"
    )
