"""How somebody wants to be told, as it comes in and goes out."""

from marshmallow import fields, validate

from governance.notices import Family, Pace
from web.schemas.api.base import Going
from web.schemas.api.coming import Coming, said


class NewWishes(Coming):
    """What somebody chooses. Families that are left out stay as they are."""

    zone = fields.String(
        required=True,
        metadata={**said("Whose clocks they live by."), "example": "Europe/Berlin"},
    )
    quiet_from = fields.Integer(
        load_default=0, strict=True, metadata=said("Minutes after midnight.")
    )
    quiet_to = fields.Integer(
        load_default=0, strict=True, metadata=said("Minutes after midnight.")
    )
    paces = fields.Dict(
        keys=fields.String(validate=validate.OneOf([one.value for one in Family])),
        values=fields.Enum(Pace, by_value=True),
        load_default=dict,
    )


class WishesShown(Going):
    """What somebody chose; a family that is not there is told at once."""

    zone = fields.String()
    quiet_from = fields.Integer()
    quiet_to = fields.Integer()
    paces = fields.Dict(
        keys=fields.Enum(Family, by_value=True),
        values=fields.Enum(Pace, by_value=True),
    )
