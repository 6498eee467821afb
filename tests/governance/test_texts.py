from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import ChoiceInvalid
from governance.texts import (
    MOST_SNIPPETS,
    SNIPPET_TEXT,
    SNIPPET_TITLE,
    VARIABLES,
    Medium,
    TemplateHard,
    TemplateInvalid,
    VariableKind,
    VariableMissing,
    check_room,
    check_snippet,
    check_template,
    fill,
    variables,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def write(kind, value):
    return value if kind is VariableKind.TEXT else f"{kind}:{value:%Y-%m-%d}"


def test_each_variable_is_named_once():
    assert variables("{reference}, {due} and {reference}") == ("reference", "due")


@pytest.mark.parametrize(
    "text", ["{secret}", "{}", "{ due }", "{due", "due}", "{{due}}"]
)
def test_what_is_no_variable_is_refused(text):
    with pytest.raises(TemplateInvalid):
        variables(text)


def test_variables_are_written_by_their_kind():
    text = "{member_name}: {received}, {due}"
    values = {"member_name": "Ada", "received": AT, "due": AT}

    found = fill(text, values, write)

    assert found == "Ada: day:2026-03-02, moment:2026-03-02"


@pytest.mark.parametrize("value", [None, "", "  "])
def test_what_is_missing_is_said_by_its_name(value):
    with pytest.raises(VariableMissing) as refusal:
        fill("{reference} in {area}", {"reference": "AB-1", "area": value}, write)

    assert refusal.value.values == {"names": "area"}
    assert "area" in refusal.value.reason
    assert "reference" not in refusal.value.reason


def test_all_that_is_missing_is_said_at_once():
    with pytest.raises(VariableMissing) as refusal:
        fill("{area} {due}", {}, write)

    assert refusal.value.values == {"names": "area, due"}


@given(st.text())
def test_a_value_is_never_looked_through_for_variables(value):
    text = f"{value}{{due}}"
    filled = fill("{member_name}", {"member_name": f"x{text}", "due": AT}, write)

    assert filled == f"x{text}"


@given(st.lists(st.sampled_from([*VARIABLES, None]), max_size=8), st.data())
def test_a_filled_text_has_every_value_or_is_refused(names, data):
    text = " ".join("word" if it is None else f"{{{it}}}" for it in names)
    values = {
        name: data.draw(st.sampled_from([None, "v" if kind == "text" else AT]))
        for name, kind in VARIABLES.items()
    }
    lacking = [it for it in names if it and values[it] is None]

    if lacking:
        with pytest.raises(VariableMissing):
            fill(text, values, write)
    else:
        assert "{" not in fill(text, values, write)


def test_long_sentences_are_refused():
    twenty = " ".join(["word"] * 20) + "."
    check_template(twenty, Medium.MAIL)
    check_template(f"{twenty} Short. {' '.join(['word'] * 30)}!", Medium.MAIL)

    with pytest.raises(TemplateHard):
        check_template(f"word {twenty}", Medium.MAIL)


def test_a_text_message_is_three_segments_at_most():
    check_template("a" * 459, Medium.SMS)
    check_template("я" * 201, Medium.SMS)
    check_template("a" * 460, Medium.MAIL)

    for text in ("a" * 460, "я" * 202):
        with pytest.raises(TemplateInvalid):
            check_template(text, Medium.SMS)


def test_no_words_are_hard_to_read():
    check_template("", Medium.LETTER)


def test_a_short_text_has_a_title_of_one_line():
    longest = "x" * SNIPPET_TITLE
    assert check_snippet("  When we \n are open ", "Hello.") == "When we are open"
    assert check_snippet(longest, "x" * SNIPPET_TEXT) == longest


@pytest.mark.parametrize(
    ("title", "text", "wrong"),
    [
        (" ", "Hello.", ChoiceInvalid),
        ("x" * (SNIPPET_TITLE + 1), "Hello.", ChoiceInvalid),
        ("Title", "{secret}", TemplateInvalid),
        ("Title", "x" * (SNIPPET_TEXT + 1), TemplateInvalid),
    ],
)
def test_what_is_no_short_text_is_refused(title, text, wrong):
    with pytest.raises(wrong):
        check_snippet(title, text)


def test_there_is_room_for_so_many_short_texts():
    check_room(MOST_SNIPPETS - 1)

    with pytest.raises(ChoiceInvalid):
        check_room(MOST_SNIPPETS)
