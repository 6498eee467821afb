"""What every template may say, and the language it says it in.

Templates get functions, not rows: each is read when a page asks for it, so a page
without a community, such as the one about a broken node, still opens.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, g, request
from markupsafe import Markup

from governance.errors import Refusal
from node import language
from node.language import Language
from web import current, display
from web.moments import Moments
from web.schemas.form import Form

SCHEMES = ("light", "dark")


def install(app: Flask, *, translations: Path | None = None) -> None:
    """Teach an application's templates our words. Called once, by `app.py`."""
    spoken = language.shipped() if translations is None else language.read(translations)
    app.extensions[current.LANGUAGES] = spoken
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        _gettext, _ngettext, newstyle=True
    )
    environment.globals.update(
        dated=_dated,
        day_of=_day,
        due=_due,
        first_name=display.first_name,
        folded=display.folded,
        guards=_guards,
        language_name=language_name,
        moment=_moment,
        money=_money,
        month_of=_month,
        new_id=current.fresh_id,
        number=_number,
        on_day=_on,
        plain=display.plain,
        short=display.short,
        span=_span,
        seconds=_seconds,
        verbatim=display.verbatim,
    )
    app.context_processor(_context)


def reading() -> Language:
    """Return the language this page is read in."""
    # Every word of a page asks: found once, it is one look.
    found = cast("Language | None", g.get("reading"))
    if found is None:
        known = current.spoken()
        found = g.reading = known.get(current.language()) or known[language.SOURCE]
    return found


def moments() -> Moments:
    """Return how this reader is told about time."""
    if "moments" not in g:
        here = reading()
        zone = ZoneInfo(current.community().zone)
        g.moments = Moments(here.locale, zone, current.node().now(), here.gettext)
    return cast("Moments", g.moments)


def reason(refusal: Refusal) -> str:
    """Return why something was refused, in the reader's language."""
    return language.reason(refusal, reading())


def language_name(tag: str) -> str:
    """Return the name of a language, in the language of the page."""
    name = reading().locale.languages.get(tag.partition("-")[0])
    return name or tag


def _context() -> dict[str, object]:
    return {
        "form": Form(),
        "here": request.path,
        "language": reading(),
        "languages": list(current.spoken().values()),
        "scheme": _scheme(),
    }


def _scheme() -> str:
    chosen = current.choice("scheme")
    return chosen if chosen in SCHEMES else ""


def _guards() -> Iterator[tuple[str, str]]:
    """Yield what every form brings back, by the names of its hidden fields."""
    if current.known_by_cookie():
        yield current.CSRF_FIELD, current.csrf_token()
    yield current.FORM_FIELD, current.form_token()


def _gettext(message: str) -> str:
    return reading().gettext(message)


def _ngettext(one: str, many: str, count: int) -> str:
    return reading().ngettext(one, many, count)


# Functions of their own, so that a page asks for the zone only when it shows a moment.


def _day(at: datetime, *, year: bool = False) -> Markup:
    return moments().day(at, year=year)


def _moment(at: datetime) -> Markup:
    return moments().moment(at)


def _on(day: date) -> Markup:
    return moments().on(day)


def _dated(at: datetime) -> Markup:
    return moments().dated(at)


def _due(at: datetime) -> Markup:
    return moments().due(at)


def _month(first: date) -> str:
    return moments().month(first)


def _span(length: timedelta) -> str:
    return moments().span(length)


def _seconds(count: int) -> str:
    return moments().span(timedelta(seconds=count))


def _number(value: int) -> str:
    return moments().number(value)


def _money(amount: Decimal, currency: str) -> str:
    return moments().money(amount, currency)
