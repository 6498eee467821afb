"""From a JSON document to `Bylaws`, or to every reason why not.

This is the only way to a `Bylaws`: what it returns passed the schema, carries
the exact floor, and holds together between its fields.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import rfc8785
from jsonschema import Draft202012Validator
from referencing import Registry  # comes with jsonschema; empty: nothing is fetched

from governance.calendars import Calendar, Week
from governance.cases import Priority
from governance.errors import RulesInvalid
from governance.rules.check import check
from governance.rules.model import (
    AccessRules,
    Bylaws,
    CaseRules,
    Clock,
    Effect,
    Permission,
    PledgeKind,
    PledgeRule,
    Predicate,
    RetentionRules,
    Role,
    Unit,
)

#: A document as a JSON parser returns it; its shape is the schema's business.
Json = Mapping[str, Any]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def load(document: Json, schema: Json) -> Bylaws:
    """Read a bylaws document, or refuse it with every finding."""
    findings = tuple(_against(schema, document)) or check(document)
    if findings:
        raise RulesInvalid(*findings)
    params = document["params"]
    return Bylaws(
        identity=identity(document),
        version=document["version"],
        community=document["community"],
        title=document["title"],
        language=document["language"],
        permissions=tuple(_permissions(document["permissions"])),
        roles={id_: _role(id_, row) for id_, row in document["roles"].items()},
        pledges=tuple(_pledges(params["pledges"])),
        calendar=_calendar(params["calendar"]),
        holidays=params["calendar"]["holidays"],
        cases=CaseRules(**params["cases"]),
        retention=RetentionRules(**params["retention_days"]),
        access=AccessRules(**params["access"]),
    )


def identity(document: Json) -> str:
    """Return the name of exactly this document: a hash of its canonical form."""
    return "sha256:" + sha256(rfc8785.dumps(dict(document))).hexdigest()


def _against(schema: Json, document: Json) -> Iterable[str]:
    validator = Draft202012Validator(schema, registry=Registry())
    for error in validator.iter_errors(document):
        where = "/".join(str(part) for part in error.absolute_path)
        yield f"/{where}: {error.message}."


def _permissions(rows: Json) -> Iterable[Permission]:
    for id_, row in sorted(rows.items()):
        when = frozenset(Predicate(name) for name in row["when"])
        yield Permission(id_, row["role"], row["verb"], Effect(row["effect"]), when)


def _role(id_: str, row: Json) -> Role:
    return Role(id_, row["title"], row["seats"], row["term_days"])


def _pledges(rows: Json) -> Iterable[PledgeRule]:
    for id_, row in sorted(rows.items()):
        yield PledgeRule(
            id_,
            PledgeKind(row["kind"]),
            None if row["priority"] == "any" else Priority(row["priority"]),
            row["amount"],
            Unit(row["unit"]),
            Clock(row["clock"]),
            pauses="waiting_member" in row["pauses"],
        )


def _calendar(rows: Json) -> Calendar:
    week: Week = tuple(
        tuple((_minute(start), _minute(end)) for start, end in rows["week"][day])
        for day in _WEEKDAYS
    )
    return Calendar(ZoneInfo(rows["zone"]), week, rows["standard_day_minutes"])


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
