"""What a bylaws document must hold between its fields, beyond its schema.

Every finding is one sentence that names the place. No finding means that the
rules can be lived by: what has to be done can be done, and nobody may too much.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain, pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from governance import floor
from governance.rules.classes import check_classes
from governance.rules.fractions import check_fractions
from governance.rules.model import Clock, Predicate

#: A document, or a part of one, that its schema allows.
Rows = Mapping[str, Any]
Findings = Iterable[str]

#: What somebody other than the software must be allowed to do.
NEEDED: Final = (
    "case.triage",
    "case.assign",
    "case.reply",
    "case.refuse",
    "member.admit",
    "agreement.negotiate",
    "emergency.declare",
    "sanction.impose",
)

#: What is asked of a grant, and so only of a role that is given by one.
SCOPED: Final = frozenset(
    {Predicate.SAME_TOPIC, Predicate.SAME_AREA, Predicate.CLEARED, Predicate.IN_TERM}
)

_BASE_ROLES: Final = frozenset({"*", "member", "guest", "peer", "system"})
_LEVELS: Final = ("keep_here", "deidentified", "named", "public")


def check(document: Rows) -> tuple[str, ...]:
    """Return what is wrong in a document that its schema allows."""
    return tuple(chain.from_iterable(look(document) for look in CHECKS))


def _floor(document: Rows) -> Findings:
    if document["floor"] != floor.FLOOR:
        yield "/floor: must be an exact copy of the floor."


def _sharing(document: Rows) -> Findings:
    sharing = document["params"]["sharing"]
    if _LEVELS.index(sharing["default"]) > _LEVELS.index(sharing["ceiling"]):
        yield "/params/sharing: the default goes further than the ceiling."


def _proxies(document: Rows) -> Findings:
    proxy = document["params"]["proxy"]
    if proxy["max_held"] and not proxy["allowed"]:
        yield "/params/proxy: nobody can hold proxies that are not allowed."


def _juries(document: Rows) -> Findings:
    juries = document["params"]["juries"]
    if juries["expulsion_size"] < juries["size"]:
        yield "/params/juries: a jury on removal is not smaller than another."


def _roles(document: Rows) -> Findings:
    for id_, role in document["roles"].items():
        if (role["vouches"] is not None) != (role["filled_by"] == "vouch"):
            yield f"/roles/{id_}: vouches are counted exactly where they are asked for."
        if role["seats"] is None and role["filled_by"] in {"election", "lot"}:
            yield f"/roles/{id_}: an election or a lot needs a number of seats."


def _role_names(document: Rows) -> Findings:
    known = _BASE_ROLES | document["roles"].keys()
    for id_, row in document["permissions"].items():
        if row["role"] not in known:
            yield f"/permissions/{id_}: there is no role {row['role']}."
    decides = document["params"]["membership"]["application"]["decided_by"]
    if decides not in document["roles"]:
        yield f"/params/membership/application: there is no role {decides}."


def _scopes(document: Rows) -> Findings:
    for id_, row in document["permissions"].items():
        if row["role"] in _BASE_ROLES and not SCOPED.isdisjoint(row["when"]):
            yield f"/permissions/{id_}: only a role given by a grant has a scope."


def _needed(document: Rows) -> Findings:
    rows = document["permissions"].values()
    allowed = {
        row["verb"]
        for row in rows
        if row["effect"] == "allow" and row["role"] != "system"
    }
    for verb in NEEDED:
        if verb not in allowed:
            yield f"/permissions: nobody may {verb}."


def _calendar(document: Rows) -> Findings:
    calendar = document["params"]["calendar"]
    try:
        ZoneInfo(calendar["zone"])
    except (ZoneInfoNotFoundError, ValueError):
        yield f"/params/calendar/zone: there is no time zone {calendar['zone']}."
    for day, spans in calendar["week"].items():
        in_order = all(end <= start for (_, end), (start, _) in pairwise(spans))
        if not in_order or any(end <= start for start, end in spans):
            yield f"/params/calendar/week/{day}: times must follow each other."
    pledges = document["params"]["pledges"].values()
    business = any(pledge["clock"] == Clock.BUSINESS for pledge in pledges)
    if business and not any(calendar["week"].values()):
        yield "/params/calendar/week: pledges in opening hours need some."


#: Every rule between fields. What is not listed is not checked.
CHECKS: tuple[Callable[[Rows], Findings], ...] = (
    _floor,
    check_fractions,
    check_classes,
    _sharing,
    _proxies,
    _juries,
    _roles,
    _role_names,
    _scopes,
    _needed,
    _calendar,
)
