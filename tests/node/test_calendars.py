"""Closed days from a file: read whole or not at all, and frozen with each promise."""

import json
from datetime import date

import pytest
import structlog
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from governance.errors import CalendarInvalid, CalendarNeverOpens, Denied
from node import calendars, governance
from node.calendars import Read
from node.calendars.reading import LARGEST, read
from node.models.pledges import ClosedDays, Pledge
from tests.support.commands import typed


def ics(*lines):
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:Day {number}\r\n{said}\r\n"
        "END:VEVENT\r\n"
        for number, said in enumerate(lines)
    )
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
    return f"{head}{events}END:VCALENDAR\r\n".encode()


ONE = "DTSTART;VALUE=DATE:20260303"
YEARLY = "DTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY"
MONDAY = "DTSTART;VALUE=DATE:20200525\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO"
EVERY = "DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=DAILY"


def take(moot, *lines, by="dov", add=False):
    events, left = read(ics(*lines))
    given = Read(events, left, "holidays.ics")
    return calendars.take(moot.node, given, add=add, by=moot[by])


def closed(moot):
    return [one.day for one in calendars.closed_days(moot.node)]


def dues(moot, made):
    with moot.node.read() as tx:
        rows = tx.scalars(select(Pledge).where(Pledge.case_id == made.case_id))
        return {row.kind: (row.due_at, row.closed_days) for row in rows}


def test_holidays_that_come_again_close_the_desk_for_years_ahead(moot):
    taken = take(moot, ONE, YEARLY, MONDAY)

    days = closed(moot)

    assert (taken.version, taken.days, taken.left_out) == (1, len(days), 0)
    assert {date(2026, 3, 3), date(2026, 12, 25), date(2029, 5, 28)} <= set(days)
    assert date(2025, 12, 25) not in days


def test_a_new_version_moves_promises_to_come_and_none_that_was_made(moot):
    before = moot.tell()
    kept = dues(moot, before)

    take(moot, ONE)
    after = dues(moot, moot.tell())

    assert dues(moot, before) == kept
    assert after["triage"][0] > kept["triage"][0]
    assert (kept["triage"][1], after["triage"][1]) == (0, 1)
    assert (
        after["acknowledge"][0] - kept["acknowledge"][0]
        < after["triage"][0] - kept["triage"][0]
    )
    with moot.node.read() as tx:
        rows = tx.scalars(select(Pledge).where(Pledge.case_id == before.case_id)).all()
        triage = next(row for row in rows if row.kind == "triage")
        found = governance.as_promised(moot.node, tx, triage)
    assert found.calendar.closed == frozenset()


def test_a_version_replaces_the_one_before_unless_it_is_added(moot):
    take(moot, ONE)
    take(moot, "DTSTART;VALUE=DATE:20260304")
    assert closed(moot) == [date(2026, 3, 4)]

    taken = take(moot, ONE, add=True)

    assert closed(moot) == [date(2026, 3, 3), date(2026, 3, 4)]
    assert taken.version == 3


def test_several_days_exceptions_and_hours_of_a_day():
    events, left = read(
        ics(
            "DTSTART;VALUE=DATE:20260401\r\nDTEND;VALUE=DATE:20260404",
            f"{YEARLY}\r\nEXDATE;VALUE=DATE:20261225\r\nRDATE;VALUE=DATE:20261224",
            "DTSTART:20260302T090000Z\r\nDTEND:20260302T100000Z",
            f"{ONE}\r\nSTATUS:CANCELLED",
            f"{ONE}\r\nDURATION:P2D",
        )
    )

    assert [it.length for it in events] == [3, 1, 2]
    assert left == 2
    assert (events[1].but, events[1].also) == (
        {date(2026, 12, 25)},
        {date(2026, 12, 24)},
    )


EXCEPTIONS = ",".join(f"{year}{day:04}" for year in range(1900, 2310) for day in (101,))


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"hello",
        b"BEGIN:VCARD\r\nEND:VCARD\r\n",
        b"\x00" * 100,
        b"x" * (LARGEST + 1),
        ics(*[ONE] * 2001),
        ics(*[YEARLY] * 201),
        ics(f"{YEARLY}\r\nEXDATE;VALUE=DATE:{EXCEPTIONS}"),
        ics("DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=SECONDLY"),
        ics("DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=YEARLY;BYSETPOS=1"),
        ics("DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=DAILY;INTERVAL=2"),
        ics("DTSTART;VALUE=DATE:00010101"),
        ics("DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20270101"),
        ics("DTSTART;VALUE=DATE:20260399"),
        ics("SUMMARY:Nothing else"),
        ics(f"{ONE}\r\nRECURRENCE-ID;VALUE=DATE:20260303"),
        ics(f"{YEARLY}\r\nRRULE:FREQ=DAILY"),
    ],
    ids=range(17),
)
def test_what_is_hostile_or_damaged_is_refused_whole(hostile):
    with pytest.raises(CalendarInvalid):
        read(hostile)


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
@example(b"END:VEVENT")
def test_any_bytes_are_a_calendar_or_refused(junk):
    whole = ics(ONE).replace(b"SUMMARY:Day 0", junk)
    for data in (junk, whole):
        try:
            events, left = read(data)
        except CalendarInvalid:
            continue
        assert len(events) + left <= 2000


def test_more_than_the_desk_can_close_is_refused_and_nothing_is_kept(moot):
    with pytest.raises(CalendarInvalid):
        take(moot, EVERY)
    long = "DTSTART;VALUE=DATE:2026{:02}01\r\nDURATION:P31D"
    season = [long.format(month) for month in (4, 5, 6)]
    with pytest.raises(CalendarNeverOpens):
        take(moot, *season)

    with moot.node.read() as tx:
        assert tx.scalars(select(ClosedDays)).all() == []
        assert governance.in_force(moot.node, tx).calendar.closed == frozenset()


@pytest.mark.parametrize("who", ["ada", "cleo", "iris", "finn"])
def test_closed_days_are_imported_by_stewards(moot, who):
    with pytest.raises(Denied):
        take(moot, ONE, by=who)

    assert closed(moot) == []


def test_a_steward_imports_a_file_by_a_command(moot, tmp_path):
    file = tmp_path / "holidays.ics"
    file.write_bytes(ics(ONE, "DTSTART:20260302T090000Z"))
    dov = str(moot.ids["dov"])

    made = typed(moot, "calendar", "import", str(file), "--person", dov)
    shown = json.loads(typed(moot, "calendar", "list", "--json").stdout)
    file.write_bytes(b"no calendar")
    bad = typed(moot, "calendar", "import", str(file), "--person", dov)
    structlog.reset_defaults()

    assert made.stdout == "Version 1: 1 closed days.\n"
    assert made.stderr == "1 events close no whole day.\n"
    assert shown == [{"day": "2026-03-03", "name": "Day 0"}]
    assert bad.exit_code == 1
    assert (
        bad.stderr
        == "Error: invalid.calendar: This is no calendar, or it is damaged.\n"
    )
