"""Dates, times and numbers as people say them.

Moments are kept in UTC and shown in one zone; a word such as "today" only ever
stands beside a time.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import (
    format_date,
    format_datetime,
    format_skeleton,
    format_time,
    format_timedelta,
)
from babel.numbers import (
    format_currency,
    format_decimal,
    get_territory_currencies,
)
from babel.units import format_unit
from markupsafe import Markup

_DAY = timedelta(days=1)
#: From here on lengths are counted in days, and never in weeks or months.
_DAYS = timedelta(hours=36)

#: English names the day first everywhere; other languages ask Babel for the order.
_ENGLISH = {
    "MMMMEEEEd": "EEEE d MMMM",
    "yMMMMEEEEd": "EEEE d MMMM y",
    "MMMEd": "EEE d MMM",
}

#: Offered where somebody says what something cost.
CURRENCIES = (
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HUF", "INR", "JPY",
    "KES", "MXN", "NGN", "NOK", "NZD", "PLN", "RON", "SEK", "TRY", "UAH", "USD", "ZAR",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moments:
    """How one reader is told about time: language, zone, and what moment it is."""

    locale: Locale
    zone: ZoneInfo
    now: datetime
    gettext: Callable[[str], str]

    def day(self, at: datetime, *, year: bool = False) -> Markup:
        """Return the day in full: "Friday 6 March", with another year than this."""
        year = year or self._here(at).year != self._here(self.now).year
        return self._time(at, self._date(at, "yMMMMEEEEd" if year else "MMMMEEEEd"))

    def on(self, day: date) -> Markup:
        """Return a day that is the same everywhere: "Friday 6 March 2026"."""
        words = format_date(day, self._pattern("yMMMMEEEEd"), locale=self.locale)
        return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), words)

    def moment(self, at: datetime) -> Markup:
        """Return day and time, short: "Mon 16 Feb, 02:14"."""
        return self._time(at, f"{self._date(at, 'MMMEd')}, {self._clock(at)}")

    def dated(self, at: datetime) -> Markup:
        """Return day, year and time, for what is read years later or on paper."""
        clock = format_time(self._here(at), "HH:mm ZZZZ", locale=self.locale)
        return self._time(at, f"{self._date(at, 'yMMMMEEEEd')}, {clock}")

    def due(self, at: datetime) -> Markup:
        """Return until when, beside a word for a day that is near."""
        days = (self._here(at).date() - self._here(self.now).date()).days
        near = {
            -1: self.gettext("Yesterday %(time)s"),
            0: self.gettext("Today %(time)s"),
            1: self.gettext("Tomorrow %(time)s"),
        }
        if days in near:
            return self._time(at, near[days] % {"time": self._clock(at)})
        return self._time(at, f"{self._date(at, 'MMMEd')}, {self._clock(at)}")

    def month(self, first: date) -> str:
        """Return a month and its year: "March 2026"."""
        return format_skeleton("yMMMM", first, locale=self.locale)

    def span(self, length: timedelta) -> str:
        """Return how long something lasted, rounded: "4 hours"."""
        if length >= _DAYS:
            return format_unit(round(length / _DAY), "day", locale=self.locale)
        return format_timedelta(length, threshold=1.2, locale=self.locale)

    def number(self, value: int) -> str:
        """Return a number with its thousands apart."""
        return format_decimal(value, locale=self.locale)

    def money(self, amount: Decimal, currency: str) -> str:
        """Return an amount of money."""
        return format_currency(amount, currency, locale=self.locale)

    def currencies(self) -> list[tuple[str, str]]:
        """Return the currencies to choose from, that of the community first."""
        territory = get_global("zone_territories").get(str(self.zone), "")
        own = get_territory_currencies(territory) if territory else []
        codes = [*own[:1], *(code for code in CURRENCIES if code not in own[:1])]
        names = self.locale.currencies
        return [(code, f"{code}, {names.get(code, code)}") for code in codes]

    def _here(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def _date(self, at: datetime, skeleton: str) -> str:
        return format_datetime(
            self._here(at), self._pattern(skeleton), locale=self.locale
        )

    def _pattern(self, skeleton: str) -> str:
        if self.locale.language == "en":
            return _ENGLISH[skeleton]
        known = self.locale.datetime_skeletons
        short = known["yMMMEd" if skeleton.startswith("y") else "MMMEd"]
        if skeleton == "MMMEd":
            return str(short.pattern)
        # CLDR has few long forms; where it has none, the short one is spelt out.
        long = known.get("MMMMEd", short) if skeleton == "MMMMEEEEd" else short
        return re.sub("M{3,}", "MMMM", re.sub("E+", "EEEE", str(long.pattern)))

    def _clock(self, at: datetime) -> str:
        return format_time(self._here(at), "HH:mm", locale=self.locale)

    def _time(self, at: datetime, words: str) -> Markup:
        return Markup('<time datetime="{}">{}</time>').format(
            at.isoformat(timespec="seconds"), words
        )
