"""What goes out about everything that is held of a member."""

from marshmallow import fields

from web.schemas.api.base import Going


class OwnData(Going):
    """One document: the person, and each case with consents, reads and disclosures."""

    document = fields.Dict(keys=fields.String())
