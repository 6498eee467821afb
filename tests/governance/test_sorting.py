"""When a rule of the community sorts a message without a person."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import Kind, Sensitivity
from governance.errors import ChoiceInvalid
from governance.sorting import PERSONAL, Message, alone, check
from governance.suggesting import Rule, suggest

URGENT = ("eviction", "tomorrow")
HOMES = Rule(
    "housing", Kind.CLAIM, 3, ("heating", "landlord*"), alone=True, urgent=URGENT
)
BUSES = Rule("transport", Kind.QUESTION, 1, ("bus",))
DEBTS = Rule("debt", Kind.CLAIM, 2, ("bailiff",), alone=True, urgent=("knife",))
RULES = (HOMES, BUSES, DEBTS)
CALM = Message(text="The heating is off.")


def test_the_one_rule_that_fits_sorts_by_itself_what_nothing_speaks_against():
    found = alone(CALM, RULES)

    assert (found.rule, found.topic, found.kind) == (
        "housing.claim/3", "housing", Kind.CLAIM,
    )  # fmt: skip
    assert found.words == ("heating",)


@pytest.mark.parametrize(
    "given",
    [
        {"text": "The roof leaks."},
        {"text": "The heating of the bus is off."},
        {"text": "The heating is off, and the bailiff is here."},
        {"text": "The heating is off, and the eviction is near."},
        {"text": "The heating is off. He has a knife."},
        {"text": "The heating is off until 3 March."},
        {"text": "The heating is off until the ۳rd."},
        {"text": "The heating is off for Ⅲ days."},
        {"topic": "work"},
        {"more": True},
        {"caution": "too-many"},
        {"sensitivity": Sensitivity.SENSITIVE},
        {"sensitivity": Sensitivity.SPECIAL},
        {"deadline_on": date(2026, 12, 1)},
    ],
)
def test_all_else_waits_for_a_person(given):
    assert alone(replace(CALM, **given), RULES) is None


@pytest.mark.parametrize(
    "given", [{"topic": "housing"}, {"sensitivity": Sensitivity.NORMAL}]
)
def test_what_says_the_same_does_not_stand_in_the_way(given):
    assert alone(replace(CALM, **given), RULES) == alone(CALM, RULES)


def test_a_rule_that_nobody_let_sorts_nothing():
    assert alone(Message(text="The bus is late."), RULES) is None
    assert suggest("The bus is late.", RULES).topic == "transport"


@pytest.mark.parametrize("topic", sorted(PERSONAL))
def test_of_what_is_personal_a_person_reads_first(topic):
    rule = replace(HOMES, topic=topic)
    assert alone(CALM, [rule]) is None
    assert alone(CALM, [HOMES]) is not None

    with pytest.raises(ChoiceInvalid):
        check(topic, URGENT)


@pytest.mark.parametrize("typed", [(), ("",), (" ", "")])
def test_a_rule_without_urgent_words_is_not_let_alone(typed):
    with pytest.raises(ChoiceInvalid):
        check("housing", typed)

    assert check("housing", ["fire ", "", "FIRE", "gas*"]) == ("fire", "gas*")


@given(
    st.text(),
    st.sampled_from(["", "housing", "work"]),
    st.booleans(),
    st.sampled_from(RULES),
)
def test_whatever_is_told_a_rule_sorts_at_most_what_it_would_suggest(
    text, topic, more, rule
):
    told = Message(text=f"{rule.words[0]} {text}", topic=topic, more=more)
    found = alone(told, RULES)
    if found is not None:
        assert found == suggest(told.text, RULES)
        assert not more
        assert topic in {"", found.topic}
        assert not any(sign.isnumeric() for sign in text)
