"""What is sent about being away, and about one's own hours."""

import re
from collections.abc import Sequence
from datetime import date

from marshmallow import ValidationError, fields, validates

from governance.absences import Shift
from web.schemas.form import FormSchema, Messages, line

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: How many can be named in the form to stand in.
DEPUTIES = ("deputy_1", "deputy_2", "deputy_3")
_DATE: Messages = dict.fromkeys(("required", "null", "invalid"), "date")
_HOUR = 60
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-\u2013]\s*(\d{1,2}):(\d{2})", re.ASCII)


class Away(FormSchema):
    """From which day to which, and who stands in."""

    first = fields.Date("%Y-%m-%d", required=True, error_messages=_DATE)
    last = fields.Date("%Y-%m-%d", required=True, error_messages=_DATE)
    deputy_1 = line(40)
    deputy_2 = line(40)
    deputy_3 = line(40)

    @validates("first", "last")
    def check_year(self, day: date, **_: object) -> None:
        """Refuse what no calendar can count with."""
        if not 2000 <= day.year <= 2199:  # noqa: PLR2004 - as every form has it
            raise ValidationError("date")


def _hours() -> fields.String:
    return line(80)


class Work(FormSchema):
    """What somebody says about their own work; hours as people write them."""

    languages = line(200)
    skills = line(400)
    area = line(40)
    capacity = line(3)
    mon, tue, wed, thu, fri, sat, sun = (_hours() for _ in DAYS)

    @validates("capacity")
    def check_number(self, text: str, **_: object) -> None:
        """Refuse what is no number."""
        typed = text.strip()
        if typed and not (typed.isascii() and typed.isdigit()):
            raise ValidationError("number")

    @validates(*DAYS)
    def check_hours(self, text: str, **_: object) -> None:
        """Refuse what is no list of spans of time."""
        read_hours(0, text)


def read_hours(weekday: int, text: str) -> Sequence[Shift]:
    """Return the hours of a day, from `09:00-12:00, 13:00-17:00`."""
    found = []
    for part in filter(None, (it.strip() for it in text.split(","))):
        told = _SPAN.fullmatch(part)
        if told is None:
            raise ValidationError("hours")
        hour, minute, to_hour, to_minute = map(int, told.groups())
        if max(minute, to_minute) >= _HOUR:
            raise ValidationError("hours")
        begin, end = hour * _HOUR + minute, to_hour * _HOUR + to_minute
        found.append(Shift(weekday, begin, end))
    return found


def said_hours(shifts: Sequence[Shift], weekday: int) -> str:
    """Return the hours of a day as the form has them."""
    own = [it for it in shifts if it.weekday == weekday]
    return ", ".join(f"{_clock(it.from_minute)}-{_clock(it.to_minute)}" for it in own)


def _clock(minute: int) -> str:
    return f"{minute // _HOUR:02}:{minute % _HOUR:02}"
