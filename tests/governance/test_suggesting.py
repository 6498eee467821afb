"""What rules of words suggest of a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cases import Kind
from governance.errors import ChoiceInvalid
from governance.suggesting import LONGEST, MOST, Rule, check, suggest

HOMES = Rule("housing", Kind.CLAIM, 3, ("heating", "landlord*", "kein Wasser"))
BUSES = Rule("transport", Kind.QUESTION, 1, ("bus", "heating", "駅"))
EMPTY = Rule("work", Kind.CLAIM, 2, ())
RULES = (HOMES, BUSES, EMPTY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The landlord is away.", ("landlord*",)),
        ("My LANDLORDS, both of them!", ("landlord*",)),
        ("Heating: the landlord says no", ("heating", "landlord*")),
        ("Es gibt kein  Wasser.", ("kein Wasser",)),
    ],
)
def test_words_suggest_a_topic_and_a_kind_and_say_by_which_rule(text, words):
    found = suggest(text, RULES)

    assert (found.topic, found.kind, found.words) == ("housing", Kind.CLAIM, words)
    assert found.rule == "housing.claim/3"


@pytest.mark.parametrize(
    "text", ["", "Nothing of it.", "The landlady", "preheating", "Wasser, kein Gas"]
)
def test_no_word_of_a_rule_suggests_nothing(text):
    assert suggest(text, RULES) is None


def test_two_that_fit_alike_suggest_nothing_and_one_word_more_decides():
    assert suggest("heating", RULES) is None
    assert suggest("heating in the bus", RULES).topic == "transport"
    assert suggest("heating in the bus", reversed(RULES)).topic == "transport"


def test_marks_and_scripts_are_no_hindrance():
    rule = Rule("health", Kind.CLAIM, 1, ("Ärztin", "医者"))

    assert suggest("die ARZTIN", [rule]).words == ("Ärztin",)
    assert suggest("昨日医者に行った", [rule]).words == ("医者",)


def test_words_are_kept_once_without_what_is_empty():
    given = ["  kein   Wasser ", "", "Kein wasser", "heat", "heat*"]

    assert check(given) == ("kein Wasser", "heat", "heat*")


@pytest.mark.parametrize("word", ["!?", "*", "x" * (LONGEST + 1)])
def test_what_no_message_holds_is_no_word(word):
    with pytest.raises(ChoiceInvalid) as refusal:
        check(["heat", word])
    assert refusal.value.values["field"] == "words"


def test_a_rule_stays_small():
    assert len(check([f"w{number}" for number in range(MOST)])) == MOST
    with pytest.raises(ChoiceInvalid):
        check([f"w{number}" for number in range(MOST + 1)])


@given(st.text(), st.text(), st.lists(st.text(max_size=LONGEST), max_size=9))
def test_a_word_that_is_in_a_text_is_found_whatever_stands_around(before, after, words):
    try:
        kept = check(words)
    except ChoiceInvalid:
        return
    rule = Rule("work", Kind.CLAIM, 1, kept)
    for word in kept:
        found = suggest(f"{before} {word} {after}", [rule])
        assert word in found.words
