"""Words that suggest at triage what a case is about, and who takes it over."""

import pytest
from sqlalchemy import select

from governance.cases import Act, Kind
from governance.errors import ChoiceInvalid, Denied, NotFound
from node import cases, suggesting
from node.cases import folding
from node.models.cases import CaseEvent
from node.models.suggesting import TriageRule
from tests.node.test_cases_triage import choice

HEAT = ("heating", "landlord*")


def keep(moot, *words, topic="housing", kind=Kind.CLAIM, by="iris"):
    suggesting.change(moot.node, topic, {kind: words}, by=moot[by])


def suggestion(moot):
    return cases.triage_next(moot.node, by=moot["iris"]).suggestion


def rules(moot, topic="housing"):
    found = suggesting.of_topic(moot.node, topic, by=moot["iris"])
    return {one.name: one.words for one in found}


def rule_of(moot, made):
    mine = (CaseEvent.case_id == made.case_id, CaseEvent.act == Act.TRIAGE)
    with moot.node.read() as tx:
        return tx.scalars(select(CaseEvent.rule).where(*mine)).one()


def test_triage_is_shown_what_the_words_suggest_and_by_which_rule(moot):
    moot.tell(text="The heating is off, and no landlord.", wanted="A new heating.")
    assert suggestion(moot) is None

    keep(moot, *HEAT)

    found = suggestion(moot)
    assert (found.rule, found.topic, found.kind) == (
        "housing.claim/1", "housing", Kind.CLAIM,
    )  # fmt: skip
    assert found.words == HEAT


def test_only_what_was_told_is_looked_at_and_never_the_person(moot):
    keep(moot, "Ashford", "heating")
    made = moot.tell(
        text="Cold.", name="Ashford", place="Ashford", contact="ashford@mailbox.example"
    )
    assert suggestion(moot) is None
    moot.triage(made)
    moot.tell(text="Cold.", wanted="Heating.")

    assert suggestion(moot).words == ("heating",)


@pytest.mark.parametrize("by", ["ada", "olga"])
def test_a_member_and_a_guest_are_suggested_alike(moot, by):
    keep(moot, *HEAT)
    made = moot.tell(text="The heating.", by=moot[by])
    member = suggestion(moot)
    moot.triage(made)
    moot.tell(text="The heating.")

    assert suggestion(moot) == member


def test_who_takes_it_over_is_recorded_with_the_rule(moot):
    keep(moot, *HEAT)
    made = moot.tell(text="The heating.")

    fields = {"topic": "housing", "kind": "claim", "rule": "housing.claim/1"}
    moot.act(made, Act.TRIAGE, moot["iris"], **fields)

    assert rule_of(moot, made).startswith("housing.claim/1 ")
    (event,) = [
        one
        for one in cases.view(moot.node, made.reference, by=moot["iris"]).timeline
        if one.act is Act.TRIAGE
    ]
    assert not event.machine
    assert moot.entries(made)[event.seq].kind == "status"
    assert list(folding.verify(moot.node)) == []


@pytest.mark.parametrize(
    "given",
    [
        {"rule": "housing.claim/1", "topic": "work"},
        {"rule": "housing.claim/1", "kind": Kind.QUESTION},
        {"rule": "housing.claim/2"},
        {"rule": "no rule"},
        {"rule": ""},
    ],
)
def test_who_chooses_otherwise_took_nothing_over(moot, given):
    keep(moot, *HEAT)
    made = moot.tell(text="The heating.")

    cases.triage(moot.node, made.reference, choice(**given), by=moot["iris"])

    assert not rule_of(moot, made).startswith("housing")


def test_a_rule_that_was_changed_meanwhile_is_not_named(moot):
    keep(moot, *HEAT)
    made = moot.tell(text="The heating.")
    keep(moot, "boiler")

    taken = choice(rule="housing.claim/1")
    cases.triage(moot.node, made.reference, taken, by=moot["iris"])

    assert not rule_of(moot, made).startswith("housing")


def test_each_change_is_a_version_and_the_same_is_none(moot):
    keep(moot, *HEAT)
    keep(moot, "heating", "landlord*", "HEATING")
    keep(moot, "boiler")
    keep(moot)
    keep(moot)
    assert rules(moot) == {}
    keep(moot, "stove")

    assert rules(moot) == {"housing.claim/3": ("stove",)}
    assert rules(moot, "work") == {}
    with moot.node.read() as tx:
        rows = tx.scalars(select(TriageRule).order_by(TriageRule.version)).all()
    assert [row.words for row in rows] == ["heating\nlandlord*", "boiler", "stove"]
    assert [row.until is None for row in rows] == [False, False, True]
    assert {row.by_id for row in rows} == {moot.ids["iris"]}


def test_topics_and_kinds_have_their_own_words(moot):
    both = {Kind.CLAIM: ["broken"], Kind.QUESTION: ["may I"]}
    suggesting.change(moot.node, "housing", both, by=moot["iris"])
    keep(moot, "bus", topic="transport")

    assert set(rules(moot)) == {"housing.claim/1", "housing.question/1"}
    moot.tell(text="May I ask something?")
    assert suggestion(moot).kind is Kind.QUESTION


def test_words_are_kept_by_those_who_share_out_cases(moot):
    for who in ("ada", "cleo", "finn"):
        with pytest.raises(Denied):
            keep(moot, "heat", by=who)
        with pytest.raises(Denied):
            suggesting.of_topic(moot.node, "housing", by=moot[who])
    for topic in ("unsorted", "none"):
        with pytest.raises(NotFound):
            keep(moot, "heat", topic=topic)
        with pytest.raises(NotFound):
            suggesting.of_topic(moot.node, topic, by=moot["iris"])
    with pytest.raises(ChoiceInvalid):
        keep(moot, "!")
    assert rules(moot) == {}
