import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import entry
from ledger.encoding import canonical
from ledger.entry import KINDS, PERSON, Chain, Event
from tests.ledger.test_kinds import ON_CASE_CHAINS, ON_MEMBER_CHAINS
from tests.ledger.test_note import code_of

SCHEMA = Path("tests/vectors/governance/events.schema.json")
EVENTS = json.loads(SCHEMA.read_text())["properties"]["kind"]["enum"]
TERMS = {"terms.proffered", "terms.answered", "terms.tightened"}
#: What 4.6 lists by name; the stars are the first words of those that begin alike.
ABOUT_PEOPLE = {
    "appeal.filed",
    "petition.signed",
    "proposal.supported",
    "proposal.argued",
}
STARS = {"member", "grant", "sanction", "jury", "interest", "nomination", "trustee"}


def told(**given):
    return Event(
        **{
            "kind": "poll.opened",
            "at": "2026-11-22T12:00:00.000Z",
            "actor": None,
            "public": {"poll": "p", "options": ["a", "b"], "seats": 2},
            "sealed": "sha256:" + "0" * 64,
            **given,
        }
    )


def ways(kind):
    """Return the kinds of entries that an event may have, with and without a case."""
    found = set()
    for in_case in (True, False):
        chain = entry.chain_of(kind, in_case=in_case)
        clear = chain is Chain.CLEAR
        found.add((chain, in_case, entry.clear_kind(kind) if clear else kind))
    return found


def test_every_kind_of_event_is_told_in_exactly_one_of_the_three_ways():
    assert len(EVENTS) == len(set(EVENTS)) == 84
    for kind in EVENTS:
        about = kind in ABOUT_PEOPLE or kind.partition(".")[0] in STARS
        listed = [
            kind in ON_MEMBER_CHAINS, kind in ON_CASE_CHAINS, about,
        ]  # fmt: skip
        assert sum(listed) <= 1, kind
        with_case, without = sorted(ways(kind), key=lambda way: not way[1])
        if kind in ON_MEMBER_CHAINS:
            want = (Chain.MEMBER, kind), (Chain.MEMBER, kind)
        elif kind in TERMS:
            want = (Chain.CASE, kind), (Chain.MEMBER, kind)
        elif kind in ON_CASE_CHAINS:
            want = (Chain.CASE, kind), (Chain.CLEAR, f"gov.{kind}")
        elif about:
            want = (Chain.CLEAR, PERSON), (Chain.CLEAR, PERSON)
        else:
            want = (Chain.CLEAR, f"gov.{kind}"), (Chain.CLEAR, f"gov.{kind}")
        assert ((with_case[0], with_case[2]), (without[0], without[2])) == want, kind


def test_every_way_is_a_kind_of_entry_that_may_stand_there():
    for kind in EVENTS:
        for chain, _, name in ways(kind):
            assert chain in entry.kind_of(name).chains
            assert entry.kind_of(name).fields == ("event",)


def test_every_sealed_kind_of_event_is_one_of_governances():
    sealed = {name for name, kind in KINDS.items() if kind.fields == ("event",)}

    assert sealed == ON_MEMBER_CHAINS | ON_CASE_CHAINS
    assert sealed <= set(EVENTS)


def test_no_event_is_taken_for_an_entry_of_ours():
    # `genesis` is both: the event stands under `gov.`.
    assert entry.chain_of("genesis", in_case=False) is Chain.CLEAR
    assert entry.clear_kind("genesis") == "gov.genesis"
    assert PERSON.removeprefix("gov.") not in EVENTS


def test_what_is_no_name_of_an_event_has_no_clear_leaf():
    assert code_of(entry.clear_kind, "Poll Opened") == "kind-not-allowed"


def test_an_event_is_read_as_it_was_written():
    event = told()

    assert entry.read_event(event.encode()) == event
    assert entry.as_event(event.tuple) == event
    assert event.encode() == canonical(
        ["poll.opened", event.at, None, dict(event.public), event.sealed]
    )


def test_a_long_event_is_still_one():
    voters = ["sha256:" + f"{n:064x}" for n in range(2_000)]
    event = told(kind="papers.issued", public={"voters": voters})

    assert entry.read_event(event.encode()) == event


@given(st.binary(max_size=200))
def test_bytes_that_are_no_event_are_refused(raw):
    assert code_of(entry.read_event, raw)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        [],
        ["poll.opened", "2026", None, {}],
        ["poll.opened", "2026", None, {}, None, None],
        [1, "2026", None, {}, None],
        ["poll.opened", 2026, None, {}, None],
        ["poll.opened", "2026", 1, {}, None],
        ["poll.opened", "2026", None, [], None],
        ["poll.opened", "2026", None, {}, 1],
    ],
)
def test_what_is_not_the_tuple_is_no_event(wrong):
    assert code_of(entry.read_event, canonical(wrong)) == "event-malformed"


def test_an_event_has_one_spelling():
    raw = told().encode().replace(b",", b", ", 1)

    assert code_of(entry.read_event, raw) == "not-canonical"
