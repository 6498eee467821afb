import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from web import display

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def test_words_are_isolated_and_escaped():
    assert display.verbatim("<b>a & b</b>") == Markup(
        '<bdi dir="auto">&lt;b&gt;a &amp; b&lt;/b&gt;</bdi>'
    )


def test_line_ends_and_tabs_stay():
    assert "one\n\ttwo" in display.verbatim("one\r\n\ttwo")


@pytest.mark.parametrize(
    "hidden",
    ["\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\x1b", "\x85", "\u2028"],
)
def test_what_nobody_can_see_is_shown_by_its_number(hidden):
    shown = display.verbatim(f"pay{hidden}ed")

    assert hidden not in shown
    assert f'<span class="sign">U+{ord(hidden):04X}</span>' in shown


@pytest.mark.parametrize("text", ["می‌خواهم", "क्‍ष", "👩‍⚖️", "नमस्ते", "Việt"])
def test_what_people_write_with_is_left_alone(text):
    assert text in display.verbatim(text)


def test_a_tower_of_marks_is_cut_after_eight():
    shown = display.verbatim("a" + "\u0301" * 500 + "b")

    assert shown.count("\u0301") == display.MARKS
    assert "b" in shown


@given(st.text(max_size=60))
def test_nothing_a_person_writes_becomes_markup(text):
    inside = str(display.verbatim(text)).removeprefix('<bdi dir="auto">')

    assert (
        inside.replace('<span class="sign">', "").replace("</span>", "").count("<") == 1
    )


@given(st.text(max_size=60))
def test_no_sign_that_turns_text_around_is_sent(text):
    turning = {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}

    for shown in (display.verbatim(text), display.short(text)):
        assert not turning & {unicodedata.bidirectional(sign) for sign in str(shown)}


def test_a_name_stands_on_one_line():
    assert display.short(" Ada \n Byron ") == Markup("<bdi>Ada Byron</bdi>")


@pytest.mark.parametrize(
    ("name", "called"), [("Dana Okafor", "Dana"), ("", ""), ("  ", ""), ("Ada", "Ada")]
)
def test_people_are_called_by_the_first_word_of_their_name(name, called):
    assert display.first_name(name) == called


@dataclass
class Line:
    machine: bool
    at: datetime
    minor: bool = False
    text: str = ""


def test_what_the_program_did_on_one_day_is_folded():
    lines = [
        Line(machine=False, at=MONDAY),
        Line(machine=True, at=MONDAY),
        Line(machine=False, minor=True, at=MONDAY + timedelta(hours=1)),
        Line(machine=True, at=MONDAY + timedelta(days=1)),
        Line(machine=False, at=MONDAY + timedelta(days=1)),
        Line(machine=False, at=MONDAY + timedelta(days=1)),
    ]

    groups = list(display.folded(lines))

    assert [(group.aside, len(group.entries)) for group in groups] == [
        (False, 1),
        (True, 2),
        (True, 1),
        (False, 2),
    ]
    assert [line for group in groups for line in group.entries] == lines
