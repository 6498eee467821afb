"""The languages we speak: catalogues, and how one of them is chosen.

English is the language the messages are written in. A language nobody here knows
is passed over politely; it is never an error.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from governance.errors import Refusal

SHIPPED = Path(__file__).with_name("translations")
#: The language of the messages themselves.
SOURCE = "en"

#: What comes before the first named value of a message: `%(name)s`.
_NAMED = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Language:
    """One language that pages and notices are written in."""

    #: As in `lang` attributes and in the address: `en`, `zh-Hans`.
    tag: str
    #: In its own words, for people who look for it.
    name: str
    #: `ltr` or `rtl`.
    direction: str
    #: What Babel calls it when it writes dates and numbers.
    locale: Locale
    translations: NullTranslations

    def gettext(self, message: str) -> str:
        """Return one message in this language, or as it was written."""
        return str(self.translations.ugettext(message))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the form of a message that goes with a count."""
        return str(self.translations.ungettext(one, many, count))


@cache
def shipped() -> Mapping[str, Language]:
    """Return the languages this program comes with, by tag."""
    return read(SHIPPED)


def read(folder: Path) -> Mapping[str, Language]:
    """Read every catalogue of a folder, the language of the messages first."""
    paths = sorted(
        folder.glob("*.po"), key=lambda path: (path.stem != SOURCE, path.stem)
    )
    languages = [_language(path) for path in paths]
    return {language.tag: language for language in languages}


def choose(wishes: Iterable[str | None], known: Iterable[str]) -> str | None:
    """Return the first wish that can be met, exactly or in another variety of it."""
    tags = {tag.casefold(): tag for tag in known}
    bases = {tag.partition("-")[0]: full for tag, full in reversed(tags.items())}
    for wish in wishes:
        plain = (wish or "").replace("_", "-").casefold()
        found = tags.get(plain) or bases.get(plain.partition("-")[0])
        if found is not None:
            return found
    return None


def reason(refusal: Refusal, language: Language) -> str:
    """Return why something was refused, in a language, or else in English."""
    name = f"refusal.{refusal.code}"
    text = language.gettext(name)
    needed = set(_NAMED.findall(text))
    if text == name or needed - refusal.values.keys():
        return refusal.reason
    return text % refusal.values if needed else text


def _language(path: Path) -> Language:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=None)
    tag = path.stem.replace("_", "-")
    locale = _locale(tag)
    return Language(
        tag=tag,
        name=locale.get_display_name(locale) or tag,
        direction="rtl" if locale.text_direction == "rtl" else "ltr",
        locale=locale,
        translations=_translations(catalogue),
    )


def _locale(tag: str) -> Locale:
    # The pseudo-languages of the tests, `en-XA` and `ar-XB`, are not in CLDR.
    try:
        return Locale.parse(tag, sep="-")
    except UnknownLocaleError:
        return Locale.parse(tag.partition("-")[0])


def _translations(catalogue: Catalog) -> NullTranslations:
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return Translations(file)


def spoken(wanted: str) -> Language:
    """Return the language somebody wants, or else that of the messages."""
    known = shipped()
    return known[choose([wanted, SOURCE], known) or SOURCE]


def moment(at: datetime, zone: str, wanted: str) -> str:
    """Return a moment as people of a language write it, in a zone's time."""
    locale = spoken(wanted).locale
    local = at.astimezone(ZoneInfo(zone))
    day = format_skeleton("yMMMMEEEEd", local, locale=locale)
    return f"{day}, {format_time(local, 'short', locale=locale)}"
