from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import origins
from federation.policy import (
    Access,
    Decision,
    Facts,
    Kind,
    Mode,
    Reason,
    Thing,
    Verb,
    may,
    strictest,
)
from tests.federation.arrivals import ASH, BIRCH, CASE, CLEO, DOV, EVE, GROUP

VILLAGE = Thing(GROUP, GROUP, Kind.GROUP)
ADVOCATE = Thing(f"{ASH}/ap/u/ada", f"{ASH}/ap/u/ada", Kind.ADVOCATE)
NODE = Thing(f"{ASH}/ap/node", f"{ASH}/ap/node", Kind.NODE)
OURS = Thing(CASE, GROUP, Kind.POST)
NOTE = Thing(f"{BIRCH}/notes/1", CLEO, Kind.POST)
CHANGING = [Verb.UPDATE, Verb.DELETE, Verb.UNDO, Verb.ADD, Verb.REMOVE]
TAKING_BACK = {Verb.DELETE, Verb.UNDO, Verb.REMOVE}
OPEN = Facts(followers=Access.OPEN, replies=Access.OPEN, is_group=True)
YES = Decision(allowed=True, reason=Reason.FITS)


def no(reason):
    return Decision(allowed=False, reason=reason)


@pytest.mark.parametrize(
    ("access", "decision"),
    [
        (Access.OPEN, YES),
        (Access.ASKED, no(Reason.ASKED)),
        (Access.CLOSED, no(Reason.CLOSED)),
    ],
)
def test_followers_and_replies_come_in_as_the_stewards_say(access, decision):
    facts = Facts(followers=access, replies=access)

    assert may(CLEO, Verb.FOLLOW, VILLAGE, facts) == decision
    assert may(CLEO, Verb.REPLY, OURS, facts) == decision


def test_what_the_stewards_did_not_open_waits_for_them():
    assert may(CLEO, Verb.FOLLOW, VILLAGE, Facts()).waits
    assert may(CLEO, Verb.REPLY, OURS, Facts()).waits
    assert not may(CLEO, Verb.REPLY, OURS, Facts(replies=Access.CLOSED)).waits
    assert not YES.waits


def test_an_advocate_is_followed_only_with_their_consent():
    consenting = replace(OPEN, consents=True)

    assert may(CLEO, Verb.FOLLOW, ADVOCATE, consenting) == YES
    assert may(CLEO, Verb.FOLLOW, ADVOCATE, OPEN) == no(Reason.NOT_FOLLOWABLE)
    gone = replace(ADVOCATE, gone=True)
    assert may(CLEO, Verb.FOLLOW, gone, consenting) == no(Reason.NOT_FOLLOWABLE)


@pytest.mark.parametrize(
    "thing",
    [NODE, OURS, replace(VILLAGE, public=False), replace(VILLAGE, gone=True)],
)
def test_nobody_follows_a_node_a_post_or_a_private_group(thing):
    decision = may(CLEO, Verb.FOLLOW, thing, replace(OPEN, consents=True))

    assert decision == no(Reason.NOT_FOLLOWABLE)


@pytest.mark.parametrize(
    "thing", [None, replace(OURS, public=False), replace(OURS, gone=True), VILLAGE]
)
def test_a_reply_to_what_one_may_not_see_is_as_to_nothing(thing):
    assert may(CLEO, Verb.REPLY, thing, OPEN) == no(Reason.ABSENT)


def test_below_what_waits_everything_waits():
    parent = replace(NOTE, pending=True)

    assert may(DOV, Verb.REPLY, parent, OPEN) == no(Reason.ASKED)
    closed = replace(OPEN, replies=Access.CLOSED)
    assert may(DOV, Verb.REPLY, parent, closed) == no(Reason.CLOSED)


@pytest.mark.parametrize("actor", [None, CLEO])
def test_public_things_are_read_by_everybody(actor):
    assert may(actor, Verb.READ, OURS, Facts()) == YES
    assert may(actor, Verb.READ, replace(OURS, gone=True), Facts()) == no(Reason.GONE)


@pytest.mark.parametrize("actor", [None, CLEO])
@pytest.mark.parametrize("signed_get", [True, False])
def test_what_is_private_or_waits_is_absent_for_everybody(actor, signed_get):
    facts = Facts(signed_get=signed_get)
    hidden = replace(OURS, public=False)

    absent = may(actor, Verb.READ, None, facts)
    assert absent == no(Reason.ABSENT)
    assert may(actor, Verb.READ, hidden, facts) == absent
    assert may(actor, Verb.READ, replace(hidden, gone=True), facts) == absent
    assert may(actor, Verb.READ, replace(OURS, pending=True), facts) == absent


def test_where_readers_sign_only_the_node_is_read_unsigned():
    facts = Facts(signed_get=True)

    assert may(None, Verb.READ, OURS, facts) == no(Reason.UNSIGNED)
    assert may(None, Verb.READ, replace(OURS, gone=True), facts).reason is (
        Reason.UNSIGNED
    )
    assert may(CLEO, Verb.READ, OURS, facts) == YES
    assert may(None, Verb.READ, NODE, facts) == YES


def test_only_a_group_passes_on():
    assert may(EVE, Verb.ANNOUNCE, NOTE, Facts(is_group=True)) == YES
    assert may(EVE, Verb.ANNOUNCE, NOTE, Facts()) == no(Reason.NOT_GROUP)


@pytest.mark.parametrize(
    "thing",
    [
        replace(NOTE, public=False),
        replace(NOTE, gone=True),
        replace(NOTE, announcing=True),
    ],
)
def test_what_is_private_gone_or_passed_on_is_not_passed_on(thing):
    assert may(EVE, Verb.ANNOUNCE, thing, OPEN) == no(Reason.NOT_SHAREABLE)


def test_a_suspended_persons_words_are_not_passed_on():
    facts = replace(OPEN, owner_suspended=True)

    assert may(EVE, Verb.ANNOUNCE, NOTE, facts) == no(Reason.NOT_SHAREABLE)


@pytest.mark.parametrize("verb", CHANGING)
def test_only_its_owner_changes_a_thing(verb):
    assert may(CLEO, verb, NOTE, OPEN) == YES
    for actor in (None, DOV, EVE, f"{CLEO}/", GROUP):
        assert may(actor, verb, NOTE, OPEN) == no(Reason.NOT_OWNER)
    assert may(CLEO, verb, None, OPEN) == no(Reason.ABSENT)


@pytest.mark.parametrize("verb", CHANGING)
def test_an_owner_on_another_origin_owns_nothing(verb):
    assert may(EVE, verb, replace(NOTE, owner=EVE), OPEN) == no(Reason.NOT_OWNER)


@pytest.mark.parametrize("verb", CHANGING)
def test_an_actor_changes_itself_and_no_neighbour(verb):
    itself = Thing(CLEO, CLEO, Kind.ADVOCATE)

    assert may(CLEO, verb, itself, OPEN) == YES
    assert may(DOV, verb, itself, OPEN) == no(Reason.NOT_OWNER)


FITTING = {
    Verb.FOLLOW: VILLAGE,
    Verb.REPLY: OURS,
    Verb.READ: OURS,
    Verb.ANNOUNCE: NOTE,
    **dict.fromkeys(CHANGING, NOTE),
}


@pytest.mark.parametrize("verb", Verb)
def test_a_blocked_origin_only_takes_back(verb):
    decision = may(CLEO, verb, FITTING[verb], replace(OPEN, modes=(Mode.BLOCKED,)))

    assert may(CLEO, verb, FITTING[verb], OPEN) == YES
    assert decision == (YES if verb in TAKING_BACK else no(Reason.BLOCKED))


@pytest.mark.parametrize("verb", Verb)
def test_what_a_limited_origin_adds_only_stewards_see(verb):
    decision = may(CLEO, verb, FITTING[verb], replace(OPEN, modes=(Mode.LIMITED,)))

    free = verb in TAKING_BACK or verb is Verb.READ
    assert decision == (YES if free else no(Reason.LIMITED))
    assert decision.waits is not free


def test_a_blocked_origin_learns_nothing_of_what_there_is():
    facts = Facts(modes=(Mode.BLOCKED,))

    assert may(CLEO, Verb.READ, None, facts) == may(CLEO, Verb.READ, OURS, facts)


@given(st.lists(st.sampled_from(Mode)))
def test_the_least_friendly_mode_counts(modes):
    found = strictest(modes)

    assert found is ((modes and max(modes, key=list(Mode).index)) or Mode.OPEN)


actors = st.sampled_from([None, CLEO, DOV, EVE, GROUP, ADVOCATE.id])
ids = st.sampled_from([CLEO, DOV, EVE, GROUP, CASE, NOTE.id, "", "nonsense"])
things = st.none() | st.builds(Thing, ids, ids, st.sampled_from(Kind))
facts = st.builds(
    Facts,
    st.lists(st.sampled_from(Mode)).map(tuple),
    st.sampled_from(Access),
    st.sampled_from(Access),
)


@given(actors, st.sampled_from(CHANGING), things, facts)
def test_nothing_is_changed_but_by_its_owner_on_its_origin(actor, verb, thing, facts):
    if may(actor, verb, thing, facts).allowed:
        assert actor == thing.owner
        assert origins.same(actor, thing.id)


@given(actors, st.sampled_from(Verb), things, facts)
def test_every_question_has_one_answer_with_a_reason(actor, verb, thing, facts):
    decision = may(actor, verb, thing, facts)

    assert decision.allowed is (decision.reason is Reason.FITS)
