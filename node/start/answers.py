"""What a new community answers before it opens.

The same answers come from the setup pages and from a file; both are read here, once.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from governance.cases.references import prefix_of
from governance.errors import Invalid
from governance.intake import check_language
from governance.people import normalise_email
from node.governance import PRESETS
from node.start import reading
from node.start.reading import Reader

ROLES = ("steward", "registrar", "coordinator", "advocate", "facilitator", "auditor")
_TABLES = ("community", "contact", "areas", "steward", "people")
_LINE_LIMIT = 120
_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
_PREFIX = re.compile(r"[A-HJKMNP-TV-Z]{2}")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """Somebody who is there from the beginning, and what for."""

    name: str = field(repr=False)
    mail: str = field(repr=False)
    roles: tuple[str, ...] = ("steward",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a community says about itself before it opens."""

    name: str
    slug: str
    prefix: str
    language: str
    zone: str
    preset: str
    steward: Founder
    mail: str = ""
    phone: str = ""
    sms: str = ""
    place: str = ""
    #: Names by code.
    areas: Mapping[str, str]
    people: tuple[Founder, ...] = ()


def answers_example() -> str:
    """Return a complete answers file, with comments, that works as it is."""
    return _EXAMPLE


_EXAMPLE = """\
# What a new Folkmoot node wants to know. Use it with: folkmoot init --answers FILE
# Only the names and the steward are needed; leave out what can wait.

[community]
name = "Ash Tenants"             # as people call it
slug = "ash"                     # in addresses: small letters, digits, hyphens
prefix = "AT"                    # two letters that references begin with: AT-7KQ2M8V
language = "en"                  # what pages say until somebody chooses another
zone = "Europe/London"           # whose clock promises are counted by
preset = "cooperative"           # circle, cooperative, advocacy-hub or starter

[contact]                        # shown on the first page; empty: not offered
mail = "help@ash.example"
phone = "+44 20 7946 0000"
sms = ""
place = "Ash Hall, Mondays 17:00 to 19:00"

[[areas]]                        # what people can say their case is about; repeat
code = "north"
name = "North side"

[[areas]]
code = "south"
name = "South side"

[steward]                        # opens the doors, and signs in by this address
name = "Dov"
mail = "dov@ash.example"

[[people]]                       # who helps from the first day; repeat, or leave out
name = "Cleo"
mail = "cleo@ash.example"
roles = ["advocate", "coordinator"]
"""


def read_answers(raw: Mapping[str, object]) -> Answers:
    """Return what a file or the setup pages answered, or refuse with the place."""
    top = reading.named(raw, _TABLES, "answers")
    about = reading.table(
        top.get("community", {}), "community", _COMMUNITY, needed=("name",)
    )
    who = reading.table(top.get("steward", {}), "steward", _WHO, needed=tuple(_WHO))
    name, people = about.pop("name"), tuple(_founders(top))
    if len({who["mail"], *(one.mail for one in people)}) <= len(people):
        raise Invalid("people: everybody needs an address of their own.")
    return Answers(
        name=name,
        slug=about.get("slug") or _slug_of(name),
        prefix=about.get("prefix") or prefix_of(name),
        language=about.get("language", "en"),
        zone=about.get("zone", "Etc/UTC"),
        preset=about.get("preset", "cooperative"),
        steward=Founder(name=who["name"], mail=who["mail"]),
        **reading.table(top.get("contact", {}), "contact", _CONTACT),
        areas=_areas(top),
        people=people,
    )


def _areas(top: Mapping[str, object]) -> dict[str, str]:
    areas = [
        reading.table(row, where, _AREA, needed=tuple(_AREA))
        for where, row in reading.rows(top, "areas")
    ]
    by_code = {area["code"]: area["name"] for area in areas}
    if len(by_code) < len(areas):
        raise Invalid("areas: every area needs a code of its own.")
    return by_code


def _founders(top: Mapping[str, object]) -> Iterator[Founder]:
    for where, row in reading.rows(top, "people"):
        given = dict(reading.named(row, (*_WHO, "roles"), where))
        roles = given.pop("roles", [])
        if not isinstance(roles, list) or not all(role in ROLES for role in roles):
            raise Invalid(f"{where}.roles: a list of some of {', '.join(ROLES)}.")
        who = reading.table(given, where, _WHO, needed=tuple(_WHO))
        yield Founder(name=who["name"], mail=who["mail"], roles=tuple(roles))


def _line(text: str) -> str:
    if len(text) > _LINE_LIMIT or not text.isprintable():
        raise Invalid(f"one line of at most {_LINE_LIMIT} characters, please.")
    return text


def _mail(text: str) -> str:
    return normalise_email(text) if text else ""


def _slug(text: str) -> str:
    if _SLUG.fullmatch(text) is None:
        raise Invalid("small letters, digits and hyphens, at most 40.")
    return text


def _slug_of(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-")
    return plain or "community"


def _prefix(text: str) -> str:
    if _PREFIX.fullmatch(text) is None:
        raise Invalid("two capital letters, none of them I, L, O or U.")
    return text


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = get_close_matches(text, available_timezones()) or ["Europe/London"]
        raise Invalid(f"no such time zone. Perhaps {' or '.join(near)}?") from error


def _preset(text: str) -> str:
    if text not in PRESETS:
        raise Invalid(f"one of {', '.join(PRESETS)}.")
    return text


def _code(text: str) -> str:
    if _CODE.fullmatch(text) is None:
        raise Invalid("letters, digits, _ and -, at most 40.")
    return text


_COMMUNITY: dict[str, Reader] = {
    "name": _line,
    "slug": _slug,
    "prefix": _prefix,
    "language": check_language,
    "zone": _zone,
    "preset": _preset,
}
_CONTACT: dict[str, Reader] = {
    "mail": _mail,
    "phone": _line,
    "sms": _line,
    "place": _line,
}
_WHO: dict[str, Reader] = {"name": _line, "mail": _mail}
_AREA: dict[str, Reader] = {"code": _code, "name": _line}
