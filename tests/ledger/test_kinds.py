import pytest

from ledger.entry import KINDS, Chain, Role, kind_of
from tests.ledger.test_note import code_of

# Governance's events that are not public (ledger document, 4.6).
ON_MEMBER_CHAINS = {
    "ballot.cast",
    "cipher.cast",
    "objection.raised",
    "objection.closed",
    "points.awarded",
    "points.annotated",
}
ON_CASE_CHAINS = {
    "delivery.cleared",
    "duty.opened",
    "duty.closed",
    "terms.proffered",
    "terms.answered",
    "terms.tightened",
}
CLEAR = {
    "genesis",
    "key.rotate",
    "key.revoke",
    "policy",
    "tombstone",
    "anchor",
    "stats",
    "epoch.end",
}


def on(chain):
    return {name for name, kind in KINDS.items() if chain in kind.chains}


def test_events_that_would_show_who_are_sealed():
    assert on(Chain.MEMBER) >= ON_MEMBER_CHAINS
    assert on(Chain.CASE) >= ON_CASE_CHAINS
    for name in ON_MEMBER_CHAINS | ON_CASE_CHAINS:
        assert KINDS[name].fields == ("event",)
        assert Chain.CLEAR not in KINDS[name].chains


def test_the_public_kinds_are_those_of_the_design():
    assert on(Chain.CLEAR) == CLEAR


@pytest.mark.parametrize("name", ["gov.person", "gov.poll.opened", "gov.duty.opened"])
def test_any_event_may_stand_in_the_clear_under_its_name(name):
    kind = kind_of(name)

    assert (kind.chains, kind.fields) == (frozenset({Chain.CLEAR}), ("event",))


def test_every_listed_kind_is_found_and_somebody_may_write_it():
    for name, kind in KINDS.items():
        assert kind_of(name) is kind
        assert kind.chains
        assert kind.by


@pytest.mark.parametrize("name", ["", "gov", "gov.", "submissions", "gov.X", "gov.a b"])
def test_there_are_no_other_kinds(name):
    assert code_of(kind_of, name) == "kind-not-allowed"


def test_only_people_open_cases_and_the_node_may_write_down_what_they_said():
    submission = KINDS["submission"]

    assert submission.by == {Role.MEMBER, Role.GUEST, Role.ADVOCATE}
    assert submission.attested
    assert KINDS["claim"].attested
    assert not KINDS["ack"].attested


def test_consent_is_never_given_by_those_who_work_on_a_case():
    for name in ("consent.give", "consent.revoke"):
        assert KINDS[name].by == {Role.MEMBER, Role.GUEST}


def test_what_readers_did_is_written_by_the_node_alone():
    for name in ("disclosure", "breakglass", "deed"):
        assert KINDS[name].by == {Role.NODE}
