"""How cases hang together, as programs of the desk see and say it."""

from marshmallow import fields, validate

from governance.bonds import BondKind
from governance.cases import State
from governance.doubles import Reason
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said

_LINE = 300


class BondShown(Going):
    """How a case hangs together with another."""

    id = fields.UUID()
    reference = fields.String()
    title = fields.String()
    state = fields.Enum(State, by_value=True)
    kind = fields.Enum(BondKind, by_value=True)
    merged = fields.Boolean()
    first = fields.Boolean()
    wrote = fields.Boolean()
    reason = fields.String()
    by_name = fields.String()
    at = Moment()


class CaseDouble(Going):
    """A case that could be the same matter."""

    reference = fields.String()
    title = fields.String()
    state = fields.Enum(State, by_value=True)
    received_at = Moment()
    reasons = fields.List(fields.Enum(Reason, by_value=True))


class BondsShown(Going):
    """How a case hangs together with others, and which could be the same matter."""

    items = fields.List(fields.Nested(BondShown))
    doubles = fields.List(fields.Nested(CaseDouble))


class NewBond(Coming):
    """How a case hangs together with another; `merged`: it goes along with it."""

    other = fields.String(
        required=True,
        validate=validate.Length(1, _LINE),
        metadata=said("The reference of the other case."),
    )
    kind = fields.Enum(
        BondKind,
        by_value=True,
        load_default=BondKind.SAME_MATTER,
        metadata=said("What this case is to the other; the same matter unless said."),
    )
    merged = fields.Boolean(
        load_default=False, metadata=said("It goes along with the other.")
    )
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=_LINE),
        metadata=said("Why.", words=True),
    )
