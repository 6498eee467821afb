"""The steps of telling us something: only the story is needed, the rest has a "none".

Texts are kept exactly as they were typed; nothing here trims or corrects a word.
"""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from governance import claims
from governance.claims import Value
from governance.errors import ContactInvalid, ValueInvalid
from governance.people import normalise_email
from node.submissions import Audience
from web.schemas.form import FormSchema, choice, line, words

_PHONE = re.compile(r"\+?[0-9 ()/.-]{6,30}")
_COSTS = ("none", "amount", "quantity", "days")
#: The fields that hold number and unit of each kind of cost.
_PARTS = {
    "amount": ("amount", "currency"),
    "quantity": ("quantity", "unit"),
    "days": ("days", ""),
}


class What(FormSchema):
    """Step 1: what happened, what would put it right, what it cost."""

    text = words(required=True)
    wanted = words()
    cost = choice(_COSTS, load_default="none")
    amount = line(40)
    currency = line(40)
    quantity = line(40)
    unit = line(40)
    days = line(40)

    @validates_schema
    def _counted(self, typed: Mapping[str, str], **_: object) -> None:
        kind = typed.get("cost", "none")
        if kind in _PARTS:
            _check_cost(kind, typed)


def _check_cost(kind: str, typed: Mapping[str, str]) -> None:
    number, unit = _PARTS[kind]
    for name in (number, unit):
        if name and not typed.get(name, "").strip():
            raise ValidationError("missing", name)
    try:
        cost(typed)
    except ValueInvalid as problem:
        raise ValidationError("number", number) from problem


def cost(typed: Mapping[str, Any]) -> Value | None:
    """Return what it cost, from the fields of step 1; None for nothing."""
    kind = typed.get("cost", "none")
    if kind not in _PARTS:
        return None
    number, unit = _PARTS[kind]
    text = typed.get(number, "").strip().replace(",", ".")
    if unit:
        return claims.value(kind, text, typed.get(unit, "").strip())
    return claims.value(kind, text)


class Where(FormSchema):
    """Step 2: a place in words, one of our places, or none."""

    place = line()
    area = fields.String(
        load_default="", validate=validate.Length(max=40, error="choice")
    )

    @validates_schema
    def _somewhere(self, typed: Mapping[str, str], **_: object) -> None:
        if not typed["place"].strip() and not typed["area"]:
            raise ValidationError("missing", "place")


class Reach(FormSchema):
    """Step 3: how to reach whoever tells us, which may be not at all."""

    reach = choice(("contact", "words"), required=True)
    contact = line()
    name = line(120)

    @validates_schema
    def _reachable(self, typed: Mapping[str, str], **_: object) -> None:
        if typed["reach"] != "contact":
            return
        contact = typed["contact"].strip()
        if not contact:
            raise ValidationError("missing", "contact")
        if not _looks_reachable(contact):
            raise ValidationError("invalid", "contact")


def _looks_reachable(contact: str) -> bool:
    if "@" not in contact:
        return _PHONE.fullmatch(contact) is not None
    try:
        normalise_email(contact)
    except ContactInvalid:
        return False
    return True


class Who(FormSchema):
    """Step 4: who may read it."""

    audience = choice(tuple(Audience), required=True)
