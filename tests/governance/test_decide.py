from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_DNS, UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.decide import ALWAYS, CONFLICT, SILENCE, decide, require
from governance.errors import Denied, NotFound, NotYours
from governance.floor import CLAIMANT
from governance.predicates import (
    PREDICATES,
    Asked,
    Circumstance,
    Resource,
    Status,
    Subject,
    SubjectKind,
    holds,
)
from governance.roles import Grant
from governance.rules import Predicate
from tests.governance.documents import SCHEMA, bylaws, vector

DECIDE = vector("decide")
RULES = bylaws()
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOW = Circumstance(at=AT)
DENYING = bylaws(
    {"/permissions/no": {"role": "*", "verb": "*", "effect": "deny", "when": []}}
)
ADA, BEN, CLEO, DOV = (UUID(int=number) for number in range(1, 5))
YEAR = timedelta(days=365)
VERBS = SCHEMA["$defs"]["verb"]["enum"]


def person(name):
    return name and uuid5(NAMESPACE_DNS, name)


def people(names):
    return None if names is None else frozenset(map(person, names))


def scope(names):
    return names if names == "all" else frozenset(names)


def read_grant(row):
    return Grant(
        row["role"],
        datetime.fromisoformat(row["from"]),
        datetime.fromisoformat(row["expires_at"]),
        topics=scope(row["scope"]["topics"]),
        areas=scope(row["scope"]["areas"]),
        clearance=frozenset(row["clearance"]),
    )


def read_subject(row):
    return Subject(
        SubjectKind(row["kind"]),
        person(row["member"]),
        Status(row["status"]),
        tuple(map(read_grant, row["grants"])),
    )


def read_resource(row):
    return Resource(
        owner=person(row["owner"]),
        parties=people(row["parties"]),
        assigned=people(row["assigned"]),
        topic=row["topic"],
        area=row["area"],
        sensitivity=row["sensitivity"],
        consents=frozenset(row["consents"]),
        conflicts=people(row["conflicts"]),
    )


def read_circumstance(row):
    return Circumstance(
        at=datetime.fromisoformat(row["at"]),
        purpose=row["purpose"],
        emergency=frozenset(row["emergency"]),
        confirmed_by=people(row["confirmed_by"]),
        in_hours=row["in_hours"],
    )


def grant(role, **more):
    return Grant(role, AT - YEAR, AT + YEAR, **more)


def member(who=BEN, *grants, status=Status.ACTIVE):
    return Subject(SubjectKind.MEMBER, who, status, grants)


def with_rule(verb, *when, role="member", effect="allow"):
    row = {"role": role, "verb": verb, "effect": effect, "when": list(when)}
    return bylaws({"/permissions/extra": row})


@pytest.mark.parametrize("case", DECIDE["cases"], ids=lambda case: case["note"])
def test_every_published_decision_is_ours(case):
    rules = bylaws(case["bylaws_patch"])
    who = read_subject(DECIDE["subject"] | case["subject"])
    what = read_resource(DECIDE["resource"] | case["resource"])
    now = read_circumstance(DECIDE["circumstance"] | case["circumstance"])

    decision = decide(rules, who, case["verb"], what, now)

    assert decision.allowed is case["allowed"]
    assert list(decision.rules) == case["rules"]
    assert decision.identity == rules.identity


resources = st.builds(
    Resource,
    owner=st.none() | st.sampled_from([ADA, BEN]),
    parties=st.none() | st.frozensets(st.sampled_from([ADA, BEN])),
    assigned=st.none() | st.frozensets(st.sampled_from([ADA, BEN])),
    topic=st.none() | st.sampled_from(["housing", "health"]),
    area=st.none() | st.sampled_from(["ward-3"]),
    sensitivity=st.none() | st.sampled_from(["normal", "special"]),
    consents=st.none() | st.frozensets(st.sampled_from(["share_with_node"])),
    conflicts=st.none() | st.frozensets(st.sampled_from([ADA, BEN])),
)
circumstances = st.builds(
    Circumstance,
    at=st.just(AT),
    purpose=st.none() | st.just("share_with_node"),
    emergency=st.frozensets(st.just("member.suspend")),
    confirmed_by=st.frozensets(st.sampled_from([ADA, BEN, CLEO])),
    in_hours=st.none() | st.booleans(),
)
grants = st.builds(
    Grant,
    st.sampled_from(sorted(RULES.roles)),
    st.just(AT - YEAR),
    st.sampled_from([AT, AT + YEAR]),
    topics=st.just("all") | st.frozensets(st.sampled_from(["housing", "health"])),
    areas=st.just("all") | st.frozensets(st.just("ward-3")),
    clearance=st.frozensets(st.just("special")),
)
subjects = st.builds(
    Subject,
    st.sampled_from(sorted(SubjectKind)),
    st.none() | st.sampled_from([ADA, BEN]),
    st.none() | st.sampled_from(sorted(Status)),
    st.lists(grants, max_size=3).map(tuple),
)
verbs = st.sampled_from(VERBS)


@given(subjects, verbs, resources, circumstances)
def test_nothing_can_be_decided_against_a_deny(who, verb, what, now):
    decision = decide(DENYING, who, verb, what, now)

    assert not decision.allowed or decision.rules == (ALWAYS,)


@given(subjects, verbs, resources, circumstances)
def test_a_conflict_leaves_what_every_member_may(who, verb, what, now):
    conflicted = Resource(
        owner=what.owner, assigned=what.assigned, conflicts=frozenset({ADA, BEN})
    )
    plain = Subject(who.kind, who.member, who.status)

    decision = decide(RULES, who, verb, conflicted, now)

    if who.member:
        assert decision.allowed == decide(RULES, plain, verb, conflicted, now).allowed


@given(subjects, verbs, resources, circumstances)
def test_a_grant_that_is_over_gives_nothing(who, verb, what, now):
    over = Subject(
        who.kind,
        who.member,
        who.status,
        tuple(it for it in who.grants if it.expires_at > AT),
    )

    assert decide(RULES, who, verb, what, now) == decide(RULES, over, verb, what, now)


@given(subjects, verbs, resources, circumstances)
def test_a_decision_names_its_rules_in_order(who, verb, what, now):
    decision = decide(RULES, who, verb, what, now)
    known = {row.id for row in RULES.permissions} | {ALWAYS, CONFLICT, SILENCE}

    assert set(decision.rules) <= known
    assert list(decision.rules) == sorted(decision.rules)
    assert decision.sentence.endswith(".")


@pytest.mark.capability("1.21")
@given(st.integers(-400, 400))
def test_a_grant_counts_from_its_first_second_until_before_its_last(seconds):
    held = Grant("steward", AT, AT + timedelta(seconds=300))
    now = Circumstance(at=AT + timedelta(seconds=seconds))

    decision = decide(RULES, member(BEN, held), "node.block", Resource(), now)

    assert decision.allowed == (0 <= seconds < 300)


@pytest.mark.parametrize("verb", sorted(CLAIMANT))
def test_on_the_own_case_no_grant_is_needed_and_none_helps(verb):
    what = Resource(owner=ADA)
    guest = Subject(SubjectKind.GUEST, ADA)

    assert decide(RULES, guest, verb, what, NOW).rules == (ALWAYS,)


def test_a_coordinator_does_not_triage_the_own_case():
    who = member(ADA, grant("coordinator"))

    decision = decide(RULES, who, "case.triage", Resource(owner=ADA), NOW)

    assert (decision.allowed, decision.rules) == (False, (CONFLICT,))
    with pytest.raises(Denied) as no:
        require(RULES, who, "case.triage", Resource(owner=ADA), NOW)
    assert no.value.rules == (CONFLICT,)


def test_conditions_hold_together_for_one_grant():
    rules = with_rule("case.read", "same_topic", "same_area", role="coordinator")
    what = Resource(owner=ADA, topic="housing", area="ward-3", conflicts=frozenset())
    topic = grant("coordinator", topics=frozenset({"housing"}), areas=frozenset())
    area = grant("coordinator", topics=frozenset(), areas=frozenset({"ward-3"}))

    decision = decide(rules, member(BEN, topic, area), "case.read", what, NOW)

    assert decision.rules == ("coordinator-case-read",)  # by its area alone


def test_a_role_with_the_name_of_no_grant_gives_nothing():
    who = member(BEN, grant("wizard"))

    assert decide(RULES, who, "case.triage", Resource(), NOW).rules == (SILENCE,)


@pytest.mark.parametrize(
    "status", [Status.LEFT, Status.REMOVED, Status.SUSPENDED, None]
)
def test_who_does_not_stand_as_a_member_has_the_rights_of_a_guest(status):
    who = member(BEN, grant("coordinator"), status=status)

    assert decide(RULES, who, "member.apply", Resource(), NOW).allowed
    assert not decide(RULES, who, "case.triage", Resource(), NOW).allowed
    assert not decide(RULES, who, "proposal.publish", Resource(), NOW).allowed


def test_only_members_hold_grants():
    who = Subject(SubjectKind.GUEST, BEN, Status.ACTIVE, (grant("coordinator"),))

    assert not decide(RULES, who, "case.triage", Resource(), NOW).allowed


def test_a_newcomer_with_a_grant_works_with_it():
    who = member(BEN, grant("coordinator"), status=Status.PROBATION)

    assert decide(RULES, who, "case.triage", Resource(), NOW).allowed


@pytest.mark.parametrize("verb", ["ledger.verify", "report.read", "rules.read"])
def test_anyone_checks_the_books(verb):
    assert decide(RULES, Subject(SubjectKind.PEER), verb, Resource(), NOW).allowed


@pytest.mark.parametrize("kind", [SubjectKind.GUEST, SubjectKind.PEER])
def test_only_members_vote(kind):
    who = Subject(kind, BEN, Status.ACTIVE)

    assert not decide(RULES, who, "poll.vote", Resource(), NOW).allowed


@pytest.mark.parametrize("status", [Status.PROBATION, Status.ACTIVE, Status.SUSPENDED])
def test_every_member_votes(status):
    assert decide(RULES, member(status=status), "poll.vote", Resource(), NOW).allowed


def test_who_may_is_told_by_which_rule():
    decision = require(RULES, member(), "case.submit", Resource(), NOW)

    assert decision.rules == ("member-case-submit",)
    assert "member-case-submit" in decision.sentence


def test_somebody_with_an_interest_is_told_that_there_is_nothing():
    what = Resource(owner=ADA, conflicts=frozenset({BEN}))

    with pytest.raises(NotFound, match="nothing like that"):
        require(RULES, member(BEN, grant("coordinator")), "case.triage", what, NOW)


def test_anothers_case_is_not_yours():
    with pytest.raises(NotYours):
        require(RULES, member(), "case.reopen", Resource(owner=ADA), NOW)


def test_what_no_rule_allows_is_denied():
    with pytest.raises(Denied) as no:
        require(RULES, member(), "node.block", Resource(), NOW)
    assert no.value.rules == (SILENCE,)


def test_a_rule_that_denies_is_named():
    newcomer = member(status=Status.PROBATION)

    with pytest.raises(Denied, match="no-member-proposal-publish"):
        require(RULES, newcomer, "proposal.publish", Resource(owner=ADA), NOW)


HELD = grant("advocate", topics=frozenset({"housing"}), areas=frozenset({"ward-3"}))
CLEARED = grant("advocate", clearance=frozenset({"special"}))
OVER = Grant("advocate", AT - YEAR, AT)


@pytest.mark.parametrize(
    ("predicate", "what", "now", "held", "answer"),
    [
        ("own", {"owner": BEN}, {}, None, True),
        ("own", {"owner": ADA}, {}, None, False),
        ("own", {"owner": None}, {}, None, None),
        ("party", {"parties": {BEN}}, {}, None, True),
        ("party", {"parties": {ADA}}, {}, None, False),
        ("party", {"parties": None}, {}, None, None),
        ("assigned", {"assigned": {BEN}}, {}, None, True),
        ("assigned", {"assigned": {ADA}}, {}, None, False),
        ("assigned", {"assigned": None}, {}, None, None),
        ("consented", {"consents": {"publish"}}, {"purpose": "publish"}, None, True),
        ("consented", {"consents": {"media"}}, {"purpose": "publish"}, None, False),
        ("consented", {"consents": None}, {"purpose": "publish"}, None, None),
        ("consented", {"consents": {"media"}}, {}, None, None),
        ("conflicted", {"conflicts": {BEN}}, {}, None, True),
        ("conflicted", {"conflicts": {ADA}}, {}, None, False),
        ("conflicted", {"conflicts": None}, {}, None, None),
        ("in_term", {}, {}, HELD, True),
        ("in_term", {}, {}, OVER, False),
        ("in_term", {}, {}, None, None),
        ("emergency", {}, {"emergency": {"case.note"}}, None, True),
        ("emergency", {}, {"emergency": {"case.read"}}, None, False),
        ("probation", {}, {}, None, False),
        ("same_topic", {"topic": "housing"}, {}, HELD, True),
        ("same_topic", {"topic": "health"}, {}, HELD, False),
        ("same_topic", {"topic": None}, {}, HELD, None),
        ("same_topic", {"topic": None}, {}, CLEARED, True),
        ("same_topic", {"topic": "housing"}, {}, None, None),
        ("same_area", {"area": "ward-3"}, {}, HELD, True),
        ("same_area", {"area": "ward-4"}, {}, HELD, False),
        ("same_area", {"area": None}, {}, HELD, None),
        ("same_area", {"area": "ward-3"}, {}, None, None),
        ("within_hours", {}, {"in_hours": True}, None, True),
        ("within_hours", {}, {"in_hours": False}, None, False),
        ("within_hours", {}, {}, None, None),
        ("two_person", {}, {"confirmed_by": {ADA}}, None, True),
        ("two_person", {}, {"confirmed_by": {BEN}}, None, False),
        ("two_person", {"conflicts": {ADA}}, {"confirmed_by": {ADA}}, None, False),
        ("two_person", {"conflicts": None}, {"confirmed_by": {ADA}}, None, None),
        ("cleared", {"sensitivity": "special"}, {}, CLEARED, True),
        ("cleared", {"sensitivity": "special"}, {}, HELD, False),
        ("cleared", {"sensitivity": None}, {}, HELD, None),
        ("cleared", {"sensitivity": "special"}, {}, None, None),
    ],
)
def test_every_condition_says_yes_no_or_cannot_tell(predicate, what, now, held, answer):
    asked = Asked(
        member(), "case.note", Resource(**what), Circumstance(at=AT, **now), held
    )

    assert holds(Predicate(predicate), asked) is answer


def test_a_newcomer_is_on_probation():
    asked = Asked(member(status=Status.PROBATION), "case.note", Resource(), NOW)

    assert holds(Predicate.PROBATION, asked) is True


def test_every_condition_can_be_asked():
    assert PREDICATES.keys() == set(Predicate)


@pytest.mark.parametrize("effect", ["allow", "deny"])
def test_on_doubt_nothing_is_allowed(effect):
    rules = with_rule("case.note", "within_hours", effect=effect)

    decision = decide(rules, member(), "case.note", Resource(), NOW)

    assert not decision.allowed
    assert decision.rules == (("extra",) if effect == "deny" else (SILENCE,))


def test_whose_conflicts_are_unknown_counts_as_conflicted():
    who = member(BEN, grant("coordinator"))

    decision = decide(RULES, who, "case.triage", Resource(conflicts=None), NOW)

    assert decision.rules == (CONFLICT,)


def test_a_grant_for_some_teams_gives_nothing_in_another_nor_without_any():
    grant = Grant("coordinator", AT, AT + YEAR, teams=frozenset({"homes"}))
    who = Subject(SubjectKind.MEMBER, ADA, Status.ACTIVE, (grant,))

    answers = [
        decide(RULES, who, "case.assign", Resource(owner=BEN, team=team), NOW).allowed
        for team in ("homes", "debts", None)
    ]

    assert answers == [True, False, False]
