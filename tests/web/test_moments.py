from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from web.moments import Moments

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
WORDS = {"Today %(time)s": "Hoy %(time)s"}


def moments(language="en", zone="Europe/London"):
    translate = (lambda text: WORDS.get(text, text)) if language == "es" else str
    return Moments(Locale.parse(language), ZoneInfo(zone), NOW, translate)


def test_a_day_is_written_as_people_say_it():
    day = moments().day(datetime(2026, 3, 6, 17, 0, tzinfo=UTC))

    assert day == ('<time datetime="2026-03-06T17:00:00+00:00">Friday 6 March</time>')


def test_a_year_is_said_when_it_is_asked_for():
    assert "Friday 6 March 2026" in moments().day(NOW + timedelta(days=3), year=True)


def test_a_moment_is_told_in_the_zone_of_the_community():
    shown = moments(zone="Asia/Tokyo").moment(datetime(2026, 2, 15, 17, 14, tzinfo=UTC))

    assert "Mon 16 Feb, 02:14" in shown
    assert "2026-02-15T17:14:00+00:00" in shown


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(hours=-24), "Yesterday 10:00"),
        (timedelta(hours=7), "Today 17:00"),
        (timedelta(hours=24), "Tomorrow 10:00"),
        (timedelta(days=3), "Fri 6 Mar, 10:00"),
        (timedelta(days=-3), "Sat 28 Feb, 10:00"),
    ],
)
def test_a_word_for_a_day_always_stands_beside_its_time(away, said):
    assert f">{said}<" in moments().due(NOW + away)


def test_the_day_changes_at_midnight_of_the_community():
    soon = datetime(2026, 3, 3, 13, 30, tzinfo=UTC)

    assert "Tomorrow 00:30" in moments(zone="Australia/Sydney").due(soon)


def test_other_languages_order_a_day_their_own_way():
    assert "viernes, 6 de marzo" in moments("es").day(NOW + timedelta(days=3))
    assert "Hoy 17:00" in moments("es").due(NOW + timedelta(hours=7))


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(hours=4), "4 hours"),
        (timedelta(minutes=90), "2 hours"),
        (timedelta(days=12), "12 days"),
        (timedelta(seconds=30), "30 seconds"),
    ],
)
def test_a_length_is_rounded_to_what_matters(length, said):
    assert moments().span(length) == said


def test_numbers_and_money_follow_the_language():
    assert moments().number(12345) == "12,345"
    assert moments("es").number(12345) == "12.345"
    assert moments().money(Decimal("120.50"), "GBP") == "£120.50"


def test_the_currency_of_the_place_is_offered_first_and_once():
    codes = [code for code, _ in moments().currencies()]

    assert codes[0] == "GBP"
    assert len(codes) == len(set(codes))
    assert moments(zone="Etc/UTC").currencies()[0][0] == "AUD"
