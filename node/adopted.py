"""The bylaws as they were adopted: documents, and what was read from them."""

import json
from dataclasses import replace
from datetime import date
from functools import lru_cache
from importlib.resources import files

from sqlalchemy.orm import Session

from governance import rules
from governance.rules import Bylaws
from node.models.pledges import ClosedDays
from node.models.rules import Rules


def document(name: str) -> dict:  # type: ignore[type-arg]  # as a JSON parser returns it
    """Return a document that is shipped beside the rules."""
    text = (files("governance.rules") / name).read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]  # idem


def read(tx: Session, row: Rules, closed: int) -> Bylaws:
    """Return one version of the bylaws, with one version of the closed days."""
    found = _bylaws(row.document)
    if not closed:
        return found
    dates = named_days(tx.get_one(ClosedDays, closed))
    calendar = replace(found.calendar, closed=frozenset(dates))
    return replace(found, calendar=calendar, closed_days=closed)


def named_days(row: ClosedDays) -> dict[date, str]:
    """Return one version of the closed days, with their names."""
    return {date.fromisoformat(day): it for day, it in json.loads(row.days).items()}


# An old promise is read by the rules it was made by: a few versions, again and again.
@lru_cache(maxsize=16)
def _bylaws(text: str) -> Bylaws:
    return rules.load(json.loads(text), document("schema.json"))
